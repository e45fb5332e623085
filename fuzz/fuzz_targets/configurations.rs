//! Any text as a configuration of gitleaks: it is refused with a place in it, or run over the text itself.
//!
//! `cargo +nightly fuzz run configurations`

#![no_main]

use hookd::rules::load_gitleaks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // A file that extends itself is as bad as it gets.
    let read = |_: &str| Ok(text.to_owned());
    match load_gitleaks("fuzz.toml", text, &read) {
        Ok(config) => {
            let len = text.len();
            let scans = [
                config.scan("a", text.as_bytes()),
                config.exact().scan("a", text.as_bytes()),
            ];
            for hit in scans.iter().flat_map(|scanned| &scanned.hits) {
                assert!(hit.secret.start <= hit.secret.end && hit.secret.end <= len);
                assert!(hit.whole.start <= hit.whole.end && hit.whole.end <= len);
            }
        }
        Err(error) => {
            assert!(error.span.start <= error.span.end);
            assert!(error.span.end <= error.text.len());
            assert!(!error.message.is_empty());
        }
    }
});
