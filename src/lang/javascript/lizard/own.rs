//! What the grammar knows of the functions that lizard finds.

use crate::lang::function::Function;

/// Gives each of `found`, in the order they start, what is measured of it beside complexity: of the innermost of `own` that it starts in,
/// which stands for no other. Functions with a name start at a bracket in their head, arrow functions behind their arrow: that is
/// told by a place of no length.
pub(in crate::lang) fn adopt(text: &[u8], found: &mut [Function], own: Vec<Function>) {
    let mut own = own.into_iter().peekable();
    let mut open: Vec<(Function, bool)> = Vec::new();
    for function in found.iter_mut() {
        let at = function.name_span.start;
        let arrow = function.name_span.is_empty();
        while let Some(next) = own.next_if(|own| own.span.start <= at) {
            close(&mut open, next.span.start);
            open.push((next, false));
        }
        close(&mut open, at);
        // What starts behind the arrow is another function.
        let mut around = open.iter_mut().rev().take(8);
        let same = around.find(|(own, _)| !arrow || own.span.start < at);
        if let Some((own, taken)) = same.filter(|(_, taken)| !taken) {
            *taken = true;
            take(text, function, own);
        }
        if function.name_span.is_empty() {
            function.name_span.end = letter_end(text, at);
        }
    }
    found.sort_by_key(|function| function.span.start);
}

/// Behind the letter at byte `at`.
pub(super) fn letter_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at + 1..).unwrap_or_default().iter();
    let more = rest.take_while(|&&byte| byte & 0xc0 == 0x80).count();
    text.len().min(at + 1 + more)
}

/// Forgets what has ended at byte `at`.
fn close(open: &mut Vec<(Function, bool)>, at: usize) {
    while open.last().is_some_and(|(own, _)| own.span.end <= at) {
        open.pop();
    }
}

fn take(text: &[u8], function: &mut Function, own: &Function) {
    let (at, name) = (function.name_span.start, own.name_span.start);
    let between = text.get(at.min(name)..at.max(name)).unwrap_or_default();
    // Otherwise it stands on another line for lizard.
    if memchr::memchr(b'\n', between).is_none() {
        function.name_span = own.name_span.clone();
    }
    function.span = own.span.clone();
    function.cognitive = own.cognitive;
    function.parameters = own.parameters;
    function.nesting = own.nesting;
}
