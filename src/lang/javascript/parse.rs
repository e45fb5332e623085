//! Parses with oxc, on a stack that no input can overflow.

use super::visitor::Visitor;
use crate::lang::function::{Function, Unreadable};
use crate::lang::token::{is_identifier, is_letter};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use std::borrow::Cow;
use std::cell::Cell;

pub(super) fn javascript(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    read("javascript", text, false)
}

pub(super) fn typescript(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    read("typescript", text, false)
}

pub(super) fn tsx(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    read("tsx", text, false)
}

/// The functions of a file in the language with id `language`. With `modified` a `switch` is one point, however many cases it
/// has: ESLint's variant of that name.
///
/// # Errors
/// It cannot be parsed, or not safely.
pub(super) fn read(
    language: &str,
    text: &[u8],
    modified: bool,
) -> Result<Vec<Function>, Unreadable> {
    match language {
        "typescript" => guarded(text, &[SourceType::ts()], modified),
        "tsx" => guarded(text, &[SourceType::tsx()], modified),
        // Files for Flow and files with stray type annotations are JavaScript to their authors.
        _ => guarded(
            text,
            &[SourceType::unambiguous().with_jsx(true), SourceType::tsx()],
            modified,
        ),
    }
}

/// Stack that one bracket, and one other token, can take in parser and visitor: measured with nested input and
/// doubled. Builds without optimisation have larger frames.
const PER_BRACKET: usize = if cfg!(debug_assertions) {
    40 << 10
} else {
    4 << 10
};
const PER_TOKEN: usize = if cfg!(debug_assertions) {
    8 << 10
} else {
    1 << 10
};
/// What a thread has left at the least where nothing is known of it.
const AT_HAND: usize = 1 << 20;
/// The largest stack that is asked for. It is reserved, and only used as far as the input really nests.
const LARGEST: usize = 1 << 30;

/// Less is asked for without a look at whether it is needed.
const MUCH: usize = 256 << 20;

thread_local! {
    /// The stack that this thread has for parsing.
    static STACK: Cell<usize> = const { Cell::new(AT_HAND) };
    /// The memory of the last file's tree: asking the system for it anew costs more than parsing a small file.
    static MEMORY: Cell<Option<Allocator>> = const { Cell::new(None) };
}

/// The stack that the threads of a pool should have: enough for nearly every file. A thread for one file costs as much as
/// parsing some kilobytes.
pub(in crate::lang) const POOL_STACK: usize = 32 << 20;

/// Says that this thread was started with a stack of [`POOL_STACK`].
pub(in crate::lang) fn announce_pool_stack() {
    STACK.set(POOL_STACK - AT_HAND);
}

/// Opens a level of nesting by itself.
#[inline]
const fn is_bracket(byte: u8) -> bool {
    (byte | 0x20 == b'{') | (byte == b'(') | (byte == b'<') | (byte == b'`')
}

/// Can open one: an operator.
#[inline]
const fn is_operator(byte: u8) -> bool {
    let arithmetic = (byte.wrapping_sub(b'*') <= b'/' - b'*') & (byte != b',');
    let relation = byte.wrapping_sub(b'=') <= b'?' - b'=';
    let percent = (byte == b'%') | (byte == b'&') | (byte == b'^');
    let other = (byte == b'!') | (byte == b':') | (byte == b'|') | (byte == b'~');
    arithmetic | relation | percent | other
}

/// Sums of a byte over runs of this length fit into a byte, and are whole vectors: without a branch or a table the compiler makes
/// them of it, and what is left of a run it goes over byte by byte.
const RUN: usize = 192;

/// How many bytes of `run` are wanted.
#[inline]
fn count(run: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    let found: u8 = run.iter().map(|&byte| u8::from(wanted(byte))).sum();
    usize::from(found)
}

/// At least what [`stack_bound`] says, for a fraction of the work: every byte that is no letter is taken for one that opens a
/// level. And how many brackets open.
fn loose_bound(text: &[u8]) -> (usize, usize) {
    let (mut brackets, mut others) = (0_usize, 0_usize);
    for run in text.chunks(RUN) {
        brackets += count(run, is_bracket);
        others += count(run, |byte| !is_letter(byte));
    }
    let stack = (brackets * PER_BRACKET).saturating_add(others * PER_TOKEN);
    (stack, brackets)
}

/// The depth of recursion is bounded by what can open a level, wherever it is closed: a bound that needs no lexer and
/// that no trick with quotes gets around. Brackets open one, and operators, and blanks behind words can. The bytes of stack.
fn stack_bound(text: &[u8], brackets: usize) -> usize {
    let mut others = 0_usize;
    for run in text.chunks(RUN) {
        others += count(run, is_operator);
    }
    let behind = text.get(1..).unwrap_or_default();
    for (before, run) in text.chunks(RUN).zip(behind.chunks(RUN)) {
        let pairs = before.iter().zip(run);
        let ends = pairs.map(|(&before, &byte)| {
            u8::from(
                is_identifier(before)
                    & !is_identifier(byte)
                    & !is_operator(byte)
                    & !is_bracket(byte),
            )
        });
        others += usize::from(ends.sum::<u8>());
    }
    (brackets * PER_BRACKET).saturating_add(others * PER_TOKEN)
}

/// How many brackets of one kind may be open at once, closed ones taken off wherever they stand. The parser tries some
/// of them in several ways (`({a = …`, `a<b<…`), which takes time by the square of the depth.
const DEEPEST: usize = 2000;

