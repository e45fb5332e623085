//! What the parts of a secret say about it: the header of a web token, the frame of an armoured key, the pieces of a Slack token.

use crate::rules::decode_base64;
use serde_json::{Map, Value};

/// Adds the facts that the parts of `secret` tell to `data`.
pub(super) fn label(secret: &[u8], data: &mut Map<String, Value>) {
    if let Some(algorithm) = jwt_algorithm(secret) {
        data.insert("algorithm".to_owned(), Value::from(algorithm));
    }
    if is_truncated(secret) {
        data.insert("truncated".to_owned(), Value::from(true));
    }
    if let Some(team) = slack_team(secret) {
        data.insert("team".to_owned(), Value::from(team));
    }
}

/// What the facts of [`label`] mean, in a few words for the message of a finding.
pub(super) fn remark(data: &Map<String, Value>) -> Option<String> {
    if data.contains_key("truncated") {
        return Some("its end is missing".to_owned());
    }
    match data.get("algorithm").and_then(Value::as_str)? {
        // RFC 7519, section 6: an unsecured token. Whoever accepts it accepts any.
        "none" => Some("header valid, but `alg` is `none`: nothing is signed".to_owned()),
        algorithm => Some(format!("header valid: signed with {algorithm}")),
    }
}

/// The algorithm that the header of a JSON Web Token names (RFC 7515, section 4.1.1), if its `typ` does not call it something
/// else. `None` for anything else.
fn jwt_algorithm(secret: &[u8]) -> Option<String> {
    let head = secret
        .starts_with(b"eyJ")
        .then(|| secret.split(|&byte| byte == b'.').next())??;
    let header: Map<String, Value> = serde_json::from_slice(&decode_base64(head)?).ok()?;
    let kind = header.get("typ").and_then(Value::as_str).unwrap_or("JWT");
    // RFC 9068 and others write `at+jwt`.
    kind.to_ascii_lowercase()
        .ends_with("jwt")
        .then(|| header.get("alg")?.as_str().map(str::to_ascii_lowercase))?
        .map(|name| {
            if name == "none" {
                name
            } else {
                name.to_ascii_uppercase()
            }
        })
}

/// Whether an armoured key begins and does not end, or a Slack bot token lacks its third part, the only secret one.
fn is_truncated(secret: &[u8]) -> bool {
    let armour = secret.starts_with(b"-----BEGIN ");
    let open = armour && memchr::memmem::find(secret, b"-----END ").is_none();
    let parts = || secret.split(|&byte| byte == b'-');
    let bot = secret.starts_with(b"xoxb-")
        && parts().count() == 3
        && parts()
            .skip(1)
            .all(|part| part.iter().all(u8::is_ascii_digit));
    open || bot
}

/// The number of the workspace in a Slack token of several numbers: its first.
fn slack_team(secret: &[u8]) -> Option<String> {
    let rest = secret.strip_prefix(b"xox")?.get(2..)?;
    let mut parts = rest.split(|&byte| byte == b'-');
    let (team, user) = (parts.next()?, parts.next()?);
    let number = |part: &[u8]| part.len() >= 9 && part.iter().all(u8::is_ascii_digit);
    (number(team) && number(user)).then(|| String::from_utf8_lossy(team).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{encode_base64, sample};

    fn told(secret: &str) -> (Map<String, Value>, Option<String>) {
        let mut data = Map::new();
        label(secret.as_bytes(), &mut data);
        let remark = remark(&data);
        (data, remark)
    }

    fn jwt(header: &str) -> String {
        let part = |text: &str| encode_base64(text.as_bytes()).replace('=', "");
        format!(
            "{}.{}.{}",
            part(header),
            part("{\"sub\":\"me\"}"),
            sample("{base62:40}", 1)
        )
    }

    #[test]
    fn the_header_of_a_web_token_is_read() {
        let (data, remark) = told(&jwt(r#"{"alg":"HS256","typ":"JWT"}"#));
        assert_eq!(data["algorithm"], "HS256");
        assert_eq!(remark.as_deref(), Some("header valid: signed with HS256"));
        let (data, remark) = told(&jwt(r#"{"alg":"None"}"#));
        assert_eq!(data["algorithm"], "none");
        assert!(remark.is_some_and(|text| text.contains("nothing is signed")));
        assert!(
            told(&jwt(r#"{"alg":"HS256","typ":"picture"}"#))
                .0
                .is_empty()
        );
        assert!(told("eyJ.x.y").0.is_empty());
    }

    #[test]
    fn what_lacks_its_end_is_told() {
        let key = sample("{pem:RSA PRIVATE KEY}", 3);
        assert!(told(&key).0.is_empty());
        let cut = key.split("-----END").next().unwrap_or_default();
        assert_eq!(told(cut).1.as_deref(), Some("its end is missing"));
        let bot = sample("xoxb-{digit:12}-{digit:12}", 3);
        let (data, remark) = told(&bot);
        assert_eq!(data["team"], bot[5..17]);
        assert_eq!(remark.as_deref(), Some("its end is missing"));
        let whole = told(&sample("xoxb-{digit:12}-{digit:12}-{base62:24}", 3));
        assert!(whole.1.is_none() && whole.0.contains_key("team"));
    }
}
