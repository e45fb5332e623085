//! Parses with oxc, on a stack that no input can overflow.

use super::depth::Depth;
use super::visitor::Visitor;
use crate::lang::function::{Function, Unreadable};
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

/// What a thread has left at the least where nothing is known of it.
const AT_HAND: usize = 1 << 20;
/// The largest stack that is asked for. It is reserved, and only used as far as the input really nests.
const LARGEST: usize = 1 << 30;

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

/// Parses here where the stack at hand is enough for any input of this size, on a thread with a larger stack otherwise.
fn guarded(text: &[u8], kinds: &[SourceType], modified: bool) -> Result<Vec<Function>, Unreadable> {
    let at_hand = STACK.get();
    let depth = Depth::of(text, at_hand);
    let types = kinds.first().is_some_and(|kind| kind.is_typescript());
    if depth.is_too_deep(text, types) {
        return Err(Unreadable::new(
            "brackets nest too deeply to parse it in good time",
            0,
        ));
    }
    let wanted = Wanted {
        kinds,
        modified,
        depth: &depth,
    };
    let loose = depth.loose_stack();
    if loose <= at_hand {
        return parse_here(text, &wanted);
    }
    // A closer look costs more than a thread does, where one can be had with so much stack.
    if loose <= LARGEST
        && let Some(result) = parse_apart(text, &wanted, loose + AT_HAND)
    {
        return result;
    }
    let stack = depth.stack(text);
    if stack > LARGEST {
        return Err(Unreadable::new(
            "too many brackets and operators to parse safely: the file is too large",
            0,
        ));
    }
    if stack <= at_hand {
        return parse_here(text, &wanted);
    }
    parse_apart(text, &wanted, stack + AT_HAND).unwrap_or_else(|| {
        Err(Unreadable::new(
            "no memory to parse it: no thread starts",
            0,
        ))
    })
}

/// What a text is to be read as, and what is known of its depth.
struct Wanted<'a> {
    kinds: &'a [SourceType],
    modified: bool,
    depth: &'a Depth,
}

/// What `parse` makes in memory that is kept from file to file.
fn with_memory<T>(parse: impl FnOnce(&mut Allocator) -> T) -> T {
    let mut memory = MEMORY.take().unwrap_or_default();
    let result = parse(&mut memory);
    memory.reset();
    if memory.capacity() <= KEPT {
        MEMORY.set(Some(memory));
    }
    result
}

fn parse_here(text: &[u8], wanted: &Wanted<'_>) -> Result<Vec<Function>, Unreadable> {
    with_memory(|memory| parse_in(memory, text, wanted))
}

/// Parses on a thread with `stack` bytes of stack, in the memory of this one. `None` where no such thread can be had.
fn parse_apart(
    text: &[u8],
    wanted: &Wanted<'_>,
    stack: usize,
) -> Option<Result<Vec<Function>, Unreadable>> {
    with_memory(|memory| {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(stack)
                .spawn_scoped(scope, || parse_in(memory, text, wanted))
                .ok()?;
            let failed = || Err(Unreadable::new("the parser failed on it", 0));
            Some(thread.join().unwrap_or_else(|_| failed()))
        })
    })
}

/// How much memory of a file is kept for the next.
const KEPT: usize = 64 << 20;

/// As the first of the kinds that it can be read as; the error is the one of the first.
fn parse_in(
    allocator: &mut Allocator,
    bytes: &[u8],
    wanted: &Wanted<'_>,
) -> Result<Vec<Function>, Unreadable> {
    let text = to_text(bytes);
    let mut error = None;
    for &kind in wanted.kinds {
        // Only where there are types `<` is a bracket: as JavaScript a file may have any number of them.
        if error.is_some() && wanted.depth.is_too_deep(bytes, kind.is_typescript()) {
            break;
        }
        allocator.reset();
        let allocator = &*allocator;
        let parsed = Parser::new(allocator, &text, kind).parse();
        if !parsed.panicked {
            return Ok(Visitor::new(&text, wanted.modified).functions(&parsed.program));
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
