//! The file format of the database, written: header, tables, pages of packages, blocks of text.
//!
//! ```text
//! magic[8] format:u32 meta_len:u32 page_count:u32 block_count:u32 pages_len:u64 blocks_len:u64
//! checksum:u64 (of everything before it, the meta data and both tables)   sha256[32] (of everything after it)
//! meta data (JSON)   page table: (end:u32 checksum:u32 names:u64)…   block table: (end:u32 checksum:u32)…   pages   blocks
//! ```
//!
//! A package is in the page that its name hashes to, so a lookup reads one page, and only what it reads must be
//! verified: opening a file costs the same few microseconds whatever its size. Of each page's names one bit is set in
//! `names`, so most packages, of which nothing is known, cost no page at all.

use super::bytes::{checksum, mix, put_bytes, put_number};
use super::meta::Meta;
use super::record::Compiled;
use super::text::Blocks;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// The first bytes of a database file.
pub(super) const MAGIC: &[u8; 8] = b"hookdadv";
/// Goes up whenever the meaning of the bytes changes; another format is refused, and an update replaces it.
pub(super) const FORMAT: u32 = 2;
/// Bytes before the meta data.
pub(super) const HEADER: usize = 80;
/// Where the checksum of the header stands: everything before it is covered by it.
pub(super) const CHECKSUM_AT: usize = 40;
/// Where the SHA-256 stands.
pub(super) const DIGEST_AT: usize = 48;
/// Bytes of a row of the page table.
pub(super) const PAGE_ROW: usize = 16;
/// Bytes of a row of the block table, and where the names stand in one of the page table.
pub(super) const BLOCK_ROW: usize = 8;
/// How many bytes of packages a page has on average.
const PAGE: usize = 1024;
/// How hard blocks of text are compressed: 10 would save 3 % more and take twice as long.
const COMPRESSION: u8 = 7;

/// The page, of `count`, that a package's name is in, and the bit that says whether the page has any such name.
pub(super) fn page_of(name: &str, count: u32) -> (u32, u64) {
    let mixed = mix(name.as_bytes());
    let page = (mixed % u64::from(count.max(1))) as u32;
    (page, 1 << (mixed >> 58))
}

/// A file would be larger than its offsets can say.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooLarge;

/// Writes a whole database file.
pub(super) fn pack(meta: &mut Meta, mut compiled: Vec<Compiled>) -> Result<Vec<u8>, TooLarge> {
    // Packages in the order of their names, advisories in the order of their ids: the same records give the same file.
    // Sorted in place, since npm alone has 200,000 packages, and a list of its own for each would take 200 MB.
    compiled.sort_by(|a, b| (&a.name, &a.entry.id).cmp(&(&b.name, &b.entry.id)));
    let mut blocks = Blocks::default();
    let packed: Vec<(String, Vec<u8>)> = compiled
        .chunk_by_mut(|a, b| a.name == b.name)
        .map(|entries| {
            let body = package_body(entries, &mut blocks);
            let name = entries.first_mut().map(|one| std::mem::take(&mut one.name));
            (name.unwrap_or_default(), body)
        })
        .collect();
    drop(compiled);
    meta.packages = packed.len() as u64;
    let total: usize = packed
        .iter()
        .map(|(name, body)| name.len() + body.len())
        .sum();
    let page_count = u32::try_from(total / PAGE + 1).map_err(|_| TooLarge)?;
    let mut pages = vec![Vec::new(); page_count as usize];
    let mut names = vec![0; page_count as usize];
    for (name, body) in packed {
        let (number, bit) = page_of(&name, page_count);
        let page = &mut pages[number as usize];
        put_bytes(page, name.as_bytes());
        put_bytes(page, &body);
        names[number as usize] |= bit;
    }
    let blocks: Vec<Vec<u8>> = blocks
        .finish()
        .into_par_iter()
        .map(|block| miniz_oxide::deflate::compress_to_vec(&block, COMPRESSION))
        .collect();
    assemble(meta, (&pages, &names), &blocks)
}

fn package_body(entries: &mut [Compiled], blocks: &mut Blocks) -> Vec<u8> {
    let mut body = Vec::new();
    put_number(&mut body, entries.len() as u64);
    for one in entries {
        one.entry.text = one.text.take().map(|text| blocks.add(&text));
        one.entry.write(&mut body);
    }
    body
}

fn assemble(
    meta: &Meta,
    (pages, names): (&[Vec<u8>], &[u64]),
    blocks: &[Vec<u8>],
) -> Result<Vec<u8>, TooLarge> {
    let mut tables = Vec::with_capacity(pages.len() * PAGE_ROW + blocks.len() * BLOCK_ROW);
    let pages_len = table(&mut tables, pages, Some(names))?;
    let blocks_len = table(&mut tables, blocks, None)?;
    let meta = meta.to_json();
    let mut out =
        Vec::with_capacity(HEADER + meta.len() + tables.len() + (pages_len + blocks_len) as usize);
    out.extend_from_slice(MAGIC);
    for number in [FORMAT as usize, meta.len(), pages.len(), blocks.len()] {
        let number = u32::try_from(number).map_err(|_| TooLarge)?;
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&pages_len.to_le_bytes());
    out.extend_from_slice(&blocks_len.to_le_bytes());
    out.resize(HEADER, 0);
    out.extend_from_slice(&meta);
    out.extend_from_slice(&tables);
    for part in pages.iter().chain(blocks) {
        out.extend_from_slice(part);
    }
    seal(&mut out, meta.len() + tables.len());
    Ok(out)
}

/// Appends the end and the checksum of each part, and of pages which names they have; returns the length of all.
fn table(out: &mut Vec<u8>, parts: &[Vec<u8>], names: Option<&[u64]>) -> Result<u64, TooLarge> {
    let mut end = 0_u32;
    for (at, part) in parts.iter().enumerate() {
        let len = u32::try_from(part.len()).map_err(|_| TooLarge)?;
        end = end.checked_add(len).ok_or(TooLarge)?;
        out.extend_from_slice(&end.to_le_bytes());
        out.extend_from_slice(&checksum(part).to_le_bytes());
        let names = names.and_then(|names| names.get(at));
        out.extend(names.into_iter().flat_map(|names| names.to_le_bytes()));
    }
    Ok(u64::from(end))
}

/// The checksum over the start of the header and what follows it up to the pages.
pub(super) fn head_checksum(file: &[u8], tables_end: usize) -> u64 {
    let start = mix(&file[..CHECKSUM_AT]);
    start ^ mix(&file[HEADER..tables_end]).rotate_left(1)
}

fn seal(file: &mut [u8], head_len: usize) {
    let sum = head_checksum(file, HEADER + head_len);
    file[CHECKSUM_AT..DIGEST_AT].copy_from_slice(&sum.to_le_bytes());
    let digest = Sha256::digest(&file[HEADER..]);
    file[DIGEST_AT..HEADER].copy_from_slice(&digest);
}

/// The same file with other meta data. `old_meta` and `tables` are lengths in `file`, which must be a valid one.
pub(super) fn with_meta(file: &[u8], old_meta: usize, tables: usize, meta: &Meta) -> Vec<u8> {
    let json = meta.to_json();
    let mut out = Vec::with_capacity(file.len() + json.len());
    out.extend_from_slice(&file[..HEADER]);
    let len = u32::try_from(json.len()).unwrap_or(u32::MAX);
    out[12..16].copy_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&json);
    out.extend_from_slice(&file[HEADER + old_meta..]);
    seal(&mut out, json.len() + tables);
    out
}
