//! Any bytes as any language: the first byte chooses it, its highest bit whether lizard's rule counts.
//!
//! `cargo +nightly fuzz run functions`; one language only: `HOOKD_FUZZ_LANGUAGE=ruby cargo +nightly fuzz run functions`.

#![no_main]

use hookd::lang::{Compat, Counting, LANGUAGES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let wanted = std::env::var("HOOKD_FUZZ_LANGUAGE").ok();
    let language = match &wanted {
        Some(id) => LANGUAGES.iter().find(|language| language.id == id),
        None => LANGUAGES.get(usize::from(choice) % LANGUAGES.len()),
    };
    let Some(language) = language else { return };
    let counting = Counting {
        compat: (choice >= 128).then_some(Compat::Lizard),
        ..Counting::default()
    };
    if let Ok(functions) = language.count(text, &counting) {
        for function in functions {
            assert!(function.cyclomatic >= 1);
            assert!(function.span.start <= function.span.end && function.span.end <= text.len());
            assert!(function.name_span.end <= text.len());
        }
    }
});
