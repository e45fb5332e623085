#!/usr/bin/env bash
# What hookd adds to `git commit`: CPU time (user + system, all processes) of a commit of 10 small files with every scanner
# on, minus that of the same commit with --no-verify. The two alternate, so that both see the same machine.
# Needs git, hyperfine and python3. Usage: benches/commit.sh [ROUNDS]
set -euo pipefail
rounds=${1:-10}
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD:-$here/target/release/hookd}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home HOOKD_DATA_DIR=$work/data GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
git config --global user.name Bench
git config --global user.email bench@example.com
git config --global gc.auto 0
git init -q "$work/repo"
cd "$work/repo"
# Ten files of about 60 lines, in four languages.
python3 <<'PY'
import pathlib
kinds = {
    "py": "def f{i}(x):\n    if x > {i}:\n        return x\n    return {i}\n\n",
    "js": "function f{i}(x) {{\n  return x > {i} ? x : {i};\n}}\n",
    "go": "func f{i}(x int) int {{\n\tif x > {i} {{\n\t\treturn x\n\t}}\n\treturn {i}\n}}\n",
    "rs": "fn f{i}(x: u32) -> u32 {{\n    if x > {i} {{ x }} else {{ {i} }}\n}}\n",
}
for n in range(10):
    kind = list(kinds)[n % 4]
    body = "".join(kinds[kind].format(i=i) for i in range(12))
    mark = {"py": "#"}.get(kind, "//")
    pathlib.Path(f"file{n}.{kind}").write_text(f"{mark} version 0\n{body}")
PY
git add . && git commit -qm start
"$hookd" install >/dev/null
cat > "$work/prepare.sh" <<PREPARE
#!/bin/sh
cd "$work/repo" || exit
stamp=\$(date +%s%N)
for file in file*; do sed -i "1s/version.*/version \$stamp/" "\$file"; done
git add .
PREPARE
chmod +x "$work/prepare.sh"
for round in $(seq "$rounds"); do
  for kind in plain hookd; do
    [ "$kind" = plain ] && flag=--no-verify || flag=--verify
    hyperfine --style none --warmup 1 --runs 10 --prepare "$work/prepare.sh" --export-json "$work/$kind.$round.json" \
      -N "git commit -qm x $flag" >/dev/null
  done
done
python3 - "$work" "$rounds" <<'PY'
import json, statistics, sys
work, rounds = sys.argv[1], int(sys.argv[2])
def cpu(kind, n):
    result = json.load(open(f"{work}/{kind}.{n}.json"))["results"][0]
    return (result["user"] + result["system"]) * 1000, result["median"] * 1000
pairs = [(cpu("plain", n), cpu("hookd", n)) for n in range(1, rounds + 1)]
median = statistics.median
print(f"plain commit   CPU {median([p[0] for p, _ in pairs]):6.2f} ms   wall {median([p[1] for p, _ in pairs]):6.2f} ms")
print(f"with hookd     CPU {median([h[0] for _, h in pairs]):6.2f} ms   wall {median([h[1] for _, h in pairs]):6.2f} ms")
print(f"difference     CPU {median([h[0] - p[0] for p, h in pairs]):6.2f} ms   wall {median([h[1] - p[1] for p, h in pairs]):6.2f} ms   ({rounds} rounds of 10)")
PY
