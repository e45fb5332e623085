//! Whether what is given to a name that sounds secret is a secret.

use super::assignment::Assigned;
use super::file_kind::FileKind;
use super::names::{holds_any, is_password_name, is_secret_name, names_other, names_page};
use super::{chosen, plausible};
use crate::rules::{Check, Rule, decode_base64, entropy};

/// A name with its value, as a rule judges them.
struct Named<'a> {
    rule: &'a Rule,
    found: &'a Assigned,
    name: &'a [u8],
    text: &'a [u8],
}

/// Why a value falls, and whether it does.
type Test<'a> = (&'static str, fn(&Named<'a>) -> bool);

/// Why what is assigned in `bytes` is no secret of the kind that `rule` looks for; `None` if it is one.
pub(super) fn unfit(
    rule: &Rule,
    found: &Assigned,
    bytes: &[u8],
    kind: FileKind,
) -> Option<&'static str> {
    let named = Named {
        rule,
        found,
        name: &bytes[found.name.clone()],
        text: &bytes[found.value.clone()],
    };
    let tests: [Test<'_>; 5] = [
        ("the value is shorter than 6 bytes", |it| it.text.len() < 6),
        ("the name means something that is no secret", |it| {
            names_other(it.name) || names_page(it.name)
        }),
        ("the value is a placeholder or names another value", |it| {
            plausible::is_placeholder(it.text) || hides_placeholder(it.text)
        }),
        (
            "the value repeats its name, is cut short or an address",
            |it| is_echo(it.name, it.text) || it.text.ends_with(b"...") || is_public(it.text),
        ),
        (wanted(rule.check), |it| !it.suits()),
    ];
    // Outside of settings and prose only NAME=value of a shell stands without quotes; the rest is code.
    if kind == FileKind::Code && !found.quoted && named.name.iter().any(u8::is_ascii_lowercase) {
        return Some("without quotes this is code, not a value");
    }
    tests
        .iter()
        .find(|(_, fails)| fails(&named))
        .map(|&(why, _)| why)
}

impl Named<'_> {
    /// Whether the value looks as the rule wants it.
    fn suits(&self) -> bool {
        match self.rule.check {
            Check::Random => !self.follows_blank() && self.is_key(),
            Check::Password => is_password_name(self.name) && self.is_password(),
            Check::Weak => is_password_name(self.name) && self.is_weak_password(),
            Check::Drawn => is_secret_name(self.name) && self.is_drawn(),
            _ => self.text.iter().all(u8::is_ascii_graphic),
        }
    }

    fn follows_blank(&self) -> bool {
        self.found.operator == b' '
    }

    /// Whether a sign joins name and value. A comma may only list them, and after a blank the value may be anything.
    fn joined(&self) -> bool {
        !matches!(self.found.operator, b' ' | b',')
    }

    /// Whether the value looks drawn at random, and is neither short nor an identifier.
    fn is_key(&self) -> bool {
        let least = if plausible::is_hex(self.text) {
            3.0
        } else {
            self.rule.entropy
        };
        let mixed = plausible::Shape::of(self.text).kinds >= 3;
        let long = self.text.len() >= 20;
        (long || (self.text.len() >= 16 && mixed && plausible::is_unworded(self.text)))
            && plausible::is_random(self.text)
            && !plausible::is_uuid(self.text)
            && entropy(self.text) >= least
    }

    /// Whether the value is a password that nobody writes down as a sample.
    fn is_password(&self) -> bool {
        // A password that is a UUID was drawn as a secret; under other names it is an identifier of something.
        if plausible::is_uuid(self.text) {
            return holds_any(self.name, &["secret"]);
        }
        let strong = plausible::is_strong_password(self.text)
            && !(self.follows_blank() && self.text.contains(&b'/'));
        (strong && (self.found.quoted || self.joined()))
            || (self.joined() && self.text.len() >= 8 && chosen::is_drawn(self.text))
    }

    /// Whether the value was drawn at random, and is no identifier.
    fn is_drawn(&self) -> bool {
        const OWNERS: &[&str] = &["secret", "token", "api", "client", "auth"];
        if plausible::is_uuid(self.text) {
            return self.joined() && holds_any(self.name, OWNERS);
        }
        let fingerprint = self.text.len() == 40
            && plausible::is_hex(self.text)
            && !self.text.iter().any(u8::is_ascii_lowercase);
        let plain = self.text.iter().all(u8::is_ascii_alphanumeric);
        // A comma lists words; an identifier among them has signs between its parts.
        let paired =
            self.found.operator == b',' && plain && plausible::Shape::of(self.text).digits > 2;
        (self.joined() || paired) && !fingerprint && chosen::is_drawn(self.text)
    }

    /// Whether the value is a password that people choose, not a word of the program.
    fn is_weak_password(&self) -> bool {
        // Under a secret, unlike a password, words alone name something.
        let certain = self.found.operator == b',' || holds_any(self.name, &["secret"]);
        !self.follows_blank()
            && !plausible::is_uuid(self.text)
            && chosen::is_weak_password(self.text)
            && (!certain || plausible::is_password(self.text))
    }
}

