//! Cutting files into calls, and finding programs.

use super::read::read;
use crate::command::{Environment, Hook, Limits, batches, missing_program};
use crate::model::RepoPath;
use proptest::prelude::*;
use std::path::Path;

fn hook(keys: &str) -> Hook {
    let text = format!("[[hook]]\nid = 'h'\n{keys}\n");
    read(&[("hookd.toml", &text)]).unwrap().remove(0)
}

proptest! {
    #[test]
    fn every_file_goes_once_in_order_and_within_the_limits(
        lengths in prop::collection::vec(1usize..200, 0..300),
        total in 1usize..3000,
        count in 1usize..50,
    ) {
        let hook = hook("run = 'x'");
        let paths: Vec<RepoPath> = lengths.iter().map(|&len| RepoPath::new(vec![b'-'; len])).collect();
        let files: Vec<&RepoPath> = paths.iter().collect();
        let calls = batches(&hook, &files, Limits { total, count });
        let mut next = 0;
        for call in &calls {
            prop_assert_eq!(call.start, next);
            prop_assert!(!call.is_empty());
            next = call.end;
            // `./`, the NUL and the pointer.
            let bytes: usize = lengths[call.clone()].iter().map(|len| len + 2 + 9).sum();
            prop_assert!(call.len() == 1 || (bytes <= total && call.len() <= count));
        }
        prop_assert_eq!(next, files.len());
    }
}

#[test]
fn limits_follow_the_system_the_environment_and_the_hook() {
    let none = Environment::default();
    let total =
        |hook: &Hook, environment: &Environment| Limits::of(hook, environment, 1000, 4).total;
    let plain = hook("run = 'x'");
    let whole = total(&plain, &none);
    assert!(whole > 60_000 && whole < 128 * 1024);
    let long = hook(&format!("run = '{}'", "x".repeat(5000)));
    assert_eq!(whole - total(&long, &none), 4999);
    let mut large = Environment::default();
    large.set("X", "y".repeat(100 << 20));
    assert_eq!(total(&plain, &large), 0);

    let count = |hook: &Hook, files| Limits::of(hook, &none, files, 4).count;
    assert_eq!(count(&plain, 1000), 250);
    assert_eq!(count(&plain, 10), 20);
    assert_eq!(count(&hook("run = 'x'\nserial = true"), 1000), usize::MAX);
    assert_eq!(count(&hook("run = 'x'\npass_filenames = 3"), 1000), 3);
}

#[test]
fn names_are_relative_to_the_folder_and_never_options() {
    let in_folder = hook("run = 'x'\ndir = 'web'");
    let argument = |hook: &Hook, path: &[u8]| hook.argument(&RepoPath::new(path)).into_owned();
    assert_eq!(argument(&in_folder, b"web/-x"), b"./-x");
    assert_eq!(argument(&in_folder, b"web/a/\xff"), b"a/\xff");
    assert_eq!(argument(&hook("run = 'x'"), b"-rf"), b"./-rf");
}

#[test]
fn a_missing_program_is_known_before_anything_runs() {
    let mut environment = Environment::default();
    environment.set("PATH", "/usr/bin:/bin");
    let missing = |keys: &str| {
        missing_program(&hook(keys), &environment, Path::new("/")).map(|missing| missing.program)
    };
    let gone = Some("no-such-tool".to_owned());
    assert_eq!(missing("run = 'no-such-tool --x'"), gone);
    assert_eq!(missing("run = 'CI=1 no-such-tool'"), gone);
    assert_eq!(missing("run = ['no-such-tool']"), gone);
    assert_eq!(missing("run = 'sh x'\ncheck = ['no-such-tool']"), gone);
    assert_eq!(missing("run = './no/such'"), Some("./no/such".to_owned()));
    for known in [
        "sh -c x",
        "cd x",
        "no-such-tool || true",
        "$TOOL x",
        "exit 1",
        "./sh",
    ] {
        let keys = format!("run = '{known}'\ndir = 'bin'");
        assert_eq!(missing(&keys), None, "{known}");
    }
    assert_eq!(
        missing("run = 'no-such-tool'\nenv = { PATH = '/nowhere' }"),
        gone
    );
    let said =
        missing_program(&hook("run = 'no-such-tool'"), &environment, Path::new("/")).unwrap();
    assert_eq!(said.message(), "`no-such-tool` of hook `h` was not found");
    assert!(said.help().contains("install no-such-tool") && said.help().contains("SKIP=h"));
}
