//! The database of one ecosystem, opened: looks packages up in a memory-mapped file and trusts no byte of it.

use super::AdvisoryError;
use super::bytes::{Corrupt, Reader, checksum, u32_at, u64_at};
use super::entry::{Entry, Lookup, Match};
use super::fixes;
use super::meta::Meta;
use super::pack::{
    BLOCK_ROW, CHECKSUM_AT, DIGEST_AT, FORMAT, HEADER, MAGIC, PAGE_ROW, head_checksum, page_of,
    with_meta,
};
use super::record::{Compiled, standard_text};
use super::text::{self, Place, Text};
use crate::version::Ecosystem;
use memmap2::Mmap;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The advisories of one ecosystem.
pub struct Database {
    path: PathBuf,
    ecosystem: Ecosystem,
    map: Mmap,
    meta: Meta,
    layout: Layout,
    /// Blocks of text that were unpacked already: findings of one package share them.
    unpacked: Mutex<HashMap<u32, Arc<Vec<u8>>>>,
}

/// Where the parts of a file are.
#[derive(Debug, Clone, Copy)]
struct Layout {
    meta_len: usize,
    page_count: u32,
    block_count: u32,
    page_table: usize,
    block_table: usize,
    pages: usize,
    blocks: usize,
    end: usize,
}

impl Layout {
    /// Reads the header; every sum is checked, and the parts must fill the file exactly.
    fn read(file: &[u8]) -> Result<Self, Corrupt> {
        let size = |number: u64| usize::try_from(number).map_err(|_| Corrupt);
        let meta_len = size(u64::from(u32_at(file, 12)?))?;
        let (page_count, block_count) = (u32_at(file, 16)?, u32_at(file, 20)?);
        let page_table = HEADER.checked_add(meta_len).ok_or(Corrupt)?;
        let after = |start: usize, count: u32, row: usize| {
            let len = size(u64::from(count) * row as u64);
            len.and_then(|len| start.checked_add(len).ok_or(Corrupt))
        };
        let block_table = after(page_table, page_count, PAGE_ROW)?;
        let pages = after(block_table, block_count, BLOCK_ROW)?;
        let blocks = pages.checked_add(size(u64_at(file, 24)?)?).ok_or(Corrupt)?;
        let end = blocks
            .checked_add(size(u64_at(file, 32)?)?)
            .ok_or(Corrupt)?;
        if end != file.len() || page_count == 0 {
            return Err(Corrupt);
        }
        Ok(Self {
            meta_len,
            page_count,
            block_count,
            page_table,
            block_table,
            pages,
            blocks,
            end,
        })
    }
}

impl Database {
    /// The file of `ecosystem` in the database folder `dest`.
    #[must_use]
    pub fn path(dest: &Path, ecosystem: Ecosystem) -> PathBuf {
        // Names have letters, digits, dots and spaces: all fine in file names.
        dest.join(format!("{ecosystem}.db"))
    }

