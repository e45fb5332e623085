//! What kind of file it is, told as the `identify` library tells it: by name, by extension, by the `#!` line of
//! executables, by content. Facts: <https://github.com/pre-commit/identify>.

use super::subject::Subject;
use crate::model::FileKind;

/// Which files a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Types {
    /// All, links too.
    Any,
    /// All but links.
    File,
    /// Text of any kind.
    Text,
    /// Executable text.
    ExecutableText,
    /// Symbolic links.
    Symlink,
    /// Text in one format.
    Format(Format),
    /// None: the check looks at the run as a whole.
    None,
}

/// A text format that a check knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// JSON.
    Json,
    /// JSON with comments.
    Jsonc,
    /// JSON5.
    Json5,
    /// Python.
    Python,
    /// TOML.
    Toml,
    /// XML.
    Xml,
    /// YAML.
    Yaml,
}

/// Extensions of files that are binary whatever their content.
const BINARY: &[&str] = &[
    "ai", "asar", "avif", "bmp", "bz2", "bz3", "dll", "ear", "eot", "eps", "exe", "fits", "ggb",
    "gif", "gz", "icns", "ico", "jar", "jpeg", "jpg", "mscz", "otf", "p12", "pdf", "png", "pyz",
    "pyzw", "so", "swf", "tar", "tgz", "tif", "tiff", "ttf", "war", "wav", "webp", "whl", "woff",
    "woff2", "zip",
];

/// Extensions and whole names of the formats.
const FORMATS: &[(Format, &[&str], &[&str])] = &[
    (
        Format::Json,
        &[
            "ejson",
            "geojson",
            "ipynb",
            "json",
            "jsonld",
            "piskel",
            "xctestplan",
        ],
        &[
            ".babelrc",
            ".bowerrc",
            ".csslintrc",
            ".jshintrc",
            ".mention-bot",
            "Pipfile.lock",
        ],
    ),
    (Format::Jsonc, &["jsonc"], &[]),
    (Format::Json5, &["json5"], &[]),
    (
        Format::Python,
        &["gyp", "gypi", "py", "pyt", "pyw", "tac", "wsgi"],
        &[".pdbrc", "wscript"],
    ),
    (
        Format::Toml,
        &["toml"],
        &["Cargo.lock", "Pipfile", "poetry.lock", "uv.lock"],
    ),
    (
        Format::Xml,
        &[
            "csproj",
            "fsproj",
            "gpx",
            "inx",
            "kml",
            "lpi",
            "mscx",
            "pom",
            "props",
            "pyproj",
            "resx",
            "rng",
            "slnx",
            "svg",
            "targets",
            "urdf",
            "vbproj",
            "vcxproj",
            "wixproj",
            "wsdl",
            "wxi",
            "wxl",
            "wxs",
            "xacro",
            "xaml",
            "xcscheme",
            "xcworkspacedata",
            "xhtml",
            "xlf",
            "xliff",
            "xml",
            "xsd",
            "xsl",
            "xslt",
            "yin",
            "zcml",
        ],
        &[],
    ),
    (
        Format::Yaml,
        &["eyaml", "yaml", "yamlld", "yml"],
        &[
            ".ansible-lint",
            ".clang-format",
            ".clang-tidy",
            ".salt-lint",
            ".yamllint",
        ],
    ),
];

/// Whether a check of `types` looks at `subject`.
pub(super) fn matches(types: Types, subject: &Subject<'_>) -> bool {
    if subject.meta.kind == FileKind::Symlink {
        return matches!(types, Types::Any | Types::Symlink);
    }
    let executable = subject.meta.kind == FileKind::Executable;
    match types {
        Types::Any | Types::File => true,
        Types::Symlink | Types::None => false,
        Types::Text => subject.is_text(),
        Types::ExecutableText => executable && subject.is_text(),
        Types::Format(wanted) => subject.format() == Some(wanted),
    }
}

/// The format of the file called `name`, in lower case `extension`.
pub(super) fn format(name: &str, extension: &str) -> Option<Format> {
    FORMATS
        .iter()
        .find(|(_, extensions, names)| {
            names.contains(&name) || (!extension.is_empty() && extensions.contains(&extension))
        })
        .map(|&(format, ..)| format)
}

/// Whether an executable without a telling name is a Python script: `#!/usr/bin/env python3`.
pub(super) fn python_script(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let Some(line) = line
        .get(..line.len().min(256))
        .and_then(|line| line.strip_prefix(b"#!"))
    else {
        return false;
    };
    let line = String::from_utf8_lossy(line);
    let mut words = line
        .split_ascii_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .filter(|word| !word.starts_with('-'));
    let program = match words.next() {
        Some("env") => words.next(),
        other => other,
    };
    program.is_some_and(|program| {
        program
            .trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
            .eq("python")
    })
}

/// Whether the content is text: no NUL byte in the window git looks at; and, where no extension speaks for the file,
/// none of the control characters that text does not hold.
pub(super) fn is_text(extension: &str, bytes: &[u8]) -> bool {
    if BINARY.contains(&extension) || crate::text::is_binary(bytes) {
        return false;
    }
    let head = &bytes[..bytes.len().min(1024)];
    !extension.is_empty()
        || head
            .iter()
            .all(|&byte| matches!(byte, 7..=13 | 27 | 0x20..=0x7e | 0x80..))
}
