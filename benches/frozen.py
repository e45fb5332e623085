#!/usr/bin/env python3
"""Compares the audit's answer whether a manifest and its lockfile agree with that of the tools that write lockfiles.

Usage: benches/frozen.py HOOKD [FOLDER [TOOL]]

Makes small projects with the tools themselves, takes published crates that carry a lockfile from the local registry
folder (and fetches what they need), and asks both sides about each project as it is and with one entry changed. Tools that are not installed are
skipped, visibly; of Yarn the classic one is called `yarn`, a later one `yarn-berry`. Composer, Bundler and Go resolve from
what the script itself lays down, without a network. Exit code 1 where hookd calls a pair out of sync that the tool accepts.
"""
import glob, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HOOKD = os.path.abspath(sys.argv[1])
TOP = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
TOP.mkdir(parents=True, exist_ok=True)
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
        if run(["cargo", "fetch", "--locked"], folder).returncode or not cargo_oracle(folder):
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
    """`cargo metadata` reads the manifests of all packages, so those must have been fetched; `None` where one was not."""
    done = run(["cargo", "metadata", "--locked", "--offline", "--format-version", "1"], folder)
    refused = ("--locked", "failed to select a version", "no matching package", "candidate versions found which didn't match")
    if done.returncode and not any(words in done.stderr for words in refused):
        return None
    return done.returncode == 0


def pnpm_projects():
    for number, deps in enumerate(NPM):
        folder = TOP / f"pnpm{number}"
        folder.mkdir(parents=True)
        manifest = {"name": f"p{number}", "version": "1.0.0", "dependencies": deps}
        if number % 2:
            manifest["devDependencies"] = {"once": "^1.4.0"}
        (folder / "package.json").write_text(json.dumps(manifest, indent=2))
        run(["pnpm", "install", "--lockfile-only", "--ignore-workspace"], folder)
        yield folder


