#!/usr/bin/env bash
# Where the git command line becomes the cheaper way to list what is staged: `hookd run` with one staged file in
# repositories of growing size, with the threshold in src/git/repo.rs as it is. Needs git, hyperfine, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD:-$here/target/release/hookd}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
git config --global user.name Bench
git config --global user.email bench@example.com
for count in 100 1000 2000 4000 8000 16000 100000; do
  git init -q "$work/$count"
  cd "$work/$count"
  blob=$(echo content | git hash-object -w --stdin)
  python3 -c "
for n in range($count): print(f'100644 $blob 0\tdir{n % 97}/file{n}')" | git update-index --index-info
  git commit -qm start --no-verify
  echo more > new
  git add new
  hyperfine --style none --warmup 2 --runs 20 -N --export-json "$work/$count.json" "$hookd run" >/dev/null
  python3 - "$work/$count.json" "$count" "$(stat -c %s .git/index)" <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))["results"][0]
cpu = (result["user"] + result["system"]) * 1000
print(f"{int(sys.argv[2]):7} entries  index {int(sys.argv[3]) / 1024:8.0f} KiB  CPU {cpu:7.2f} ms  wall {result['median'] * 1000:7.2f} ms")
PY
done
