//! Arguments of checks, in the syntax of the originals (Python's argparse): `--name value`, `--name=value`, `-n value`,
//! `-nvalue`, unambiguous beginnings of long names, `--` before what is no option.

use std::collections::BTreeMap;

/// How an option is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing: it is there or not.
    Nothing,
    /// A value; the last one counts, or all of them where the check says so.
    Value,
}

/// An option of a check.
#[derive(Debug)]
pub(super) struct Opt {
    /// Its names with their dashes; the first one is how the check asks for it.
    pub(super) names: &'static [&'static str],
    /// Whether a value follows.
    pub(super) takes: Takes,
    /// What it does.
    pub(super) help: &'static str,
}

impl Opt {
    /// An option without a value.
    pub(super) const fn flag(names: &'static [&'static str], help: &'static str) -> Self {
        Self {
            names,
            takes: Takes::Nothing,
            help,
        }
    }

    /// An option with a value.
    pub(super) const fn value(names: &'static [&'static str], help: &'static str) -> Self {
        Self {
            names,
            takes: Takes::Value,
            help,
        }
    }
}

/// The arguments of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Args {
    values: BTreeMap<&'static str, Vec<String>>,
    /// What is no option.
    pub(super) rest: Vec<String>,
}

/// An argument that makes no sense: its position and what is wrong.
pub(super) type BadArg = (usize, String);

impl Args {
    /// Reads `words` by `options`.
    ///
    /// # Errors
    /// An unknown or ambiguous option, a missing value, or a value where none belongs.
    pub(super) fn parse(options: &'static [Opt], words: &[String]) -> Result<Self, BadArg> {
        let mut args = Self::default();
        let mut at = 0;
        while at < words.len() {
            let used = args
                .take(options, words, at)
                .map_err(|message| (at, message))?;
            at += used;
        }
        Ok(args)
    }

    /// Takes the word at `at`, and gives how many were used.
    fn take(
        &mut self,
        options: &'static [Opt],
        words: &[String],
        at: usize,
    ) -> Result<usize, String> {
        let word = words[at].as_str();
        if word == "--" {
            self.rest.extend_from_slice(&words[at + 1..]);
            return Ok(words.len() - at);
        }
        if !word.starts_with('-') || word == "-" {
            self.rest.push(word.to_owned());
            return Ok(1);
        }
        let (option, glued) = find(options, word)?;
        match (option.takes, glued) {
            (Takes::Nothing, Some(_)) => Err(format!("`{}` takes no value", option.names[0])),
            (Takes::Nothing, None) => {
                self.push(option, String::new());
                Ok(1)
            }
            (Takes::Value, Some(value)) => {
                self.push(option, value.to_owned());
                Ok(1)
            }
            (Takes::Value, None) => {
                let value = words
                    .get(at + 1)
                    .filter(|word| !is_option(word))
                    .ok_or_else(|| format!("`{word}` needs a value"))?;
                self.push(option, value.clone());
                Ok(2)
            }
        }
    }

    fn push(&mut self, option: &'static Opt, value: String) {
        self.values.entry(option.names[0]).or_default().push(value);
    }

    /// Whether the option is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The last value of the option.
    pub(super) fn last(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }

    /// Every value of the option.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Whether argparse takes `word` for an option, so that it is no value of the one before it: `--name=-x` is how to say that.
fn is_option(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
        return false;
    };
    let number = rest
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    !number && !word.contains(' ')
}

/// The option that `word` names and the value glued to it.
fn find<'w>(
    options: &'static [Opt],
    word: &'w str,
) -> Result<(&'static Opt, Option<&'w str>), String> {
    if !word.starts_with("--") {
        return short(options, word).ok_or_else(|| unknown(options, word));
    }
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let exact = options.iter().find(|option| option.names.contains(&name));
    if let Some(option) = exact {
        return Ok((option, value));
    }
    let mut begun = options
        .iter()
        .filter(|option| option.names.iter().any(|known| known.starts_with(name)));
    match (begun.next(), begun.next()) {
        (Some(option), None) => Ok((option, value)),
        (Some(_), Some(_)) => Err(format!("`{name}` is the beginning of several options")),
        (None, _) => Err(unknown(options, name)),
    }
}

fn short<'w>(options: &'static [Opt], word: &'w str) -> Option<(&'static Opt, Option<&'w str>)> {
    for option in options {
        for name in option.names.iter().filter(|name| !name.starts_with("--")) {
            if let Some(rest) = word.strip_prefix(name) {
                let rest = rest.strip_prefix('=').unwrap_or(rest);
                return Some((option, (!rest.is_empty()).then_some(rest)));
            }
        }
    }
    None
}

fn unknown(options: &'static [Opt], word: &str) -> String {
    let known = options.iter().flat_map(|option| option.names).copied();
    if options.is_empty() {
        format!("unknown argument `{word}`: the check takes none")
    } else {
        format!(
            "unknown argument `{word}`: {}",
            crate::config::suggest(word, known)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Args, Opt};

    static OPTIONS: &[Opt] = &[
        Opt::value(&["--maxkb"], ""),
        Opt::flag(&["--enforce-all"], ""),
        Opt::value(&["--branch", "-b"], ""),
        Opt::flag(&["--multi", "-m", "--allow-multiple-documents"], ""),
    ];

    fn parse(words: &[&str]) -> Result<Args, (usize, String)> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Args::parse(OPTIONS, &words)
    }

    #[test]
    fn an_option_is_no_value() {
        for words in [["--branch", "--"], ["--branch", "-m"], ["-b", "--nope"]] {
            assert!(parse(&words).is_err(), "{words:?}");
        }
        for value in ["-", "-1", "-x y"] {
            assert_eq!(
                parse(&["--branch", value]).unwrap().last("--branch"),
                Some(value)
            );
        }
        assert_eq!(
            parse(&["--branch=--"]).unwrap().last("--branch"),
            Some("--")
        );
    }

    #[test]
    fn argparse_ways_of_writing() {
        let args = parse(&[
            "--maxkb=5",
            "--maxkb",
            "7",
            "-bmain",
            "-b",
            "dev",
            "--allow",
            "x",
        ]);
        let args = args.unwrap();
        assert_eq!(args.last("--maxkb"), Some("7"));
        assert_eq!(args.all("--branch"), ["main", "dev"]);
        assert!(args.has("--multi") && !args.has("--enforce-all"));
        assert_eq!(args.rest, ["x"]);
        assert_eq!(parse(&["--", "--maxkb"]).unwrap().rest, ["--maxkb"]);
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            parse(&["--maxkb"]).unwrap_err().1,
            "`--maxkb` needs a value"
        );
        let (at, message) = parse(&["-m", "--max-kb=3"]).unwrap_err();
        assert_eq!(at, 1);
        assert!(message.contains("did you mean `--maxkb`?"), "{message}");
        assert!(
            parse(&["--multi=1"])
                .unwrap_err()
                .1
                .contains("takes no value")
        );
    }
}