def js_changes(folder):
    """Changes that leave every lockfile of a package.json alone."""
    manifest = folder / "package.json"
    for name in json.loads(manifest.read_text()).get("dependencies", {}):
        yield f"range of {name} up", lambda name=name: json_change(manifest, lambda d: d["dependencies"].update({name: "^1.0.7"}))
        yield f"{name} away", lambda name=name: json_change(manifest, lambda d: d["dependencies"].pop(name))
        yield f"range of {name} free", lambda name=name: json_change(manifest, lambda d: d["dependencies"].update({name: ">=0.0.1"}))
    yield "one more", lambda: json_change(manifest, lambda d: d.setdefault("dependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "one more for development", lambda: json_change(manifest, lambda d: d.setdefault("devDependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "one more, optional", lambda: json_change(manifest, lambda d: d.setdefault("optionalDependencies", {}).update({"escape-html": "^1.0.3"}))
    yield "a script", lambda: json_change(manifest, lambda d: d.update(scripts={"x": "true"}))
    yield "version of the project", lambda: json_change(manifest, lambda d: d.update(version="2.0.0"))


def yarn_projects():
    for number, deps in enumerate(NPM):
        folder = TOP / f"yarn{number}"
        folder.mkdir(parents=True)
        manifest = {"name": f"p{number}", "version": "1.0.0", "dependencies": deps}
        if number % 2:
            manifest["devDependencies"] = {"once": "^1.4.0"}
            manifest["resolutions"] = {"wrappy": "1.0.1"}
        (folder / "package.json").write_text(json.dumps(manifest, indent=2))
        run(["yarn", "install", "--ignore-scripts", "--silent"], folder)
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        yield folder


def yarn_oracle(folder):
    done = run(["yarn", "install", "--frozen-lockfile", "--ignore-scripts", "--silent"], folder)
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    return done.returncode == 0


def registry():
    """The registry that npm uses here."""
    done = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True)
    return done.stdout.strip().rstrip("/")


def index():
    """The package index that pip uses where nothing else is said."""
    from pip._internal.models.index import PyPI
    return PyPI.simple_url


BERRY = {**os.environ, "YARN_NPM_REGISTRY_SERVER": registry(), "YARN_ENABLE_TELEMETRY": "0", "YARN_ENABLE_IMMUTABLE_INSTALLS": "false"}


def berry_projects():
    for number, deps in enumerate(NPM):
        folder = TOP / f"berry{number}"
        folder.mkdir(parents=True)
        manifest = {"name": f"p{number}", "version": "1.0.0", "dependencies": deps}
        if number % 2:
            manifest["devDependencies"] = {"once": "^1.4.0"}
            manifest["resolutions"] = {"wrappy": "1.0.1"}
        if number % 3 == 0:
            manifest["workspaces"] = ["packages/*"]
            member = folder / "packages" / "m"
            member.mkdir(parents=True)
            (member / "package.json").write_text(json.dumps({"name": "m", "version": "1.0.0", "dependencies": {"ms": "^2.0.0"}, "peerDependencies": {"once": "*"}}))
        (folder / "package.json").write_text(json.dumps(manifest, indent=2))
        (folder / "yarn.lock").write_text("")
        (folder / ".yarnrc.yml").write_text("nodeLinker: node-modules\n")
        run(["yarn-berry", "install", "--mode=update-lockfile"], folder, env=BERRY)
        yield folder


def berry_changes(folder):
    yield from js_changes(folder)
    manifest = folder / "package.json"
    if "resolutions" in manifest.read_text():
        yield "a resolution changed", lambda: json_change(manifest, lambda d: d["resolutions"].update(wrappy="1.0.2"))
    yield "a peer", lambda: json_change(manifest, lambda d: d.update(peerDependencies={"ms": "*"}))
    for member in folder.glob("packages/*/package.json"):
        yield "range in a member", lambda: json_change(member, lambda d: d["dependencies"].update(ms="^2.1.0"))
        yield "a member's peer away", lambda: json_change(member, lambda d: d.pop("peerDependencies"))
        yield "one more in a member", lambda: json_change(member, lambda d: d["dependencies"].update({"escape-html": "*"}))


def berry_oracle(folder):
    return run(["yarn-berry", "install", "--immutable", "--mode=skip-build"], folder, env=BERRY).returncode == 0


POETRY = [
    '[tool.poetry]\nname = "p"\nversion = "0.1.0"\ndescription = "d"\nauthors = ["A <a@b.example>"]\n\n[tool.poetry.dependencies]\npython = "^3.9"\nsix = "^1.16"\nidna = {{version = ">=3.4,<4", optional = true}}\n\n[tool.poetry.extras]\nmore = ["idna"]\n',
    '[tool.poetry]\nname = "p"\nversion = "0.1.0"\ndescription = "d\u00e9"\nauthors = []\n\n[tool.poetry.dependencies]\npython = ">=3.9,<4"\nattrs = "*"\n\n[tool.poetry.group.dev.dependencies]\niniconfig = "~2.0"\n\n[[tool.poetry.source]]\nname = "\u00fcber"\npriority = "supplemental"\nurl = "INDEX_URL/"\n',
    '[tool.poetry]\nname = "p"\nversion = "0.1.0"\ndescription = "d"\nauthors = []\n\n[tool.poetry.dependencies]\npython = "^3.9"\nclick = "8.1.7"\n\n[tool.poetry.dev-dependencies]\ntoml = "^0.10"\n',
]
POETRY_2 = [
    '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = [\n  "six>=1.16",\n  "idna[all]<4 ; python_version < \'4\'",\n]\n\n[project.optional-dependencies]\nmore = ["attrs"]\n',
    '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["click==8.1.7"]\n\n[dependency-groups]\ndev = ["iniconfig", {{include-group = "other"}}]\nother = ["toml"]\n\n[tool.poetry.group.extra.dependencies]\nsix = "*"\n',
]


def poetry_projects():
    version = tuple(int(part) for part in re.findall(r"\d+", run(["poetry", "--version"], TOP).stdout)[:2])
    # Its own way of asking PyPI is not served by every mirror.
    source = '\n[[tool.poetry.source]]\nname = "first"\nurl = "INDEX_URL/"\n' + ("default = true\n" if version < (1, 5) else 'priority = "primary"\n')
    for number, text in enumerate(POETRY + (POETRY_2 if version >= (2, 0) else [])):
        text = text.split("\n[[tool.poetry.source]]")[0] + source.replace("first", "\u00fcber" if number == 1 else "first")
        folder = TOP / f"poetry{number}"
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(text.replace("INDEX_URL", index()).replace("{{", "{").replace("}}", "}"))
        done = run(["poetry", "lock"], folder)
        if (folder / "poetry.lock").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-300:])


