//! Formats of files that people write, and files that lockfiles name.

use super::{Beside, Contents, Package, Source, find};
use crate::version::Ecosystem;

fn read(path: &str, text: &str, others: &[(&str, &str)]) -> Contents {
    let format = find(path).expect("a known format");
    let beside = Beside {
        read: &|path| {
            let found = others.iter().find(|(name, _)| *name == path)?;
            Some(found.1.as_bytes().to_vec())
        },
        apart: &|path| path.contains("apart"),
    };
    format
        .read(path, text.as_bytes(), beside)
        .expect("a valid file")
}

fn packages(path: &str, text: &str) -> Vec<Package> {
    read(path, text, &[]).packages
}

fn shown(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .map(|package| format!("{} {}", package.name, package.version))
        .collect()
}

#[test]
fn requirements_follow_what_they_name() {
    let contents = read(
        "deploy/requirements.txt",
        "-r ../base.in\n--requirement=more.in\n-c pins.in\nflask\nhttpx>=0.20\n-r apart.in\nodd==1.*\n",
        &[
            ("base.in", "attrs==23.1.0\n-r deploy/requirements.txt\n"),
            ("deploy/more.in", "-r more.in\nidna==3.4 # again\n"),
            (
                "deploy/pins.in",
                "Flask==2.0.1\nunused==1.0\n-r deeper.in\n",
            ),
            ("deploy/deeper.in", "httpx===0.23.0\n"),
            ("deploy/apart.in", "left==1.0\n"),
        ],
    );
    assert_eq!(contents.unread, []);
    let mut got = shown(&contents.packages);
    got.sort();
    assert_eq!(
        got,
        [
            "attrs 23.1.0",
            "flask 2.0.1",
            "httpx 0.23.0",
            "idna 3.4",
            "odd "
        ]
    );
    let text = "x\n-r ../base.in";
    let contents = read("d/requirements.txt", text, &[("base.in", "attrs==1\n")]);
    let attrs = contents.packages.last().expect("attrs");
    assert_eq!(&text[attrs.span.clone()], "../base.in");
}

#[test]
fn requirements_say_which_files_are_missing() {
    let text = "-r gone.txt\n-r https://host.example/r.txt\n-c ../../etc.txt\na==1\n";
    let contents = read("requirements.txt", text, &[]);
    assert_eq!(shown(&contents.packages), ["a 1"]);
    let reasons: Vec<&str> = contents
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "there is no such file",
            "it is an address",
            "it is outside of what is checked"
        ]
    );
}

#[test]
fn requirements_have_sources_and_continued_lines() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let text = format!(
        "a @ git+https://h.example/a@{commit}\nb @ https://h.example/b-1.0.zip\nc @ file:///c\n\
         d \\\n  ==1.0 \\\n  --hash=sha256:00\ne==${{E}}\n-e .\n./local\nf[x,y]<2\n--index-url https://h.example\n"
    );
    let got = packages("requirements-dev.txt", &text);
    assert_eq!(shown(&got), ["a ", "b ", "c ", "d 1.0", "f "]);
    assert_eq!(
        got[0].source,
        Source::Git {
            commit: Some(commit.to_owned())
        }
    );
    assert_eq!(
        (&got[1].source, &got[2].source),
        (&Source::Url, &Source::Path)
    );
    assert_eq!(&text[got[3].hash.clone()], "--hash=sha256:00");
}

#[test]
fn go_sums_tell_what_old_modules_need() {
    let sums = "a.example/x v1.0.0 h1:aa=\na.example/x v1.2.0 h1:bb=\na.example/x v1.9.0/go.mod h1:cc=\n\
                b.example/y v2.0.0+incompatible h1:dd=\nown.example/z v1.0.0 h1:ee=\n";
    let module = "module m\n\ngo 1.16\n\nrequire own.example/z v1.0.0\n";
    let got = read("go.mod", module, &[("go.sum", sums)]).packages;
    assert_eq!(
        shown(&got),
        [
            "own.example/z 1.0.0",
            "stdlib 1.16",
            "a.example/x 1.2.0",
            "b.example/y 2.0.0+incompatible"
        ]
    );
    assert_eq!(got[2].direct, Some(false));
    assert_eq!(&module[got[2].span.clone()], "module m");
    let newer = module.replace("1.16", "1.17");
    assert_eq!(
        read("go.mod", &newer, &[("go.sum", sums)]).packages.len(),
        2
    );
    let unsaid = "module m\nrequire own.example/z v1.0.0\n";
    assert_eq!(
        read("go.mod", unsaid, &[("go.sum", sums)]).packages.len(),
        3
    );
}