    /// Opens the database of `ecosystem` in the folder `dest`; `None` where there is none.
    ///
    /// # Errors
    /// Where the file can't be read, is damaged, or of another format or ecosystem.
    pub fn open(dest: &Path, ecosystem: Ecosystem) -> Result<Option<Self>, AdvisoryError> {
        let path = Self::path(dest, ecosystem);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AdvisoryError::io(&path)(error)),
        };
        // SAFETY: hookd never changes a database file in place, it renames a new one over it, so the mapped file
        // keeps its bytes and its length for as long as the map lives.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.map_err(AdvisoryError::io(&path))?;
        let damaged = |reason| AdvisoryError::Database {
            path: path.clone(),
            reason,
        };
        let (meta, layout) = read_head(&map).map_err(damaged)?;
        if meta.ecosystem != ecosystem.as_str() {
            return Err(damaged("it is about another ecosystem"));
        }
        Ok(Some(Self {
            path,
            ecosystem,
            map,
            meta,
            layout,
            unpacked: Mutex::default(),
        }))
    }

    /// What the file says about itself.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Whose advisories these are.
    #[must_use]
    pub const fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// The advisories that concern `version` of the package `name`, in the order of their ids.
    ///
    /// # Errors
    /// Where the part of the file that would hold the package is damaged.
    pub fn matches(&self, name: &str, version: &str) -> Result<Lookup, AdvisoryError> {
        let mut lookup = Lookup::default();
        if let Some(body) = self.body(name)? {
            self.add_matches(body, version, &mut lookup)
                .map_err(|_| self.damaged())?;
        }
        Ok(lookup)
    }

    fn add_matches(&self, body: &[u8], version: &str, lookup: &mut Lookup) -> Result<(), Corrupt> {
        let mut reader = Reader::new(body);
        for _ in 0..reader.number()? {
            match Entry::read_if(&mut reader, self.ecosystem, version)? {
                Ok(Some(entry)) => lookup.matches.push(entry.into_match()),
                Ok(None) => {}
                Err(error) => lookup.unjudged = Some(error),
            }
        }
        Ok(())
    }

    /// The lowest version after `version` of the package `name` that fixes something and that no vulnerability is known
    /// of; `None` where there is none.
    ///
    /// # Errors
    /// Where the part of the file that would hold the package is damaged.
    pub fn lowest_clear(&self, name: &str, version: &str) -> Result<Option<String>, AdvisoryError> {
        let mut entries = self.entries(name)?;
        entries.retain(|entry| !entry.kind.is_informational());
        Ok(fixes::lowest(self.ecosystem, &entries, version))
    }

    /// The lowest version after `version` of the package `name` that none of the records `ids` is about; `None` where
    /// there is none.
    ///
    /// # Errors
    /// Where the part of the file that would hold the package is damaged.
    pub fn lowest_fix(
        &self,
        name: &str,
        version: &str,
        ids: &[String],
    ) -> Result<Option<String>, AdvisoryError> {
        let mut entries = self.entries(name)?;
        entries.retain(|entry| ids.contains(&entry.id));
        Ok(fixes::lowest(self.ecosystem, &entries, version))
    }

    /// The words of an advisory that [`Self::matches`] found for the package `name`.
    ///
    /// # Errors
    /// Where the part of the file that holds them is damaged.
    pub fn text(&self, name: &str, found: &Match) -> Result<Text, AdvisoryError> {
        let Some(place) = found.text else {
            return Ok(standard_text(found.kind, self.ecosystem, name));
        };
        self.text_at(place).map_err(|_| self.damaged())
    }

    /// The words of an advisory that [`Self::matches`] found for the package `name`, in one line.
    ///
    /// # Errors
    /// Where the part of the file that holds them is damaged.
    pub fn summary(&self, name: &str, found: &Match) -> Result<String, AdvisoryError> {
        let line = if found.line.is_empty() {
            self.text(name, found)?.line()
        } else {
            found.line.clone()
        };
        Ok(Some(line)
            .filter(|line| !line.is_empty())
            .unwrap_or_else(|| "no description".to_owned()))
    }

    /// Looks for an advisory by its id or an alias, in any case of letters, and says which package it is about.
    /// Reads the whole file: for a person who asks, not for a scan.
    ///
    /// # Errors
    /// Where the file is damaged.
    pub fn find(&self, id: &str) -> Result<Option<(String, Match)>, AdvisoryError> {
        for number in 0..self.layout.page_count {
            let found = self.page(number).and_then(|page| find_in(page, id));
            if let Some(found) = found.map_err(|_| self.damaged())? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The whole file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Compares the whole file with the digest in its header.
    ///
    /// # Errors
    /// Where they differ.
    pub fn verify(&self) -> Result<(), AdvisoryError> {
        let digest = Sha256::digest(&self.map[HEADER..]);
        if digest[..] == self.map[DIGEST_AT..HEADER] {
            Ok(())
        } else {
            Err(self.damaged())
        }
    }

    /// Everything that is in the file, as it was before it was packed: to lay changes over it.
    ///
    /// # Errors
    /// Where the file is damaged.
    pub(super) fn unpack(&self) -> Result<Vec<Compiled>, AdvisoryError> {
        let mut out = Vec::new();
        for number in 0..self.layout.page_count {
            let page = self.page(number);
            page.and_then(|page| self.unpack_page(page, &mut out))
                .map_err(|_| self.damaged())?;
        }
        Ok(out)
    }

    fn unpack_page(&self, page: &[u8], out: &mut Vec<Compiled>) -> Result<(), Corrupt> {
        let mut reader = Reader::new(page);
        while !reader.is_empty() {
            let (name, body) = (reader.string()?, reader.bytes()?);
            for mut entry in read_entries(body)? {
                let place = entry.text.take();
                out.push(Compiled {
                    ecosystem: self.ecosystem,
                    name: name.to_owned(),
                    text: place
                        .map(|place| self.text_at(place).map(Box::new))
                        .transpose()?,
                    entry,
                });
            }
        }
        Ok(())
    }

    /// The bytes of the same file with other meta data.
    pub(super) fn with_meta(&self, meta: &Meta) -> Vec<u8> {
        let tables = self.layout.pages - self.layout.page_table;
        with_meta(&self.map, self.layout.meta_len, tables, meta)
    }

    fn damaged(&self) -> AdvisoryError {
        AdvisoryError::Database {
            path: self.path.clone(),
            reason: "it is damaged",
        }
    }

    fn entries(&self, name: &str) -> Result<Vec<Entry>, AdvisoryError> {
        self.body(name)?.map_or(Ok(Vec::new()), |body| {
            read_entries(body).map_err(|_| self.damaged())
        })
    }

    /// What is known of the package `name`; `None` where that is nothing.
    fn body(&self, name: &str) -> Result<Option<&[u8]>, AdvisoryError> {
        let name = self.ecosystem.normalize_name(name);
        let (number, bit) = page_of(&name, self.layout.page_count);
        let names = self.names(number).map_err(|_| self.damaged())?;
        if names & bit == 0 {
            return Ok(None);
        }
        let page = self.page(number);
        page.and_then(|page| body_in(page, &name))
            .map_err(|_| self.damaged())
    }

    /// Which names may be in a page: the checksum of the header, which was compared, covers this.
    fn names(&self, number: u32) -> Result<u64, Corrupt> {
        let row = self.layout.page_table + number as usize * PAGE_ROW;
        u64_at(&self.map, row + BLOCK_ROW)
    }

    fn page(&self, number: u32) -> Result<&[u8], Corrupt> {
        let Layout {
            page_table,
            pages,
            blocks,
            ..
        } = self.layout;
        part(&self.map, (page_table, PAGE_ROW), number, pages, blocks)
    }

    fn text_at(&self, place: Place) -> Result<Text, Corrupt> {
        // A panic elsewhere while the lock was held leaves whole blocks behind: they are still right.
        let mut unpacked = self.unpacked.lock().unwrap_or_else(PoisonError::into_inner);
        let block = match unpacked.get(&place.block) {
            Some(block) => Arc::clone(block),
            None => {
                let block = Arc::new(self.block(place.block)?);
                unpacked.insert(place.block, Arc::clone(&block));
                block
            }
        };
        drop(unpacked);
        text::read(&block, place.offset)
    }

    fn block(&self, number: u32) -> Result<Vec<u8>, Corrupt> {
        let Layout {
            block_table,
            block_count,
            blocks,
            end,
            ..
        } = self.layout;
        if number >= block_count {
            return Err(Corrupt);
        }
        let table = (block_table, BLOCK_ROW);
        text::unpack(part(&self.map, table, number, blocks, end)?)
    }
}

/// Checks everything before the pages.
fn read_head(file: &[u8]) -> Result<(Meta, Layout), &'static str> {
    if file.len() < HEADER || &file[..MAGIC.len()] != MAGIC {
        return Err("it is no database file");
    }
    if u32_at(file, 8) != Ok(FORMAT) {
        return Err("it was written by another version of hookd");
    }
    let damaged = |_| "it is damaged";
    let layout = Layout::read(file).map_err(|_| "it is cut short or damaged")?;
    let sum = u64_at(file, CHECKSUM_AT).map_err(damaged)?;
    if sum != head_checksum(file, layout.pages) {
        return Err("it is damaged");
    }
    let meta =
        serde_json::from_slice(&file[HEADER..layout.page_table]).map_err(|_| "it is damaged")?;
    Ok((meta, layout))
}

