//! What the names of variables, settings and files say about their values.

/// Whether one of `words`, in lower case, occurs in `text` in any case.
pub(super) fn holds_any(text: &[u8], words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    words
        .iter()
        .any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// Whether a name says that the value is made up.
pub(super) fn names_sample(name: &[u8]) -> bool {
    holds_any(
        name,
        &[
            "mock",
            "fake",
            "example",
            "dummy",
            "sample",
            "test",
            "placeholder",
            "invalid",
            "wrong",
            "correct",
        ],
    )
}

/// Whether a name that sounds secret means something else.
pub(super) fn names_other(name: &[u8]) -> bool {
    const WITHIN: &[&str] = &[
        "public",
        "pubkey",
        "hash",
        "checksum",
        "digest",
        "integrity",
        "tokenizer",
        "tokeniz",
        "keyword",
        "csrf",
        "xsrf",
        "nonce",
        "publishable",
        "anon_key",
        "etag",
        "sha256",
        "sha1",
        "sha512",
        "md5",
        "thumbprint",
        "fingerprint",
    ];
    const ENDS: &[&str] = &[
        "name",
        "id",
        "ids",
        "path",
        "file",
        "url",
        "uri",
        "arn",
        "ref",
        "type",
        "field",
        "label",
        "regex",
        "pattern",
        "format",
        "size",
        "length",
        "prompt",
        "message",
        "error",
        "policy",
        "template",
        "header",
        "version",
        "endpoint",
        "hint",
        "text",
        "title",
        "param",
        "parameter",
        "dir",
        "host",
        "class",
        "selector",
        "input",
        "column",
        "provider",
        "store",
        "manager",
        "count",
        "index",
        "kind",
        "sha",
        "address",
        "expression",
    ];
    let lower = name.to_ascii_lowercase();
    names_sample(name)
        || holds_any(name, WITHIN)
        || ENDS.iter().any(|word| lower.ends_with(word.as_bytes()))
}

/// Whether a name means the place in a list that was not shown to its end, or what tells requests, texts and records apart.
pub(super) fn names_page(name: &[u8]) -> bool {
    let letters = name.iter().filter(|byte| byte.is_ascii_alphabetic());
    let lower: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
    if [
        "translationkey",
        "sortkey",
        "primarykey",
        "foreignkey",
        "partitionkey",
        "cachekey",
    ]
    .iter()
    .any(|word| lower.ends_with(word.as_bytes()))
    {
        return true;
    }
    [
        "next",
        "page",
        "pagination",
        "continuation",
        "resume",
        "term",
        "sync",
        "cursor",
        "request",
        "client",
        "idempotency",
        "previous",
        "continue",
    ]
    .iter()
    .any(|word| lower.ends_with(format!("{word}token").as_bytes()))
}

/// Whether the last word of a name means something secret.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    const LAST: &[&str] = &[
        "key",
        "secret",
        "token",
        "auth",
        "salt",
        "seed",
        "credential",
        "credentials",
        "pass",
        "passwd",
        "password",
        "passphrase",
        "passcode",
        "pwd",
        "psk",
    ];
    let end = name
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(0, |last| last + 1);
    let lower = name[..end].to_ascii_lowercase();
    LAST.iter().any(|word| lower.ends_with(word.as_bytes()))
}

/// Whether a name means a password rather than a key.
pub(super) fn is_password_name(name: &[u8]) -> bool {
    holds_any(
        name,
        &[
            "passw",
            "pwd",
            "passphrase",
            "secret",
            "accesskey",
            "sessiontoken",
        ],
    ) || name.to_ascii_lowercase().ends_with(b"pass")
}

/// Whether a name says that its value is secret, or half of a credential.
pub(super) fn names_secret(name: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "key", "token", "secret", "pass", "auth", "cred", "api", "pat", "login", "account",
        "client", "license", "webhook",
    ];
    holds_any(name, WORDS)
}