#[test]
fn workflows_use_actions() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let text = format!(
        "jobs:\n  build:\n    steps:\n      - uses: actions/checkout@v4\n      - name: x\n        uses: 'o/r/sub/dir@v1.2.3' # fine\n\
         \x20     - uses: o/pinned@{commit} # v3.1.0\n      - uses: o/branch@main\n      - uses: ./local\n      - uses: docker://alpine:3\n\
         \x20     - run: |\n          uses: evil/script@v1\n          echo\n      - {{uses: o/flow@v2.0, with: {{a: b}}}}\n\
         \x20 call:\n    uses: o/shared/.github/workflows/x.yml@v2\n"
    );
    let got = packages(".github/workflows/ci.yml", &text);
    assert_eq!(
        shown(&got),
        [
            "actions/checkout 4",
            "o/r 1.2.3",
            "o/pinned 3.1.0",
            "o/branch ",
            "o/flow 2.0",
            "o/shared 2"
        ]
    );
    let judged: Vec<_> = got.iter().map(|package| package.judged()).collect();
    assert_eq!(judged[..2], ["4.999999.999999", "1.2.3"]);
    assert_eq!(judged[4], "2.0.999999");
    let action = "runs:\n  using: composite\n  steps:\n    - uses: o/r@v1.0.0\n";
    assert_eq!(shown(&packages("sub/action.yml", action)), ["o/r 1.0.0"]);
    assert!(find("workflows/ci.yml").is_none());
}

#[test]
fn pre_commit_has_repositories_and_dependencies() {
    let text = "repos:\n- repo: https://github.com/o/r\n  rev: v1.2.3\n  hooks:\n  - id: a\n    additional_dependencies: [types-x==1.0, \"eslint@8.0.0\", './own']\n\
                - repo: local\n  hooks:\n  - id: b\n    additional_dependencies:\n    - flake8==6.0.0  # why\n    - '@s/n@2.0.0'\n    - loose\n    files: x==y\n\
                - rev: 0123456789abcdef0123456789abcdef01234567\n  repo: https://github.com/o/s\n";
    let got = packages(".pre-commit-config.yaml", text);
    assert_eq!(
        shown(&got),
        [
            "https://github.com/o/r 1.2.3",
            "types-x 1.0",
            "eslint 8.0.0",
            "flake8 6.0.0",
            "@s/n 2.0.0",
            "https://github.com/o/s "
        ]
    );
    let ecosystems: Vec<Ecosystem> = got.iter().map(|package| package.ecosystem).collect();
    assert_eq!(
        ecosystems[..3],
        [Ecosystem::Git, Ecosystem::PyPI, Ecosystem::Npm]
    );
}

#[test]
fn pods_have_versions_and_sources() {
    let text = "PODS:\n  - A (5.4.0)\n  - B/Core (1.0):\n    - A (~> 5.0)\n    - C\n  - C (0.1-beta.2)\n\nDEPENDENCIES:\n  - A (~> 5.4)\n  - C (from `../C`)\n\n\
                EXTERNAL SOURCES:\n  C:\n    :path: \"../C\"\n\nSPEC CHECKSUMS:\n  A: 0011223344556677889900112233445566778899\n\nCOCOAPODS: 1.12.0\n";
    let got = packages("ios/Podfile.lock", text);
    assert_eq!(shown(&got), ["A 5.4.0", "B/Core 1.0", "C 0.1-beta.2"]);
    assert_eq!(got[2].source, Source::Path);
    let direct: Vec<_> = got.iter().map(|package| package.direct).collect();
    assert_eq!(direct, [Some(true), Some(false), Some(true)]);
    assert!(!got[0].hash.is_empty());
    assert_eq!(packages("Podfile.lock", "PODFILE CHECKSUM: 00\n"), []);
}

#[test]
fn catalogs_name_libraries_and_plugins() {
    let text = "[versions]\nkotlin = \"1.9.0\"\nrich = { strictly = \"[1.0, 2.0)\", prefer = \"1.5\" }\nopen = \"[1.0,)\"\n\n\
                [libraries]\na = \"g.a:a:1.0\"\nb = { module = \"g.b:b\", version.ref = \"kotlin\" }\nc = { group = \"g.c\", name = \"c\", version = \"2.0\" }\n\
                d = { module = \"g.d:d\", version = { ref = \"rich\" } }\ne = { module = \"g.e:e\", version.ref = \"open\" }\nf = { module = \"g.f:f\" }\n\n\
                [bundles]\nall = [\"a\", \"b\"]\n\n[plugins]\nk = { id = \"org.k\", version.ref = \"kotlin\" }\n";
    assert_eq!(
        shown(&packages("gradle/libs.versions.toml", text)),
        [
            "g.a:a 1.0",
            "g.b:b 1.9.0",
            "g.c:c 2.0",
            "g.d:d 1.5",
            "g.e:e ",
            "g.f:f ",
            "org.k:org.k.gradle.plugin 1.9.0"
        ]
    );
}
