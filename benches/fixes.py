#!/usr/bin/env python3
"""Follows the fix lines of the audit: does the command, typed as it is printed, make the finding go away?

Usage: benches/fixes.py HOOKD [FOLDER [TOOL or `malicious`]]

Makes small projects with the real tools, each with one package in a version that a made-up advisory is about, reads the
finding, does what its help says (edits first, then the command), and audits again. Tools that are not installed are skipped,
visibly; of Yarn the classic one is called `yarn`, a later one `yarn-berry`. Needs the registries of npm, PyPI and crates.io;
Composer, Bundler and Go resolve from what the script itself lays down. Exit code 1 where a fix does not fix.
"""
import json, os, pathlib, re, shutil, subprocess, sys, tempfile

HOOKD = os.path.abspath(sys.argv[1])
TOP = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
TOP.mkdir(parents=True, exist_ok=True)
ENV = {**os.environ, "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_VENV_IN_PROJECT": "1", "YARN_ENABLE_TELEMETRY": "0", "UV_NO_SYNC": "1",
       "YARN_ENABLE_IMMUTABLE_INSTALLS": "false", "COMPOSER_NO_INTERACTION": "1", "POETRY_VIRTUALENVS_IN_PROJECT": "true", "PDM_CHECK_UPDATE": "false",
       "NO_COLOR": "1"}
for name in ("VIRTUAL_ENV",):
    ENV.pop(name, None)


def sh(command, folder, must=True):
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, timeout=600, env=ENV)
    if must and done.returncode:
        raise RuntimeError(f"{command}: {(done.stdout + done.stderr).strip()[-600:]}")
    return done


def put(folder, path, text):
    at = folder / path
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(text if isinstance(text, str) else json.dumps(text, indent=2) + "\n")


def toml_change(folder, path, old, new):
    text = (folder / path).read_text()
    assert old in text, (path, old)
    put(folder, path, text.replace(old, new))


def index():
    """The package index that pip uses where nothing else is said."""
    from pip._internal.models.index import PyPI
    return PyPI.simple_url


CRATE = '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\npath = "lib.rs"\n\n'


def cargo(manifest, *then, files=None):
    def make(folder):
        put(folder, "Cargo.toml", manifest)
        put(folder, "lib.rs", "")
        for path, text in (files or {}).items():
            put(folder, path, text)
        sh("cargo generate-lockfile", folder)
        for command in then:
            sh(command, folder)
    return make


def node(tool, manifest, *then, files=None, hold=None):
    """`hold`: a package that is locked in an old version although only others need it."""
    def make(folder):
        first = json.loads(json.dumps(manifest))
        first.update(name="p", version="1.0.0", license="MIT", private=True)
        put(folder, "package.json", first)
        for path, text in (files or {}).items():
            put(folder, path, text)
        if tool == "yarn-berry":
            put(folder, "yarn.lock", "")
            put(folder, ".yarnrc.yml", "nodeLinker: node-modules\n")
        sh(f"{tool} install", folder)
        for command in then:
            sh(command, folder)
        if hold:
            lock = folder / "yarn.lock"
            name, pattern, old = hold
            text = lock.read_text()
            text = re.sub(r'(?m)(^"?%s@(?:npm:)?%s"?:\n  version:? )"?[^"\n]*"?' % (re.escape(name), re.escape(pattern)), lambda found: found.group(1) + old, text)
            lock.write_text(text)
    return make


def pyproject(tool, dependencies, more="", then=(), poetry=None):
    def make(folder):
        text = '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9,<4.0"\ndependencies = %s\n' % json.dumps(dependencies)
        if poetry:
            text = '[tool.poetry]\nname = "p"\nversion = "0.1.0"\ndescription = ""\nauthors = []\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.9,<4.0"\n' + poetry
        text += "\n" + more
        if tool == "poetry":
            text += f'\n[[tool.poetry.source]]\nname = "first"\nurl = "{index()}/"\npriority = "primary"\n'
        put(folder, "pyproject.toml", text)
        # PDM locks extras only where it is told to.
        sh("pdm lock -G :all" if tool == "pdm" else f"{tool} lock", folder)
        for old, new in then:
            toml_change(folder, "pyproject.toml", old, new)
        if then:
            sh(f"{tool} lock" + (" --update-reuse" if tool == "pdm" else ""), folder)
    return make