def toml_changes(manifest):
    """Changes of one line at a time of a pyproject.toml or a Pipfile."""
    text = manifest.read_text()
    lines = text.split("\n")
    yield "a comment", lambda: manifest.write_text("# comment\n" + text)
    yield "a table of another tool", lambda: manifest.write_text(text + "\n[tool.other]\nx = 1\n" if "[tool" in text or "[project" in text else text + "\n[scripts]\nx = \"true\"\n")
    for number, line in enumerate(lines):
        if re.match(r'^(name|version|description|authors|requires-python|python|\[|url|priority|$|\]|verify|dependencies = \[$)', line):
            if line.startswith(("version", "description", "requires-python")):
                yield f"`{line}` changed", lambda number=number: manifest.write_text("\n".join(lines[:number] + [lines[number].replace("0.1.0", "0.2.0").replace(">=3.9", ">=3.10").replace('"d', '"e')] + lines[number + 1:]))
            continue
        yield f"`{line}` away", lambda number=number: manifest.write_text("\n".join(lines[:number] + lines[number + 1:]))
        yield f"`{line}` spaced", lambda number=number: manifest.write_text("\n".join(lines[:number] + [lines[number].replace(" = ", "   =  ")] + lines[number + 1:]))
        changed = re.sub(r"\d", "1", line, count=1) if re.search(r"[02-9]", line) else line.replace('"*"', '">0"')
        yield f"`{line}` changed", lambda number=number, changed=changed: manifest.write_text("\n".join(lines[:number] + [changed] + lines[number + 1:]))


def pyproject_changes(folder):
    yield from toml_changes(folder / "pyproject.toml")


def poetry_oracle(folder):
    done = run(["poetry", "check", "--lock"], folder)
    said = done.stdout + done.stderr
    # It complains of other things too.
    if "poetry.lock" not in said and done.returncode:
        return None
    return "poetry.lock" not in said


PDM = [
    '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = [\n  "six>=1.16",\n  "idna<4",\n]\n\n[project.optional-dependencies]\nmore = ["attrs"]\n',
    '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["click==8.1.7"]\n\n[dependency-groups]\nDev_x = ["iniconfig"]\n\n[tool.pdm.dev-dependencies]\nother = ["toml"]\n\n[tool.pdm.resolution]\nrespect-source-order = true\n',
    '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n\n[[tool.pdm.source]]\nname = "pypi"\nurl = "INDEX_URL"\nverify_ssl = true\n\n[tool.pdm.resolution.overrides]\nsix = "1.16.0"\n',
]


def pdm_projects():
    for number, text in enumerate(PDM):
        folder = TOP / f"pdm{number}"
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(text.replace("INDEX_URL", index()))
        done = run(["pdm", "lock", "--no-cross-platform"], folder)
        if not (folder / "pdm.lock").exists():
            done = run(["pdm", "lock"], folder)
        if (folder / "pdm.lock").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-300:])


def pdm_oracle(folder):
    return run(["pdm", "lock", "--check"], folder).returncode == 0


