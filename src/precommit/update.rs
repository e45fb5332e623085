//! Moving revisions on to the newest tags of their repositories, in the text of the configuration and nowhere else.

use super::clone;
use super::document::{Document, Origin, Repo};
use super::keys::HookKeys;
use super::known::known;
use super::manifest::Manifest;
use super::node::Placed;
use super::plan::Settings;
use super::tags;
use super::tool::{Failed, Tools};
use std::ops::Range;

/// What is wanted of an update.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Write hashes, with the tag in a comment.
    pub freeze: bool,
    /// Only tags of commits that are this many days old.
    pub cooldown_days: u64,
    /// Only repositories at these addresses; all where empty.
    pub only: Vec<String>,
}

/// What came of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// From a revision to another.
    To(String, String),
    /// It has the newest one.
    Current(String),
    /// It stays where it is: why.
    Left(Failed),
}

/// What an update comes to.
#[derive(Debug, Clone)]
pub struct Update {
    /// The text of the configuration afterwards.
    pub text: String,
    /// Each repository, once.
    pub moved: Vec<(String, Moved)>,
}

/// A revision to write: what stands there, and the tag it is, where it is a hash.
struct Target {
    rev: String,
    tag: String,
}

/// Looks for the newest revisions of the repositories of `document`; `now` is the time in seconds since 1970.
#[must_use]
pub fn update(
    document: &Document,
    wish: &Wish,
    settings: &Settings<'_>,
    tools: &Tools<'_>,
    now: u64,
) -> Update {
    let mut moved: Vec<(String, Moved)> = Vec::new();
    let mut edits: Vec<(Range<usize>, Target)> = Vec::new();
    for repo in &document.repos {
        let Origin::Remote { url, rev } = &repo.origin else {
            continue;
        };
        let asked = wish.only.is_empty() || wish.only.contains(&url.value);
        if !asked {
            continue;
        }
        let search = Search {
            wish,
            settings,
            tools,
            now,
            text: &document.source.text,
        };
        let came = match search.target(repo, url, rev) {
            Ok(target) if target.rev == rev.value => Moved::Current(target.tag),
            Ok(target) => {
                let came = Moved::To(rev.value.clone(), target.tag.clone());
                edits.push((rev.span.clone(), target));
                came
            }
            Err(failed) => Moved::Left(failed),
        };
        if !moved.contains(&(url.value.clone(), came.clone())) {
            moved.push((url.value.clone(), came));
        }
    }
    let is_toml = document.source.file.ends_with(".toml");
    Update {
        text: rewrite(&document.source.text, edits, is_toml),
        moved,
    }
}

struct Search<'a> {
    wish: &'a Wish,
    settings: &'a Settings<'a>,
    tools: &'a Tools<'a>,
    now: u64,
    text: &'a str,
}

impl Search<'_> {
    fn target(
        &self,
        repo: &Repo,
        url: &Placed<String>,
        rev: &Placed<String>,
    ) -> Result<Target, Failed> {
        let listed = clone::tags(&url.value, self.settings.root, self.tools)?;
        let names: Vec<&str> = listed.iter().map(|(name, _)| name.as_str()).collect();
        let frozen = comment(self.text, rev.span.end).map(|(tag, _)| tag);
        let current = frozen.unwrap_or(&rev.value);
        for tag in tags::newer(current, &names) {
            let Some((_, commit)) = listed.iter().find(|(name, _)| name == tag) else {
                continue;
            };
            if self.wish.cooldown_days > 0 && tag != current && !self.is_old(&url.value, tag)? {
                continue;
            }
            let target = Target {
                rev: if self.wish.freeze {
                    commit.clone()
                } else {
                    tag.to_owned()
                },
                tag: tag.to_owned(),
            };
            if target.rev != rev.value {
                self.offers(repo, url, tag)?;
            }
            return Ok(target);
        }
        Err(Failed::new(
            format!("it has no tag that is a version from {current} on"),
            "write the revision by hand",
        ))
    }

    fn is_old(&self, url: &str, tag: &str) -> Result<bool, Failed> {
        const DAY: u64 = 86_400;
        let made = clone::time_of(url, tag, self.settings.root, self.tools)?;
        Ok(made + self.wish.cooldown_days * DAY <= self.now)
    }

    /// Whether the hooks that are used are still there.
    fn offers(&self, repo: &Repo, url: &Placed<String>, tag: &str) -> Result<(), Failed> {
        let is_known = |hook: &HookKeys| {
            self.settings.native && known(&url.value, hook.id(), &[], self.settings.root).is_some()
        };
        if repo.hooks.iter().all(is_known) {
            return Ok(());
        }
        let Some(cache) = self.settings.cache else {
            return Ok(());
        };
        let _lock = cache
            .lock(&mut || ())
            .map_err(|error| Failed::disk(cache.root(), &error))?;
        let entry = clone::bring(cache, &url.value, tag, self.settings.root, self.tools)?;
        let manifest = Manifest::read(&entry.dir, &url.value)
            .map_err(|error| Failed::new(error.to_string(), ""))?;
        let gone: Vec<&str> = repo
            .hooks
            .iter()
            .map(HookKeys::id)
            .filter(|id| manifest.hook(id).is_none())
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        Err(Failed::new(
            format!("{tag} does not offer {} any more", gone.join(", ")),
            "take the hook out, or keep the revision",
        ))
    }
}

