#!/usr/bin/env bash
# What a command hook that does nothing costs on a commit of 10 small files: CPU time (user + system, all processes) over the
# same commit with --no-verify, for hookd and for every peer that is there. All take turns in each round, so that they see the
# same machine. `true` is a bare #!/bin/sh hook: what git itself pays for running one.
# Needs git, hyperfine and python3; prek and lefthook from PATH, or from PREK and LEFTHOOK: the programs themselves, since the
# scripts that npm and pip put before them cost more than they do.
# Usage: benches/hook.sh [ROUNDS]
set -euo pipefail
rounds=${1:-10}
here=$(cd "$(dirname "$0")/.." && pwd)
hookd=${HOOKD_PROGRAM:-$here/target/release/hookd}
prek=${PREK:-$(command -v prek || true)}
lefthook=${LEFTHOOK:-$(command -v lefthook || true)}
[ -x "$hookd" ] || { echo "build it first: cargo build --release" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home HOOKD_DATA_DIR=$work/data GIT_CONFIG_NOSYSTEM=1
unset HOOKD XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
mkdir -p "$HOME"
git config --global user.name Bench
git config --global user.email bench@example.com
git config --global gc.auto 0

repository() { # NAME: ten files of 60 lines, one commit
  git init -q "$work/$1"
  cd "$work/$1"
  python3 - <<'PY'
import pathlib
for n in range(10):
    body = "".join(f"line {i} of file {n}\n" for i in range(60))
    pathlib.Path(f"file{n}.txt").write_text(f"version 0\n{body}")
PY
  git add . && git commit -qm start
  cat > "$work/$1.sh" <<PREPARE
#!/bin/sh
cd "$work/$1" || exit
stamp=\$(date +%s%N)
for file in file*; do sed -i "1s/version.*/version \$stamp/" "\$file"; done
git add .
PREPARE
  chmod +x "$work/$1.sh"
}

kinds=(plain)
repository plain
repository true
printf '#!/bin/sh\nexit 0\n' > .git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
kinds+=(true)
repository hookd
printf '[scan.%s]\nenabled = false\n' secrets audit complexity hygiene > hookd.toml
printf '[[hook]]\nid = "noop"\nrun = ["true"]\n' >> hookd.toml
git add . && git commit -qm configured
"$hookd" install >/dev/null
kinds+=(hookd)
repository hookd-all
printf '[[hook]]\nid = "noop"\nrun = ["true"]\n' > hookd.toml
git add . && git commit -qm configured
"$hookd" install >/dev/null
kinds+=(hookd-all)
if [ -x "$prek" ]; then
  repository prek
  printf 'repos:\n- repo: local\n  hooks:\n  - id: noop\n    name: noop\n    language: system\n    entry: "true"\n' > .pre-commit-config.yaml
  git add . && git commit -qm configured
  "$prek" install >/dev/null 2>&1
  kinds+=(prek)
fi
if [ -x "$lefthook" ]; then
  repository lefthook
  printf 'pre-commit:\n  commands:\n    noop:\n      run: "true {staged_files}"\n' > lefthook.yml
  git add . && git commit -qm configured
  PATH=$(dirname "$lefthook"):$PATH "$lefthook" install >/dev/null 2>&1
  kinds+=(lefthook)
  export PATH=$(dirname "$lefthook"):$PATH
fi
for round in $(seq "$rounds"); do
  for kind in "${kinds[@]}"; do
    cd "$work/$kind"
    [ "$kind" = plain ] && flag=--no-verify || flag=--verify
    hyperfine --style none --warmup 1 --runs 10 --prepare "$work/$kind.sh" --export-json "$work/$kind.$round.json" \
      -N "git commit -qm x $flag" >/dev/null
  done
done
python3 - "$work" "$rounds" "${kinds[@]}" <<'PY'
import json, statistics, sys
work, rounds, kinds = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
names = {"true": "#!/bin/sh, exit 0", "hookd": "hookd, no-op command", "hookd-all": "hookd, no-op and all scanners",
         "prek": "prek, no-op", "lefthook": "lefthook, no-op"}
def cpu(kind, n):
    result = json.load(open(f"{work}/{kind}.{n}.json"))["results"][0]
    return (result["user"] + result["system"]) * 1000, result["median"] * 1000
median = statistics.median
plain = [cpu("plain", n) for n in range(1, rounds + 1)]
print(f"{'plain commit':30} CPU {median(p[0] for p in plain):6.1f} ms   wall {median(p[1] for p in plain):6.1f} ms")
for kind in kinds[1:]:
    more = [(c[0] - p[0], c[1] - p[1]) for c, p in zip((cpu(kind, n) for n in range(1, rounds + 1)), plain)]
    print(f"{names[kind]:30} CPU {median(m[0] for m in more):+6.1f} ms   wall {median(m[1] for m in more):+6.1f} ms")
PY
