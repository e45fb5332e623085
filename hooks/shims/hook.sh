#!/bin/sh
# hookd shim 2: calls hookd for the git hook named below. `hookd uninstall` takes it out again.
hookd=@HOOKD@
hook=@HOOK@
if [ ! -x "$hookd" ]; then
  hookd=$(command -v hookd) || {
    case $HOOKD:$hook in
      # Who pushes must not be able to switch the check off.
      0:pre-receive | 0:update) ;;
      0:*) hookd=true ;;
    esac
    if [ "$hookd" ]; then
      echo "hookd: nothing is checked (HOOKD=0)" >&2
    else
      echo "hookd: $hook was not checked: the hookd program is gone." >&2
      echo "  put it back, then: hookd install" >&2
      echo "  to do without:     rm '$0'" >&2
      exit 1
    fi
  }
fi
kept="${0%/*}/$hook.before-hookd"
if [ -x "$kept" ]; then
  if [ "@INPUT@" ]; then
    # Both get what git says on standard input. It is text (githooks(5)).
    input=$(cat)
    say() { [ -z "$input" ] || printf '%s\n' "$input"; }
    say | "$kept" "$@" || exit
    say | "$hookd" run --hook "$hook" @GLOBAL@-- "$@"
    exit
  fi
  "$kept" "$@" || exit
fi
exec "$hookd" run --hook "$hook" @GLOBAL@-- "$@"
