//! Links that lead nowhere, and links that turned into files.

use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::run::Run;
use super::super::subject::Subject;
use crate::git::{BlobReader, FormerLink};
use crate::model::{FileMeta, Severity};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

pub(super) static BROKEN: CheckSpec = CheckSpec {
    id: "check-symlinks",
    aliases: &[],
    title: "a link that leads nowhere",
    description: "A symbolic link to a file that is not there. As part of the safe set it leaves out links out of the \
                  repository, which lead somewhere else on every machine.",
    fix: "Let the link point at a file that is there, or remove it.",
    severity: Severity::Low,
    types: Types::Symlink,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Broken {
            strict: setup.strict,
            run: Arc::clone(&setup.run),
        }))
    },
};

pub(super) static DESTROYED: CheckSpec = CheckSpec {
    id: "destroyed-symlinks",
    aliases: &[],
    title: "a link that turned into a file",
    description: "Systems without symbolic links write the path of the link into an ordinary file; committed, the link is \
                  gone for everybody.",
    fix: "Unstage it: `git restore --staged PATH`; `git config core.symlinks false` keeps it from happening again.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Destroyed {
            run: Arc::clone(&setup.run),
        }))
    },
};

struct Broken {
    strict: bool,
    run: Arc<Run>,
}

#[cfg(unix)]
fn target(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

/// Whether `target`, seen from the folder of `link`, is outside of the repository.
fn leaves(link: &Path, target: &Path) -> bool {
    use std::path::Component;
    if target.is_absolute() {
        return true;
    }
    let mut depth = link.components().count().saturating_sub(1);
    for part in target.components() {
        match part {
            Component::ParentDir if depth == 0 => return true,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            _ => {}
        }
    }
    false
}

impl Check for Broken {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let link = subject.meta.path.to_path();
        let target = target(subject.bytes);
        if !self.strict && leaves(link, target) {
            return;
        }
        let folder = link.parent().unwrap_or(Path::new(""));
        if !self.run.root().join(folder).join(target).exists() {
            out.whole(0..0, "the link leads to nothing");
        }
    }
}

struct Destroyed {
    run: Arc<Run>,
}

impl Check for Destroyed {
    fn set(&self, files: &[&FileMeta], out: &mut SetIssues) {
        let Some(repo) = self.run.repo() else {
            return;
        };
        let links = repo
            .former_links()
            .and_then(|links| Ok((links, repo.blobs()?)));
        let (links, blobs) = match links {
            Ok(found) => found,
            Err(error) => return out.error(error.to_string(), "see that `git status` works here"),
        };
        let paths: HashSet<&[u8]> = files.iter().map(|file| file.path.as_bytes()).collect();
        for link in links {
            if paths.contains(link.path.as_bytes()) && same(&link, &blobs) {
                out.push(
                    link.path,
                    "this was a link, and is now a file with the path of the link in it",
                );
            }
        }
    }
}

/// Whether the file holds what the link named, give or take a line end at the end that a fixer put there.
fn same(link: &FormerLink, blobs: &BlobReader) -> bool {
    if link.before == link.now {
        return true;
    }
    match (blobs.read(link.before), blobs.read(link.now)) {
        (Ok(before), Ok(now)) => {
            now.len() <= before.len() + 2 && before.trim_ascii_end() == now.trim_ascii_end()
        }
        _ => false,
    }
}
