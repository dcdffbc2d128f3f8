#!/bin/sh
# A page that ends its reader twice is put aside and named in health; the round goes on, and it is not asked for again.
. tests/e2e/lib.sh

[ -r /proc/self/stat ] || { echo "skipped: no /proc"; exit 0; }

# One host, one page every two seconds: the page that was asked for last is the only one that is being read.
start_site
configure <<'END'
  - name: deadly
    files: ["@URL@/fault/nested"]
    pace: 2s
    every: 1h
    allow_private: true
  - name: good
    files: ["@URL@/raw/warning"]
    pace: 2s
    every: 1h
    allow_private: true
END

# The page takes its reader some hundred milliseconds; whoever has it and works is killed, as the kernel does when memory is short.
kill_reader() {
	for pid in $(cat "/proc/$monitor/task/$monitor/children" 2>/dev/null); do
		read -r stat 2>/dev/null <"/proc/$pid/stat" || continue
		case $stat in
		*'(wd-worker) R'*) kill -9 "$pid" 2>/dev/null ;;
		esac
	done
}

"$WATCHDESK" crawl --config "$config" >"$folder/out" 2>"$folder/err" &
monitor=$!
while kill -0 "$monitor" 2>/dev/null; do
	case $(tail -n 1 "$folder/site.log") in
	*' /fault/nested '*) kill_reader ;;
	esac
	sleep 0.01
done
wait "$monitor"
expect "exit code of the round" 0 $?
monitor=''
expect "health of the page that ended its readers" quarantine "$(health_of deadly)"

requests=$(count ' /fault/nested ' "$folder/site.log")
verb 0 crawl
expect "health of the page afterwards" quarantine "$(health_of deadly)"
expect "requests for it afterwards" "$requests" "$(count ' /fault/nested ' "$folder/site.log")"
expect "health of the other source" - "$(health_of good)"
verb 0 list
expect_line "the threat was found beside it" '/raw/warning$' "$folder/out"
