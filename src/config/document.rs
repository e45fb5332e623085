//! Configuration files as written, and the configuration as meant.

use super::{ConfigError, Section, suggest};
use crate::text::PathSet;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The name of the configuration file in the root of a repository.
pub const FILE_NAME: &str = "hookd.toml";
/// The name of the file beside it for one person's own settings; it is not committed.
pub const LOCAL_FILE_NAME: &str = "hookd.local.toml";

const TOP_LEVEL: [&str; 7] = [
    DEFAULT_HOOK_TYPES,
    "exclude",
    "extends",
    "hook",
    "precommit",
    "require_trust",
    "scan",
];

/// The key that says which git hooks an install without options is for.
pub const DEFAULT_HOOK_TYPES: &str = "default_hook_types";

/// A configuration file: its name as the user would say it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Shown in errors.
    pub file: String,
    /// The whole text.
    pub text: String,
    /// Whether it is the user's own file for all repositories, which no repository can write.
    pub personal: bool,
}

impl Document {
    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// They are not UTF-8.
    pub fn new(file: impl Into<String>, bytes: Vec<u8>) -> Result<Self, ConfigError> {
        let file = file.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                file,
                // TOML v1.0 wants no byte order mark; editors write one all the same.
                text: text
                    .strip_prefix('\u{feff}')
                    .map(str::to_owned)
                    .unwrap_or(text),
                personal: false,
            }),
            Err(error) => {
                let valid =
                    String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()])
                        .into_owned();
                let end = valid.len();
                Err(
                    ConfigError::new(&file, &valid, end..end, "this is not UTF-8")
                        .with_help("save the file as UTF-8"),
                )
            }
        }
    }

    /// The files that this one extends, in the order in which they are written.
    ///
    /// # Errors
    /// The file is no TOML, or `extends` no list of paths.
    pub fn extends(&self) -> Result<Vec<Extended>, ConfigError> {
        // Most files extend none, and a commit should not wait for a second look at them.
        if !self.text.contains("extends") {
            return Ok(Vec::new());
        }
        let table = self.table()?;
        let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == "extends") else {
            return Ok(Vec::new());
        };
        let wrong = |span| {
            self.error(span, "`extends` must be a list of paths")
                .with_help(r#"extends = ["ci/hookd-base.toml"]"#)
        };
        let items = value.get_ref().as_array();
        let items = items.ok_or_else(|| wrong(value.span()))?.iter();
        items
            .map(|item| {
                let path = item.get_ref().as_str();
                let path = path.filter(|path| !path.is_empty() && !path.contains('\0'));
                Ok(Extended {
                    path: path.ok_or_else(|| wrong(item.span()))?.to_owned(),
                    span: item.span(),
                })
            })
            .collect()
    }

    /// An error over the bytes `span` of the file.
    #[must_use]
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError::new(&self.file, &self.text, span, message)
    }

    /// The file as written.
    ///
    /// # Errors
    /// It is no TOML.
    pub(super) fn table(&self) -> Result<DeTable<'_>, ConfigError> {
        DeTable::parse(&self.text)
            .map(toml::Spanned::into_inner)
            .map_err(|broken| self.error(broken.span().unwrap_or(0..0), broken.message()))
    }
}

/// A file that another one extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// As written.
    pub path: String,
    /// Where it is written.
    pub span: Range<usize>,
}

/// The configuration as meant: all files laid over each other.
#[derive(Debug, Clone)]
pub struct Config<'a> {
    /// Files that nothing checks.
    pub exclude: PathSet,
    /// Whether commands that are new since the last `hookd trust` stop a run instead of being named.
    pub require_trust: bool,
    /// Whether hooks of pre-commit configurations that hookd knows are replaced by its own checks.
    pub precommit_native: bool,
    hooks: Vec<Section<'a>>,
    default_hook_types: Section<'a>,
    sections: BTreeMap<String, Section<'a>>,
    empty: Section<'a>,
}