/// Part `number` of those between `start` and `end`, whose table is at `table` and has rows of so many bytes; its checksum
/// must be right.
fn part(
    file: &[u8],
    (table, row_len): (usize, usize),
    number: u32,
    start: usize,
    end: usize,
) -> Result<&[u8], Corrupt> {
    let row = table + number as usize * row_len;
    let from = match number {
        0 => 0,
        _ => u32_at(file, row - row_len)? as usize,
    };
    let to = u32_at(file, row)? as usize;
    let all = file.get(start..end).ok_or(Corrupt)?;
    let bytes = all.get(from..to).ok_or(Corrupt)?;
    if checksum(bytes) == u32_at(file, row + 4)? {
        Ok(bytes)
    } else {
        Err(Corrupt)
    }
}

fn body_in<'a>(page: &'a [u8], name: &str) -> Result<Option<&'a [u8]>, Corrupt> {
    let mut reader = Reader::new(page);
    while !reader.is_empty() {
        let (found, body) = (reader.bytes()?, reader.bytes()?);
        if found == name.as_bytes() {
            return Ok(Some(body));
        }
    }
    Ok(None)
}

fn read_entries(body: &[u8]) -> Result<Vec<Entry>, Corrupt> {
    let mut reader = Reader::new(body);
    let count = reader.number()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(Entry::read(&mut reader)?);
    }
    Ok(entries)
}