def pipenv(packages):
    def make(folder):
        put(folder, "Pipfile", f'[[source]]\nurl = "{index()}"\nverify_ssl = true\nname = "pypi"\n\n' + packages)
        sh("pipenv lock", folder)
    return make


def package(name, version, **more):
    return {"name": name, "version": version, "dist": {"type": "zip", "url": f"https://h.example/{name}-{version}.zip"}, **more}


def composer(require, then=None):
    """Metapackages: nothing is downloaded when the fix is followed."""
    versions = [package("a/one", version, type="metapackage") for version in ("1.0.0", "1.1.0", "1.2.0", "2.0.0")]
    versions += [package("b/two", "1.0.0", type="metapackage", require={"a/one": "^1.0"}), package("b/two", "1.1.0", type="metapackage", require={"a/one": "^1.2"})]
    versions += [package("c/three", "1.0.0", type="metapackage", require={"a/one": "1.0.0"}), package("c/three", "1.1.0", type="metapackage", require={"a/one": "1.1.0"})]

    def make(folder):
        manifest = {"name": "o/p", **require, "repositories": [{"type": "package", "package": versions}, {"packagist": False}]}
        put(folder, "composer.json", manifest)
        sh("composer update --no-install", folder)
        if then:
            put(folder, "composer.json", {**manifest, **then})
            sh("composer update --lock --no-install; composer update nothing/such --no-install", folder, must=False)
    return make


def gems():
    """A source of gems in a folder."""
    top = TOP / "gems"
    if not top.exists():
        (top / "gems").mkdir(parents=True)
        for name, version, needs in [("one", "1.0.0", []), ("one", "1.1.0", []), ("one", "2.0.0", []), ("two", "1.0.0", [("one", "~> 1.0")]), ("three", "1.0.0", [("one", "1.0.0")]), ("three", "1.1.0", [("one", "1.1.0")])]:
            lines = "".join(f"s.add_dependency('{other}', '{range}');" for other, range in needs)
            put(top, "x.gemspec", f"Gem::Specification.new {{|s| s.name='{name}'; s.version='{version}'; s.summary='s'; s.authors=['a']; s.files=[]; {lines} }}\n")
            sh("ruby -rrubygems/package -e \"s = Gem::Specification.load('x.gemspec'); Gem::Package.build(s, true); File.rename(s.file_name, 'gems/' + s.file_name)\"", top)
        os.remove(top / "x.gemspec")
        sh("ruby -rrubygems/indexer -e 'Gem::Indexer.new(%s).generate_index'" % json.dumps(str(top)), top)
    return f"file://{top}"


def bundler(text, *then):
    def make(folder):
        put(folder, "Gemfile", f'source "{gems()}"\n' + text)
        sh("bundle config set --local path vendor", folder)
        sh("bundle lock", folder)
        for old, new in then:
            toml_change(folder, "Gemfile", old, new)
            sh("bundle lock", folder)
    return make


def go_env():
    import zipfile
    proxy = TOP / "goproxy"
    if not proxy.exists():
        for name, version, needs in [("a", "v1.0.0", ""), ("a", "v1.1.0", ""), ("b", "v0.2.0", "require h.example/a v1.0.0\n")]:
            at = proxy / "h.example" / name / "@v"
            at.mkdir(parents=True, exist_ok=True)
            mod = f"module h.example/{name}\n\ngo 1.17\n\n{needs}"
            (at / f"{version}.mod").write_text(mod)
            with (at / "list").open("a") as versions:
                versions.write(f"{version}\n")
            (at / f"{version}.info").write_text(json.dumps({"Version": version, "Time": "2020-01-01T00:00:00Z"}))
            with zipfile.ZipFile(at / f"{version}.zip", "w") as archive:
                prefix = f"h.example/{name}@{version}/"
                archive.writestr(prefix + "go.mod", mod)
                archive.writestr(prefix + "x.go", f"package {name}\n" + ("import _ \"h.example/a\"\n" if needs else ""))
    ENV.update({"GOPROXY": f"file://{proxy}", "GONOSUMDB": "*", "GOSUMDB": "off", "GOMODCACHE": str(TOP / "gomodcache"), "GOFLAGS": "-modcacherw"})


