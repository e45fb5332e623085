#!/bin/sh
# hookd passes this git hook on to the repository's own. `hookd uninstall --global` takes it out again.
hook=@HOOK@
git_dir=${GIT_COMMON_DIR:-${GIT_DIR:-.git}}
if [ ! -d "$git_dir" ] || [ -f "$git_dir/commondir" ]; then
  git_dir=$(git rev-parse --git-common-dir) || exit
fi
own=$git_dir/hooks/$hook
[ ! -x "$own" ] || exec "$own" "$@"