fn find_in(page: &[u8], id: &str) -> Result<Option<(String, Match)>, Corrupt> {
    let mut reader = Reader::new(page);
    while !reader.is_empty() {
        let (name, body) = (reader.string()?, reader.bytes()?);
        let found = read_entries(body)?.into_iter().find(|entry| {
            entry.id.eq_ignore_ascii_case(id)
                || entry
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(id))
        });
        if let Some(entry) = found {
            return Ok(Some((name.to_owned(), entry.into_match())));
        }
    }
    Ok(None)
}

/// Whether there is a database in the folder `dest`, and none that was not looked after for a day.
#[must_use]
pub fn is_fresh(dest: &Path) -> bool {
    let day = jiff::SignedDuration::from_hours(24);
    let now = jiff::Timestamp::now();
    let mut ages = Ecosystem::all()
        .filter_map(|ecosystem| Database::open(dest, ecosystem).transpose())
        .map(|opened| opened.is_ok_and(|db| now.duration_since(db.meta.checked) < day))
        .peekable();
    ages.peek().is_some() && ages.all(|fresh| fresh)
}

/// The state of one ecosystem's database.
#[derive(Debug)]
pub struct EcosystemStatus {
    /// Whose.
    pub ecosystem: Ecosystem,
    /// Its file.
    pub path: PathBuf,
    /// The size of the file in bytes.
    pub size: u64,
    /// What the file says about itself, or why it can't be used.
    pub state: Result<Meta, AdvisoryError>,
}

/// Every database in the folder `dest`, each checked from end to end, in the order of [`Ecosystem`].
#[must_use]
pub fn status(dest: &Path) -> Vec<EcosystemStatus> {
    Ecosystem::all()
        .filter_map(|ecosystem| {
            let path = Database::path(dest, ecosystem);
            let size = path.metadata().ok()?.len();
            let opened = Database::open(dest, ecosystem).transpose()?;
            let state = opened.and_then(|db| db.verify().map(|()| db.meta.clone()));
            Some(EcosystemStatus {
                ecosystem,
                path,
                size,
                state,
            })
        })
        .collect()
}
