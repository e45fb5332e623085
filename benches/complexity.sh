#!/usr/bin/env bash
# MB of source per CPU-second of hookd, ruff, gocyclo, lizard and ESLint over the files of one language at a time.
#   benches/complexity.sh FOLDER…
# Tools that are not installed are left out, and so are languages with less than 200 KB in the folders. Where there are less than
# 5 MB, hookd, ruff and gocyclo read the files several times, each time in a folder of its own: otherwise the start of the
# program is most of what is measured. ESLINT names a folder with node_modules/eslint in it. Needs python3.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD:-$here/target/release/hookd}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
[ $# -gt 0 ] || { echo "usage: benches/complexity.sh FOLDER…" >&2; exit 2; }
exec python3 - "$hookd" "$@" <<'PY'
import os, resource, shutil, subprocess, sys, tempfile

LANGUAGES = {
    "Python": ["py"], "JavaScript": ["js", "mjs", "cjs"], "TypeScript": ["ts", "tsx"], "Go": ["go"], "Rust": ["rs"],
    "C": ["c", "h"], "C++": ["cpp", "cc", "hpp"], "C#": ["cs"], "Java": ["java"], "Kotlin": ["kt"], "PHP": ["php"],
    "Ruby": ["rb"], "Scala": ["scala"], "Swift": ["swift"], "Lua": ["lua"],
}
LIZARD = {"Python", "JavaScript", "TypeScript", "Go", "C", "C++", "C#", "Java", "Kotlin", "PHP", "Ruby", "Scala", "Swift", "Lua"}
MOST, SLOW, LEAST = 40_000_000, 2_000_000, 5_000_000
hookd, folders = os.path.abspath(sys.argv[1]), sys.argv[2:]
eslint = os.environ.get("ESLINT") and os.path.abspath(os.environ["ESLINT"])

def files(endings, most):
    found, size = [], 0
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                path = os.path.join(root, name)
                if name.rsplit(".", 1)[-1] in endings and "." in name and os.path.isfile(path) and not os.path.islink(path):
                    found.append(path)
                    size += os.path.getsize(path)
                    if size > most:
                        return found, size
    return found, size

def cpu(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

def copied(paths, times):
    folder = tempfile.mkdtemp()
    for time in range(times):
        copy = os.path.join(folder, str(time))
        os.mkdir(copy)
        for number, path in enumerate(paths):
            shutil.copy(path, os.path.join(copy, f"{number}_{os.path.basename(path)}"))
    return folder

def tools(language):
    if language == "Python" and shutil.which("ruff"):
        yield "ruff", MOST, lambda f: ["ruff", "check", "--isolated", "--no-cache", "-q", "--select", "C901", "--config", "lint.mccabe.max-complexity=0", f]
    if language == "Go" and shutil.which("gocyclo"):
        yield "gocyclo", MOST, lambda f: ["gocyclo", f]
    if language in LIZARD and shutil.which("lizard"):
        yield "lizard", SLOW, lambda f: ["lizard", "-C", "100000", f]
    if language == "JavaScript" and eslint:
        def command(f):
            config = os.path.join(f, "eslint.config.mjs")
            with open(config, "w") as out:
                out.write('export default [{ files: ["**/*.{js,mjs,cjs}"], rules: { complexity: ["error", 0] } }];\n')
            return ["node", os.path.join(eslint, "node_modules/eslint/bin/eslint.js"), "--no-inline-config", "-c", config, f]
        yield "eslint", SLOW, command

for language, endings in LANGUAGES.items():
    every = [("hookd", MOST, lambda f: [hookd, "metrics", "--format", "json", f])] + list(tools(language))
    line = []
    for name, most, command in every:
        paths, size = files(endings, most)
        if size < 200_000:
            break
        times = -(-LEAST // size) if most == MOST else 1
        folder = copied(paths, times)
        try:
            seconds = min(cpu(command(folder), folder) for _ in range(3 if name == "hookd" else 1))
        finally:
            shutil.rmtree(folder)
        sample = f"{size / 1e6:.1f} MB" + (f", {times} times" if times > 1 else "")
        line.append(f"{name} {times * size / 1e6 / max(seconds, 0.001):8.1f} MB/s ({sample})")
    if line:
        print(f"{language:11} " + "   ".join(line), flush=True)
PY
