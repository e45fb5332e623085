#!/usr/bin/env python3
"""Compares the audit's answer whether a manifest and its lockfile agree with that of npm, Cargo and uv.

Usage: benches/frozen.py HOOKD [FOLDER [TOOL]]

Makes small npm and uv projects with the tools themselves, takes published crates that carry a lockfile from the local
registry folder, and asks both sides about each project as it is and with one entry changed. Tools that are not installed
are skipped, visibly. Exit code 1 where hookd calls a pair out of sync that the tool accepts.
"""
import glob, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HOOKD = os.path.abspath(sys.argv[1])
TOP = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
NPM = [
    {"left-pad": "^1.3.0"}, {"semver": "^7.5.0", "ms": "2.1.3"}, {"chalk": "^4.1.2"}, {"debug": "~4.3.4", "minimist": "1.x"},
    {"rimraf": ">=3 <4"}, {"glob": "^8.0.0 || ^9.0.0"}, {"alias": "npm:ms@^2.0.0"}, {"commander": "*"},
]
UV = [
    ["idna"], ["attrs>=22", "six"], ["requests[socks]"], ["click==8.1.7"], ["packaging", "tomli; python_version < '3.11'"],
    ["iniconfig~=2.0"], ["httpx>=0.25,<1"],
]


def run(args, cwd, **more):
    return subprocess.run(args, cwd=cwd, capture_output=True, text=True, timeout=300, **more)


def hookd(folder):
    """True for in sync (or not told), False for out of sync."""
    done = run([HOOKD, "run", "audit", "--all", "--offline", "--format", "json"], folder)
    findings = json.loads(done.stdout)["findings"]
    return not any(one["rule"] == "lockfile-out-of-sync" for one in findings)


def npm_projects():
    for number, deps in enumerate(NPM):
        folder = TOP / f"npm{number}"
        folder.mkdir(parents=True)
        manifest = {"name": f"p{number}", "version": "1.0.0", "dependencies": deps}
        if number % 2:
            manifest["devDependencies"] = {"once": "^1.4.0"}
        (folder / "package.json").write_text(json.dumps(manifest, indent=2))
        run(["npm", "install", "--package-lock-only", "--no-audit"], folder)
        yield folder
    folder = TOP / "npm-workspaces"
    for name, deps in [("a", {"ms": "^2.1.0", "b": "^1.0.0"}), ("b", {"ms": "2.0.0"})]:
        (folder / "packages" / name).mkdir(parents=True)
        (folder / "packages" / name / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", "dependencies": deps}, indent=2))
    (folder / "package.json").write_text(json.dumps({"name": "w", "workspaces": ["packages/*"]}, indent=2))
    run(["npm", "install", "--package-lock-only", "--no-audit"], folder)
    yield folder


def json_change(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data, indent=2))