PIPENV = [
    '[[source]]\nurl = "INDEX_URL"\nverify_ssl = true\nname = "pypi"\n\n[packages]\nsix = "*"\nidna = ">=3.4"\n\n[dev-packages]\nIniConfig = "~=2.0"\n\n[requires]\npython_version = "3.11"\n',
    '[[source]]\nurl = "INDEX_URL"\nverify_ssl = true\nname = "pypi"\n\n[packages]\nattrs = {version = "*", markers = "python_version > \'3.0\'"}\n\n[docs]\ntoml = "*"\n',
]


def pipenv_projects():
    for number, text in enumerate(PIPENV):
        folder = TOP / f"pipenv{number}"
        folder.mkdir(parents=True)
        (folder / "Pipfile").write_text(text.replace("INDEX_URL", index()))
        done = run(["pipenv", "lock", "--categories", "packages dev-packages" + (" docs" if "[docs]" in text else "")], folder)
        if (folder / "Pipfile.lock").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-300:])


def pipfile_changes(folder):
    yield from toml_changes(folder / "Pipfile")


def pipenv_oracle(folder):
    return run(["pipenv", "verify"], folder).returncode == 0


def package(name, version, **more):
    return {"name": name, "version": version, "dist": {"type": "zip", "url": f"https://h.example/{name}-{version}.zip"}, **more}


COMPOSER = [
    {"name": "o/p", "require": {"a/one": "^1.0", "b/two": "*"}, "extra": {"x/y": {"empty": {}, "list": [1, 2, {"0": "a", "1": "b"}], "\u00fc": "\u20ac\U0001f600"}}},
    {"name": "o/q", "description": "d", "require": {"php": ">=7", "a/one": "1.*"}, "require-dev": {"c/three": "~2.1"}, "minimum-stability": "dev", "prefer-stable": True,
     "config": {"platform": {"php": "8.1.0", "ext-x": "1"}, "sort-packages": True}, "autoload": {"psr-4": {"A\\": "src/"}}},
    {"name": "o/r", "version": "1.0.0", "license": "MIT", "require": {"virtual/four": "*", "e/old": "*", "b/two": "^1"}, "conflict": {"z/z": "<1"}, "replace": {"o/x": "self.version"}, "extra": {}},
]


def composer_projects():
    repository = {"type": "package", "package": [
        package("a/one", "1.2.0"), package("b/two", "1.0.0", require={"a/one": "*"}), package("c/three", "2.1.3"), package("d/four", "1.0.0", provide={"virtual/four": "1.0"}, replace={"e/old": "1.0"})]}
    for number, manifest in enumerate(COMPOSER):
        folder = TOP / f"composer{number}"
        folder.mkdir(parents=True)
        manifest = {**manifest, "repositories": [repository, {"packagist": False}]}
        if number == 2:
            manifest["require"]["d/four"] = "*"
        (folder / "composer.json").write_text(json.dumps(manifest, indent=4, ensure_ascii=bool(number % 2)))
        done = run(["composer", "update", "--no-install", "--no-interaction"], folder)
        if (folder / "composer.lock").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-300:])


def composer_changes(folder):
    manifest, lock = folder / "composer.json", folder / "composer.lock"
    data = json.loads(manifest.read_text())
    for kind in ("require", "require-dev"):
        for name in data.get(kind, {}):
            yield f"range of {name}", lambda kind=kind, name=name: json_change(manifest, lambda d: d[kind].update({name: ">=0.1"}))
            yield f"{name} away", lambda kind=kind, name=name: json_change(manifest, lambda d: d[kind].pop(name))
    yield "one more", lambda: json_change(manifest, lambda d: d["require"].update({"f/six": "*"}))
    yield "one more of the platform", lambda: json_change(manifest, lambda d: d["require"].update({"ext-json": "*"}))
    for key in data:
        if key not in ("require", "require-dev"):
            yield f"{key} away", lambda key=key: json_change(manifest, lambda d: d.pop(key))
    yield "a description", lambda: json_change(manifest, lambda d: d.update(description="other"))
    yield "the platform", lambda: json_change(manifest, lambda d: d.setdefault("config", {}).update(platform={"php": "8.2.0"}))
    yield "order of config", lambda: json_change(manifest, lambda d: d.update(name=d.pop("name")))
    yield "the first locked package away", lambda: json_change(lock, lambda d: d["packages"].pop(0))


