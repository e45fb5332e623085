//! Finds functions in the logical lines of Python and counts in them.

use super::lexer::Lexer;
use super::pattern;
use crate::lang::function::{Function, Inner, Meter, Sequences, Signature, Unreadable, qualified};
use crate::lang::token::{Kind, Token};

/// The functions of a Python file, in order. As in ruff's C901, an inner function counts wholly for the one around it.
///
/// # Errors
/// A string in three quotes that is never closed. Other mistakes stay within the function that holds them.
pub(super) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut scanner = Scanner::new(text);
    while scanner.line()? {}
    scanner.close_blocks(None);
    Ok(scanner.meter.finish(scanner.line_end, INNER))
}

const INNER: Inner = Inner::Whole("def");

/// What a block belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compound {
    Function,
    Class,
    Match,
    /// `try`, `except`: their `else` adds a point.
    Try,
    Other,
}

/// What a keyword at the start of a statement adds.
struct Keyword {
    compound: Compound,
    /// The point of cyclomatic complexity, if it adds one.
    point: Option<&'static str>,
    /// Whether it weighs more the deeper it stands.
    structure: bool,
    /// Whether it adds one to cognitive complexity wherever it stands.
    flat: bool,
    /// Whether what stands in its block is nested.
    nests: bool,
}

/// An indented block.
struct Block {
    /// Columns of its lines.
    indent: u32,
    compound: Compound,
    /// The statement before at this level, for `else`.
    last: Compound,
    /// The nesting around it.
    outer_nesting: u32,
    /// In `match`: a case that always matches adds no point, unless another one follows it.
    pending_case: Option<usize>,
}

