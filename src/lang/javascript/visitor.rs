//! Walks a syntax tree of oxc and counts as ESLint does along its code paths.

use crate::lang::function::{Function as Measured, Inner, Meter, Sequences, Signature, qualified};
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::ScopeFlags;
use std::ops::Range;

/// Measures the functions of one program.
pub(super) struct Visitor<'t> {
    text: &'t str,
    meter: Meter,
    sequences: Sequences,
    scopes: Vec<String>,
    nesting: u32,
    /// What the function visited next is called by its surroundings.
    named: Option<Named>,
    /// Whether the `if` visited next stands behind `else`.
    chained: bool,
    /// Whether a `switch` is one point, not one for each case.
    modified: bool,
}

/// A name from the surroundings of a function: a property, a variable.
struct Named {
    name: String,
    span: Range<usize>,
    /// Where ESLint points at for a function that is a property: the start of the property.
    head: Option<usize>,
}

/// A name further away than this from where its function starts is not looked at.
const NEAR: usize = 4096;

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl<'t> Visitor<'t> {
    pub(super) fn new(text: &'t str, modified: bool) -> Self {
        Self {
            text,
            meter: Meter::new(),
            sequences: Sequences::default(),
            scopes: Vec::new(),
            nesting: 0,
            named: None,
            chained: false,
            modified,
        }
    }

    /// The functions of `program`, in the order they start.
    pub(super) fn functions(mut self, program: &Program<'_>) -> Vec<Measured> {
        self.visit_program(program);
        self.meter.finish(self.text.len(), Inner::Cognitive)
    }

    /// Measures what `body` visits as one function.
    fn function(
        &mut self,
        name: String,
        name_span: Range<usize>,
        span: Range<usize>,
        parameters: u32,
        body: impl FnOnce(&mut Self),
    ) {
        let outer = self.nesting;
        self.nesting += u32::from(self.meter.depth() > 0);
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, &name, "."),
                name_span,
                start: span.start,
                parameters,
            },
            self.nesting,
        );
        self.scopes.push(name);
        self.sequences.enter();
        let (named, chained) = (self.named.take(), std::mem::take(&mut self.chained));
        body(self);
        self.named = named;
        self.chained = chained;
        self.sequences.leave();
        self.scopes.pop();
        self.nesting = outer;
        self.meter.close(span.end, Inner::Cognitive);
    }

    /// The name if it stands on the line of `head`, where ESLint reports the function; `head` otherwise.
    fn name_span(&self, head: Range<usize>, name: Option<&Range<usize>>) -> Range<usize> {
        let Some(name) = name else { return head };
        let (from, to) = (head.start.min(name.start), head.start.max(name.start));
        let near = to - from <= NEAR && !self.text.as_bytes()[from..to].contains(&b'\n');
        if near { name.clone() } else { head }
    }

    fn structure(&mut self) {
        self.meter.structure(self.nesting);
    }

    fn nested(&mut self, visit: impl FnOnce(&mut Self)) {
        self.nesting += 1;
        visit(self);
        self.nesting -= 1;
    }

    fn point(&mut self, span: Span, what: &'static str) {
        self.meter.point(span.start as usize, what);
    }

    /// The span of a property's key, and its name where that is plain.
    fn key(key: &PropertyKey<'_>) -> (String, Range<usize>) {
        let name = match key {
            PropertyKey::PrivateIdentifier(identifier) => format!("#{}", identifier.name),
            _ => key
                .static_name()
                .map_or_else(|| "[computed]".to_owned(), |name| name.into_owned()),
        };
        (name, range(key.span()))
    }

    /// Says what the function or class in `value`, if it is one, is called by its surroundings; `name` is not asked otherwise.
    fn name_value(
        &mut self,
        value: &Expression<'_>,
        name: impl FnOnce() -> Option<(String, Range<usize>)>,
        head: Option<usize>,
    ) {
        let function = matches!(
            value.get_inner_expression(),
            Expression::FunctionExpression(_)
                | Expression::ArrowFunctionExpression(_)
                | Expression::ClassExpression(_)
        );
        let named = function.then(name).flatten();
        self.named = named.map(|(name, span)| Named { name, span, head });
    }

    /// A property or method: its start, or that of its key where decorators stand before it.
    fn head(span: Span, key: &Range<usize>, decorated: bool) -> usize {
        if decorated {
            key.start
        } else {
            span.start as usize
        }
    }

    fn parameters(parameters: &FormalParameters<'_>) -> u32 {
        let count = parameters.items.len() + usize::from(parameters.rest.is_some());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn operand<'a>(&mut self, operand: &Expression<'a>)
    where
        Self: Visit<'a>,
    {
        if let Expression::LogicalExpression(inner) = operand {
            self.logical(inner);
        } else {
            self.visit_expression(operand);
        }
    }

    /// One link of a chain of logical operators, in the order they are written.
    fn logical<'a>(&mut self, it: &LogicalExpression<'a>)
    where
        Self: Visit<'a>,
    {
        let (number, what) = match it.operator {
            LogicalOperator::And => (1, "&&"),
            LogicalOperator::Or => (2, "||"),
            LogicalOperator::Coalesce => (3, "??"),
        };
        self.operand(&it.left);
        self.point(it.span, what);
        if self.sequences.starts(number) && number < 3 {
            self.meter.flat();
        }
        self.operand(&it.right);
    }
}

