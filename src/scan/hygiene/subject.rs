//! The file at hand, as checks see it.

use super::kind::{self, Format};
use crate::model::{FileKind, FileMeta};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A file and what is known about it, each thing worked out at most once.
pub(super) struct Subject<'a> {
    /// What is known without reading it.
    pub(super) meta: &'a FileMeta,
    /// Its bytes; of a link, the path it names.
    pub(super) bytes: &'a [u8],
    /// Its path as text.
    pub(super) path: Cow<'a, str>,
    extension: OnceCell<String>,
    text: OnceCell<bool>,
    format: OnceCell<Option<Format>>,
    words: OnceCell<bool>,
}

impl<'a> Subject<'a> {
    /// `bytes` as the content of `meta`.
    pub(super) fn new(meta: &'a FileMeta, bytes: &'a [u8]) -> Self {
        Self {
            meta,
            bytes,
            path: meta.path.to_text(),
            extension: OnceCell::new(),
            text: OnceCell::new(),
            format: OnceCell::new(),
            words: OnceCell::new(),
        }
    }

    /// The part of the path behind the last `/`.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What follows the last dot of the name, in lower case.
    pub(super) fn extension(&self) -> &str {
        self.extension.get_or_init(|| self.meta.path.extension())
    }

    /// Says whether there is any of the words that checks named.
    pub(super) fn set_words(&self, any: bool) {
        // Whoever said it first was right.
        let _ = self.words.set(any);
    }

    /// Whether there may be any of the words that checks named: so long as nobody looked.
    pub(super) fn has_words(&self) -> bool {
        self.words.get().copied().unwrap_or(true)
    }

    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        *self
            .text
            .get_or_init(|| kind::is_text(self.extension(), self.bytes))
    }

    /// Its format, where a check knows it.
    pub(super) fn format(&self) -> Option<Format> {
        *self.format.get_or_init(|| {
            let named = kind::format(self.name(), self.extension());
            let script = || {
                self.meta.kind == FileKind::Executable
                    && self.extension().is_empty()
                    && kind::python_script(self.bytes)
            };
            named.or_else(|| script().then_some(Format::Python))
        })
    }
}