impl<'a> Config<'a> {
    /// Lays `documents` over each other, later ones win, and checks everything but the insides of scanner sections.
    /// `scanners` are the ids of the sections there may be.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn new(documents: &'a [Document], scanners: &[&str]) -> Result<Self, ConfigError> {
        let mut config = Self {
            exclude: PathSet::default(),
            require_trust: false,
            precommit_native: true,
            hooks: Vec::new(),
            default_hook_types: Section::default(),
            sections: BTreeMap::new(),
            empty: Section::default(),
        };
        for document in documents {
            config.lay_over(document, scanners)?;
        }
        Ok(config)
    }

    /// The section of scanner `id`; an empty one where no file has it.
    #[must_use]
    pub fn section(&self, id: &str) -> &Section<'a> {
        self.sections.get(id).unwrap_or(&self.empty)
    }

    /// The `[[hook]]` tables of all files, in the order in which they are written.
    #[must_use]
    pub fn hooks(&self) -> &[Section<'a>] {
        &self.hooks
    }

    /// [`DEFAULT_HOOK_TYPES`] of all files, the only key of the section; an empty one where no file has it.
    #[must_use]
    pub const fn default_hook_types(&self) -> &Section<'a> {
        &self.default_hook_types
    }

    fn lay_over(&mut self, document: &'a Document, scanners: &[&str]) -> Result<(), ConfigError> {
        let error =
            |span, message: String| ConfigError::new(&document.file, &document.text, span, message);
        for (key, value) in document.table()? {
            let name = key.get_ref().to_string();
            match name.as_str() {
                DEFAULT_HOOK_TYPES => {
                    let own = DeTable::from_iter([(key, value)]);
                    self.default_hook_types
                        .push(&document.file, &document.text, own);
                }
                "exclude" => self.exclude = exclude(document, &value)?,
                // What it names is a layer below this one already.
                "extends" => drop(document.extends()?),
                "hook" => self.hook(document, value)?,
                "require_trust" => {
                    self.require_trust = require_trust(document, key.span(), &value)?;
                }
                "scan" => self.scan(document, value, scanners)?,
                "precommit" => self.precommit_native = precommit(document, key.span(), value)?,
                _ => {
                    return Err(error(key.span(), format!("unknown key `{name}`"))
                        .with_help(suggest(&name, TOP_LEVEL.into_iter())));
                }
            }
        }
        Ok(())
    }

    fn hook(
        &mut self,
        document: &'a Document,
        value: toml::Spanned<DeValue<'a>>,
    ) -> Result<(), ConfigError> {
        let span = value.span();
        let DeValue::Array(items) = value.into_inner() else {
            let error = ConfigError::new(
                &document.file,
                &document.text,
                span,
                "`hook` must be a list of tables",
            );
            return Err(error.with_help("start each with [[hook]]"));
        };
        for item in items {
            let mut section = Section::default();
            let start = item.span();
            section.push_at(
                &document.file,
                &document.text,
                start,
                table(document, item, "hook")?,
            );
            self.hooks.push(section);
        }
        Ok(())
    }

    fn scan(
        &mut self,
        document: &'a Document,
        value: toml::Spanned<DeValue<'a>>,
        scanners: &[&str],
    ) -> Result<(), ConfigError> {
        for (key, section) in table(document, value, "scan")? {
            let id = key.get_ref().to_string();
            if !scanners.contains(&id.as_str()) {
                let error = ConfigError::new(
                    &document.file,
                    &document.text,
                    key.span(),
                    format!("unknown scanner `{id}`"),
                );
                return Err(error.with_help(suggest(&id, scanners.iter().copied())));
            }
            let section = table(document, section, &id)?;
            self.sections
                .entry(id)
                .or_default()
                .push(&document.file, &document.text, section);
        }
        Ok(())
    }
}

fn table<'a>(
    document: &Document,
    value: toml::Spanned<DeValue<'a>>,
    name: &str,
) -> Result<DeTable<'a>, ConfigError> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Ok(table),
        _ => Err(ConfigError::new(
            &document.file,
            &document.text,
            span,
            format!("`{name}` must be a table"),
        )),
    }
}

/// `[precommit] native = false`. Where there is a `hookd.toml` no other tool's configuration is read.
fn precommit(
    document: &Document,
    key: Range<usize>,
    value: toml::Spanned<DeValue<'_>>,
) -> Result<bool, ConfigError> {
    let error =
        |span, message: String| ConfigError::new(&document.file, &document.text, span, message);
    if document.file == FILE_NAME {
        let message =
            "`precommit` means nothing here: with this file, no .pre-commit-config.yaml is read";
        return Err(error(key, message.to_owned()).with_help(format!(
            "write it to {LOCAL_FILE_NAME} or to your own configuration"
        )));
    }
    let mut native = true;
    for (key, value) in table(document, value, "precommit")? {
        let name = key.get_ref();
        if name != "native" {
            return Err(error(key.span(), format!("unknown key `{name}`"))
                .with_help(suggest(name, ["native"].into_iter())));
        }
        native = value
            .get_ref()
            .as_bool()
            .ok_or_else(|| error(value.span(), "`native` is true or false".to_owned()))?;
    }
    Ok(native)
}

