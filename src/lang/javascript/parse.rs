//! Parses with oxc, on a stack that no input can overflow.

use super::visitor::Visitor;
use crate::lang::function::{Function, Unreadable};
use crate::lang::token::{CLASS, IDENTIFIER};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use std::borrow::Cow;

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
/// What a thread of a pool has left at the least.
const AT_HAND: usize = 1 << 20;
/// The largest stack that is asked for. It is reserved, and only used as far as the input really nests.
const LARGEST: usize = 1 << 30;

/// Opens a level of nesting by itself.
const BRACKET: u8 = 1;
/// Can open one: operators, and the blank behind `typeof`, `new` and other words.
const OTHER: u8 = 2;

static OPENERS: [u8; 256] = openers();

const fn openers() -> [u8; 256] {
    let mut table = [0; 256];
    let (brackets, others) = (b"([{<`", b"!~+-?:=.|&*/%^>");
    let mut at = 0;
    while at < brackets.len() {
        table[brackets[at] as usize] = BRACKET;
        at += 1;
    }
    at = 0;
    while at < others.len() {
        table[others[at] as usize] = OTHER;
        at += 1;
    }
    table
}

/// The depth of recursion is bounded by what can open a level, wherever it is closed: a bound that needs no lexer and
/// that no trick with quotes gets around. The bytes of stack, and how many brackets open.
fn stack_bound(text: &[u8]) -> (usize, usize) {
    let (mut brackets, mut others, mut after_word) = (0_usize, 0_usize, false);
    for &byte in text {
        let opener = OPENERS[byte as usize];
        let word = CLASS[byte as usize] & IDENTIFIER != 0;
        brackets += usize::from(opener == BRACKET);
        others += usize::from(opener == OTHER) + usize::from(after_word && !word && opener == 0);
        after_word = word;
    }
    let stack = (brackets * PER_BRACKET).saturating_add(others * PER_TOKEN);
    (stack, brackets)
}

/// How many brackets of one kind may be open at once, closed ones taken off wherever they stand. The parser tries some
/// of them in several ways (`({a = …`, `a<b<…`), which takes time by the square of the depth.
const DEEPEST: i32 = 2000;

/// What a byte adds to the depth of brackets, and to that of `<`.
static DELTAS: [[i8; 2]; 256] = deltas();

const fn deltas() -> [[i8; 2]; 256] {
    let mut table = [[0; 2]; 256];
    let (opening, closing) = (b"([{", b")]}");
    let mut at = 0;
    while at < opening.len() {
        table[opening[at] as usize][0] = 1;
        table[closing[at] as usize][0] = -1;
        at += 1;
    }
    table[b'<' as usize][1] = 1;
    table[b'>' as usize][1] = -1;
    table
}

/// Whether so many brackets are open at some place that parsing could take minutes.
fn too_deep(text: &[u8]) -> bool {
    let (mut brackets, mut angles, mut deepest) = (0_i32, 0_i32, 0_i32);
    for &byte in text {
        let [bracket, angle] = DELTAS[byte as usize];
        brackets = (brackets + i32::from(bracket)).max(0);
        angles = (angles + i32::from(angle)).max(0);
        deepest = deepest.max(brackets).max(angles);
    }
    deepest > DEEPEST
}

/// Parses here where the stack at hand is enough for any input of this size, on a thread with a larger stack otherwise.
fn guarded(text: &[u8], kinds: &[SourceType], modified: bool) -> Result<Vec<Function>, Unreadable> {
    let (stack, brackets) = stack_bound(text);
    if stack <= AT_HAND {
        return parse(text, kinds, modified);
    }
    if brackets > DEEPEST as usize && too_deep(text) {
        return Err(Unreadable::new(
            "brackets nest too deeply to parse it in good time",
            0,
        ));
    }
    if stack > LARGEST {
        return Err(Unreadable::new(
            "too many brackets and operators to parse safely: the file is too large",
            0,
        ));
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(stack + AT_HAND)
            .spawn_scoped(scope, || parse(text, kinds, modified))
            .map_err(|error| Unreadable::new(format!("no memory to parse it: {error}"), 0))?
            .join()
            .unwrap_or_else(|_| Err(Unreadable::new("the parser failed on it", 0)))
    })
}

/// As the first of `kinds` that it can be read as; the error is the one of the first.
fn parse(text: &[u8], kinds: &[SourceType], modified: bool) -> Result<Vec<Function>, Unreadable> {
    let text = to_text(text);
    let mut error = None;
    for &kind in kinds {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, &text, kind).parse();
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
