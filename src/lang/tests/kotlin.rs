//! Kotlin against detekt's own tests, and the options of its rule.

#![allow(clippy::print_stderr, reason = "the agreement is the result")]

use super::{cases, functions};
use crate::lang::{Counting, Function, KotlinOptions, find};

fn with(options: KotlinOptions, text: &str) -> Vec<Function> {
    let counting = Counting {
        kotlin: options,
        ..Counting::default()
    };
    let language = find("a.kt", b"").expect("a known language");
    language
        .count(text.as_bytes(), &counting)
        .expect("readable")
}

/// The sum over functions that stand in no other.
fn sum(all: &[Function], number: impl Fn(&Function) -> u32) -> u32 {
    let outer = all.iter().filter(|function| {
        !all.iter().any(|other| {
            other != *function
                && other.span.start <= function.span.start
                && other.span.end >= function.span.end
        })
    });
    outer.map(number).sum()
}

#[test]
fn kotlin_counts_as_detekt_does() {
    let (mut right, mut all, mut whens) = (0, 0, 0);
    for case in cases("detekt").unwrap_or_default() {
        let text = case["text"].as_str().expect("text");
        let expected = case["expected_expr"].as_str().expect("a number");
        let expected = expected.replace("defaultFunctionComplexity", "1");
        let expected: u32 = expected
            .split('+')
            .map(|part| part.trim().parse::<u32>().expect("a number"))
            .sum();
        let cyclomatic = case["metric"] == "cyclomatic";
        // The data does not say so, but the last three of these cases set the option.
        let of_option = cyclomatic && text.contains("when (System");
        whens += usize::from(of_option);
        let options = KotlinOptions {
            simple_when_entries: of_option && whens > 2,
            ..KotlinOptions::default()
        };
        let found = sum(&with(options, text), |function| {
            if cyclomatic {
                function.cyclomatic
            } else {
                function.cognitive
            }
        });
        all += 1;
        right += u32::from(found == expected);
        assert_eq!(found, expected, "{case}");
    }
    eprintln!("detekt: {right} of {all} agree");
}

#[test]
fn options_of_detekts_rule_are_kept_to() {
    let numbers = |options, text: &str| -> Vec<u32> {
        let all = with(options, text);
        all.iter().map(|function| function.cyclomatic).collect()
    };
    let whens = "fun a(x: Int) {\n  when (x) { 1 -> { b(); c() }\n 2 -> when (y) { 3 -> d(); else -> e() }\n else -> f() }\n}\n";
    assert_eq!(numbers(KotlinOptions::default(), whens), [6]);
    let simple = KotlinOptions {
        simple_when_entries: true,
        ..KotlinOptions::default()
    };
    // One entry with a block, and the inner `when`, which has none.
    assert_eq!(numbers(simple, whens), [3]);
    let nesting = KotlinOptions {
        nesting_functions: true,
        ..KotlinOptions::default()
    };
    let calls = "fun a() { x.let { if (it) b() }\n y.forEach { c() } }\n";
    assert_eq!(numbers(KotlinOptions::default(), calls), [4]);
    assert_eq!(numbers(nesting, calls), [2]);
    let single = KotlinOptions {
        single_when: true,
        ..KotlinOptions::default()
    };
    let alone = "fun a(x: Int) = when (x) { 1 -> 2; else -> 3 }\n\nfun b(x: Int): Int { return when (f({ x })) { 1 -> { 2 }\n else -> 3 } }\n\n\
                 fun c(x: Int): Int { val y = 1\n return when (x) { 1 -> 2; else -> 3 } }\n\nfun d() = when (x) { 1 -> 2; else -> 3 } + 1\n";
    assert_eq!(numbers(single, alone), [1, 1, 3, 3]);
    assert_eq!(numbers(KotlinOptions::default(), alone), [3, 3, 3, 3]);
    assert_eq!(functions("a.kt", alone).len(), 4);
}