/// Whether base64 hides a placeholder.
fn hides_placeholder(text: &[u8]) -> bool {
    decode_base64(text).is_some_and(|inner| plausible::is_placeholder(&inner))
}

/// Whether a value is its name once more, whatever the case and the signs between the words.
fn is_echo(name: &[u8], text: &[u8]) -> bool {
    let letters = |text: &[u8]| -> Vec<u8> {
        let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
        kept.map(u8::to_ascii_lowercase).collect()
    };
    let (name, text) = (letters(name), letters(text));
    !text.is_empty() && (name.ends_with(&text) || text.ends_with(&name))
}

/// Whether a value is public by its form: an OpenSSH public key, a number of a program, the address of an account or a contract
/// (<https://ethereum.org/en/developers/docs/accounts/>), whose "tokens" are currencies.
fn is_public(text: &[u8]) -> bool {
    let hex = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"));
    text.starts_with(b"AAAAB3NzaC1")
        || hex.is_some_and(|digits| {
            (digits.len() <= 16 || digits.len() == 40) && plausible::is_hex(digits)
        })
}

/// What a value must be that the test by code of a rule lets fall.
// hookd:allow cyclomatic-complexity a table
pub(super) const fn wanted(check: Check) -> &'static str {
    match check {
        Check::PrivateKey => "the armour holds no key, or its name calls it a sample",
        Check::PasswordHash => "the hash is a sample, or stands in a test or in prose",
        Check::Jwt => "header or claims do not decode, or it is the sample of introductions",
        Check::Basic => "it is not user and password in base64, nor random",
        Check::RegistryAuth => "it is not user and password in base64, nor a long random token",
        Check::Issuer => {
            "the value is made of words, or looks drawn at random only in part and nothing calls it secret"
        }
        Check::Random => "the value does not look random, or is a placeholder",
        Check::Password => "the value is no password, a sample, or one for this machine",
        Check::Weak => "the value is a word of a program, not a password",
        Check::Drawn => "the value does not look drawn at random",
        Check::None | Check::Checksum => {
            "the value is a placeholder, is made of words or names another value"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scanner::SecretScanner;
    use super::super::tests::scan;
    use crate::rules::{Profile, RuleSet, sample};

    /// Whether something is found in the `template` filled in, in a file of this name.
    fn finds(strict: bool, path: &str, template: &str) -> bool {
        let wanted = RuleSet::new(|rule| strict || rule.profile == Profile::Default);
        let scanner = SecretScanner::new(wanted, Vec::new());
        (0..5).all(|seed| !scan(&scanner, path, sample(template, seed).as_bytes()).is_empty())
    }

    #[test]
    fn drawn_passwords_are_found_where_people_write_them() {
        for (path, template) in [
            ("a.yml", "db:\n  password: {base62:12}4x\n"),
            ("readme.md", "Log in as admin, password: {base62:12}4x\n"),
            ("a.properties", "app.password={base62:12}4x\n"),
            (
                "a.py",
                "connect(user=\"app\", password=\"{base62:12}4x\")\n",
            ),
            ("a.xml", "<password>{base62:12}4x</password>\n"),
            ("a.js", "client.setPassword('{base62:12}4x')\n"),
            ("a.go", "token := \"{hex:32}\"\n"),
        ] {
            assert!(finds(false, path, template), "{template}");
        }
    }

    #[test]
    fn weak_and_short_secrets_are_for_the_strict_profile() {
        for (path, template) in [
            ("a.py", "password = \"swordfish\"\n"),
            ("a.yml", "admin_password: summer{digit:4}\n"),
            ("a.json", "{{\"cipher_key\": \"{hex:24}\"}}\n"),
            ("a.rb", "salt = '{base62:20}'\n"),
        ] {
            assert!(finds(true, path, template), "{template}");
            assert!(!finds(false, path, template), "{template}");
        }
    }

    #[test]
    fn names_words_and_public_values_are_no_secrets() {
        for text in [
            "fields = ('password', 'server_name')\n",
            "UAIG_PASSWORD = 'uaig_password'\n",
            "password = secret.decode('utf-16le')\n",
            "translation_key = 'pm25_index_x7'\n",
            "\"nextToken\": \"{base62:40}\"\n",
            "collateralToken = '0x{hex:40}'\n",
            "PASSWORD_ADMINISTRATOR = '{uuid}'\n",
            "USER_PASSWORD_EXPIRED = 0x00000040\n",
            "\"password\": \"Contrase\\u00f1a\"\n",
            "password: 'boolean'\n",
            "ssh_key = 'AAAAB3NzaC1{base64:200}'\n",
        ] {
            assert!(!finds(true, "a.py", text), "{text}");
        }
    }
}
