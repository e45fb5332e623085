//! Looks for secrets in what decodes to text, and in what that decodes to.

use super::decode;
use super::foreign;
use super::judge::{Candidate, Judge};
use super::layer::Layer;
use crate::model::{AddedLines, Position, Sink};
use crate::rules::{Class, GitleaksConfig, RuleSet};
use crate::scan::{Base, SourceFile};
use serde_json::Value;
use std::ops::Range;

/// How often what was decoded is decoded again.
const DEPTH: usize = 3;

/// Puts candidates in decoded text behind those in the file as it is, where both say the same.
const BEHIND: usize = 1 << 16;

/// Decoded text was never committed by itself.
pub(super) struct NoBase;

impl Base for NoBase {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(Vec::new())
    }

    fn added(&self, _: &[Vec<u8>], _: &[u8]) -> AddedLines {
        AddedLines::All
    }
}

/// What searches decoded text.
pub(super) struct Search<'a> {
    /// The built-in rules.
    pub(super) set: &'a RuleSet,
    /// Configurations whose allowlists count.
    pub(super) configs: &'a [GitleaksConfig],
    /// The commit that these allowlists are asked about.
    pub(super) commit: Option<&'a str>,
    /// The file.
    pub(super) file: &'a SourceFile<'a>,
}

impl Search<'_> {
    /// Adds to `found` what the encoded text of the file hides, at the place of the code.
    pub(super) fn run(&self, found: &mut Vec<Candidate>, out: &mut Sink) {
        decode::each(self.file.bytes(), &|_| true, &mut |layer| {
            self.layer(&layer, 1, out, &mut |mut candidate| {
                candidate.secret = layer.source(&candidate.secret);
                candidate.whole = layer.source(&candidate.whole);
                found.push(candidate);
            });
        });
    }

    /// Gives `found` what is in `layer`, at its place in the text of the layer.
    fn layer(&self, layer: &Layer, depth: usize, out: &mut Sink, found: &mut dyn FnMut(Candidate)) {
        let text = SourceFile::window(self.file.meta(), layer.text(), Position::START, &NoBase);
        let judge = Judge::new(self.set, &text);
        let mut inner = Vec::new();
        self.set.each(layer.text(), |place| {
            judge.judge(&place, &mut inner, &mut Vec::new());
        });
        // What is not decoded was looked at where it stands. A value that only looks random proves little, encoded, less.
        inner.retain(|one| one.rule.class != Class::Generic && layer.is_decoded(&one.secret));
        for config in self.configs {
            foreign::allow(config, &text, self.commit, &mut inner, out);
        }
        for mut candidate in inner {
            candidate.order = candidate.order.saturating_add(BEHIND);
            candidate
                .data
                .insert("encoding".to_owned(), Value::from(layer.code().as_str()));
            found(candidate);
        }
        if depth == DEPTH {
            return;
        }
        let decoded = |range: &Range<usize>| layer.is_decoded(range);
        decode::each(layer.text(), &decoded, &mut |deeper| {
            self.layer(&deeper, depth + 1, out, &mut |mut candidate| {
                candidate.secret = deeper.source(&candidate.secret);
                candidate.whole = deeper.source(&candidate.whole);
                found(candidate);
            });
        });
    }
}
