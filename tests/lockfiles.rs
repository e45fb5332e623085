//! Lockfiles in commits: what does not agree with its manifest, and what comes from elsewhere.

mod npm;
mod trials;

use crate::kit::Sandbox;

const MANIFEST: &str =
    "{\n  \"name\": \"m\",\n  \"dependencies\": {\n    \"left\": \"^1.0.0\"\n  }\n}\n";

fn lock(host: &str, hash: char) -> String {
    let hash = hash.to_string().repeat(86);
    format!(
        "{{\n  \"lockfileVersion\": 3,\n  \"packages\": {{\n    \"\": {{ \"dependencies\": {{ \"left\": \"^1.0.0\" }} }},\n    \
         \"node_modules/left\": {{\n      \"version\": \"1.2.0\",\n      \"resolved\": \"https://{host}/left/-/left-1.2.0.tgz\",\n      \
         \"integrity\": \"sha512-{hash}==\"\n    }}\n  }}\n}}\n"
    )
}

/// A repository with a manifest and its lockfile, and advisories for npm.
fn project() -> Sandbox {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("npm", "TEST-1", "other", "2.0.0");
    sandbox.write("package.json", MANIFEST);
    sandbox.write("package-lock.json", lock("registry.example", 'a'));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-q", "-m", "start"]);
    sandbox
}

fn rules(sandbox: &Sandbox) -> Vec<String> {
    let report = sandbox.report(["audit"]);
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|found| {
            let text = |key: &str| found[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("path"), text("rule"), found["blocking"])
        })
        .collect()
}

#[test]
fn a_manifest_that_its_lockfile_does_not_fit_blocks() {
    let sandbox = project();
    sandbox.write("package.json", MANIFEST.replace("^1.0.0", "^2.0.0"));
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), ["package.json lockfile-out-of-sync true"]);
    let done = sandbox.try_git(["commit", "-m", "up"]);
    let text = done.all();
    assert!(text.contains("left: `^2.0.0` is asked for"), "{text}");
    assert!(text.contains("npm install --package-lock-only"), "{text}");
    // What was there before the change does not block the next one.
    sandbox.git(["commit", "-q", "--no-verify", "-m", "anyway"]);
    sandbox.write(
        "package.json",
        MANIFEST
            .replace("^1.0.0", "^2.0.0")
            .replace("\"m\"", "\"n\""),
    );
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
}

