//! `.secretsignore` of ripsecrets: globs as in `.gitignore`, then under `[secrets]` the secrets themselves, one a line
//! (<https://github.com/sirwart/ripsecrets#ignoring-secrets>).

use super::{Foreign, Origin, lines};
use crate::text::PathSet;

/// Adds what `text` says.
pub(super) fn read(name: &str, text: &[u8], foreign: &mut Foreign) {
    let text = String::from_utf8_lossy(text);
    let mut globs = Vec::new();
    let mut in_secrets = false;
    for (number, line, reason) in lines(&text) {
        if line == "[secrets]" {
            in_secrets = true;
        } else if in_secrets {
            let origin = Origin {
                by: format!("{name}:{number}"),
                reason: reason.to_owned(),
            };
            foreign.plain.push((line.as_bytes().to_vec(), origin));
        } else {
            globs.push(line);
        }
    }
    let origin = Origin {
        by: name.to_owned(),
        reason: String::new(),
    };
    match PathSet::new(&globs) {
        Ok(set) => foreign.globs.push((set, origin)),
        Err((at, _)) => {
            let message = format!("glob {} cannot be read, so none accepts anything", at + 1);
            foreign.complain(name, &message, "write globs as in .gitignore");
        }
    }
}
