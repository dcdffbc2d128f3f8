#!/bin/sh
# Leaks written from standards are found, their look-alikes are not: no worse than the floors say.
. tests/e2e/lib.sh

python=python3 # Debian's packages are seen by Debian's interpreter
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
if ! command -v "$python" >/dev/null; then
	echo "skipped: python3 is not installed"
	exit 0
fi
"$python" tests/leaks/generate.py --quick >"$folder/rows" 2>"$folder/err" || fail "generate.py: $(cat "$folder/err")"
cat "$folder/err"
"$python" tests/leaks/measure.py --program "$WATCHDESK" --floors tests/leaks/floors "$folder/rows" >"$folder/out" 2>&1 ||
	{ cat "$folder/out"; fail "the detection of leaks fell below tests/leaks/floors"; }
