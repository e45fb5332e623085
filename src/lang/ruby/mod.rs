//! Ruby, with the numbers of rubocop (`docs/scanners/complexity.md`).

mod arguments;
mod blocks;
mod iterating;
mod lexer;
mod literal;
mod lizard;
mod pieces;
mod scanner;

use super::Language;
pub(super) use lizard::functions as as_lizard;

/// Ruby.
pub(super) static RUBY: Language = Language {
    id: "ruby",
    title: "Ruby",
    extensions: &["rb", "rake", "gemspec", "ru", "podspec", "jbuilder", "thor"],
    names: &[
        "Gemfile",
        "Rakefile",
        "Guardfile",
        "Capfile",
        "Vagrantfile",
        "Podfile",
        "Fastfile",
        "Dangerfile",
        "Brewfile",
    ],
    interpreters: &["ruby", "jruby", "rake"],
    functions: scanner::functions,
};