def npm_changes(folder):
    manifest, lock = folder / "package.json", folder / "package-lock.json"
    data = json.loads(manifest.read_text())
    for name in data.get("dependencies", {}):
        yield f"range of {name} up", lambda name=name: json_change(manifest, lambda d: d["dependencies"].update({name: "^99.0.0"}))
        yield f"{name} away", lambda name=name: json_change(manifest, lambda d: d["dependencies"].pop(name))
        yield f"range of {name} free", lambda name=name: json_change(manifest, lambda d: d["dependencies"].update({name: "*"}))
    yield "one more", lambda: json_change(manifest, lambda d: d.setdefault("dependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "one more for development", lambda: json_change(manifest, lambda d: d.setdefault("devDependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "one more, optional", lambda: json_change(manifest, lambda d: d.setdefault("optionalDependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "version of the project", lambda: json_change(manifest, lambda d: d.update(version="2.0.0"))
    inner = [key for key in json.loads(lock.read_text())["packages"] if key.count("node_modules/") == 1]
    for key in inner[:4]:
        yield f"{key} not locked", lambda key=key: json_change(lock, lambda d: d["packages"].pop(key))
    for member in sorted(folder.glob("packages/*/package.json")):
        yield f"version of {member.parent.name}", lambda member=member: json_change(member, lambda d: d.update(version="1.1.0"))
        yield f"range in {member.parent.name}", lambda member=member: json_change(member, lambda d: d["dependencies"].update(ms="^99"))
        yield f"one more in {member.parent.name}", lambda member=member: json_change(member, lambda d: d["dependencies"].update({"escape-html": "*"}))


def npm_oracle(folder):
    return run(["npm", "ci", "--dry-run", "--ignore-scripts", "--no-audit"], folder).returncode == 0


def uv_projects():
    for number, deps in enumerate(UV):
        folder = TOP / f"uv{number}"
        folder.mkdir(parents=True)
        run(["uv", "init", "--bare", "--name", f"p{number}", "--python", ">=3.9"], folder)
        text = '[project]\nname = "p%d"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n' % number
        (folder / "pyproject.toml").write_text(text)
        done = run(["uv", "add", "--no-sync", *deps], folder)
        if number % 2:
            run(["uv", "add", "--no-sync", "--group", "dev", "toml"], folder)
            run(["uv", "add", "--no-sync", "--optional", "more", "colorama"], folder)
        if (folder / "uv.lock").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-200:])


def text_change(path, pattern, new):
    def change():
        before = path.read_text()
        after = re.sub(pattern, new, before, count=1, flags=re.M)
        assert before != after, (path, pattern)
        path.write_text(after)
    return change


def uv_changes(folder):
    manifest = folder / "pyproject.toml"
    text = manifest.read_text()
    yield "version", text_change(manifest, r'^version = "0.1.0"', 'version = "0.2.0"')
    yield "python", text_change(manifest, r'">=3.9"', '">=3.10"')
    yield "one more", text_change(manifest, r"dependencies = \[", 'dependencies = ["zipp",')
    yield "name", text_change(manifest, r'name = "p', 'name = "q')
    yield "comment", text_change(manifest, r"\A", "# comment\n")
    first = re.search(r'dependencies = \[\s*"([A-Za-z0-9-]+)([^"]*)"', text)
    yield "first away", text_change(manifest, re.escape(first.group(0)) + ",?", "dependencies = [")
    yield "first widened", text_change(manifest, re.escape(first.group(0)), f'dependencies = ["{first.group(1)}>=0.0.1"')
    yield "blanks", text_change(manifest, re.escape(first.group(0)), first.group(0).replace(">=", " >= ").replace(",<", " , < ") + " ")
    if "[dependency-groups]" in text:
        yield "group away", text_change(manifest, r"(?s)\[dependency-groups\].*", "")
        yield "extra away", text_change(manifest, r"(?s)\[project.optional-dependencies\][^\[]*\[[^\]]*\]", "")


def uv_oracle(folder):
    return run(["uv", "lock", "--check"], folder).returncode == 0


def cargo_projects():
    folders = sorted(glob.glob(os.path.expanduser("~/.cargo/registry/src/*/*/Cargo.lock")))
    taken = 0
    for lock in folders:
        source, folder = pathlib.Path(lock).parent, TOP / f"cargo-{pathlib.Path(lock).parent.name}"
        folder.mkdir(parents=True)
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", ".cargo-ok", ".gitignore"))
        if not cargo_oracle(folder):
            shutil.rmtree(folder)
            continue
        yield folder
        taken += 1
        if taken == 12:
            return


def cargo_changes(folder):
    manifest = folder / "Cargo.toml"
    text = manifest.read_text()
    yield "version", text_change(manifest, r'^version = "[^"]*"', 'version = "99.0.0"')
    yield "one more", lambda: manifest.write_text(text + '\n[dependencies.itoa]\nversion = "1"\n' if "dependencies.itoa]" not in text else text)
    for head in re.findall(r"^\[((?:dev-|build-)?dependencies\.[\w-]+)\]", text, re.M)[:3]:
        body = r"(?s)^\[" + re.escape(head) + r"\].*?(?=^\[|\Z)"
        yield f"{head} away", text_change(manifest, body, "")
        yield f"{head} free", text_change(manifest, r"(?s)(^\[" + re.escape(head) + r'\]\nversion = )"[^"]*"', r'\1"*"')
        yield f"{head} up", text_change(manifest, r"(?s)(^\[" + re.escape(head) + r'\]\nversion = )"[^"]*"', r'\1"99"')


def cargo_oracle(folder):
    done = run(["cargo", "update", "--workspace", "--locked", "--offline"], folder)
    return done.returncode == 0


def main():
    wrong = 0
    for tool, projects, changes, oracle in [
        ("npm", npm_projects, npm_changes, npm_oracle),
        ("uv", uv_projects, uv_changes, uv_oracle),
        ("cargo", cargo_projects, cargo_changes, cargo_oracle),
    ]:
        if len(sys.argv) > 3 and tool != sys.argv[3]:
            continue
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed")
            continue
        count = {"projects": 0, "cases": 0, "both in": 0, "both out": 0, "only the tool": 0, "only hookd": 0}
        for folder in projects():
            count["projects"] += 1
            kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name in (
                "package.json", "package-lock.json", "pyproject.toml", "uv.lock", "Cargo.toml", "Cargo.lock")}
            for what, change in [("as it is", lambda: None), *changes(folder)]:
                try:
                    change()
                except AssertionError:
                    continue
                fine, ours = oracle(folder), hookd(folder)
                count["cases"] += 1
                key = {(True, True): "both in", (False, False): "both out", (False, True): "only the tool", (True, False): "only hookd"}[fine, ours]
                count[key] += 1
                if fine != ours:
                    print(f"{folder.name}: {what}: {tool} {'accepts' if fine else 'refuses'}, hookd {'accepts' if ours else 'refuses'}")
                    wrong += not ours
                for path, content in kept.items():
                    path.write_bytes(content)
        print(tool, ", ".join(f"{key} {value}" for key, value in count.items()), flush=True)
    return 1 if wrong else 0


sys.exit(main())