def composer_oracle(folder):
    """`install` warns of a hash that does not fit and refuses what is missing; `validate` refuses both."""
    said = run(["composer", "validate", "--no-check-all", "--no-check-publish", "--check-lock", "--no-interaction"], folder)
    said = said.stdout + said.stderr
    return "lock file is not up to date" not in said and "not present in the lock file" not in said and "Required package" not in said


BUNDLER = [
    ("source \"https://gems.example\"\n\ngem \"rake\"\ngem 'webrick', '~> 1.7', require: false\n\ngroup :test, :development do\n  gem \"xmlrpc\", \">= 0.3\", \"< 2\"  # why\nend\n", ["rake", "webrick (~> 1.7)", "xmlrpc (>= 0.3, < 2)"]),
    ("# frozen_string_literal: true\nsource 'https://gems.example'\nruby '>= 2.5'\ngem(\"rake\", \">= 12\")\ngem \"net-telnet\", [\">= 0\"], platforms: %i[mri mingw]\ngem \"sdbm\",\n    \"1.0.0\",\n    group: :x\n", ["net-telnet", "rake (>= 12)", "sdbm (= 1.0.0)"]),
    ("source \"https://gems.example\"\ngem \"rake\"\npath \"lib\" do\n  gem \"own\"\nend\ngem \"other\", path: \"other\"\n", ["other!", "own!", "rake"]),
]
GEMS = {"rake": "13.0.6", "webrick": "1.7.0", "xmlrpc": "0.3.2", "net-telnet": "0.1.1", "sdbm": "1.0.0"}
BUNDLER_CHECK = (
    "require 'bundler'; Bundler.ui = Bundler::UI::Silent.new; "
    "d = Bundler::Definition.build('Gemfile', 'Gemfile.lock', nil); begin; d.ensure_equivalent_gemfile_and_lockfile(true); rescue Bundler::ProductionError, Bundler::GemNotFound, Bundler::GitError; exit 1; end"
)


def bundler_projects():
    for number, (text, dependencies) in enumerate(BUNDLER):
        folder = TOP / f"bundler{number}"
        folder.mkdir(parents=True)
        (folder / "Gemfile").write_text(text)
        lock = ""
        for own, path in [("own", "lib"), ("other", "other")]:
            if f"{own}!" in dependencies:
                (folder / path).mkdir()
                (folder / path / f"{own}.gemspec").write_text(f"Gem::Specification.new {{|s| s.name='{own}'; s.version='0.1.0'; s.summary='s'; s.authors=['a']; s.files=[] }}\n")
                lock += f"PATH\n  remote: {path}\n  specs:\n    {own} (0.1.0)\n\n"
        named = [one.split(" ")[0].rstrip("!") for one in dependencies]
        specs = "".join(f"    {name} ({GEMS[name]})\n" for name in named if name in GEMS)
        lock += f"GEM\n  remote: https://gems.example/\n  specs:\n{specs}\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n" + "".join(f"  {one}\n" for one in dependencies) + "\nBUNDLED WITH\n   2.3.27\n"
        (folder / "Gemfile.lock").write_text(lock)
        yield folder


