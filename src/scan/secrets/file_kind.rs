//! What the name of a file says about how it is written.

use crate::scan::SourceFile;

/// What the name of a file says about how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Settings or prose: values need no quotes.
    Text,
    /// Code.
    Code,
    /// Written by a program: hashes and bundled code.
    Generated,
}

/// How the file is written, as far as its name tells.
pub(super) fn file_kind(file: &SourceFile<'_>) -> FileKind {
    let path = &file.meta().path;
    let name = path.file_name().to_ascii_lowercase();
    let generated = [
        &b"package-lock.json"[..],
        b"npm-shrinkwrap.json",
        b"pnpm-lock.yaml",
        b"go.sum",
        b"gopkg.lock",
        b"packages.lock.json",
        b"project.assets.json",
        // Lists of the files of a Python package (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
        b"record",
        b"sources.txt",
    ];
    let whole = path.to_text();
    if generated.contains(&name.as_slice())
        || name.ends_with(b".lock")
        || name.ends_with(b".min.js")
        || name.ends_with(b".min.css")
        || name.ends_with(b".map")
        || name.ends_with(b".tsbuildinfo")
        || whole.contains(".yarn/releases/")
    {
        return FileKind::Generated;
    }
    let settings = [
        "env",
        "yml",
        "yaml",
        "properties",
        "ini",
        "conf",
        "cfg",
        "cnf",
        "toml",
        "tfvars",
        "config",
        "sh",
        "bash",
        "zsh",
        "envrc",
        "fish",
        "ksh",
        "bat",
        "cmd",
        // Prose and what has no extension: nothing in it is a variable of the program.
        "",
        "txt",
        "md",
        "markdown",
        "rst",
        "adoc",
        "asciidoc",
        "log",
        // What is copied and filled in.
        "example",
        "sample",
        "dist",
        "template",
        "tmpl",
        "tpl",
        "j2",
    ];
    if settings.contains(&path.extension().as_str()) || name.starts_with(b".env") {
        FileKind::Text
    } else {
        FileKind::Code
    }
}
