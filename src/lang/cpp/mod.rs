//! C and C++, with the numbers of lizard (`docs/scanners/complexity.md`).

mod heads;
mod scanner;
mod sparse;

use super::Language;

/// C.
pub(super) static C: Language = Language {
    id: "c",
    title: "C",
    extensions: &["c", "h"],
    names: &[],
    interpreters: &[],
    functions: scanner::functions,
};

/// C++.
pub(super) static CPP: Language = Language {
    id: "cpp",
    title: "C++",
    extensions: &[
        "cpp", "cc", "cxx", "hpp", "c++", "hh", "hxx", "ipp", "tpp", "inl",
    ],
    names: &[],
    interpreters: &[],
    functions: scanner::functions,
};