impl Block {
    const fn new(indent: u32, compound: Compound, outer_nesting: u32) -> Self {
        Self {
            indent,
            compound,
            last: Compound::Other,
            outer_nesting,
            pending_case: None,
        }
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    lexer: Lexer<'a>,
    meter: Meter,
    sequences: Sequences,
    blocks: Vec<Block>,
    /// The compound statement of the line before, whose block is still to come, and whether it nests.
    awaited: Option<(Compound, bool)>,
    scopes: Vec<String>,
    nesting: u32,
    /// Where the last token of the line before ends.
    line_end: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            lexer: Lexer::new(text),
            meter: Meter::new(),
            sequences: Sequences::default(),
            blocks: vec![Block::new(0, Compound::Other, 0)],
            awaited: None,
            scopes: Vec::new(),
            nesting: 0,
            line_end: 0,
        }
    }

    fn word(&self, token: &Token) -> &'a [u8] {
        if token.kind == Kind::Word {
            token.bytes(self.text)
        } else {
            b""
        }
    }

    fn block(&mut self) -> &mut Block {
        if self.blocks.is_empty() {
            self.blocks.push(Block::new(0, Compound::Other, 0));
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }

    /// One logical line; `false` at the end.
    fn line(&mut self) -> Result<bool, Unreadable> {
        self.line_end = self.lexer.solid_end;
        let first = self.lexer.next()?;
        if first.kind == Kind::End {
            return Ok(false);
        }
        self.indent();
        self.lexer.solid_end = first.end;
        self.sequences.clear();
        let mut keyword = first;
        if self.word(&first) == b"async" {
            keyword = self.lexer.next()?;
        }
        self.statement(first, keyword)?;
        Ok(true)
    }

    fn statement(&mut self, first: Token, keyword: Token) -> Result<(), Unreadable> {
        let word = self.word(&keyword);
        let last = self.block().last;
        let compound = match word {
            b"def" => self.definition(first.start)?,
            b"class" => self.class()?,
            b"case" if self.block().compound == Compound::Match => self.case(&keyword)?,
            _ => match compound(word, last) {
                Some(found) => self.compound(&keyword, &found)?,
                None => self.simple(keyword, word == b"match")?,
            },
        };
        self.block().last = compound;
        Ok(())
    }

    /// Opens the awaited block, or closes those that this line stands outside of.
    fn indent(&mut self) {
        let indent = self.lexer.indent;
        let current = self.block().indent;
        if let Some((compound, nests)) = self.awaited.take() {
            let outer = self.nesting;
            self.blocks.push(Block::new(indent, compound, outer));
            self.nesting += u32::from(nests);
            if indent > current {
                return;
            }
            // A header without a block: broken, but what it opened ends here.
            self.close_block();
        }
        if indent < current {
            self.close_blocks(Some(indent));
        }
    }

    /// Closes the blocks that are indented further than `indent`, or all of them.
    fn close_blocks(&mut self, indent: Option<u32>) {
        if let Some((compound, _)) = self.awaited.take() {
            let outer = self.nesting;
            self.blocks.push(Block::new(u32::MAX, compound, outer));
        }
        while self.blocks.len() > 1
            && indent.is_none_or(|indent| {
                self.blocks
                    .last()
                    .is_some_and(|block| block.indent > indent)
            })
        {
            self.close_block();
        }
    }

    fn close_block(&mut self) {
        let Some(block) = self.blocks.pop() else {
            return;
        };
        self.nesting = block.outer_nesting;
        self.close_scope(block.compound);
    }

    fn close_scope(&mut self, compound: Compound) {
        if matches!(compound, Compound::Function | Compound::Class) {
            self.scopes.pop();
        }
        if compound == Compound::Function {
            self.meter.close(self.line_end, INNER);
        }
    }

    /// `if`, `for`, `try` and the like, from behind the keyword.
    fn compound(&mut self, keyword: &Token, found: &Keyword) -> Result<Compound, Unreadable> {
        if let Some(what) = found.point {
            self.meter.point(keyword.start, what);
        }
        if found.structure {
            self.meter.structure(self.nesting);
        }
        if found.flat {
            self.meter.flat();
        }
        if self.header()? {
            self.awaited = Some((found.compound, found.nests));
        } else {
            self.rest(*keyword)?;
        }
        Ok(found.compound)
    }

    /// A statement on one line, or `match`, which is a keyword only where a block follows.
    fn simple(&mut self, first: Token, may_match: bool) -> Result<Compound, Unreadable> {
        let last = self.rest(first)?;
        if may_match && last.is(b':') && last.end == self.lexer.solid_end {
            self.meter.structure(self.nesting);
            self.awaited = Some((Compound::Match, true));
            return Ok(Compound::Match);
        }
        Ok(Compound::Other)
    }

    /// `case pattern:`. One that always matches is like an `else`.
    fn case(&mut self, keyword: &Token) -> Result<Compound, Unreadable> {
        let mut tokens = Vec::new();
        let block = self.walk_header(Lexer::next, |token, _| tokens.push(*token))?;
        if let Some(at) = self.block().pending_case.take() {
            self.meter.point(at, "case");
        }
        if pattern::irrefutable(self.text, &tokens) {
            self.block().pending_case = Some(keyword.start);
        } else {
            self.meter.point(keyword.start, "case");
        }
        if block {
            self.awaited = Some((Compound::Other, false));
        } else {
            self.rest(*keyword)?;
        }
        Ok(Compound::Other)
    }

    fn class(&mut self) -> Result<Compound, Unreadable> {
        let name = self.lexer.next()?;
        self.scopes.push(self.name(&name));
        if name.kind != Kind::Newline && self.header()? {
            self.awaited = Some((Compound::Class, false));
        } else {
            self.finish_line(&name)?;
            self.scopes.pop();
        }
        Ok(Compound::Class)
    }

    fn name(&self, token: &Token) -> String {
        String::from_utf8_lossy(self.word(token)).into_owned()
    }

    /// `def name(parameters):`.
    fn definition(&mut self, start: usize) -> Result<Compound, Unreadable> {
        let token = self.lexer.next()?;
        let name = self.name(&token);
        let inner = self.meter.depth() > 0;
        let (parameters, block) = if token.kind == Kind::Newline {
            (0, false)
        } else {
            self.parameters()?
        };
        self.meter.open(
            Signature {
                name: qualified(&self.scopes, &name, "."),
                name_span: token.start..token.end,
                start,
                parameters,
            },
            self.nesting + u32::from(inner),
        );
        self.scopes.push(name);
        if block {
            self.awaited = Some((Compound::Function, inner));
        } else {
            self.finish_line(&token)?;
            self.line_end = self.lexer.solid_end;
            self.close_scope(Compound::Function);
        }
        Ok(Compound::Function)
    }

    /// Reads on to the end of the line, unless `last` was it.
    fn finish_line(&mut self, last: &Token) -> Result<(), Unreadable> {
        if last.kind != Kind::Newline && !self.lexer.at_line_start() {
            self.rest(*last)?;
        }
        Ok(())
    }

    /// From behind the name of a function to its colon: how many parameters there are, `*` and `/` left out, and
    /// whether a block follows.
    fn parameters(&mut self) -> Result<(u32, bool), Unreadable> {
        let mut list = Parameters::default();
        let block = self.walk_header(Lexer::next, |token, depth| list.token(token, depth))?;
        Ok((list.count, block))
    }

    /// Reads to the colon that ends a header; whether a block follows on lines of its own.
    fn header(&mut self) -> Result<bool, Unreadable> {
        self.walk_header(Lexer::next_mark, |_, _| {})
    }

    fn walk_header(
        &mut self,
        next: impl Fn(&mut Lexer<'a>) -> Result<Token, Unreadable>,
        mut each: impl FnMut(&Token, u32),
    ) -> Result<bool, Unreadable> {
        let mut lambdas = 0_u32;
        loop {
            let token = next(&mut self.lexer)?;
            let depth = self.lexer.depth();
            match token.kind {
                Kind::Newline | Kind::End => return Ok(false),
                // `:=` is no end of a header.
                Kind::Punct(b':') if depth == 0 && self.text.get(token.end) != Some(&b'=') => {
                    if lambdas == 0 {
                        return self.block_follows();
                    }
                    lambdas -= 1;
                }
                Kind::Word if depth == 0 && self.word(&token) == b"lambda" => lambdas += 1,
                _ => {}
            }
            each(&token, depth);
            self.operand(&token);
        }
    }

    /// Behind the colon of a header: whether the line ends here; if so, its end is read too.
    fn block_follows(&mut self) -> Result<bool, Unreadable> {
        let ends = self.lexer.ends_line();
        if ends {
            self.lexer.next()?;
        }
        Ok(ends)
    }

    /// Reads to the end of the logical line and gives the last token that can matter.
    fn rest(&mut self, first: Token) -> Result<Token, Unreadable> {
        let mut last = first;
        if self.lexer.at_line_start() {
            return Ok(last);
        }
        loop {
            let token = self.lexer.next_mark()?;
            if matches!(token.kind, Kind::Newline | Kind::End) {
                return Ok(last);
            }
            self.operand(&token);
            last = token;
        }
    }

    /// Counts in expressions, for cognitive complexity only.
    #[inline]
    fn operand(&mut self, token: &Token) {
        match token.kind {
            Kind::Word => {
                let number = match token.bytes(self.text) {
                    b"and" => 1,
                    b"or" => 2,
                    b"else" => return self.meter.structure(self.nesting),
                    _ => return,
                };
                if self.sequences.starts(number) {
                    self.meter.flat();
                }
            }
            Kind::Punct(b'(' | b'[' | b'{') => self.sequences.enter(),
            Kind::Punct(b')' | b']' | b'}') => self.sequences.leave(),
            Kind::Punct(b',' | b':' | b';') => self.sequences.reset(),
            _ => {}
        }
    }
}

/// What `word` at the start of a statement adds, `last` being the statement before at its level.
fn compound(word: &[u8], last: Compound) -> Option<Keyword> {
    let plain = Keyword {
        compound: Compound::Other,
        point: None,
        structure: false,
        flat: false,
        nests: true,
    };
    Some(match word {
        b"if" => Keyword {
            point: Some("if"),
            structure: true,
            ..plain
        },
        b"elif" => Keyword {
            point: Some("elif"),
            flat: true,
            ..plain
        },
        b"else" => Keyword {
            point: (last == Compound::Try).then_some("else"),
            flat: true,
            ..plain
        },
        b"for" => Keyword {
            point: Some("for"),
            structure: true,
            ..plain
        },
        b"while" => Keyword {
            point: Some("while"),
            structure: true,
            ..plain
        },
        b"try" => Keyword {
            compound: Compound::Try,
            nests: false,
            ..plain
        },
        b"except" => Keyword {
            compound: Compound::Try,
            point: Some("except"),
            structure: true,
            ..plain
        },
        b"with" | b"finally" => Keyword {
            nests: false,
            ..plain
        },
        _ => return None,
    })
}

/// Counts the parameters of a header, token by token.
#[derive(Default)]
struct Parameters {
    count: u32,
    named: bool,
    round: bool,
    over: bool,
}

impl Parameters {
    fn token(&mut self, token: &Token, depth: u32) {
        match token.kind {
            Kind::Punct(b'(') if depth == 1 => self.round = true,
            Kind::Punct(b')') if depth == 0 => {
                self.next();
                self.over |= self.round;
            }
            Kind::Punct(b',') if depth == 1 => self.next(),
            Kind::Word => self.named |= self.round && !self.over,
            _ => {}
        }
    }

    fn next(&mut self) {
        self.count += u32::from(std::mem::take(&mut self.named));
    }
}
