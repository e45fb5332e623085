//! Any text as a pattern of Go: the first line is the pattern, the rest is what it looks at.
//!
//! `cargo +nightly fuzz run patterns`

#![no_main]

use hookd::rules::load_gitleaks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let (pattern, text) = data.split_once('\n').unwrap_or((data, data));
    if pattern.contains("'''") || pattern.ends_with('\'') || pattern.contains('\r') {
        return;
    }
    let config = format!("[[rules]]\nid = 'fuzz'\nregex = '''{pattern}'''\n");
    let nothing = |_: &str| Err("no other file".to_owned());
    if let Ok(config) = load_gitleaks("fuzz.toml", &config, &nothing) {
        for hit in config.scan("a", text.as_bytes()).hits {
            assert!(hit.secret.start <= hit.secret.end && hit.secret.end <= text.len());
        }
    }
});
