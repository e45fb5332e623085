#!/usr/bin/env bash
# Secret scanners side by side on one corpus: MB/s per core over the whole process (user + system time), peak memory,
# findings; and the time of one small file. The corpus is put together from packages of three registries and from the
# sources that cargo has fetched already, so every run on one machine sees the same bytes.
# Needs python3 with pip, npm is used where it is there. Usage: benches/secrets.sh [MEGABYTES]
set -euo pipefail
megabytes=${1:-150}
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD:-$here/target/release/hookd}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
store=${BENCH_STORE:-${TMPDIR:-/tmp}/hookd-bench-secrets} # outside of any repository: no ignore rules
mkdir -p "$store/packages" "$store/tools"

# Scanners of others, into a folder of their own.
[ -d "$store/tools/python" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$store/tools/python" \
  kingfisher-bin detect-secrets 2>/dev/null || echo "skipped: kingfisher-bin and detect-secrets cannot be installed" >&2
kingfisher=$store/tools/python/kingfisher/bin/kingfisher
if [ -f "$kingfisher" ]; then chmod +x "$kingfisher"; else kingfisher=; fi
ripsecrets=$(command -v ripsecrets || true)

if [ ! -d "$store/corpus" ]; then
  (cd "$store/packages"
   python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :none: \
     django sqlalchemy boto3 botocore matplotlib pandas ansible-core 2>/dev/null || true
   ! command -v npm >/dev/null || npm pack --silent typescript webpack eslint express >/dev/null 2>&1 || true)
  python3 - "$store" "$megabytes" "${CARGO_HOME:-$HOME/.cargo}/registry/src" <<'PY'
import pathlib, shutil, subprocess, sys, zipfile
store, limit = pathlib.Path(sys.argv[1]), int(sys.argv[2]) * 1_000_000
corpus = store / "corpus.part"
shutil.rmtree(corpus, ignore_errors=True)
raw = store / "raw"
for package in sorted((store / "packages").iterdir()):
    target = raw / package.name
    target.mkdir(parents=True, exist_ok=True)
    if package.suffix == ".whl":
        zipfile.ZipFile(package).extractall(target)
    elif package.name.endswith((".tgz", ".tar.gz")):
        subprocess.run(["tar", "-xzf", package, "-C", target], check=True)
taken = 0
for root in (raw, pathlib.Path(sys.argv[3])):
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        if taken >= limit or path.is_symlink() or not path.is_file():
            continue
        size = path.stat().st_size
        # What every scanner reads: text of a size that none of them skips.
        if not 0 < size < 1_000_000 or b"\0" in path.open("rb").read(8192):
            continue
        target = corpus / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        taken += size
shutil.rmtree(raw, ignore_errors=True)
corpus.rename(store / "corpus")
PY
fi
printf 'a = 1\nprint("one small file")\n' > "$store/small.py"

export KINGFISHER="$kingfisher" RIPSECRETS="$ripsecrets" HOOKD_BIN="$hookd"
export PYTHONPATH="$store/tools/python" XDG_CONFIG_HOME="$store/no-config"
python3 - "$store" <<'PY'
import json, os, pathlib, resource, subprocess, sys, tempfile, time
store = pathlib.Path(sys.argv[1])
corpus, small = store / "corpus", store / "small.py"
files = [path for path in corpus.rglob("*") if path.is_file()]
megabytes = sum(path.stat().st_size for path in files) / 1e6
print(f"{len(files)} files, {megabytes:.0f} MB")

def run(command, keep=False):
    """CPU seconds, wall seconds, peak MiB, output of a command, all its processes counted."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        child = subprocess.Popen(command, cwd=store, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        wall = time.monotonic() - began
        # What a floor prints is not read: the memory of this process would count as the peak of the next.
        out.seek(0)
        text = out.read() if keep else b""
        return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text

def hookd_count(out):
    return len(json.loads(out)["findings"])

def detect_secrets_count(out):
    return sum(len(found) for found in json.loads(out)["results"].values())

hookd = [os.environ["HOOKD_BIN"], "run", "--format", "json", "secrets", "--files"]
tools = [
    ("floor: cat", lambda what: ["find", what, "-type", "f", "-exec", "cat", "{}", "+"], None),
    ("floor: grep -c, one literal", lambda what: ["grep", "-rcF", "no such literal", what], None),
    ("hookd", lambda what: hookd + [what], hookd_count),
]
if os.environ["KINGFISHER"]:
    tools.append(("kingfisher", lambda what: [os.environ["KINGFISHER"], "scan", "--no-validate", "--no-update-check",
                                              "--git-history", "none", "--format", "json", what], None))
if os.environ["RIPSECRETS"]:
    tools.append(("ripsecrets", lambda what: [os.environ["RIPSECRETS"], what], lambda out: len(out.splitlines())))
if (store / "tools/python/detect_secrets").is_dir():
    tools.append(("detect-secrets", lambda what: [sys.executable, "-m", "detect_secrets", "scan", "--no-verify", "--all-files", what],
                  detect_secrets_count))
# detect-secrets would take the better part of an hour: it gets the first 3 MB.
part, size = [], 0
for path in sorted(files):
    if size < 3e6:
        part.append(str(path))
        size += path.stat().st_size
print(f"{'':30} {'MB/s a core':>12} {'CPU s':>8} {'wall s':>8} {'peak MiB':>9} {'findings':>9} {'one file ms':>12}")
for name, command, count in tools:
    run(command(str(small)))  # warm
    slow = name == "detect-secrets"
    whole = command(str(corpus))[:-1] + part if slow else command(str(corpus))
    done = size / 1e6 if slow else megabytes
    cpu, wall, peak, out = min((run(whole, count is not None) for _ in range(1 if slow else 2)), key=lambda one: one[0])
    one = min(run(command(str(small)))[1] for _ in range(5)) * 1000
    found = ""
    if count:
        try:
            found = count(out)
        except (ValueError, KeyError):
            found = "?"
    print(f"{name:30} {done / max(cpu, 1e-9):12.1f} {cpu:8.2f} {wall:8.2f} {peak:9.0f} {found!s:>9} {one:12.1f}")
PY
