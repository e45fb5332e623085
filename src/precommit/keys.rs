//! The keys of one hook, as a configuration or a manifest writes them: every one optional, each with its place.

use super::node::{Node, Placed, Source, keys};
use crate::config::ConfigError;

/// Keys of a hook that hookd reads (<https://pre-commit.com/#creating-new-hooks>, <https://pre-commit.com/#pre-commit-configyaml---hooks>).
const KNOWN: [&str; 26] = [
    "id",
    "alias",
    "name",
    "entry",
    "language",
    "language_version",
    "files",
    "exclude",
    "types",
    "types_or",
    "exclude_types",
    "args",
    "stages",
    "additional_dependencies",
    "always_run",
    "pass_filenames",
    "verbose",
    "log_file",
    "require_serial",
    "fail_fast",
    "description",
    "minimum_pre_commit_version",
    "minimum_prek_version",
    "env",
    "priority",
    "shell",
];

/// `pass_filenames`: yes or no, or, with prek, how many at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Flag(bool),
    AtMost(usize),
}

/// A hook as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HookKeys {
    pub(super) id: Option<Placed<String>>,
    pub(super) alias: Option<Placed<String>>,
    pub(super) name: Option<Placed<String>>,
    pub(super) entry: Option<Placed<String>>,
    pub(super) language: Option<Placed<String>>,
    pub(super) language_version: Option<Placed<String>>,
    pub(super) files: Option<Placed<String>>,
    pub(super) exclude: Option<Placed<String>>,
    pub(super) types: Option<Vec<Placed<String>>>,
    pub(super) types_or: Option<Vec<Placed<String>>>,
    pub(super) exclude_types: Option<Vec<Placed<String>>>,
    pub(super) args: Option<Vec<Placed<String>>>,
    pub(super) stages: Option<Vec<Placed<String>>>,
    pub(super) additional_dependencies: Option<Vec<Placed<String>>>,
    pub(super) log_file: Option<Placed<String>>,
    pub(super) minimum_version: Option<Placed<String>>,
    pub(super) always_run: Option<bool>,
    pub(super) verbose: Option<bool>,
    pub(super) require_serial: Option<bool>,
    pub(super) fail_fast: Option<bool>,
    pub(super) pass_filenames: Option<Pass>,
    pub(super) env: Vec<(String, String)>,
    /// Where the table stands.
    pub(super) span: std::ops::Range<usize>,
}

impl HookKeys {
    /// Reads a table; keys nobody knows go to `strange`.
    ///
    /// # Errors
    /// A value of the wrong kind, or no `id`.
    pub(super) fn read(
        source: &Source,
        node: &Node,
        strange: &mut Vec<String>,
    ) -> Result<Self, ConfigError> {
        let mut hook = Self {
            span: node.span.clone(),
            ..Self::default()
        };
        for (key, value) in keys(source, node, "a hook", &KNOWN, strange)? {
            if !hook.set_text(source, &key, value)? && !hook.set_list(source, &key, value)? {
                hook.set_flag(source, &key, value)?;
            }
        }
        match &hook.id {
            Some(id) if id.value.is_empty() || id.value.contains([',', '\n']) => {
                Err(source.error(&id.span, "an id is a word, and has no `,`"))
            }
            Some(_) => Ok(hook),
            None => Err(source
                .error(&first_line(source, &node.span), "this hook has no `id`")
                .with_help("id: the name of the hook in its repository")),
        }
    }

