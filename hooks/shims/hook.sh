#!/bin/sh
# hookd shim 1: calls hookd for the git hook named below. `hookd uninstall` takes it out again.
hookd=@HOOKD@
hook=@HOOK@
kept="${0%/*}/$hook.before-hookd"
if [ -x "$kept" ]; then
  "$kept" "$@" || exit
fi
if [ ! -x "$hookd" ]; then
  hookd=$(command -v hookd) || {
    if [ "$HOOKD" = 0 ]; then
      echo "hookd: nothing is checked (HOOKD=0)" >&2
      exit 0
    fi
    echo "hookd: $hook was not checked: the hookd program is gone." >&2
    echo "  put it back, then: hookd install" >&2
    echo "  to do without:     rm '$0'" >&2
    exit 1
  }
fi
exec "$hookd" run --hook "$hook" -- "$@"
