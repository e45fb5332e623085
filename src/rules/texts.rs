//! The texts of the built-in rules, one behind the other: a rule holds places in them.

use std::fmt;
use std::ops::Deref;

include!(concat!(env!("OUT_DIR"), "/secret_texts.rs"));

/// A text of a rule.
#[derive(Clone, Copy)]
pub enum Text {
    /// Of a built-in one: its place in the text of all of them. Pointers would be thousands, each of which the system corrects
    /// at every start of the program.
    Part {
        /// Where it starts, in bytes.
        start: u32,
        /// How many bytes it has.
        length: u32,
    },
    /// Of any other.
    Own(&'static str),
}

impl Text {
    /// The text.
    #[must_use]
    pub fn get(self) -> &'static str {
        match self {
            Self::Own(text) => text,
            Self::Part { start, length } => {
                let start = start as usize;
                TEXTS
                    .get(start..start + length as usize)
                    .unwrap_or_default()
            }
        }
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for Text {
    fn eq(&self, other: &T) -> bool {
        self.get() == other.as_ref()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.get()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.get()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.get(), to)
    }
}

/// Texts of a built-in rule, in their order; others have none.
#[derive(Clone, Copy, Default)]
pub struct Texts {
    pub(super) start: u32,
    pub(super) count: u32,
}

impl Texts {
    /// The texts.
    pub fn iter(self) -> impl Iterator<Item = &'static str> + Clone {
        self.into_iter()
    }

    /// The first text.
    #[must_use]
    pub fn first(self) -> Option<&'static str> {
        self.iter().next()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.count == 0
    }
}

impl IntoIterator for Texts {
    type Item = &'static str;
    type IntoIter = std::iter::Map<std::slice::Iter<'static, Text>, fn(&Text) -> &'static str>;

    fn into_iter(self) -> Self::IntoIter {
        let start = self.start as usize;
        let listed = LISTED.get(start..start + self.count as usize);
        listed
            .unwrap_or_default()
            .iter()
            .map(|text: &Text| text.get())
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_list().entries(self.iter()).finish()
    }
}
