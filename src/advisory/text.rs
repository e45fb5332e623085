//! The texts of advisories: compressed in blocks, unpacked only for what was found.

use super::bytes::{Corrupt, Reader, put_bytes, put_strings};

/// How much text goes into a block before it is compressed: small blocks open faster, large ones are smaller.
const BLOCK: usize = 16 * 1024;
/// The most that a block may unpack to. One text may overflow the block that it starts in.
const BLOCK_MOST: usize = 1 << 20;
/// What is kept of the long text, in bytes.
const DETAILS_MOST: usize = 6 * 1024;
/// How long the one line is that a finding shows, in characters.
const LINE_MOST: usize = 140;
/// How many addresses are kept.
const REFERENCES_MOST: usize = 12;

/// What an advisory says in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// One line; may be empty.
    pub summary: String,
    /// The whole story, in Markdown; cut where it is very long; may be empty.
    pub details: String,
    /// Addresses of pages about it.
    pub references: Vec<String>,
}

impl Text {
    /// Cuts what is too long to keep.
    pub(super) fn cut(mut self) -> Self {
        truncate(&mut self.summary, 400);
        truncate(&mut self.details, DETAILS_MOST);
        self.references.retain(|url| url.len() < 400);
        self.references.truncate(REFERENCES_MOST);
        self
    }

    /// What a finding says of it, in one line: the summary, else the start of the details; empty where there is neither.
    #[must_use]
    pub fn line(&self) -> String {
        let source = [self.summary.as_str(), self.details.as_str()]
            .into_iter()
            .find(|text| !text.trim().is_empty())
            .unwrap_or_default();
        let words: Vec<&str> = source
            .split_whitespace()
            .skip_while(|word| word.chars().all(|c| c == '#'))
            .take(LINE_MOST)
            .collect();
        let line = words.join(" ");
        match line.char_indices().nth(LINE_MOST) {
            Some((end, _)) => format!("{}…", line[..end].trim_end()),
            None => line,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.summary.is_empty() && self.details.is_empty() && self.references.is_empty()
    }
}

fn truncate(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
}

/// Where a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which block.
    pub(super) block: u32,
    /// Where in the unpacked block.
    pub(super) offset: u32,
}

impl Place {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let mut number = || u32::try_from(reader.number()?).map_err(|_| Corrupt);
        Ok(Self {
            block: number()?,
            offset: number()?,
        })
    }
}

/// Puts texts into blocks.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Full blocks, not yet compressed.
    pub(super) full: Vec<Vec<u8>>,
    current: Vec<u8>,
}

impl Blocks {
    /// Adds a text and says where it went.
    pub(super) fn add(&mut self, text: &Text) -> Place {
        if self.current.len() >= BLOCK {
            self.full.push(std::mem::take(&mut self.current));
        }
        // Both numbers are far below 2^32: a block holds 16 kB and one text, and so many blocks would not fit in memory.
        let place = Place {
            block: u32::try_from(self.full.len()).unwrap_or(u32::MAX),
            offset: u32::try_from(self.current.len()).unwrap_or(u32::MAX),
        };
        put_bytes(&mut self.current, text.summary.as_bytes());
        put_bytes(&mut self.current, text.details.as_bytes());
        put_strings(&mut self.current, &text.references);
        place
    }

    /// Every block.
    pub(super) fn finish(mut self) -> Vec<Vec<u8>> {
        if !self.current.is_empty() {
            self.full.push(self.current);
        }
        self.full
    }
}

/// Unpacks a block.
pub(super) fn unpack(compressed: &[u8]) -> Result<Vec<u8>, Corrupt> {
    miniz_oxide::inflate::decompress_to_vec_with_limit(compressed, BLOCK_MOST).map_err(|_| Corrupt)
}

/// The text at `offset` of an unpacked block.
pub(super) fn read(block: &[u8], offset: u32) -> Result<Text, Corrupt> {
    let mut reader = Reader::new(block.get(offset as usize..).ok_or(Corrupt)?);
    Ok(Text {
        summary: reader.string()?.to_owned(),
        details: reader.string()?.to_owned(),
        references: reader.strings()?,
    })
}