#[test]
fn the_lockfile_in_the_index_counts() {
    let sandbox = project();
    sandbox.write("package.json", MANIFEST.replace("^1.0.0", "^1.1.0"));
    sandbox.write("package-lock.json", "not staged");
    sandbox.git(["add", "package.json"]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
}

#[test]
fn frozen_can_be_switched_off() {
    let sandbox = project();
    sandbox.write("package.json", MANIFEST.replace("^1.0.0", "^2.0.0"));
    sandbox.write(
        "hookd.toml",
        "[scan.audit]\nfrozen = false\nintegrity = false\n",
    );
    sandbox.write("package-lock.json", lock("elsewhere.example", 'b'));
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
}

#[test]
fn changed_hashes_and_hosts_block() {
    for (now, want) in [
        (
            lock("registry.example", 'b'),
            "package-lock.json lockfile-hash-changed true",
        ),
        (
            lock("registry.example", 'a').replace("sha512-", "sha1-"),
            "package-lock.json lockfile-hash-changed true",
        ),
        (
            lock("evil.example", 'a'),
            "package-lock.json lockfile-source-changed true",
        ),
        (
            lock("registry.example", 'a').replace("https:", "http:"),
            "package-lock.json lockfile-source-changed true",
        ),
        (
            lock("registry.example", 'a').replace("/left/-/left-", "/bad/-/bad-"),
            "package-lock.json lockfile-source-mismatch true",
        ),
        (
            lock("registry.example", 'a').replace("integrity", "other"),
            "package-lock.json lockfile-hash-missing true",
        ),
    ] {
        let sandbox = project();
        sandbox.write("package-lock.json", &now);
        sandbox.git(["add", "."]);
        assert_eq!(rules(&sandbox), [want], "{now}");
    }
}

/// Lockfiles of other package managers with a hash of `digit`s.
fn hashed(digit: char) -> Vec<(&'static str, String)> {
    let hex = digit.to_string().repeat(64);
    let sri = format!("{}==", digit.to_string().repeat(86));
    vec![
        (
            "poetry.lock",
            format!(
                "[[package]]\nname = \"six\"\nversion = \"1.0\"\nfiles = [\n    {{file = \"six-1.0-py3-none-any.whl\", hash = \"sha256:{hex}\"}},\n]\n\n[metadata]\nlock-version = \"2.0\"\n"
            ),
        ),
        (
            "old/poetry.lock",
            format!(
                "[[package]]\nname = \"Six\"\nversion = \"1.0\"\n\n[metadata]\nlock-version = \"1.1\"\n\n[metadata.files]\nsix = [\n    {{file = \"six-1.0-py3-none-any.whl\", hash = \"sha256:{hex}\"}},\n]\n"
            ),
        ),
        (
            "pdm.lock",
            format!(
                "[[package]]\nname = \"six\"\nversion = \"1.0\"\nfiles = [\n    {{file = \"six-1.0-py3-none-any.whl\", hash = \"sha256:{hex}\"}},\n]\n"
            ),
        ),
        (
            "Pipfile.lock",
            format!(
                "{{\"_meta\": {{}}, \"default\": {{\"six\": {{\"hashes\": [\"sha256:{hex}\"], \"version\": \"==1.0\"}}}}}}\n"
            ),
        ),
        (
            "uv.lock",
            format!(
                "[[package]]\nname = \"six\"\nversion = \"1.0\"\nsource = {{ registry = \"https://r.example/simple\" }}\nwheels = [\n    {{ url = \"https://f.example/six-1.0-py3-none-any.whl\", hash = \"sha256:{hex}\" }},\n]\n"
            ),
        ),
        (
            "pylock.toml",
            format!(
                "lock-version = \"1.0\"\n[[packages]]\nname = \"six\"\nversion = \"1.0\"\nwheels = [{{name = \"six-1.0-py3-none-any.whl\", url = \"https://f.example/six-1.0-py3-none-any.whl\", hashes = {{sha256 = \"{hex}\"}}}}]\n"
            ),
        ),
        (
            "bun.lock",
            format!(
                "{{ \"lockfileVersion\": 1, \"packages\": {{ \"left\": [\"left@1.0.0\", \"\", {{}}, \"sha512-{sri}\"], }} }} // end\n"
            ),
        ),
        (
            "Gemfile.lock",
            format!(
                "GEM\n  remote: https://g.example/\n  specs:\n    rake (13.0)\n\nDEPENDENCIES\n  rake\n\nCHECKSUMS\n  rake (13.0) sha256={hex}\n"
            ),
        ),
        (
            "packages.lock.json",
            format!(
                "{{\"version\": 1, \"dependencies\": {{\"net8.0\": {{\"A\": {{\"type\": \"Direct\", \"requested\": \"[1.0.0, )\", \"resolved\": \"1.0.0\", \"contentHash\": \"{sri}\"}}}}}}}}\n"
            ),
        ),
        (
            "composer.lock",
            format!(
                "{{\"packages\": [{{\"name\": \"a/b\", \"version\": \"1.0\", \"dist\": {{\"type\": \"zip\", \"url\": \"https://f.example/a.zip\", \"shasum\": \"{}\"}}}}]}}\n",
                &hex[..40]
            ),
        ),
        ("go.sum", format!("h.example/a v1.0.0 h1:{}=\n", &hex[..43])),
    ]
}

#[test]
fn a_changed_hash_blocks_in_every_lockfile_that_has_some() {
    let sandbox = Sandbox::installed();
    for (path, text) in hashed('a') {
        sandbox.write(path, text);
    }
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-q", "--no-verify", "-m", "start"]);
    let mut want = Vec::new();
    for (path, text) in hashed('b') {
        sandbox.write(path, text);
        want.push(format!("{path} lockfile-hash-changed true"));
    }
    sandbox.git(["add", "."]);
    want.sort();
    assert_eq!(rules(&sandbox), want);
    // Taken out.
    sandbox.git(["commit", "-q", "--no-verify", "-m", "changed"]);
    let uv = hashed('b').swap_remove(4).1;
    let at = uv.find("wheels").unwrap();
    sandbox.write("uv.lock", &uv[..at]);
    // Another package's archive; and a package that leaves the registry.
    let pdm = hashed('b').swap_remove(2).1;
    sandbox.write("pdm.lock", pdm.replace("\"six-1.0", "\"evil-1.0"));
    let poetry = hashed('b').swap_remove(0).1;
    let git = "\n[package.source]\ntype = \"git\"\nurl = \"https://h.example/six.git\"\nresolved_reference = \"0123456789abcdef0123456789abcdef01234567\"\n\n[metadata]";
    sandbox.write("poetry.lock", poetry.replace("\n[metadata]", git));
    sandbox.git(["add", "."]);
    assert_eq!(
        rules(&sandbox),
        [
            "pdm.lock lockfile-source-mismatch true",
            "poetry.lock lockfile-source-changed true",
            "uv.lock lockfile-hash-missing true",
        ]
    );
}

#[test]
fn other_manifests_are_compared_with_their_lockfiles() {
    let sandbox = Sandbox::installed();
    let gemfile = "source \"https://g.example\"\ngem \"rake\"\n";
    let module = "module h.example/m\n\ngo 1.21\n\nrequire h.example/a v1.0.0\n";
    let project = "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"1.0.0\" /></ItemGroup></Project>\n";
    for (path, text) in hashed('a') {
        sandbox.write(path, text);
    }
    sandbox.write(
        "go.sum",
        "h.example/a v1.0.0 h1:x=\nh.example/a v1.0.0/go.mod h1:x=\n",
    );
    sandbox.write("Gemfile", gemfile);
    sandbox.write("go.mod", module);
    sandbox.write("m.csproj", project);
    sandbox.write("requirements/dev.in", "six\n");
    sandbox.write(
        "requirements/dev.txt",
        "# pip-compile requirements/dev.in\nsix==1.16.0\n",
    );
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
    sandbox.git(["commit", "-q", "--no-verify", "-m", "start"]);
    sandbox.write(
        "Gemfile",
        gemfile.replace("\"rake\"", "\"rake\", \"~> 12\""),
    );
    sandbox.write("go.mod", module.replace("v1.0.0", "v1.1.0"));
    sandbox.write("m.csproj", project.replace("1.0.0", "2.0.0"));
    sandbox.write("requirements/dev.in", "six\nattrs\n");
    sandbox.git(["add", "."]);
    assert_eq!(
        rules(&sandbox),
        [
            "Gemfile lockfile-out-of-sync true",
            "go.mod lockfile-out-of-sync true",
            "m.csproj lockfile-out-of-sync true",
            "requirements/dev.in lockfile-out-of-sync true",
        ]
    );
    // With the lockfile in the same commit it is said once.
    sandbox.write("Gemfile.lock", hashed('a').swap_remove(7).1 + "\n");
    sandbox.write("packages.lock.json", hashed('a').swap_remove(8).1 + "\n");
    sandbox.git(["add", "."]);
    assert_eq!(
        rules(&sandbox),
        [
            "Gemfile.lock lockfile-out-of-sync true",
            "go.mod lockfile-out-of-sync true",
            "packages.lock.json lockfile-out-of-sync true",
            "requirements/dev.in lockfile-out-of-sync true",
        ]
    );
}

#[test]
fn packages_of_named_files_and_bills_of_material() {
    let sandbox = Sandbox::installed();
    sandbox.write("requirements.txt", "-r base.in\nflask==2.0.1\n");
    sandbox.write("base.in", "attrs==23.1.0\n");
    let read = |format: &str| -> serde_json::Value {
        let done = sandbox
            .hookd(["packages", ".", "--format", format])
            .expect(0);
        serde_json::from_str(&done.out).unwrap()
    };
    let bill = read("cyclonedx");
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"]),
        (&"CycloneDX".into(), &"1.6".into())
    );
    let urls: Vec<_> = bill["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["purl"].as_str().unwrap())
        .collect();
    assert_eq!(urls, ["pkg:pypi/attrs@23.1.0", "pkg:pypi/flask@2.0.1"]);
    let bill = read("spdx");
    assert_eq!(
        (&bill["spdxVersion"], &bill["packages"][1]["versionInfo"]),
        (&"SPDX-2.3".into(), &"2.0.1".into())
    );
    assert_eq!(bill["relationships"].as_array().unwrap().len(), 2);
}

/// A `requirements.txt` that pins `left`, with two advisories about it.
fn pinned(sandbox: &Sandbox, text: &str) {
    sandbox.import_advisory("PyPI", "TEST-1", "left", "1.5.0");
    sandbox.import_advisory("PyPI", "TEST-2", "left", "2.0.0");
    sandbox.write("requirements.txt", text);
    sandbox.git(["add", "."]);
}

#[test]
fn advisories_of_one_package_share_their_fix() {
    let sandbox = Sandbox::installed();
    pinned(&sandbox, "left==1.0.0\n");
    let done = sandbox.try_git(["commit", "-m", "add"]);
    let text = done.all();
    let count = |word: &str| text.matches(word).count();
    assert_eq!(
        (
            count("TEST-1"),
            count("TEST-2"),
            count("left 1.0.0: 2 advisories")
        ),
        (1, 1, 1),
        "{text}"
    );
    assert_eq!(count("fixed in 2.0.0"), 1, "{text}");
    assert_eq!(count("│ left==1.0.0"), 1, "{text}");
    let report = sandbox.report(["audit"]);
    for (number, fixed) in [(0, "1.5.0"), (1, "2.0.0")] {
        let finding = &report["findings"][number];
        let data = &finding["data"];
        assert_eq!(
            (&data["fixed"], &data["fixed_alone"]),
            (&"2.0.0".into(), &fixed.into())
        );
        // Each has the name to accept it by, and what is accepted leaves the list.
        let name = &finding["fingerprint"].as_str().unwrap()[..8];
        let line = text.lines().find(|line| line.contains(name)).unwrap();
        assert!(
            line.contains(fixed) && line.contains(finding["rule"].as_str().unwrap()),
            "{line}"
        );
    }
    let name = &report["findings"][0]["fingerprint"].as_str().unwrap()[..8];
    sandbox.hookd(["ignore", name, "--reason", "x"]).expect(0);
    sandbox.git(["add", "."]);
    let text = sandbox.try_git(["commit", "-m", "add"]).all();
    assert!(
        !text.contains("advisories") && text.contains("critical TEST-2"),
        "{text}"
    );
    assert!(text.contains("fine as it is?"), "{text}");
}

#[test]
fn what_a_commit_fixes_is_said() {
    let sandbox = Sandbox::installed();
    pinned(&sandbox, "left==1.0.0\n");
    sandbox.git(["commit", "-q", "--no-verify", "-m", "add"]);
    sandbox.write("requirements.txt", "left==2.0.0\n");
    sandbox.git(["add", "."]);
    assert_eq!(sandbox.report(["audit"])["summary"]["fixed"], 2);
    let text = sandbox.hookd(["run", "audit"]).expect(0).all();
    assert!(text.contains("nothing found · 2 findings gone"), "{text}");
}

#[test]
fn a_named_file_is_told_apart_and_a_missing_one_drops_no_other() {
    let sandbox = Sandbox::installed();
    sandbox.write("more/pins.txt", "left==1.0.0\n");
    pinned(&sandbox, "right==1.0.0\n-r gone.txt\n-r more/pins.txt\n");
    let report = sandbox.report(["audit", "--all"]);
    let found = &report["findings"][0];
    assert_eq!(found["start"]["line"], 3);
    let help = found["help"].as_str().unwrap();
    assert!(
        help.contains("write left==2.0.0 in more/pins.txt"),
        "{help}"
    );
    let message = report["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("`gone.txt` (line 2)"), "{message}");
}

/// A `uv.lock` with one package, uploaded on a day.
fn uploaded(version: &str, day: jiff::civil::Date) -> String {
    let archive = |kind: &str| {
        format!(
            "{{ url = \"https://f.example/six-{version}{kind}\", hash = \"sha256:{}\", upload-time = \"{day}T01:02:03Z\" }}",
            "a".repeat(64)
        )
    };
    format!(
        "version = 1\n\n[[package]]\nname = \"six\"\nversion = \"{version}\"\nsource = {{ registry = \"https://r.example/simple\" }}\nsdist = {}\nwheels = [\n    {},\n]\n",
        archive(".tar.gz"),
        archive("-py3-none-any.whl"),
    )
}

#[test]
fn a_version_must_be_as_old_as_the_cooldown() {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let ago = |days: i64| today.saturating_sub(jiff::Span::new().days(days));
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "[scan.audit]\ncooldown = \"3d\"\n");
    sandbox.write("uv.lock", uploaded("1.0.0", ago(1)));
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), ["uv.lock package-too-new true"]);
    let text = sandbox.try_git(["commit", "-m", "young"]).all();
    assert!(text.contains("six 1.0.0 was published yesterday"), "{text}");
    assert!(text.contains("3 days old"), "{text}");
    // What is there already does not block what comes next.
    sandbox.git(["commit", "-q", "--no-verify", "-m", "anyway"]);
    sandbox.write("uv.lock", format!("{}# more\n", uploaded("1.0.0", ago(1))));
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
    sandbox.write("uv.lock", uploaded("1.1.0", ago(4)));
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
    sandbox.write("uv.lock", uploaded("1.2.0", ago(0)));
    sandbox.write("hookd.toml", "[scan.audit]\n");
    sandbox.git(["add", "."]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
    sandbox.write("hookd.toml", "[scan.audit]\ncooldown = \"soon\"\n");
    sandbox.git(["add", "."]);
    let text = sandbox.try_git(["commit", "-m", "odd"]).all();
    assert!(text.contains("write days as `3d`"), "{text}");
}

