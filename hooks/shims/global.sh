#!/bin/sh
# hookd shim 2: for all repositories of this user. `hookd uninstall --global` takes it out again.
hookd=@HOOKD@
hook=@HOOK@
# git runs hooks from this folder instead of the repository's own, so those are run from here.
git_dir=${GIT_COMMON_DIR:-${GIT_DIR:-.git}}
if [ ! -d "$git_dir" ] || [ -f "$git_dir/commondir" ]; then
  git_dir=$(git rev-parse --git-common-dir) || exit
fi
own=$git_dir/hooks/$hook
if [ -x "$own" ]; then
  { read -r _; read -r mark; } < "$own"
  # Installed in the repository too: that one checks.
  case $mark in "# hookd shim "*) exec "$own" "$@" ;; esac
fi
if [ ! -x "$hookd" ]; then
  hookd=$(command -v hookd) || {
    echo "hookd: $hook was not checked: the hookd program is gone." >&2
    echo "  put it back, then: hookd install --global" >&2
    echo "  to do without:     git config --global --unset core.hooksPath" >&2
    exit 1
  }
fi
if [ -x "$own" ]; then
  if [ "@INPUT@" ]; then
    # Both get what git says on standard input. It is text (githooks(5)).
    input=$(cat)
    say() { [ -z "$input" ] || printf '%s\n' "$input"; }
    say | "$own" "$@" || exit
    say | "$hookd" run --hook "$hook" @GLOBAL@-- "$@"
    exit
  fi
  "$own" "$@" || exit
fi
exec "$hookd" run --hook "$hook" @GLOBAL@-- "$@"
