//! The interpreter that the first line of a script names.

/// The program of the `#!` line at the start of `head`, as written there (a path, or a name behind `env`).
/// `None` where there is no such line, or one with other than printable ASCII.
///
/// `env -S` and the second line of `nix-shell` scripts are followed, as `identify` does
/// (<https://github.com/pre-commit/identify>).
pub(super) fn interpreter(head: &[u8]) -> Option<String> {
    let mut rest = head;
    let words = script_line(&mut rest)?;
    let words: Vec<String> = match words.first()?.as_str() {
        "/usr/bin/env" if words.get(1).is_some_and(|word| word == "-S") => {
            words.into_iter().skip(2).collect()
        }
        "/usr/bin/env" => words.into_iter().skip(1).collect(),
        _ => words,
    };
    if words == ["nix-shell"] {
        return Some(nix_interpreter(rest));
    }
    words.into_iter().next()
}

/// `#!/usr/bin/env nix-shell` names the real interpreter behind `-i` in the `#!` lines that follow.
fn nix_interpreter(mut rest: &[u8]) -> String {
    let mut found = "nix-shell".to_owned();
    while let Some(words) = script_line(&mut rest) {
        for pair in words.windows(2).filter(|pair| pair[0] == "-i") {
            found.clone_from(&pair[1]);
        }
    }
    found
}

/// Takes one `#!` line from the front of `rest` and splits it into words.
fn script_line(rest: &mut &[u8]) -> Option<Vec<String>> {
    let after = rest.strip_prefix(b"#!")?;
    let end = memchr::memchr(b'\n', after).unwrap_or(after.len());
    let line = &after[..end];
    *rest = after.get(end + 1..).unwrap_or_default();
    let printable = |byte: &u8| matches!(byte, 0x20..=0x7e | b'\t' | b'\r' | 0x0b | 0x0c);
    if !line.iter().all(printable) {
        return None;
    }
    let line = std::str::from_utf8(line).ok()?.trim();
    Some(split(line).unwrap_or_else(|| line.split_whitespace().map(str::to_owned).collect()))
}

/// Splits as a POSIX shell splits words: blanks, quotes, backslashes. `None` where a quote is not closed.
fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(character) = chars.next() {
        match character {
            quote @ ('"' | '\'') => quoted(quote, &mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            blank if blank.is_ascii_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// Takes what stands up to the closing `quote`; in double quotes a backslash escapes `"` and `\`.
fn quoted(quote: char, chars: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        let character = chars.next()?;
        if character == quote {
            return Some(());
        }
        if character != '\\' || quote == '\'' {
            word.push(character);
            continue;
        }
        let escaped = chars.next()?;
        if !matches!(escaped, '"' | '\\') {
            word.push('\\');
        }
        word.push(escaped);
    }
}
