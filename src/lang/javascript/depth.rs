//! How deep a text can nest at the most, from its bytes alone: a bound that needs no lexer and that no trick with quotes gets
//! around.

use crate::lang::token::{is_identifier, is_letter};

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

/// Sums of a byte over runs of this length fit into a byte, and are whole vectors: without a branch, a table or a length that
/// is not known before the compiler makes vectors of it.
const RUN: usize = 192;

type Run = [u8; RUN];

/// How many bytes of `run` are wanted.
#[inline]
fn count(run: &Run, wanted: impl Fn(u8) -> bool) -> usize {
    let mut found = 0_u8;
    for &byte in run {
        found = found.wrapping_add(u8::from(wanted(byte)));
    }
    usize::from(found)
}

/// The whole runs of `text`, and the rest of it, filled up with a letter, which opens nothing.
fn runs(text: &[u8]) -> (&[Run], Run) {
    let (whole, rest) = text.as_chunks::<RUN>();
    let mut last = [b'a'; RUN];
    last[..rest.len()].copy_from_slice(rest);
    (whole, last)
}

/// How many levels blanks behind words, and operators, can open in `run`; `before` is the run that starts a byte earlier.
fn levels(before: &Run, run: &Run) -> usize {
    let mut found = 0_u8;
    for (&before, &byte) in before.iter().zip(run) {
        let ends = is_identifier(before) & !is_identifier(byte) & !is_bracket(byte);
        found = found.wrapping_add(u8::from(is_operator(byte) | ends));
    }
    usize::from(found)
}

/// What one look over a text tells.
pub(super) struct Depth {
    brackets: usize,
    angles: usize,
    /// Bytes that are no letter.
    others: usize,
    /// How many brackets of any kind but `<` are open at some place, at the most.
    open: usize,
}

impl Depth {
    /// What is known of `text` where `stack` bytes of stack are at hand.
    pub(super) fn of(text: &[u8], stack: usize) -> Self {
        if text.len() <= DEEPEST && text.len() * PER_BRACKET <= stack {
            // It nests no deeper, and needs no more stack, whatever stands in it.
            return Self {
                brackets: text.len(),
                angles: text.len(),
                others: 0,
                open: text.len(),
            };
        }
        let mut seen = Self {
            brackets: 0,
            angles: 0,
            others: 0,
            open: 0,
        };
        let mut depth = 0_usize;
        let (whole, last) = runs(text);
        for run in whole.iter().chain(std::iter::once(&last)) {
            let opened = count(run, |byte| (byte | 0x20 == b'{') | (byte == b'('));
            let closed = count(run, |byte| (byte | 0x20 == b'}') | (byte == b')'));
            let angles = count(run, |byte| byte == b'<');
            seen.others += count(run, |byte| !is_letter(byte));
            seen.brackets += opened + angles + count(run, |byte| byte == b'`');
            seen.angles += angles;
            seen.open = seen.open.max(depth + opened);
            // What closes more than is open closes nothing.
            depth = (depth + opened).saturating_sub(closed).max(opened);
        }
        seen
    }

    /// Bytes of stack that parsing cannot need more than: every byte that is no letter is taken for one that opens a level.
    pub(super) const fn loose_stack(&self) -> usize {
        (self.brackets * PER_BRACKET).saturating_add(self.others * PER_TOKEN)
    }

    /// The same with a second look at `text`, the one that this was made of. Brackets open a level, and operators, and blanks
    /// behind words can.
    pub(super) fn stack(&self, text: &[u8]) -> usize {
        let behind = text.get(1..).unwrap_or_default();
        let mut others = usize::from(text.first().copied().is_some_and(is_operator));
        let (early, last_early) = runs(&text[..behind.len()]);
        let (late, last_late) = runs(behind);
        let pairs = early.iter().zip(late);
        for (before, run) in pairs.chain([(&last_early, &last_late)]) {
            others += levels(before, run);
        }
        (self.brackets * PER_BRACKET).saturating_add(others * PER_TOKEN)
    }

    /// Whether so many brackets of one kind are open at some place of `text`, the one that this was made of, that parsing could
    /// take minutes. `types` says whether `<` may open type arguments.
    pub(super) fn is_too_deep(&self, text: &[u8], types: bool) -> bool {
        let angles = types && self.angles > DEEPEST;
        (self.open > DEEPEST || angles) && too_deep(text, types)
    }
}

/// How many brackets of one kind may be open at once, closed ones taken off wherever they stand. The parser tries some
/// of them in several ways (`({a = …`, `a<b<…`), which takes time by the square of the depth.
const DEEPEST: usize = 2000;

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

/// A `<` may be a sign of its own: it is forgotten with the statement, and with the bracket that it stands in.
fn too_deep(text: &[u8], types: bool) -> bool {
    let (mut outer, mut angles) = (Vec::new(), 0_usize);
    for (at, &byte) in text.iter().enumerate() {
        if !NESTS[usize::from(byte)] {
            continue;
        }
        match byte {
            b'(' | b'[' | b'{' => outer.push(angles),
            b')' | b']' | b'}' => angles = outer.pop().unwrap_or(angles),
            b';' => angles = outer.last().copied().unwrap_or(0),
            b'<' => angles += usize::from(types),
            _ if !text[..at].ends_with(b"=") => angles = angles.saturating_sub(1),
            _ => {}
        }
        if angles > DEEPEST || outer.len() > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, Depth, PER_BRACKET, PER_TOKEN, is_bracket, is_operator, too_deep};
    use crate::lang::token::is_identifier;

    fn random() -> impl FnMut(usize) -> usize {
        let mut state = 1_u32;
        move |below| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        }
    }

    #[test]
    fn what_the_short_look_calls_shallow_is() {
        let mut random = random();
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
            for types in [false, true] {
                let (said, is) = (
                    Depth::of(&text, 0).is_too_deep(&text, types),
                    too_deep(&text, types),
                );
                assert_eq!(said, is);
                shallow += u32::from(!is);
                deep += u32::from(is);
            }
        }
        assert!(shallow > 0 && deep > 0, "{shallow} shallow, {deep} deep");
        for (open, types) in [("(", false), ("(", true), ("a<", true)] {
            let deep = open.repeat(DEEPEST + 1);
            assert!(Depth::of(deep.as_bytes(), 0).is_too_deep(deep.as_bytes(), types));
        }
        for flat in ["(a)", "a<"] {
            let flat = flat.repeat(DEEPEST + 1);
            assert!(!Depth::of(flat.as_bytes(), 0).is_too_deep(flat.as_bytes(), false));
        }
    }

    #[test]
    fn what_can_open_a_level_is_counted_wherever_it_stands() {
        let mut random = random();
        for length in 0..600 {
            let signs = b"ab1 \n(<[{`)]}>.,;:?!=+-*/%&|^~\"";
            let text: Vec<u8> = (0..length).map(|_| signs[random(signs.len())]).collect();
            let brackets = text.iter().filter(|&&byte| is_bracket(byte)).count();
            let others = (0..length).filter(|&at| {
                let behind_word = at > 0 && is_identifier(text[at - 1]);
                let ends = behind_word && !is_identifier(text[at]) && !is_bracket(text[at]);
                is_operator(text[at]) || ends
            });
            let tight = brackets * PER_BRACKET + others.count() * PER_TOKEN;
            let seen = Depth::of(&text, 0);
            assert!((tight..=tight + PER_TOKEN).contains(&seen.stack(&text)));
            assert!(seen.loose_stack() >= tight, "of {length} bytes");
        }
    }
}
