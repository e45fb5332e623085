//! `.secrets.baseline` of detect-secrets: JSON, under `results` for each file the SHA-1 of every secret
//! (<https://github.com/Yelp/detect-secrets/blob/master/docs/design.md>).

use super::super::own::bytes;
use super::{Foreign, Origin, path};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Baseline {
    #[serde(default)]
    results: BTreeMap<String, Vec<Secret>>,
}

#[derive(Deserialize)]
struct Secret {
    hashed_secret: String,
    #[serde(default, rename = "type")]
    kind: String,
    /// What somebody said in its audit.
    #[serde(default)]
    is_secret: Option<bool>,
}

/// Adds what `text` says. What was audited and found to be a real secret is not accepted.
pub(super) fn read(name: &str, text: &[u8], foreign: &mut Foreign) {
    let baseline: Baseline = match serde_json::from_slice(text) {
        Ok(baseline) => baseline,
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let message =
                format!("{place}: not a baseline of detect-secrets, so it accepts nothing");
            let help = "write it anew: detect-secrets scan > .secrets.baseline";
            return foreign.complain(name, &message, help);
        }
    };
    for (file, secrets) in baseline.results {
        let file = path(&file);
        for secret in secrets {
            let Some(hash) = bytes::<20>(&secret.hashed_secret) else {
                continue;
            };
            if secret.is_secret == Some(true) {
                continue;
            }
            let origin = Origin {
                by: name.to_owned(),
                reason: secret.kind,
            };
            foreign.sha1.insert((file.clone(), hash), origin);
        }
    }
}