def go(name, version):
    def make(folder):
        go_env()
        put(folder, "go.mod", f"module h.example/p\n\ngo 1.17\n\nrequire h.example/{name} {version}\n")
        put(folder, "main.go", f"package main\n\nimport _ \"h.example/{name}\"\n\nfunc main() {{}}\n")
        sh("go mod tidy", folder)
    return make


def pip(files):
    def make(folder):
        for path, text in files.items():
            put(folder, path, text)
    return make


def inside(sub, make):
    """The same project in a folder below the top."""
    return lambda folder: ((folder / sub).mkdir(parents=True), make(folder / sub))


MINIMIST = ("npm", "minimist", "1.2.6")
LODASH = ("npm", "lodash", "4.17.21")
WORKSPACE = {"packages/a/package.json": {"name": "a", "version": "1.0.0", "dependencies": {"lodash": "4.17.20"}}}

# What it is, the tool, the project, and the package with the version that is free of the advisory.
CASES = [
    ("pinned", "cargo", cargo(CRATE + '[dependencies]\nregex = "=1.5.4"\n'), ("crates.io", "regex", "1.5.5")),
    ("pinned below", "cargo", inside("a b", cargo(CRATE + '[dependencies]\nregex = "=1.5.4"\n')), ("crates.io", "regex", "1.5.5")),
    ("in range", "cargo", cargo(CRATE + '[dependencies]\nregex = "1.5.4"\n', "cargo update -p regex --precise 1.5.4"), ("crates.io", "regex", "1.5.5")),
    ("pinned for development", "cargo", cargo(CRATE + '[dev-dependencies]\nsmallvec = { version = "=1.6.0" }\n'), ("crates.io", "smallvec", "1.6.1")),
    ("bounded", "cargo", cargo(CRATE + '[target."cfg(unix)".build-dependencies.smallvec]\nversion = ">=1.4, <1.6.1"\n'), ("crates.io", "smallvec", "1.6.1")),
    ("another series", "cargo", cargo(CRATE + '[dependencies]\nsmallvec = "0.6"\n'), ("crates.io", "smallvec", "1.6.1")),
    ("renamed", "cargo", cargo(CRATE + '[dependencies]\nsmall = { package = "smallvec", version = "=1.6.0" }\n'), ("crates.io", "smallvec", "1.6.1")),
    ("two versions", "cargo", cargo(CRATE + '[dependencies]\nsmallvec = "=1.6.0"\nold = { package = "smallvec", version = "0.6" }\n'), ("crates.io", "smallvec", "1.6.1", "1.0.0")),
    ("shared by a workspace", "cargo", cargo('[workspace]\nmembers = ["m"]\nresolver = "2"\n\n[workspace.dependencies]\nsmallvec = "=1.6.0"\n', files={
        "m/Cargo.toml": CRATE + "[dependencies]\nsmallvec.workspace = true\n", "m/lib.rs": ""}), ("crates.io", "smallvec", "1.6.1")),
    ("pinned by two members", "cargo", cargo('[workspace]\nmembers = ["m", "n"]\nresolver = "2"\n', files={
        "m/Cargo.toml": CRATE + '[dependencies]\nsmallvec = "=1.6.0"\n', "m/lib.rs": "",
        "n/Cargo.toml": CRATE.replace('"p"', '"q"') + '[dependencies]\nsmallvec = "=1.6.0"\n', "n/lib.rs": ""}), ("crates.io", "smallvec", "1.6.1")),
    ("of another", "cargo", cargo(CRATE + '[dependencies]\nenv_logger = "0.9"\n', "cargo update -p regex --precise 1.5.4"), ("crates.io", "regex", "1.5.5")),
    ("pinned", "npm", node("npm", {"dependencies": {"lodash": "4.17.20"}}), LODASH),
    ("pinned for development", "npm", node("npm", {"devDependencies": {"lodash": "4.17.20"}}), LODASH),
    ("bounded", "npm", node("npm", {"dependencies": {"lodash": ">=4 <4.17.21"}}), LODASH),
    ("in range", "npm", node("npm", {"dependencies": {"lodash": "^4.17.0"}}, "npm install --no-save lodash@4.17.20; npm install --package-lock-only lodash@4.17.20"), LODASH),
    ("of another", "npm", node("npm", {"dependencies": {"mkdirp": "0.5.5", "minimist": "1.2.5"}}, "npm uninstall minimist"), MINIMIST),
    ("pinned by another", "npm", node("npm", {"dependencies": {"mkdirp": "0.5.1"}}), ("npm", "minimist", "1.2.6")),
    ("pinned by a member", "npm", node("npm", {"workspaces": ["packages/*"]}, files=WORKSPACE), LODASH),
    ("pinned", "yarn", node("yarn", {"dependencies": {"lodash": "4.17.20"}}), LODASH),
    ("pinned for development", "yarn", node("yarn", {"devDependencies": {"lodash": "4.17.20"}}), LODASH),
    ("bounded", "yarn", node("yarn", {"dependencies": {"lodash": ">=4 <4.17.21"}}), LODASH),
    ("of another", "yarn", node("yarn", {"dependencies": {"mkdirp": "0.5.5"}}, hold=("minimist", "^1.2.5", '"1.2.5"')), MINIMIST),
    ("pinned by another", "yarn", node("yarn", {"dependencies": {"mkdirp": "0.5.1"}}), MINIMIST),
    ("pinned by a member", "yarn", node("yarn", {"workspaces": ["packages/*"]}, files=WORKSPACE), LODASH),
    ("pinned", "yarn-berry", node("yarn-berry", {"dependencies": {"lodash": "4.17.20"}}), LODASH),
    ("pinned for development", "yarn-berry", node("yarn-berry", {"devDependencies": {"lodash": "4.17.20"}}), LODASH),
    ("of another", "yarn-berry", node("yarn-berry", {"dependencies": {"mkdirp": "0.5.5"}}, "yarn-berry set resolution minimist@npm:^1.2.5 npm:1.2.5"), MINIMIST),
    ("pinned by another", "yarn-berry", node("yarn-berry", {"dependencies": {"mkdirp": "0.5.1"}}), MINIMIST),
    ("pinned by a member", "yarn-berry", node("yarn-berry", {"workspaces": ["packages/*"]}, files=WORKSPACE), LODASH),
    ("pinned", "pnpm", node("pnpm", {"dependencies": {"lodash": "4.17.20"}}), LODASH),
    ("pinned for development", "pnpm", node("pnpm", {"devDependencies": {"lodash": "4.17.20"}}), LODASH),
    ("bounded", "pnpm", node("pnpm", {"dependencies": {"lodash": ">=4 <4.17.21"}}), LODASH),
    ("of another", "pnpm", node("pnpm", {"dependencies": {"mkdirp": "0.5.5", "minimist": "1.2.5"}}, "pnpm remove minimist"), MINIMIST),
    ("pinned by a member", "pnpm", node("pnpm", {}, files={**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - packages/*\n"}), LODASH),
    ("pinned", "uv", pyproject("uv", ["jinja2==3.1.2"]), ("PyPI", "jinja2", "3.1.3")),
    ("bounded", "uv", pyproject("uv", ["Jinja2>=3,<3.1.3"]), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in a group", "uv", pyproject("uv", [], '[dependency-groups]\ntest = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in an extra", "uv", pyproject("uv", [], '[project.optional-dependencies]\nweb = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned with a marker", "uv", pyproject("uv", ["jinja2==3.1.2; python_version >= '3.9'"]), ("PyPI", "jinja2", "3.1.3")),
    ("of another", "uv", pyproject("uv", ["jinja2==3.1.2", "markupsafe==2.1.1"], then=[(', "markupsafe==2.1.1"', "")]), ("PyPI", "markupsafe", "2.1.2")),
    ("pinned", "poetry", pyproject("poetry", ["jinja2==3.1.2"]), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in a group", "poetry", pyproject("poetry", [], '[dependency-groups]\ntest = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in an extra", "poetry", pyproject("poetry", [], '[project.optional-dependencies]\nweb = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned, of Poetry's own", "poetry", pyproject("poetry", [], poetry='jinja2 = "3.1.2"\n'), ("PyPI", "jinja2", "3.1.3")),
    ("another series, of Poetry's own", "poetry", pyproject("poetry", [], poetry='urllib3 = "^1.26"\n'), ("PyPI", "urllib3", "2.0.7")),
    ("with extras, of Poetry's own group", "poetry", pyproject("poetry", [], poetry='\n[tool.poetry.group.dev.dependencies]\njinja2 = { version = "~3.0", extras = ["i18n"] }\n'), ("PyPI", "jinja2", "3.1.3")),
    ("of another", "poetry", pyproject("poetry", ["jinja2==3.1.2", "markupsafe==2.1.1"], then=[(', "markupsafe==2.1.1"', "")]), ("PyPI", "markupsafe", "2.1.2")),
    ("pinned", "pdm", pyproject("pdm", ["jinja2==3.1.2"]), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in a group", "pdm", pyproject("pdm", [], '[dependency-groups]\ntest = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned by another", "composer", composer({"require": {"c/three": "1.0.0"}}, {"require": {"c/three": "^1.0"}}), ("Packagist", "a/one", "1.1.0")),
    ("pinned in an extra", "pdm", pyproject("pdm", [], '[project.optional-dependencies]\nweb = ["jinja2==3.1.2"]\n'), ("PyPI", "jinja2", "3.1.3")),
    ("of another", "pdm", pyproject("pdm", ["jinja2==3.1.2", "markupsafe==2.1.1"], then=[(', "markupsafe==2.1.1"', "")]), ("PyPI", "markupsafe", "2.1.2")),
    ("pinned", "pipenv", pipenv('[packages]\njinja2 = "==3.1.2"\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned for development", "pipenv", pipenv('[packages]\n\n[dev-packages]\njinja2 = "==3.1.2"\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned with extras", "pipenv", pipenv('[packages]\njinja2 = {version = "==3.1.2", extras = ["i18n"]}\n'), ("PyPI", "jinja2", "3.1.3")),
    ("pinned", "composer", composer({"require": {"a/one": "1.0.0"}}), ("Packagist", "a/one", "1.1.0")),
    ("pinned for development", "composer", composer({"require-dev": {"a/one": "1.0.0"}}), ("Packagist", "a/one", "1.1.0")),
    ("another series", "composer", composer({"require": {"a/one": "~1.0"}}), ("Packagist", "a/one", "2.0.0")),
    ("in range", "composer", composer({"require": {"a/one": "1.0.0"}}, {"require": {"a/one": "^1.0"}}), ("Packagist", "a/one", "1.1.0")),
    ("of another", "composer", composer({"require": {"a/one": "1.0.0", "b/two": "*"}}, {"require": {"b/two": "*"}}), ("Packagist", "a/one", "1.1.0")),
    ("pinned", "bundle", bundler('gem "one", "1.0.0"\n'), ("RubyGems", "one", "1.1.0")),
    ("another series", "bundle", bundler('gem "one", "~> 1.0"\n'), ("RubyGems", "one", "2.0.0")),
    ("in range", "bundle", bundler('gem "one", "1.0.0"\n', ('"one", "1.0.0"', '"one"')), ("RubyGems", "one", "1.1.0")),
    ("of another", "bundle", bundler('gem "one", "1.0.0"\ngem "two"\n', ('gem "one", "1.0.0"\n', "")), ("RubyGems", "one", "1.1.0")),
    ("pinned by another", "bundle", bundler('gem "three", "1.0.0"\n', ('"three", "1.0.0"', '"three"')), ("RubyGems", "one", "1.1.0")),
    ("direct", "go", go("a", "v1.0.0"), ("Go", "h.example/a", "1.1.0")),
    ("of another", "go", go("b", "v0.2.0"), ("Go", "h.example/a", "1.1.0")),
    ("pinned", "pip", pip({"requirements.txt": "jinja2==3.1.2\n"}), ("PyPI", "jinja2", "3.1.3")),
    ("pinned in another file", "pip", pip({"requirements.txt": "-r req/base.in\n", "req/base.in": "jinja2==3.1.2\n"}), ("PyPI", "jinja2", "3.1.3")),
    # Without a version that is free of it: made to do harm, and to be removed.
    ("malicious", "cargo", cargo(CRATE + '[dependencies]\nregex = "1"\n'), ("crates.io", "regex", None)),
    ("malicious, for development", "cargo", cargo(CRATE + '[dev-dependencies]\nsmallvec = "1"\n'), ("crates.io", "smallvec", None)),
    ("malicious, of a target", "cargo", cargo(CRATE + '[target."cfg(unix)".build-dependencies]\nsmallvec = "1"\n'), ("crates.io", "smallvec", None)),
    ("malicious, renamed", "cargo", cargo(CRATE + '[dependencies]\nsmall = { package = "smallvec", version = "1" }\n'), ("crates.io", "smallvec", None)),
    ("malicious, below", "cargo", inside("a b", cargo(CRATE + '[dependencies]\nregex = "1"\n')), ("crates.io", "regex", None)),
    ("malicious, of another", "cargo", cargo(CRATE + '[dependencies]\nenv_logger = "0.9"\n'), ("crates.io", "regex", None)),
    ("malicious, of a member", "cargo", cargo('[workspace]\nmembers = ["m"]\nresolver = "2"\n', files={
        "m/Cargo.toml": CRATE + '[dependencies]\nsmallvec = "1"\n', "m/lib.rs": ""}), ("crates.io", "smallvec", None)),
    ("malicious, of two members", "cargo", cargo('[workspace]\nmembers = ["m", "n"]\nresolver = "2"\n\n[workspace.dependencies]\nsmallvec = "1"\n', files={
        "m/Cargo.toml": CRATE + '[dependencies]\nsmallvec.workspace = true\n', "m/lib.rs": "",
        "n/Cargo.toml": CRATE.replace('"p"', '"q"') + '[dev-dependencies]\nsmallvec = "1"\n', "n/lib.rs": ""}), ("crates.io", "smallvec", None)),
    ("malicious", "npm", node("npm", {"dependencies": {"lodash": "4"}}), ("npm", "lodash", None)),
    ("malicious, for development", "npm", node("npm", {"devDependencies": {"lodash": "4"}}), ("npm", "lodash", None)),
    ("malicious, of another", "npm", node("npm", {"dependencies": {"mkdirp": "0.5.5"}}), ("npm", "minimist", None)),
    ("malicious, of a member", "npm", node("npm", {"workspaces": ["packages/*"]}, files=WORKSPACE), ("npm", "lodash", None)),
    ("malicious", "yarn", node("yarn", {"dependencies": {"lodash": "4"}}), ("npm", "lodash", None)),
    ("malicious, of another", "yarn", node("yarn", {"dependencies": {"mkdirp": "0.5.5"}}), ("npm", "minimist", None)),
    ("malicious, of a member", "yarn", node("yarn", {"workspaces": ["packages/*"]}, files=WORKSPACE), ("npm", "lodash", None)),
    ("malicious, of a member", "yarn-berry", node("yarn-berry", {"workspaces": ["packages/*"]}, files=WORKSPACE), ("npm", "lodash", None)),
    ("malicious, of a member", "pnpm", node("pnpm", {}, files={**WORKSPACE, "pnpm-workspace.yaml": "packages:\n  - packages/*\n"}), ("npm", "lodash", None)),
    ("malicious", "yarn-berry", node("yarn-berry", {"devDependencies": {"lodash": "4"}}), ("npm", "lodash", None)),
    ("malicious, of another", "yarn-berry", node("yarn-berry", {"dependencies": {"mkdirp": "0.5.5"}}), ("npm", "minimist", None)),
    ("malicious", "pnpm", node("pnpm", {"dependencies": {"lodash": "4"}}), ("npm", "lodash", None)),
    ("malicious, of another", "pnpm", node("pnpm", {"dependencies": {"mkdirp": "0.5.5"}}), ("npm", "minimist", None)),
    ("malicious", "uv", pyproject("uv", ["jinja2"]), ("PyPI", "jinja2", None)),
    ("malicious, in a group", "uv", pyproject("uv", [], '[dependency-groups]\ntest = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, in an extra", "uv", pyproject("uv", [], '[project.optional-dependencies]\nweb = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, twice", "uv", pyproject("uv", ["jinja2"], '[dependency-groups]\ndev = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, of another", "uv", pyproject("uv", ["jinja2"]), ("PyPI", "markupsafe", None)),
    ("malicious", "poetry", pyproject("poetry", ["jinja2"]), ("PyPI", "jinja2", None)),
    ("malicious, in a group", "poetry", pyproject("poetry", [], '[dependency-groups]\ntest = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, in an extra", "poetry", pyproject("poetry", [], '[project.optional-dependencies]\nweb = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, of another", "poetry", pyproject("poetry", ["jinja2"]), ("PyPI", "markupsafe", None)),
    ("malicious", "pdm", pyproject("pdm", ["jinja2"]), ("PyPI", "jinja2", None)),
    ("malicious, in a group", "pdm", pyproject("pdm", [], '[dependency-groups]\ntest = ["jinja2"]\n'), ("PyPI", "jinja2", None)),
    ("malicious, of another", "pdm", pyproject("pdm", ["jinja2"]), ("PyPI", "markupsafe", None)),
    ("malicious", "pipenv", pipenv('[packages]\njinja2 = "*"\n'), ("PyPI", "jinja2", None)),
    ("malicious, for development", "pipenv", pipenv('[packages]\n\n[dev-packages]\njinja2 = "*"\n'), ("PyPI", "jinja2", None)),
    ("malicious", "composer", composer({"require": {"a/one": "*"}}), ("Packagist", "a/one", None)),
    ("malicious, for development", "composer", composer({"require-dev": {"a/one": "*"}}), ("Packagist", "a/one", None)),
    ("malicious, of another", "composer", composer({"require": {"b/two": "*"}}), ("Packagist", "a/one", None)),
    ("malicious", "bundle", bundler('gem "one"\n'), ("RubyGems", "one", None)),
    ("malicious, of another", "bundle", bundler('gem "two"\n'), ("RubyGems", "one", None)),
    ("malicious", "go", go("a", "v1.0.0"), ("Go", "h.example/a", None)),
    ("malicious, of another", "go", go("b", "v0.2.0"), ("Go", "h.example/a", None)),
    ("malicious", "pip", pip({"requirements.txt": "jinja2==3.1.2\n"}), ("PyPI", "jinja2", None)),
]


def record(folder, advisory):
    ecosystem, name, fixed, *introduced = advisory
    kind = "SEMVER" if ecosystem in ("crates.io", "npm", "Go") else "ECOSYSTEM"
    events = [{"introduced": (introduced or ["0"])[0]}] + ([{"fixed": fixed}] if fixed else [])
    identity = "X-2030-1" if fixed else "MAL-2030-1"
    put(folder, f"{identity}.json", {"id": identity, "modified": "2030-01-01T00:00:00Z", "summary": "Made up", "affected": [
        {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events}]}]})


def audit(folder, data):
    done = subprocess.run([HOOKD, "run", "audit", "--all", "--offline", "--format", "json"], cwd=folder, capture_output=True, text=True, env={**ENV, "HOOKD_DATA_DIR": str(data)})
    try:
        findings = json.loads(done.stdout)["findings"]
    except json.JSONDecodeError:
        raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
    return [one for one in findings if one["rule"] in ("X-2030-1", "MAL-2030-1")]


def follow(folder, finding):
    """Does what the help says: the edits, then the command."""
    data = finding["data"]
    written = re.search(r": write (\S+) in (\S+)$", finding["help"])
    if written:
        name, path = re.split(r"[=@]", written.group(1))[0], folder / written.group(2)
        path.write_text(re.sub(r"(?mi)^%s==.*$" % re.escape(name), written.group(1), path.read_text()))
        return None
    by_hand = re.search(r" remove (\S+) from (\S+) line (\d+), then lock anew$", finding["help"])
    if by_hand:
        path, line = folder / by_hand.group(2), int(by_hand.group(3)) - 1
        lines = path.read_text().split("\n")
        lines[line] = re.sub(r"[\"']%s\b[^\"']*[\"'],? ?" % re.escape(by_hand.group(1)), "", lines[line])
        path.write_text("\n".join(lines))
        sh("poetry lock", folder)
        return None
    taken = re.search(r": take (\S+) out of (\S+)$", finding["help"])
    if taken:
        path = folder / taken.group(2)
        path.write_text(re.sub(r"(?mi)^%s==.*\n" % re.escape(taken.group(1)), "", path.read_text()))
        return None
    for edit in data["edits"]:
        path = folder / edit["path"]
        lines = path.read_text().split("\n")
        line = lines[edit["line"] - 1]
        assert edit["from"] in line, (edit, line)
        lines[edit["line"] - 1] = line.replace(edit["from"], edit["to"])
        path.write_text("\n".join(lines))
    if not data["command"]:
        return "no command"
    command = data["command"]
    if "yarn-berry" in str(folder):
        command = re.sub(r"\byarn ", "yarn-berry ", command)
    done = sh(command, folder, must=False)
    return None if done.returncode == 0 else (done.stdout + done.stderr).strip()[-500:]


def main():
    wrong, count, missing = 0, {}, set()
    for number, (what, tool, make, advisory) in enumerate(CASES):
        if len(sys.argv) > 3 and sys.argv[3] not in (tool, what.split(",")[0]):
            continue
        if not shutil.which(tool):
            missing.add(tool)
            continue
        folder, data = TOP / f"{tool}-{number}", TOP / f"data-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        record(TOP / f"records-{number}", advisory)
        done = subprocess.run([HOOKD, "db", "import", "--force", str(TOP / f"records-{number}")], capture_output=True, text=True, env={**ENV, "HOOKD_DATA_DIR": str(data)})
        assert done.returncode == 0, done.stderr
        try:
            make(folder)
            sh("git init -q && printf 'node_modules\\nvendor\\ntarget\\n.venv\\n' > .gitignore && git add -A && git -c user.name=n -c user.email=e@h.example commit -qm x", folder)
            found = audit(folder, data)
        except RuntimeError as error:
            print(f"{tool}, {what}: not made: {error}")
            wrong += 1
            continue
        if not found:
            print(f"{tool}, {what}: NOT FOUND")
            wrong += 1
            continue
        said = follow(folder, found[0])
        sh("git add -A", folder)
        left = audit(folder, data)
        fixed = not said and not left
        wrong += not fixed
        count[tool] = count.get(tool, [0, 0])
        count[tool][0] += 1
        count[tool][1] += fixed
        print(f"{tool}, {what}: {'fixed' if fixed else 'NOT FIXED'}: {found[0]['help']}", flush=True)
        if said:
            print("    " + said.replace("\n", "\n    "))
    for tool in sorted(missing):
        print(f"skipped: {tool} is not installed")
    for tool, (cases, fixed) in count.items():
        print(f"{tool}: {fixed} of {cases}")
    return 1 if wrong else 0


sys.exit(main())