def bundler_changes(folder):
    manifest, lock = folder / "Gemfile", folder / "Gemfile.lock"
    text = manifest.read_text()
    yield "one more", lambda: manifest.write_text(text + "gem \"sdbm\", \"> 0.1\"\n" if "sdbm" not in text else text + "gem \"xmlrpc\"\n")
    yield "a comment", lambda: manifest.write_text("# gem \"none\"\n" + text)
    yield "quotes", lambda: manifest.write_text(text.replace("\"", "'"))
    for line in text.splitlines():
        if line.strip().startswith("gem") and not line.endswith(","):
            yield f"`{line}` away", lambda line=line: manifest.write_text(text.replace(line + "\n", ""))
            yield f"`{line}` bounded", lambda line=line: manifest.write_text(text.replace(line, re.sub(r"(gem[ (][\"'][a-z-]+[\"'])", r"\1, '>= 0.0.1'", line)))
            yield f"`{line}` in git", lambda line=line: manifest.write_text(text.replace(line, re.sub(r"(gem[ (][\"'][a-z-]+[\"'])", r"\1, git: 'https://h.example/x.git'", line)) if "path" not in text else text)
            yield f"`{line}` for development", lambda line=line: manifest.write_text(text.replace(line, re.sub(r"(\)?)(\s+#.*)?$", r", :group => :development\1\2", line, count=1)))
    for entry in re.findall(r"(?m)^  ([a-z-]+.*)$", lock.read_text().split("DEPENDENCIES")[1]):
        yield f"{entry} not locked", lambda entry=entry: lock.write_text(re.sub(r"(?s)(DEPENDENCIES.*?)  " + re.escape(entry) + "\n", r"\1", lock.read_text()))


def bundler_oracle(folder):
    done = run(["ruby", "-e", BUNDLER_CHECK], folder, env={**os.environ, "BUNDLE_GEMFILE": str(folder / "Gemfile"), "BUNDLE_FROZEN": "true"})
    if done.returncode and not done.stderr.strip():
        return False
    if done.returncode:
        return None
    return True


def go_projects():
    import base64, hashlib, zipfile
    proxy = TOP / "goproxy"
    for name, version, needs in [("h.example/a", "v1.0.0", ""), ("h.example/a", "v1.1.0", ""), ("h.example/b", "v0.2.0", "require h.example/a v1.0.0\n"), ("h.example/c", "v2.0.0+incompatible", "")]:
        at = proxy / name / "@v"
        at.mkdir(parents=True, exist_ok=True)
        mod = f"module {name}\n\ngo 1.17\n\n{needs}"
        (at / f"{version}.mod").write_text(mod if "+" not in version else f"module {name}\n")
        with (at / "list").open("a") as versions:
            versions.write(f"{version}\n")
        (at / f"{version}.info").write_text(json.dumps({"Version": version, "Time": "2020-01-01T00:00:00Z"}))
        with zipfile.ZipFile(at / f"{version}.zip", "w") as archive:
            prefix = f"{name}@{version}/"
            if "+" not in version:
                archive.writestr(prefix + "go.mod", mod)
            code = f"package {name[-1]}\n" + ("import _ \"h.example/a\"\n" if needs else "")
            archive.writestr(prefix + "x.go", code)
    imports = [["a"], ["b"], ["b", "c"]]
    for number, names in enumerate(imports):
        folder = TOP / f"go{number}"
        folder.mkdir(parents=True)
        (folder / "go.mod").write_text(f"module h.example/p{number}\n\ngo 1.1{7 if number else 9}\n")
        (folder / "main.go").write_text("package main\n" + "".join(f"import _ \"h.example/{name}\"\n" for name in names) + "func main() {}\n")
        done = run(["go", "mod", "tidy"], folder, env=go_env())
        if (folder / "go.sum").exists():
            yield folder
        else:
            print("skipped:", folder.name, done.stderr.strip()[-300:])


def go_env():
    return {**os.environ, "GOPROXY": f"file://{TOP}/goproxy", "GONOSUMDB": "*", "GOFLAGS": "-mod=readonly", "GONOSUMCHECK": "1", "GOSUMDB": "off", "GOMODCACHE": str(TOP / "gomodcache")}


