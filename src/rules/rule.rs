//! One rule of the secret scanner, as the build script writes it from a data file.

use super::texts::{Text, Texts};
use crate::model::Severity;

/// How certain a match of a rule is by itself; where two findings overlap the higher class wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A value that only its name and its look give away.
    Generic,
    /// A place that holds a secret whoever issued it: a URL with a password, an `Authorization` header.
    Context,
    /// A value of no special form beside the name of its issuer.
    Assignment,
    /// A value that its own form gives away. Only these are looked for in binary files.
    Token,
}

/// Which configurations use a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Always on: a finding is hardly ever false.
    Default,
    /// On request: finds more, and is wrong more often.
    Strict,
}

impl Profile {
    /// The name in configuration files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
        }
    }
}

/// How the text around a keyword is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matcher {
    /// By the pattern of the rule.
    Pattern,
    /// As `name = value`, by code: the pattern would run at every `key` and `token` of a source file.
    Assignment,
    /// As a Kubernetes manifest, by code: the values may come before the line that makes them secret.
    Manifest,
}

/// A test by code that a match must pass before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// None.
    None,
    /// A JSON Web Token whose header and claims decode, and that is not a documentation sample.
    Jwt,
    /// Base64 of `user:password`.
    Basic,
    /// A token of GitHub or npm that ends in the CRC-32 of what comes before: noted, not required.
    Checksum,
    /// A value that looks drawn at random.
    Random,
    /// A value beside the name of its issuer: it looks drawn at random, or its name says that it is secret and it is no word.
    Issuer,
    /// A password that a person may have chosen: no placeholder, no reference, no plain word.
    Password,
    /// A password that is a word: anything but the words of a program.
    Weak,
    /// A value drawn at random, however short.
    Drawn,
    /// Armour with a key in it, not a stub.
    PrivateKey,
    /// Base64 that decodes to text with a colon or to JSON: credentials of a container registry.
    RegistryAuth,
    /// A password hash outside of tests and explanations.
    PasswordHash,
}

/// One rule: what to look for, and what to say about it.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case id, unique.
    pub id: Text,
    /// What the secret is, in a few words.
    pub title: Text,
    /// What it opens, and what a thief can do with it.
    pub description: Text,
    /// Where or how to revoke it.
    pub revoke: Text,
    /// Lower-case words one of which must be there; compared without regard to case. For an anchored rule the match starts with one.
    pub keywords: Texts,
    /// Regular expression; the group `secret` is the secret, or the whole match where there is no such group.
    pub pattern: Text,
    /// Text that must stand where the pattern is tried; empty for none. Spares compiling a pattern that cannot match.
    pub requires: Text,
    /// Least Shannon entropy of the secret, in bits per byte.
    pub entropy: f32,
    /// How bad a finding is.
    pub severity: Severity,
    /// How certain a match is.
    pub class: Class,
    /// Which configurations use it.
    pub profile: Profile,
    /// How it is searched.
    pub matcher: Matcher,
    /// A test by code.
    pub check: Check,
    /// How many bytes before the keyword a match may start; 0 anchors it at the keyword.
    pub before: usize,
    /// How many bytes from the start of the keyword a match may reach.
    pub after: usize,
    /// Whether a match may cross line ends.
    pub multiline: bool,
    /// Lower-case words that no secret of this kind contains.
    pub stop: Texts,
    /// Regular expressions of secrets to let pass.
    pub allow: Texts,
    /// Regular expression that the path must match; empty for any.
    pub path: Text,
    /// Templates of samples that it must find.
    pub positive: Texts,
    /// Templates of samples that it must not find.
    pub negative: Texts,
}
