#!/usr/bin/env bash
# Nine hygiene checks over 5,000 files: hookd beside prek's built-in hooks, in the same run. Needs git, hyperfine, python3
# and prek ($PREK, or in PATH; `pip install prek`). $FILES names a folder to take the files from.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD:-$here/target/release/hookd}
prek=${PREK:-prek}
count=${COUNT:-5000}
from=${FILES:-$HOME/.cargo/registry/src}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
command -v "$prek" >/dev/null || { echo "prek is missing: pip install prek" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$from" "$work/repo" "$count" <<'PY'
import os, shutil, sys
source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
found = []
for folder, _, names in os.walk(source):
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.islink(path) and 0 < os.path.getsize(path) < 500_000 and name != ".gitattributes":
            found.append(path)
found.sort()
step = max(1, len(found) // count)
for at, path in enumerate(found[::step][:count]):
    place = os.path.join(target, f"d{at % 97}", f"{at}_{os.path.basename(path)}")
    os.makedirs(os.path.dirname(place), exist_ok=True)
    shutil.copyfile(path, place)
PY
export HOME=$work GIT_CONFIG_NOSYSTEM=1 PREK_HOME=$work/prek
cd "$work/repo"
git init -q
git config user.name Bench
git config user.email bench@example.com
git config core.autocrlf false
ids=(trailing-whitespace end-of-file-fixer mixed-line-ending fix-byte-order-marker check-merge-conflict check-json check-toml check-yaml detect-private-key)
{
  echo "[scan.hygiene]"
  printf 'checks = ['; printf '"%s", ' "${ids[@]}"; echo ']'
  echo 'disable = ["check-xml", "check-case-conflict", "check-symlinks", "check-added-large-files"]'
} > hookd.toml
{
  printf 'repos:\n- repo: builtin\n  hooks:\n'
  printf '  - id: %s\n' "${ids[@]}"
} > .pre-commit-config.yaml
git add -A
# prek fixes files in place: each of its runs starts from the files as they were, and hookd's does the same.
git commit -qm start --no-verify
reset='git checkout -q -- . && git update-index -q --refresh'
echo "$(git ls-files | wc -l) files, $(git ls-files -z | xargs -0 cat | wc -c) bytes"
hyperfine --style none --warmup 1 --runs "${RUNS:-10}" -i --prepare "$reset" --export-json "$work/all.json" \
  "$hookd run --all hygiene -q" "$prek run --all-files -q" >/dev/null
python3 - "$work/all.json" <<'PY'
import json, sys
ours, theirs = json.load(open(sys.argv[1]))["results"]
cpu = lambda result: result["user"] + result["system"]
for name, result in (("hookd", ours), ("prek", theirs)):
    print(f"{name:6} CPU {cpu(result):.3f} s  wall {result['median']:.3f} s")
print(f"ratio of CPU {cpu(ours) / cpu(theirs):.2f}")
PY