/// Whether [`too_deep`] is sure to say no, from what opens and closes in each run: for a tenth of the work.
fn is_shallow(text: &[u8]) -> bool {
    let (mut depth, mut angles) = (0_usize, 0_usize);
    for run in text.chunks(RUN) {
        let opened = count(run, |byte| (byte | 0x20 == b'{') | (byte == b'('));
        let closed = count(run, |byte| (byte | 0x20 == b'}') | (byte == b')'));
        angles += count(run, |byte| byte == b'<');
        if depth + opened > DEEPEST || angles > DEEPEST {
            return false;
        }
        // What closes more than is open closes nothing.
        depth = (depth + opened).saturating_sub(closed).max(opened);
    }
    true
}

/// Bytes that [`too_deep`] looks at.
const NESTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    let all = b"()[]{};<>";
    while at < all.len() {
        table[all[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether so many brackets are open at some place that parsing could take minutes. A `<` may be a sign of its own: it is
/// forgotten with the statement, and with the bracket that it stands in.
fn too_deep(text: &[u8]) -> bool {
    let (mut outer, mut angles) = (Vec::new(), 0_usize);
    for (at, &byte) in text.iter().enumerate() {
        if !NESTS[usize::from(byte)] {
            continue;
        }
        match byte {
            b'(' | b'[' | b'{' => outer.push(angles),
            b')' | b']' | b'}' => angles = outer.pop().unwrap_or(angles),
            b';' => angles = outer.last().copied().unwrap_or(0),
            b'<' => angles += 1,
            _ if !text[..at].ends_with(b"=") => angles = angles.saturating_sub(1),
            _ => {}
        }
        if angles > DEEPEST || outer.len() > DEEPEST {
            return true;
        }
    }
    false
}

/// Parses here where the stack at hand is enough for any input of this size, on a thread with a larger stack otherwise.
fn guarded(text: &[u8], kinds: &[SourceType], modified: bool) -> Result<Vec<Function>, Unreadable> {
    let (loose, brackets) = loose_bound(text);
    if brackets > DEEPEST && !is_shallow(text) && too_deep(text) {
        return Err(Unreadable::new(
            "brackets nest too deeply to parse it in good time",
            0,
        ));
    }
    let at_hand = STACK.get();
    // A closer look costs more than a thread, unless it is one with much stack.
    let stack = if loose <= at_hand.max(MUCH) {
        loose
    } else {
        stack_bound(text, brackets)
    };
    if stack <= at_hand {
        return parse(text, kinds, modified, None);
    }
    if stack > LARGEST {
        return Err(Unreadable::new(
            "too many brackets and operators to parse safely: the file is too large",
            0,
        ));
    }
    parse(text, kinds, modified, Some(stack + AT_HAND))
}

/// As the first of `kinds` that it can be read as; the error is the one of the first. With `stack` on a thread that has so much
/// of it; the memory of the tree stays this thread's.
fn parse(
    text: &[u8],
    kinds: &[SourceType],
    modified: bool,
    stack: Option<usize>,
) -> Result<Vec<Function>, Unreadable> {
    let mut memory = MEMORY.take().unwrap_or_default();
    let result = match stack {
        Some(stack) => std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(stack)
                .spawn_scoped(scope, || parse_in(&mut memory, text, kinds, modified))
                .map_err(|error| Unreadable::new(format!("no memory to parse it: {error}"), 0))?
                .join()
                .unwrap_or_else(|_| Err(Unreadable::new("the parser failed on it", 0)))
        }),
        None => parse_in(&mut memory, text, kinds, modified),
    };
    memory.reset();
    if memory.capacity() <= KEPT {
        MEMORY.set(Some(memory));
    }
    result
}

/// How much memory of a file is kept for the next.
const KEPT: usize = 16 << 20;

fn parse_in(
    allocator: &mut Allocator,
    text: &[u8],
    kinds: &[SourceType],
    modified: bool,
) -> Result<Vec<Function>, Unreadable> {
    let text = to_text(text);
    let mut error = None;
    for &kind in kinds {
        allocator.reset();
        let allocator = &*allocator;
        let parsed = Parser::new(allocator, &text, kind).parse();
        if !parsed.panicked {
            return Ok(Visitor::new(&text, modified).functions(&parsed.program));
        }
        error.get_or_insert_with(|| {
            let first = parsed.diagnostics.iter().next();
            let message = first.map_or_else(
                || "syntax error".to_owned(),
                |found| found.message.to_string(),
            );
            let at = first.and_then(|found| {
                found
                    .labels
                    .iter()
                    .next()
                    .map(|label| label.offset() as usize)
            });
            Unreadable::new(message, at.unwrap_or(0))
        });
    }
    Err(error.unwrap_or_else(|| Unreadable::new("syntax error", 0)))
}

/// The text with each stray byte replaced by one other byte, so that places stay what they are.
fn to_text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, is_shallow, too_deep};

    #[test]
    fn what_the_short_look_calls_shallow_is() {
        let mut state = 1_u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let (mut shallow, mut deep) = (0, 0);
        for _ in 0..400 {
            let mut text = Vec::new();
            while text.len() < 30_000 {
                // Stretches that open more than they close, and the other way round.
                let signs: &[u8] = [&b"([{<a;"[..], b")]}>a;", b"(){}a;<>"][random(3)];
                for _ in 0..random(1500) {
                    text.push(signs[random(signs.len())]);
                }
            }
            if is_shallow(&text) {
                shallow += 1;
                assert!(!too_deep(&text));
            }
            deep += u32::from(too_deep(&text));
        }
        assert!(shallow > 0 && deep > 0, "{shallow} shallow, {deep} deep");
        assert!(!is_shallow(&b"(".repeat(DEEPEST + 1)));
        assert!(is_shallow(&b"(a)".repeat(DEEPEST + 1)));
    }
}
