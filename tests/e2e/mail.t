#!/bin/sh
# A letter goes by STARTTLS, with a name and a password, to a relay that stumbles: whatever it does, and whoever is killed, each letter
# that is due arrives, a repeat has the id of the first, and what will never go is said.
. tests/e2e/lib.sh
db=$folder/store/watchdesk.db
mkdir "$folder/sink" "$folder/spool"
tests/certificates "$folder"
export SMTP_USER=watchdesk SMTP_PASSWORD='Mezzanine 0001'

# start_sink [OPTIONS...]: its port in $relay
start_sink() {
	tests/mail_sink "$folder/sink" --certificate "$folder/good.pem" --key "$folder/good.key" "$@" >"$folder/sink.port" \
		2>"$folder/sink.err" &
	sink=$!
	site="$site $sink"
	until [ -s "$folder/sink.port" ]; do kill -0 $sink || fail "the sink: $(cat "$folder/sink.err")"; sleep 0.02; done
	relay=$(cat "$folder/sink.port")
}

start_monitor() {
	"$WATCHDESK" run --config "$config" >>"$folder/log" 2>&1 &
	monitor=$!
}

stop_monitor() {
	kill "${1:--TERM}" "$monitor" && wait "$monitor" 2>/dev/null
	monitor=''
}

