//! Things that scanners find, made at run time: nothing in the tree looks like a secret.

/// The form of a GitHub personal access token, different for each seed.
pub(crate) fn github_token(seed: u64) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut token = String::from("gh") + "p_";
    for _ in 0..36 {
        // xorshift64 (Marsaglia 2003): enough to look random.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        token.push(ALPHABET[(state % 62) as usize] as char);
    }
    token
}

/// A Python function of cyclomatic complexity `points`.
pub(crate) fn complex_python(name: &str, points: usize) -> String {
    let mut text = format!("def {name}(x):\n");
    for at in 1..points {
        text.push_str(&format!("    if x == {at}:\n        return {at}\n"));
    }
    text.push_str("    return 0\n");
    text
}

/// A Python function of complexity 1.
pub(crate) fn simple_python(name: &str) -> String {
    format!("def {name}(x):\n    return x\n")
}

/// An OSV record (<https://ossf.github.io/osv-schema/>): `package` is affected below `fixed`.
pub(crate) fn osv_record(ecosystem: &str, id: &str, package: &str, fixed: &str) -> String {
    serde_json::json!({
        "schema_version": "1.6.0",
        "id": id,
        "modified": "2026-01-01T00:00:00Z",
        "published": "2026-01-01T00:00:00Z",
        "aliases": ["CVE-2026-0001"],
        "summary": "Something bad happens",
        "details": "It is really bad.",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{
            "package": { "ecosystem": ecosystem, "name": package },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": fixed }] }]
        }]
    })
    .to_string()
}
