# The command for git's configuration (git-hook(1)), put on one line. git appends the arguments of the hook.
hookd=@HOOKD@;
[ -x "$hookd" ] ||
hookd=$(command -v hookd) ||
{ echo "hookd:" @HOOK@ "was not checked: the hookd program is gone. Put it back, then: hookd install" >&2;
echo "  to do without: git config --remove-section hook.hookd-"@HOOK@ >&2;
exit 1; };
exec "$hookd" run --hook @HOOK@ --configured @GLOBAL@--