mails() {
	cat "$folder"/sink/*.to 2>/dev/null | grep -cE -e "${1:-.}"
}

# Different letters that came.
different() {
	cat "$folder"/sink/*.eml 2>/dev/null | grep -a '^Message-ID:' | sort -u | wc -l
}

state() {
	query "SELECT count(*) FROM outbox WHERE state = '$1'"
}

# A letter, as whoever decides puts it there: letter RECIPIENT
letter() {
	query "INSERT INTO outbox (public_id, kind, recipient, subject, content, state, tries, made_at, due_at, answer)
		VALUES (lower(hex(randomblob(16))), 'alert', '$1', 's', CAST('{\"subject\":\"s\",\"text\":\"t\"}' AS BLOB), 'waiting', 0, 1, 1, '')"
}

start_sink --auth "$SMTP_USER:$SMTP_PASSWORD"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/spool, every: 1h}
END
cp "$config" "$folder/base"
relay_is() { # MORE-LINES
	cp "$folder/base" "$config"
	printf 'alerts:\n  smtp: smtp://127.0.0.1:%s\n  from: watchdesk@example.com\n  pace: 0\n%s\n' "$relay" "$1" >>"$config"
}
relay_is '  ca: ca.pem
  user: env:SMTP_USER
  password: env:SMTP_PASSWORD'

# The whole way, shown without what is secret.
verb 0 alert test desk@example.com
expect_line 'the greeting' '^> EHLO example.com$' "$folder/out"
expect_line 'the sign-in' '^> AUTH PLAIN \(hidden\)$' "$folder/out"
expect_line 'the end' '^< 250 2.0.0 Ok: queued as' "$folder/out"
expect_line 'TLS' '^TLS: TLSv1' "$folder/out"
expect_no_line 'the dialogue' "Mezzanine|$(printf '\0watchdesk\0Mezzanine 0001' | base64)" "$folder/out"
expect 'letters' 1 "$(mails '^desk@example.com$')"
verb 0 alert test desk@example.com --json
expect_json 'alert test --json' "$folder/out"
verb 2 alert test 'desk@example.com,b@example.com'
verb 2 alert test
echo 'rcpt 550 5.1.1 No such user' >"$folder/sink/fault"
verb 4 alert test nobody@example.com
expect_line 'why' 'to the recipient: 550 5.1.1 No such user' "$folder/err"
rm "$folder/sink/fault"
SMTP_PASSWORD=wrong verb 4 alert test desk@example.com
expect_line 'why' 'to our name and password: 535' "$folder/err"
verb 0 crawl

# A relay that stumbles: what may go later waits, what will never go is dead, and is said wherever somebody looks.
cat >"$folder/sink/fault" <<-END
rcpt:grey@example.com x1 450 4.7.1 Greylisted
rcpt:full@example.com x1 452 4.2.2 Full
end:lost@example.com x1 drop
rcpt:nobody@example.com 550 5.1.1 No such user
end:large@example.com 552 5.3.4 Too large
END
for who in grey full lost nobody large 'two@example.com,three' fine; do letter "$who@example.com"; done
start_monitor
wait_for 'letters that will not go' is 3 state dead
wait_for 'letters that went' is 1 state sent
wait_for 'letters that were tried' is 7 query 'SELECT count(*) FROM outbox WHERE tries > 0'
expect 'letters that wait' 3 "$(state waiting)"
query "UPDATE outbox SET due_at = 1 WHERE state = 'waiting'"
wait_for 'letters that went' is 4 state sent
stop_monitor
expect 'what was taken and not said' 2 "$(mails '^lost@')"
expect 'and its ids' 1 "$(for to in "$folder"/sink/*.to; do grep -q '^lost@' "$to" && grep -a '^Message-ID' "${to%.to}.eml"; done | sort -u | wc -l)"
verb 0 alert log --state dead
expect 'dead letters' 3 "$(count ' dead ' "$folder/out")"
expect_line 'why' 'after 1 try: the relay answers to the recipient: 550 5.1.1' "$folder/out"
verb 0 alert log --json --limit 2
expect_json 'alert log --json' "$folder/out"
verb 2 alert log --state gone
verb 0 report
expect_line 'the report' '3</b> letters will|3 letters will' "$folder/report/index.html"
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>&1
expect_line 'doctor' 'the mail relay lets us in' "$folder/out"
expect_line 'doctor' 'letters go.*3 will not go' "$folder/out"

# Somebody mends it.
id=$(query "SELECT public_id FROM outbox WHERE recipient = 'nobody@example.com'")
rm "$folder/sink/fault"
verb 0 alert resend "$(echo "$id" | cut -c1-8)"
verb 2 alert resend 000000
start_monitor
wait_for 'the letter that was dead' is 1 mails '^nobody@'
stop_monitor
verb 0 alert resend "$(query "SELECT public_id FROM outbox WHERE recipient = 'fine@example.com'")"
verb 0 crawl # a round ends when what is due has gone
expect 'one that went, once more' 2 "$(mails '^fine@')"

# STARTTLS is taken out on the way: nothing goes, and no password.
echo 'starttls absent' >"$folder/sink/fault"
: >"$folder/sink/log"
letter stripped@example.com
verb 0 crawl
expect 'letters' 0 "$(mails '^stripped@')"
expect_no_line 'what the relay heard' 'AUTH|MAIL' "$folder/sink/log"
query "SELECT answer FROM outbox WHERE recipient = 'stripped@example.com'" >"$folder/why"
expect_line 'the reason' 'no STARTTLS' "$folder/why"
rm "$folder/sink/fault"
query "UPDATE outbox SET state = 'silenced' WHERE state <> 'sent'"

# Killed between any two steps: every letter arrives, and twice only under the same id.
rm -f "$folder"/sink/*.eml "$folder"/sink/*.to
for i in $(seq 30); do letter "kill$i@example.com"; done
for step in ehlo auth mail rcpt data end; do
	echo "$step x3 sleep 0.15" >"$folder/sink/fault"
	start_monitor
	sleep 0.45
	stop_monitor -KILL
done
rm "$folder/sink/fault"
start_monitor
wait_for 'letters that went' is 0 state waiting
stop_monitor
expect 'different letters' 30 "$(different)"
expect 'those who got one' 30 "$(cat "$folder"/sink/*.to | sort -u | wc -l)"
[ "$(mails)" -le 36 ] || fail "$(mails) letters for 30, killed six times"

# ... also when the relay has answered, and the writer has not heard it.
rm -f "$folder"/sink/*.eml "$folder"/sink/*.to
: >"$folder/sink/log"
echo 'rcpt x1 sleep 0.5' >"$folder/sink/fault"
letter late@example.com
start_monitor
wait_for 'the letter on its way' is 1 count '^RCPT' "$folder/sink/log"
writer=''
for pid in $(pgrep -P "$monitor"); do ls -l "/proc/$pid/fd" 2>/dev/null | grep -q 'watchdesk.db-wal$' && writer="$writer $pid"; done
[ -n "$writer" ] || fail 'no process has the store open'
kill -STOP $writer
wait_for 'the letter' is 1 mails '^late@'
kill -KILL $writer
stop_monitor -KILL
expect 'what the store knows' 1 "$(state waiting)"
start_monitor
wait_for 'what waits' is 0 state waiting
stop_monitor
expect 'letters, the second as the first' '2 1' "$(mails '^late@') $(different)"

# One connection for many.
rm -f "$folder"/sink/*.eml "$folder"/sink/*.to
: >"$folder/sink/log"
for i in $(seq 20); do letter "one$i@example.com"; done
verb 0 crawl
expect 'letters' 20 "$(mails)"
expect 'connections' 1 "$(count connection "$folder/sink/log")"

expect_no_line 'the log' 'Mezzanine' "$folder/log"
expect_no_line 'the store' 'Mezzanine' "$db"
