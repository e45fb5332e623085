//! The AWS credentials of whoever commits.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::env;
use crate::model::{FileMeta, Severity};
use std::collections::BTreeSet;
use std::path::PathBuf;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "detect-aws-credentials",
    aliases: &[],
    title: "your own AWS credentials",
    description: "Looks for the secrets in your AWS credential files and environment. The secret scanner finds such keys by \
                  their form, whoever they belong to.",
    fix: "Take the key out of the commit, and make a new one if it was ever pushed.",
    severity: Severity::Critical,
    types: Types::Text,
    names: None,
    options: &[
        Opt::value(&["--credentials-file"], "a further file with credentials"),
        Opt::flag(
            &["--allow-missing-credentials"],
            "pass where there are no credentials to look for",
        ),
    ],
    build: |setup: &Setup| {
        Ok(Box::new(AwsCredentials {
            keys: keys(setup.args.all("--credentials-file")),
            may_miss: setup.args.has("--allow-missing-credentials"),
        }))
    },
};

/// Where AWS's own tools and boto keep credentials
/// (<https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html>).
const FILES: [&str; 4] = [
    "~/.aws/config",
    "~/.aws/credentials",
    "/etc/boto.cfg",
    "~/.boto",
];

struct AwsCredentials {
    keys: Vec<String>,
    may_miss: bool,
}

fn keys(more: &[String]) -> Vec<String> {
    let mut files: BTreeSet<PathBuf> = FILES
        .iter()
        .map(|file| home(file))
        .chain(more.iter().map(|file| home(file)))
        .collect();
    files.extend(
        env::AWS_FILES
            .iter()
            .filter_map(|name| env::var(name))
            .map(PathBuf::from),
    );
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for file in files {
        if let Ok(text) = std::fs::read_to_string(file) {
            keys.extend(in_file(&text).map(str::to_owned));
        }
    }
    let set = env::AWS_SECRETS.iter().filter_map(|name| env::var(name));
    keys.extend(set.filter_map(|value| value.into_string().ok()));
    keys.into_iter().collect()
}

fn home(file: &str) -> PathBuf {
    match (file.strip_prefix("~/"), env::var(env::HOME)) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(file),
    }
}

/// The values of the secret keys in an INI file.
fn in_file(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (key, value) = line.split_once(['=', ':'])?;
        let key = key.trim().to_ascii_lowercase();
        let secret = matches!(
            key.as_str(),
            "aws_secret_access_key" | "aws_security_token" | "aws_session_token"
        );
        Some(value.trim()).filter(|value| secret && !value.is_empty())
    })
}

impl Check for AwsCredentials {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        for key in &self.keys {
            if let Some(at) = memchr::memmem::find(subject.bytes, key.as_bytes()) {
                // The key itself must not be shown: the place is the start of its line.
                let line = memchr::memrchr(b'\n', &subject.bytes[..at]).map_or(0, |end| end + 1);
                out.secret(line..line, "one of your AWS secrets");
            }
        }
    }

    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        if self.keys.is_empty() && !self.may_miss {
            out.error(
                "no AWS secrets were found to look for",
                "name a file with `--credentials-file`, or add `--allow-missing-credentials`",
            );
        }
    }
}
