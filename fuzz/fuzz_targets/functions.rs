//! Any bytes as any language, by any rule: the first byte chooses both.
//!
//! `cargo +nightly fuzz run functions`; one language only: `HOOKD_FUZZ_LANGUAGE=ruby cargo +nightly fuzz run functions`.

#![no_main]

use hookd::lang::{Compat, Counting, Function, KotlinOptions, LANGUAGES};
use libfuzzer_sys::fuzz_target;

/// The language's own rule, those of other tools, and its own with the options of its linter.
fn counting(rule: usize) -> Counting {
    let options = rule % 4 == 3;
    Counting {
        compat: [None, Some(Compat::Lizard), Some(Compat::Sonar), None][rule % 4],
        modified: options,
        kotlin: KotlinOptions {
            simple_when_entries: options,
            single_when: options,
            nesting_functions: options,
        },
    }
}

fn hold(functions: &[Function], length: usize) {
    for function in functions {
        assert!(function.cyclomatic >= 1);
        assert!(function.span.start <= function.span.end && function.span.end <= length);
        assert!(function.name_span.end <= length);
    }
}

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
    let counting = counting(usize::from(choice) / LANGUAGES.len());
    match language.count(text, &counting) {
        Ok(functions) => hold(&functions, text.len()),
        Err(error) => {
            assert!(error.read_to <= text.len());
            hold(&error.before, error.read_to);
        }
    }
});