/// A repository must not be able to switch it off again.
fn require_trust(
    document: &Document,
    key: Range<usize>,
    value: &toml::Spanned<DeValue<'_>>,
) -> Result<bool, ConfigError> {
    let error =
        |span, message: &str| ConfigError::new(&document.file, &document.text, span, message);
    if !document.personal {
        return Err(
            error(key, "only your own configuration may set `require_trust`")
                .with_help("write it to hookd/config.toml in your configuration folder"),
        );
    }
    value
        .get_ref()
        .as_bool()
        .ok_or_else(|| error(value.span(), "`require_trust` is true or false"))
}

fn exclude(
    document: &Document,
    value: &toml::Spanned<DeValue<'_>>,
) -> Result<PathSet, ConfigError> {
    let error =
        |span, message: &str| ConfigError::new(&document.file, &document.text, span, message);
    let not_a_list = || {
        error(value.span(), "`exclude` must be a list of globs")
            .with_help(r#"exclude = ["vendor/**"]"#)
    };
    let items = value.get_ref().as_array().ok_or_else(not_a_list)?;
    let globs: Option<Vec<&str>> = items.iter().map(|item| item.get_ref().as_str()).collect();
    let globs = globs.ok_or_else(not_a_list)?;
    PathSet::new(&globs)
        .map_err(|(at, reason)| error(items[at].span(), &format!("not a glob: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::{Config, Document};
    use crate::config::SectionKeys;
    use crate::model::Level;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq, Eq)]
    #[serde(default)]
    struct Limits {
        cyclomatic: u32,
        names: Vec<String>,
    }

    impl SectionKeys for Limits {
        const KEYS: &'static [&'static str] = &["cyclomatic", "names"];
    }

    fn document(file: &str, text: &str) -> Document {
        Document::new(file, text.as_bytes().to_vec()).unwrap()
    }

    fn message(text: &str) -> String {
        let documents = [document("hookd.toml", text)];
        let read = Config::new(&documents, &["complexity", "secrets"]).and_then(|config| {
            config.section("complexity").common()?;
            config.section("complexity").own::<Limits>()
        });
        read.unwrap_err().to_string()
    }

    #[test]
    fn later_files_win_key_by_key() {
        let documents = [
            document(
                "hookd.toml",
                "[scan.complexity]\ncyclomatic = 12\nnames = ['a']\nlevel = 'warn'\n",
            ),
            document("hookd.local.toml", "[scan.complexity]\ncyclomatic = 20\n"),
        ];
        let config = Config::new(&documents, &["complexity"]).unwrap();
        let section = config.section("complexity");
        assert_eq!(section.common().unwrap().level, Level::Warn);
        let own: Limits = section.own().unwrap();
        assert_eq!((own.cyclomatic, own.names.len()), (20, 1));
    }

    #[test]
    fn a_mistake_shows_its_line_and_a_caret() {
        assert_eq!(
            message("[scan.complexity]\ncyclomatik = 12\n"),
            "hookd.toml:2:1: unknown key `cyclomatik`\n  |\n2 | cyclomatik = 12\n  | ^^^^^^^^^^\n  = did you mean `cyclomatic`?"
        );
        for (text, start, part) in [
            (
                "[scan.complexity]\ncyclomatic = 'x'\n",
                "hookd.toml:2:14: ",
                "^^^",
            ),
            (
                "[scan.complexty]\n",
                "hookd.toml:1:7: unknown scanner `complexty`",
                "did you mean `complexity`?",
            ),
            (
                "[scam]\n",
                "hookd.toml:1:2: unknown key `scam`",
                "did you mean `scan`?",
            ),
            (
                "[scan.complexity\n",
                "hookd.toml:1:17: ",
                "1 | [scan.complexity",
            ),
            (
                "exclude = 'x'",
                "hookd.toml:1:11: `exclude` must be a list of globs",
                "^^^",
            ),
            (
                "exclude = ['a', '[z-a]']",
                "hookd.toml:1:17: not a glob: ",
                "^^^^^^^",
            ),
            (
                "[scan.complexity]\nlevel = 'loud'\n",
                "hookd.toml:2:9: ",
                "^^^^^^",
            ),
            (
                "[scan.complexity]\nexclude = ['[z-a]']\n",
                "hookd.toml:2:12: not a glob",
                "^^^^",
            ),
            ("scan = 3", "hookd.toml:1:8: `scan` must be a table", "^"),
        ] {
            let message = message(text);
            assert!(message.starts_with(start), "{text:?} gave {message}");
            assert!(message.contains(part), "{text:?} gave {message}");
        }
        assert!(Document::new("hookd.toml", b"a = '\xff'".to_vec()).is_err());
    }
}
