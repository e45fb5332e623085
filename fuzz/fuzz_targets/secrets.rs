//! Any bytes as a file for the built-in rules, their checks and the decoders.
//!
//! `cargo +nightly fuzz run secrets`

#![no_main]

use hookd::model::{Content, FileKind, FileMeta, Position, RepoPath};
use hookd::rules::{decode_base64, encode_base64};
use hookd::scan::{Base, SourceFile, secrets_in};
use libfuzzer_sys::fuzz_target;

struct NoBase;

impl Base for NoBase {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(Vec::new())
    }

    fn added(&self, _: &[Vec<u8>], _: &[u8]) -> hookd::model::AddedLines {
        hookd::model::AddedLines::All
    }
}

fuzz_target!(|data: &[u8]| {
    assert_eq!(
        decode_base64(encode_base64(data).as_bytes()).as_deref(),
        Some(data)
    );
    let meta = FileMeta {
        path: RepoPath::new(b"a.env".to_vec()),
        kind: FileKind::Regular,
        size: data.len() as u64,
        content: Content::Input(data.into()),
        bases: Vec::new(),
        commit: None,
    };
    let encoded = encode_base64(data);
    for bytes in [data, encoded.as_bytes()] {
        let file = SourceFile::window(&meta, bytes, Position::START, &NoBase);
        for secret in secrets_in(&file) {
            assert!(secret.len() <= bytes.len());
        }
    }
});