def go_changes(folder):
    manifest, sums = folder / "go.mod", folder / "go.sum"
    text, summed = manifest.read_text(), sums.read_text()
    yield "a comment", lambda: manifest.write_text("// x\n" + text)
    if "h.example/a v1" in text:
        yield "another version", lambda: manifest.write_text(text.replace("h.example/a v1.1.0", "h.example/a v1.0.0") if "v1.1.0" in text else text.replace("h.example/a v1.0.0", "h.example/a v1.1.0"))
    yield "one more", lambda: manifest.write_text(text + "\nrequire h.example/c v2.0.0+incompatible\n" if "example/c" not in text else text + "\nexclude h.example/a v0.1.0\n")
    yield "replaced by a folder", lambda: (manifest.write_text(text + "\nreplace h.example/a => ./a\n"), (folder / "a").mkdir(exist_ok=True), (folder / "a/go.mod").write_text("module h.example/a\n"), (folder / "a/a.go").write_text("package a\n"))
    yield "replaced by another version", lambda: manifest.write_text(text + "\nreplace h.example/a => h.example/a v1.1.0\n" if "a v1.0.0" in text else text + "\nreplace h.example/a => h.example/a v1.0.0\n")
    for line in summed.splitlines():
        yield f"without {line[:40]}", lambda line=line: sums.write_text(summed.replace(line + "\n", ""))


def go_oracle(folder):
    return all(run(["go", *args], folder, env=go_env()).returncode == 0 for args in (["list", "-deps", "./..."], ["list", "-m", "all"]))


def cases(tool, folder, changes, oracle, count, kept):
    """Asks both sides about a project as it is and with each change; gives how often hookd alone refuses."""
    wrong = 0
    for what, change in [("as it is", lambda: None), *changes(folder)]:
        try:
            change()
        except AssertionError:
            continue
        ours = hookd(folder)
        # Some tools put things right while they look.
        fine = oracle(folder)
        if fine is None:
            print(f"{folder.name}: {what}: {tool} says something else")
            continue
        if what == "as it is" and not fine:
            print(f"skipped: {folder.name}: {tool} refuses it as it is, hookd {'accepts' if ours else 'refuses'} it")
            break
        count["cases"] += 1
        key = {(True, True): "both in", (False, False): "both out", (False, True): "only the tool", (True, False): "only hookd"}[fine, ours]
        count[key] += 1
        if fine != ours:
            print(f"{folder.name}: {what}: {tool} {'accepts' if fine else 'refuses'}, hookd {'accepts' if ours else 'refuses'}")
            wrong += not ours
        for path, content in kept.items():
            path.write_bytes(content)
        shutil.rmtree(folder / "a", ignore_errors=True)
    return wrong


def main():
    wrong = 0
    for tool, projects, changes, oracle in [
        ("npm", npm_projects, npm_changes, npm_oracle),
        ("uv", uv_projects, uv_changes, uv_oracle),
        ("cargo", cargo_projects, cargo_changes, cargo_oracle),
        ("pnpm", pnpm_projects, js_changes, lambda folder: run(["pnpm", "install", "--frozen-lockfile", "--lockfile-only", "--ignore-workspace"], folder).returncode == 0),
        ("yarn", yarn_projects, js_changes, yarn_oracle),
        ("yarn-berry", berry_projects, berry_changes, berry_oracle),
        ("poetry", poetry_projects, pyproject_changes, poetry_oracle),
        ("pdm", pdm_projects, pyproject_changes, pdm_oracle),
        ("pipenv", pipenv_projects, pipfile_changes, pipenv_oracle),
        ("composer", composer_projects, composer_changes, composer_oracle),
        ("ruby", bundler_projects, bundler_changes, bundler_oracle),
        ("go", go_projects, go_changes, go_oracle),
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
                "package.json", "package-lock.json", "pyproject.toml", "uv.lock", "Cargo.toml", "Cargo.lock", "pnpm-lock.yaml", "yarn.lock",
                "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "composer.json", "composer.lock", "Gemfile", "Gemfile.lock", "go.mod", "go.sum")}
            wrong += cases(tool, folder, changes, oracle, count, kept)
        print(tool, ", ".join(f"{key} {value}" for key, value in count.items()), flush=True)
    return 1 if wrong else 0


sys.exit(main())
