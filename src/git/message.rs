//! The file with a commit message: what of it git keeps, and who the author is.

use super::{GitError, Repo, command};
use crate::env;

/// What git takes out of a message before it commits it (git-commit(1), `--cleanup`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleanup {
    /// What begins a comment; empty where git chooses it by the message (`auto`).
    mark: Vec<u8>,
    /// Whether lines that begin with it go.
    comments: bool,
    /// Whether everything below the scissors goes.
    scissors: bool,
}

/// What git chooses from where it is to find a mark that no line of the message begins with (git-config(1)).
const CANDIDATES: &[u8] = b"#;@!$%^&|:";
/// What stands in the scissors line behind the mark and a space (git's wt-status.c).
const SCISSORS: &[u8] = b" ------------------------ >8 ------------------------";

impl Cleanup {
    /// The message with comments emptied and cut at the scissors: lines keep their numbers.
    #[must_use]
    pub fn apply(&self, message: &[u8]) -> Vec<u8> {
        let mark = self.mark_in(message);
        let mut kept = Vec::with_capacity(message.len());
        for line in message.split_inclusive(|&byte| byte == b'\n') {
            let comment = line.strip_prefix(mark.as_slice());
            if self.scissors && comment.is_some_and(|rest| rest.starts_with(SCISSORS)) {
                break;
            }
            if self.comments && comment.is_some() {
                kept.push(b'\n');
            } else {
                kept.extend_from_slice(line);
            }
        }
        kept
    }

    /// Where git chose the mark, the last line of its own text begins with it.
    fn mark_in(&self, message: &[u8]) -> Vec<u8> {
        if !self.mark.is_empty() {
            return self.mark.clone();
        }
        let mut lines = message.rsplit(|&byte| byte == b'\n');
        let last = lines.find(|line| !line.is_empty());
        let first = last.and_then(|line| line.first()).copied();
        vec![
            first
                .filter(|byte| CANDIDATES.contains(byte))
                .unwrap_or(b'#'),
        ]
    }
}

impl Repo {
    /// What git takes out of the message of the commit that is being made.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn cleanup(&self) -> Result<Cleanup, GitError> {
        let keys = r"^(core\.comment(char|string)|commit\.cleanup)$";
        let done = command::run(self.root(), &["config", "-z", "--get-regexp", keys])?;
        let (mut mark, mut mode) = ("#".to_owned(), String::new());
        for entry in String::from_utf8_lossy(&done.stdout).split('\0') {
            match entry.split_once('\n') {
                Some(("commit.cleanup", value)) => value.clone_into(&mut mode),
                Some((_, value)) => value.clone_into(&mut mark),
                None => {}
            }
        }
        if mark == "auto" {
            mark.clear();
        }
        let edited = !env::has_no_editor();
        Ok(Cleanup {
            mark: mark.into_bytes(),
            comments: match mode.as_str() {
                "strip" => true,
                "whitespace" | "verbatim" | "scissors" => false,
                _ => edited,
            },
            // `commit --verbose` puts the change below them, whatever the mode.
            scissors: edited,
        })
    }

    /// The author of the commit that is being made, as `Name <address>`.
    ///
    /// # Errors
    /// git cannot tell.
    pub fn author(&self) -> Result<String, GitError> {
        let said = command::output(self.root(), &["var", "GIT_AUTHOR_IDENT"])?;
        let said = String::from_utf8_lossy(&said);
        let end = said.rfind('>').map_or(said.len(), |at| at + 1);
        Ok(said[..end].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Cleanup;

    fn cleaned(mark: &str, message: &str) -> String {
        let cleanup = Cleanup {
            mark: mark.as_bytes().to_vec(),
            comments: true,
            scissors: true,
        };
        String::from_utf8(cleanup.apply(message.as_bytes())).unwrap()
    }

    #[test]
    fn comments_are_emptied_and_what_is_below_the_scissors_goes() {
        let scissors = "------------------------ >8 ------------------------";
        let message = format!("a\n# b\nc # d\n# {scissors}\ndiff\n");
        assert_eq!(cleaned("#", &message), "a\n\nc # d\n");
        assert_eq!(cleaned("//", "a\n// b\n# c\n"), "a\n\n# c\n");
    }

    #[test]
    fn a_mark_that_git_chose_is_that_of_the_last_line() {
        assert_eq!(cleaned("", "# a\n; on branch\n"), "# a\n\n");
        assert_eq!(cleaned("", "a\nb\n"), "a\nb\n");
    }
}