#[test]
fn a_new_name_that_is_nearly_another_is_warned_of() {
    let sandbox = project();
    let lock = |names: &[&str]| {
        let asked: Vec<String> = names
            .iter()
            .map(|name| format!("\"{name}\": \"^1.0.0\""))
            .collect();
        let asked = asked.join(", ");
        let held: Vec<String> = names
            .iter()
            .map(|name| format!("\"node_modules/{name}\": {{ \"version\": \"1.0.0\" }}"))
            .collect();
        sandbox.write(
            "package.json",
            format!("{{ \"name\": \"m\", \"dependencies\": {{ {asked} }} }}\n"),
        );
        sandbox.write(
            "package-lock.json",
            format!("{{ \"lockfileVersion\": 3, \"packages\": {{ \"\": {{ \"dependencies\": {{ {asked} }} }}, {} }} }}\n", held.join(", ")),
        );
        sandbox.git(["add", "."]);
    };
    lock(&["leftpad", "rightpad"]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
    sandbox.git(["commit", "-q", "-m", "pads"]);
    lock(&["leftpad", "rightpad", "letfpad"]);
    assert_eq!(
        rules(&sandbox),
        ["package-lock.json package-lookalike false"]
    );
    let text = sandbox.try_git(["commit", "-m", "slip"]).all();
    assert!(
        text.contains("letfpad 1.0.0 is new, and its name is nearly that of `leftpad`"),
        "{text}"
    );
    // It is said once.
    lock(&["leftpad", "rightpad", "letfpad", "unlike"]);
    assert_eq!(rules(&sandbox), Vec::<String>::new());
}