    fn set_text(&mut self, source: &Source, key: &str, node: &Node) -> Result<bool, ConfigError> {
        let fields = [
            ("id", &mut self.id),
            ("alias", &mut self.alias),
            ("name", &mut self.name),
            ("entry", &mut self.entry),
            ("language", &mut self.language),
            ("language_version", &mut self.language_version),
            ("files", &mut self.files),
            ("exclude", &mut self.exclude),
            ("log_file", &mut self.log_file),
            ("minimum_pre_commit_version", &mut self.minimum_version),
        ];
        for (name, field) in fields {
            if name == key {
                *field = Some(node.text(source, key)?);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn set_list(&mut self, source: &Source, key: &str, node: &Node) -> Result<bool, ConfigError> {
        let field = match key {
            "types" => &mut self.types,
            "types_or" => &mut self.types_or,
            "exclude_types" => &mut self.exclude_types,
            "args" => &mut self.args,
            "stages" => &mut self.stages,
            "additional_dependencies" => &mut self.additional_dependencies,
            _ => return Ok(false),
        };
        *field = Some(node.texts(source, key)?);
        Ok(true)
    }

    fn set_flag(&mut self, source: &Source, key: &str, node: &Node) -> Result<(), ConfigError> {
        match key {
            "always_run" => self.always_run = Some(node.flag(source, key)?),
            "verbose" => self.verbose = Some(node.flag(source, key)?),
            "require_serial" => self.require_serial = Some(node.flag(source, key)?),
            "fail_fast" => self.fail_fast = Some(node.flag(source, key)?),
            "pass_filenames" => self.pass_filenames = Some(pass(source, node)?),
            "env" => {
                for (name, value) in node.map(source, key)? {
                    let pair = (
                        name.text(source, key)?.value,
                        value.text(source, key)?.value,
                    );
                    self.env.push(pair);
                }
            }
            // Descriptions, and prek's hints on the order in which hooks could run: nothing depends on them here.
            _ => {}
        }
        Ok(())
    }

    /// This hook, with every key that `over` writes in the place of its own.
    pub(super) fn with(&self, over: &Self) -> Self {
        let text = |own: &Option<Placed<String>>, over: &Option<Placed<String>>| {
            over.clone().or_else(|| own.clone())
        };
        let list = |own: &Option<Vec<Placed<String>>>, over: &Option<Vec<Placed<String>>>| {
            over.clone().or_else(|| own.clone())
        };
        Self {
            id: text(&self.id, &over.id),
            alias: text(&self.alias, &over.alias),
            name: text(&self.name, &over.name),
            entry: text(&self.entry, &over.entry),
            language: text(&self.language, &over.language),
            language_version: text(&self.language_version, &over.language_version),
            files: text(&self.files, &over.files),
            exclude: text(&self.exclude, &over.exclude),
            types: list(&self.types, &over.types),
            types_or: list(&self.types_or, &over.types_or),
            exclude_types: list(&self.exclude_types, &over.exclude_types),
            args: list(&self.args, &over.args),
            stages: list(&self.stages, &over.stages),
            additional_dependencies: list(
                &self.additional_dependencies,
                &over.additional_dependencies,
            ),
            log_file: text(&self.log_file, &over.log_file),
            minimum_version: text(&self.minimum_version, &over.minimum_version),
            always_run: over.always_run.or(self.always_run),
            verbose: over.verbose.or(self.verbose),
            require_serial: over.require_serial.or(self.require_serial),
            fail_fast: over.fail_fast.or(self.fail_fast),
            pass_filenames: over.pass_filenames.or(self.pass_filenames),
            env: if over.env.is_empty() {
                self.env.clone()
            } else {
                over.env.clone()
            },
            span: over.span.clone(),
        }
    }

    /// The id; hooks without one were refused when they were read.
    pub(super) fn id(&self) -> &str {
        self.id.as_ref().map_or("", |id| id.value.as_str())
    }
}

fn pass(source: &Source, node: &Node) -> Result<Pass, ConfigError> {
    if let Ok(flag) = node.flag(source, "pass_filenames") {
        return Ok(Pass::Flag(flag));
    }
    let number = node.text(source, "pass_filenames").ok();
    match number.and_then(|text| text.value.parse().ok()) {
        Some(most @ 1..) => Ok(Pass::AtMost(most)),
        _ => Err(source.error(
            &node.span,
            "`pass_filenames` must be true, false or a number from 1",
        )),
    }
}

/// The part of `span` that stands on its first line: a caret under a whole table helps nobody.
pub(super) fn first_line(source: &Source, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = span.end.min(source.text.len());
    let start = span.start.min(end);
    let length = source.text[start..end].find('\n').unwrap_or(end - start);
    start..start + length
}