impl<'a> Visit<'a> for Visitor<'_> {
    fn visit_expression(&mut self, it: &Expression<'a>) {
        // Half of all expressions, and nothing is in them.
        if !it.is_literal() && !it.is_identifier_reference() {
            walk::walk_expression(self, it);
        }
    }

    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        let named = self.named.take();
        if it.body.is_none() {
            return walk::walk_function(self, it, flags);
        }
        let own = it
            .id
            .as_ref()
            .map(|id| (id.name.to_string(), range(id.span)));
        let head = named
            .as_ref()
            .and_then(|named| named.head)
            .unwrap_or(it.span.start as usize);
        let (name, place) = match (named, own) {
            (Some(named), _) => (named.name, Some(named.span)),
            (None, Some((name, span))) => (name, Some(span)),
            (None, None) => ("<function>".to_owned(), None),
        };
        let word = (it.span.start as usize + "function".len()).min(self.text.len());
        let name_span = self.name_span(head..word.max(head), place.as_ref());
        let start = head.min(it.span.start as usize);
        let count = Self::parameters(&it.params);
        self.function(
            name,
            name_span,
            start..it.span.end as usize,
            count,
            |visitor| {
                walk::walk_function(visitor, it, flags);
            },
        );
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        let named = self.named.take();
        let before = it
            .return_type
            .as_ref()
            .map_or(it.params.span.end, |kind| kind.span.end) as usize;
        let arrow = self.text.as_bytes()[before.min(self.text.len())..]
            .iter()
            .take(NEAR)
            .position(|&byte| byte == b'>')
            .map_or(before, |found| (before + found).saturating_sub(1));
        let head = named.as_ref().and_then(|named| named.head);
        let place = named.as_ref().map(|named| &named.span);
        let name_span = self.name_span(head.unwrap_or(arrow)..arrow + 2, place);
        let start = head
            .unwrap_or(it.span.start as usize)
            .min(it.span.start as usize);
        let name = named.map_or_else(|| "<arrow function>".to_owned(), |named| named.name);
        let count = Self::parameters(&it.params);
        self.function(
            name,
            name_span,
            start..it.span.end as usize,
            count,
            |visitor| {
                walk::walk_arrow_function_expression(visitor, it);
            },
        );
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        let named = self.named.take();
        let name = match (&it.id, named) {
            (Some(id), _) => id.name.to_string(),
            (None, Some(named)) => named.name,
            (None, None) => String::new(),
        };
        self.scopes.push(name);
        walk::walk_class(self, it);
        self.scopes.pop();
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        self.visit_decorators(&it.decorators);
        self.visit_property_key(&it.key);
        let (name, span) = Self::key(&it.key);
        let head = Self::head(it.span, &span, !it.decorators.is_empty());
        self.named = Some(Named {
            name,
            span,
            head: Some(head),
        });
        self.visit_function(&it.value, ScopeFlags::Function);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.visit_decorators(&it.decorators);
        self.visit_property_key(&it.key);
        let Some(value) = &it.value else { return };
        let (name, span) = Self::key(&it.key);
        let head = Self::head(it.span, &span, !it.decorators.is_empty());
        let place = range(value.get_inner_expression().span());
        let title = format!("{name} initializer");
        self.function(title, place.clone(), place, 0, |visitor| {
            // The function is a member of the class, not of its own initializer.
            let title = visitor.scopes.pop();
            visitor.name_value(value, || Some((name, span)), Some(head));
            visitor.visit_expression(value);
            visitor.scopes.push(title.unwrap_or_default());
        });
    }

    fn visit_static_block(&mut self, it: &StaticBlock<'a>) {
        let span = range(it.span);
        let word = span.start..(span.start + "static".len()).min(span.end);
        self.function("<static block>".to_owned(), word, span, 0, |visitor| {
            walk::walk_static_block(visitor, it);
        });
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        self.visit_property_key(&it.key);
        let name = || Some(Self::key(&it.key));
        self.name_value(&it.value, name, Some(it.span.start as usize));
        self.visit_expression(&it.value);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        self.visit_binding_pattern(&it.id);
        let Some(init) = &it.init else { return };
        if let BindingPattern::BindingIdentifier(id) = &it.id {
            self.name_value(init, || Some((id.name.to_string(), range(id.span))), None);
        }
        self.visit_expression(init);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if it.operator.is_logical() {
            self.point(it.span, "logical assignment");
        }
        self.visit_assignment_target(&it.left);
        let text = self.text;
        let name = || {
            let target = range(it.left.span());
            let name = text.get(target.clone()).filter(|name| {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._$#".contains(&byte);
                name.len() <= 80 && name.bytes().all(plain)
            });
            name.map(|name| (name.to_owned(), target))
        };
        self.name_value(&it.right, name, None);
        self.visit_expression(&it.right);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.point(it.span, "if");
        if !std::mem::take(&mut self.chained) {
            self.structure();
        }
        self.visit_expression(&it.test);
        self.nested(|visitor| visitor.visit_statement(&it.consequent));
        match &it.alternate {
            Some(Statement::IfStatement(inner)) => {
                self.meter.flat();
                self.chained = true;
                self.visit_if_statement(inner);
            }
            Some(other) => {
                self.meter.flat();
                self.nested(|visitor| visitor.visit_statement(other));
            }
            None => {}
        }
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.point(it.span, "?:");
        self.structure();
        self.visit_expression(&it.test);
        self.nested(|visitor| {
            visitor.visit_expression(&it.consequent);
            visitor.visit_expression(&it.alternate);
        });
    }

    /// The outermost of a chain: each starts a sequence of its own.
    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.sequences.enter();
        self.logical(it);
        self.sequences.leave();
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        self.point(it.span, "for");
        self.structure();
        self.nested(|visitor| walk::walk_for_statement(visitor, it));
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.point(it.span, "for");
        self.structure();
        self.nested(|visitor| walk::walk_for_in_statement(visitor, it));
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.point(it.span, "for");
        self.structure();
        self.nested(|visitor| walk::walk_for_of_statement(visitor, it));
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.point(it.span, "while");
        self.structure();
        self.nested(|visitor| walk::walk_while_statement(visitor, it));
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.point(it.span, "do");
        self.structure();
        self.nested(|visitor| walk::walk_do_while_statement(visitor, it));
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        if self.modified {
            self.point(it.span, "switch");
        }
        self.structure();
        self.nested(|visitor| walk::walk_switch_statement(visitor, it));
    }

    fn visit_switch_case(&mut self, it: &SwitchCase<'a>) {
        if it.test.is_some() && !self.modified {
            self.point(it.span, "case");
        }
        walk::walk_switch_case(self, it);
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        self.point(it.span, "catch");
        self.structure();
        self.nested(|visitor| walk::walk_catch_clause(visitor, it));
    }

    fn visit_formal_parameter(&mut self, it: &FormalParameter<'a>) {
        if let Some(value) = &it.initializer {
            self.point(value.span(), "default value");
        }
        walk::walk_formal_parameter(self, it);
    }

    fn visit_assignment_pattern(&mut self, it: &AssignmentPattern<'a>) {
        self.point(it.span, "default value");
        walk::walk_assignment_pattern(self, it);
    }

    fn visit_assignment_target_with_default(&mut self, it: &AssignmentTargetWithDefault<'a>) {
        self.point(it.span, "default value");
        walk::walk_assignment_target_with_default(self, it);
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        it: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        if it.init.is_some() {
            self.point(it.span, "default value");
        }
        walk::walk_assignment_target_property_identifier(self, it);
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        if it.optional {
            self.point(it.span, "?.");
        }
        walk::walk_static_member_expression(self, it);
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        if it.optional {
            self.point(it.span, "?.");
        }
        walk::walk_computed_member_expression(self, it);
    }

    fn visit_private_field_expression(&mut self, it: &PrivateFieldExpression<'a>) {
        if it.optional {
            self.point(it.span, "?.");
        }
        walk::walk_private_field_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        if it.optional {
            self.point(it.span, "?.");
        }
        walk::walk_call_expression(self, it);
    }

    fn visit_break_statement(&mut self, it: &BreakStatement<'a>) {
        if it.label.is_some() {
            self.meter.flat();
        }
    }

    fn visit_continue_statement(&mut self, it: &ContinueStatement<'a>) {
        if it.label.is_some() {
            self.meter.flat();
        }
    }
}
