//! Values of TOML in the notation that reads best.

/// A text: between double quotes where nothing in it needs an escape, as it is between single ones otherwise.
pub(super) fn text(text: &str) -> String {
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    let lines = text.contains('\n');
    if text.chars().any(control) {
        toml::Value::String(text.to_owned()).to_string()
    } else if lines && !text.contains("'''") && !text.ends_with('\'') {
        format!("'''\n{text}'''")
    } else if lines {
        toml::Value::String(text.to_owned()).to_string()
    } else if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A list of texts, on one line where it is short.
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> String {
    /// What fits beside a key on a line of 100 characters.
    const WIDTH: usize = 80;
    let items: Vec<String> = items.iter().map(|item| text(item.as_ref())).collect();
    let line = format!("[{}]", items.join(", "));
    if line.len() <= WIDTH || items.len() < 2 {
        return line;
    }
    format!("[\n    {},\n]", items.join(",\n    "))
}

/// A key.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        // The escapes of JSON are among those of TOML's basic strings; a string of several lines can be no key.
        serde_json::Value::from(name)
            .to_string()
            .replace('\u{7f}', "\\u007F")
    }
}

#[cfg(test)]
mod tests {
    use super::{key, list, text};

    #[test]
    fn whatever_is_quoted_is_read_back() {
        let long = "x".repeat(50);
        for value in [
            "plain",
            r"\.py$",
            "it's",
            r#"say "it's" \d"#,
            "two\nlines\n",
            "two'\nlines'",
            "'''\n",
            "\u{1}",
            &long,
        ] {
            let toml: toml::Table = format!("{} = {}", key(value), text(value)).parse().unwrap();
            assert_eq!(toml[value].as_str(), Some(value));
            let two = format!("a = {}", list(&[value, &long]));
            let toml: toml::Table = two.parse().unwrap();
            assert_eq!(toml["a"][0].as_str(), Some(value));
        }
    }
}