/// The tag in a comment `# frozen: TAG` behind byte `at`, and where the comment and the blanks before it stand.
fn comment(text: &str, at: usize) -> Option<(&str, Range<usize>)> {
    let rest = text.get(at..)?;
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let blanks = line.len() - line.trim_start().len();
    let tag = line.trim_start().strip_prefix("# frozen: ")?;
    let tag = tag.split_whitespace().next()?;
    Some((tag, at..at + blanks + "# frozen: ".len() + tag.len()))
}

/// The text with other revisions; quotes, comments and everything else stay.
fn rewrite(text: &str, mut edits: Vec<(Range<usize>, Target)>, is_toml: bool) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut out = text.to_owned();
    for (span, target) in edits {
        rewrite_comment(&mut out, span.end, &target);
        let new = quoted(&target.rev, &out[span.clone()], is_toml);
        out.replace_range(span, &new);
    }
    out
}

/// Takes the comment with the old tag away and writes the new one, where the revision is a hash and nothing else follows on
/// its line.
fn rewrite_comment(text: &mut String, at: usize, target: &Target) {
    if let Some(old) = comment(text, at).map(|(_, span)| span) {
        text.replace_range(old, "");
    }
    let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    if target.rev != target.tag && text[at..end].trim().is_empty() {
        text.insert_str(at, &format!("  # frozen: {}", target.tag));
    }
}

/// The revision in the quotes that the old one has; where it has none, in those that the format needs.
fn quoted(rev: &str, old: &str, is_toml: bool) -> String {
    let is_number = rev.parse::<f64>().is_ok();
    match old
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
    {
        Some(quote) => format!("{quote}{rev}{quote}"),
        None if is_toml => format!("\"{rev}\""),
        None if is_number => format!("'{rev}'"),
        None => rev.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, rewrite};

    fn after(text: &str, old: &str, rev: &str, tag: &str) -> String {
        let at = text.find(old).unwrap();
        let target = Target {
            rev: rev.to_owned(),
            tag: tag.to_owned(),
        };
        rewrite(text, vec![(at..at + old.len(), target)], false)
    }

    #[test]
    fn only_the_revision_changes() {
        assert_eq!(
            after("a:\n  rev: v1 # why\nb\n", "v1", "v2", "v2"),
            "a:\n  rev: v2 # why\nb\n"
        );
        assert_eq!(after("rev: \"v1\"", "\"v1\"", "v2", "v2"), "rev: \"v2\"");
        assert_eq!(after("rev: v1\n", "v1", "1.10", "1.10"), "rev: '1.10'\n");
        assert_eq!(
            after("rev: v1\n", "v1", "abc", "v2"),
            "rev: abc  # frozen: v2\n"
        );
        assert_eq!(
            after("rev: abc  # frozen: v1\n", "abc", "v2", "v2"),
            "rev: v2\n"
        );
        assert_eq!(
            after("rev: abc  # frozen: v1\n", "abc", "def", "v2"),
            "rev: def  # frozen: v2\n"
        );
        assert_eq!(
            after("{rev: v1, x: y}\n", "v1", "abc", "v2"),
            "{rev: abc, x: y}\n"
        );
    }
}
