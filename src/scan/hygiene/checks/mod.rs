//! Every check, one file a check or a small family, and the one list of them.

mod added_large_files;
mod aws_credentials;
mod branch;
mod builtin_literals;
mod byte_order;
mod case_conflict;
mod commit_trailers;
mod debug_statements;
mod docstring_first;
mod encoding_pragma;
mod end_of_file;
mod executables;
mod file_contents_sorter;
mod filename_pattern;
mod indentation;
mod json;
mod line_ending;
mod merge_conflict;
mod pattern;
mod permalinks;
mod pretty_json;
mod private_key;
mod python_syntax;
mod replace_pattern;
mod requirements;
mod signed_commit;
mod simple_yaml;
mod string_fixer;
mod submodules;
mod symlinks;
mod test_names;
mod toml;
mod trailing_whitespace;
mod windows_names;
mod xml;
mod yaml;

use super::check::CheckSpec;

/// Every check.
pub(super) static CHECKS: &[&CheckSpec] = &[
    &added_large_files::SPEC,
    &python_syntax::SPEC,
    &builtin_literals::SPEC,
    &byte_order::CHECK,
    &case_conflict::SPEC,
    &commit_trailers::SPEC,
    &docstring_first::SPEC,
    &executables::HAVE_SHEBANGS,
    &windows_names::SPEC,
    &json::JSON,
    &json::JSON5,
    &json::JSONC,
    &merge_conflict::SPEC,
    &executables::ARE_EXECUTABLE,
    &signed_commit::SPEC,
    &symlinks::BROKEN,
    &toml::SPEC,
    &permalinks::SPEC,
    &xml::SPEC,
    &yaml::SPEC,
    &debug_statements::SPEC,
    &filename_pattern::DENY,
    &pattern::DENY,
    &symlinks::DESTROYED,
    &aws_credentials::SPEC,
    &private_key::SPEC,
    &string_fixer::SPEC,
    &end_of_file::SPEC,
    &file_contents_sorter::SPEC,
    &byte_order::FIX,
    &encoding_pragma::SPEC,
    &submodules::FORBID_NEW,
    &submodules::FORBID,
    &line_ending::SPEC,
    &test_names::SPEC,
    &branch::SPEC,
    &indentation::SPEC,
    &pretty_json::SPEC,
    &replace_pattern::SPEC,
    &filename_pattern::REQUIRE,
    &pattern::REQUIRE,
    &requirements::SPEC,
    &simple_yaml::SPEC,
    &trailing_whitespace::SPEC,
];

/// The checks that are on without any configuration: cheap, and silent wherever a file may well be meant as it is.
/// Private keys are not among them: the secret scanner reports those.
const SAFE: &[&str] = &[
    "check-merge-conflict",
    "check-added-large-files",
    "check-case-conflict",
    "check-symlinks",
    "check-json",
    "check-toml",
    "check-yaml",
    "check-xml",
];

/// The checks that are on without any configuration.
pub(super) fn safe_set() -> impl Iterator<Item = &'static CheckSpec> {
    CHECKS
        .iter()
        .copied()
        .filter(|spec| SAFE.contains(&spec.id))
}

/// The check with this id, of today or of old.
pub(super) fn find(id: &str) -> Option<&'static CheckSpec> {
    CHECKS
        .iter()
        .copied()
        .find(|spec| spec.id == id || spec.aliases.contains(&id))
}
