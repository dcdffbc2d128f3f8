#!/bin/sh
# Who gets what: 500 findings of 40 campaigns are few mails; what a kill takes away comes again, once; a verdict silences what has not
# gone; a subscription by command waits for its answer; and the last of a class does not leave.
. tests/e2e/lib.sh

start_monitor() {
	"$WATCHDESK" run --config "$config" >"$folder/out" 2>>"$folder/log" &
	monitor=$!
}

stop_monitor() { # [-9]
	kill ${1:-} "$monitor" && wait "$monitor" 2>/dev/null
	monitor=''
}

# How many mails the sink has, for addresses that match.
mails() {
	cat "$folder"/sink/*.to 2>/dev/null | grep -cE -e "$1"
}

findings() {
	query 'SELECT count(*) FROM finding'
}

waiting() {
	query "SELECT count(*) FROM outbox WHERE state = 'waiting' AND kind = 'alert'"
}

# A threat of its own for each number: most of its words are no other's.
post() { # CAMPAIGN COPY
	{
		echo "Letter $1 to Example Pictures."
		cat tests/site/posts/warning.txt
		seq -f "No. $1 of %g" -s ', ' 60
	} >"$folder/new" && mv "$folder/new" "$folder/spool/$1-$2.txt"
}

mkdir "$folder/sink" "$folder/spool"
tests/mail_sink "$folder/sink" --tls none >"$folder/sink.port" 2>"$folder/sink.err" &
site=$!
while [ ! -s "$folder/sink.port" ]; do kill -0 $site || fail "the sink: $(cat "$folder/sink.err")"; sleep 0.02; done
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/spool, every: 1h}
END
cat >>"$config" <<-END
alerts: {smtp: "smtp://127.0.0.1:$(cat "$folder/sink.port")", from: watchdesk@example.com, tls: none, pace: 0, ceiling: 100}
subscriptions:
END
later=$(date -u -d '11 hours' +%H:%M) # no digest is due by itself while we look
for i in 0 1 2 3 4 5 6 7 8 9; do
	cat >>"$config" <<-END
	  - {to: once$i@example.com}
	  - {to: nightly$i@example.com, when: "daily $later"}
	  - {to: weekly$i@example.com, when: "weekly $(LC_ALL=C date -u -d '3 days' +%a) 07:00 Europe/Berlin"}
	  - {to: other$i@example.com, categories: [leak], sources: [spool], severity: 100}
	END
done
verb 0 check

# 500 findings of 40 campaigns.
for i in $(seq 0 499); do post $((i % 40)) "$i"; done
start_monitor
wait_for 'findings' is 500 findings
wait_for 'mails to those who want them at once' is 400 mails 'once'
wait_for 'what still waits' is 0 waiting
for i in 0 5 9; do expect "one mail a campaign for once$i" 40 "$(mails "^once$i@")"; done
expect 'mails to others' 400 "$(mails .)"
expect 'what was counted instead' 460 "$(query "SELECT sum(repeats) FROM told JOIN subscription ON subscription.id = subscription_id WHERE recipient = 'once0@example.com'")"
query 'UPDATE told SET held_until = 1 WHERE held_until IS NOT NULL'
wait_for 'digests' is 20 mails 'nightly|weekly'
expect 'digests of one subscriber' 1 "$(mails '^weekly3@')"
expect 'in all, where each hit to each address is 15000' 420 "$(mails .)"

# What the relay does not take waits; the monitor is killed; a verdict comes; then all is well again.
echo 'mail 450 4.7.1 Later' >"$folder/sink/fault"
post 40 a
post 41 a
wait_for 'new findings' is 502 findings
wait_for 'their mails' is 20 waiting
stop_monitor -9
expect 'after the kill' 20 "$(waiting)"
id=$(query "SELECT substr(finding.public_id, 1, 8) FROM finding JOIN post ON post.id = post_id WHERE post.url LIKE '%40-a.txt'")
verb 0 mark "$id" false-positive
expect 'what the verdict leaves' 10 "$(waiting)"
rm "$folder/sink/fault"
query "UPDATE outbox SET due_at = 1 WHERE state = 'waiting'"
post 40 b
post 41 b
start_monitor
wait_for 'findings after it' is 503 findings # what repeats a false positive is none
wait_for 'mails after it' is 410 mails once
stop_monitor
expect 'nothing of what was judged' 410 "$(mails once)"
grep -hi '^Message-ID:' "$folder"/sink/*.eml | sort | uniq -d >"$folder/twice"
expect 'mails that came twice' 0 "$(wc -l <"$folder/twice")"

# By command: asked, then told.
verb 2 subscribe 'a@example.com,b@example.com'
verb 2 subscribe new@example.com --asset Nothing
expect_line 'an asset that is none' 'no asset is called Nothing' "$folder/err"
verb 2 subscribe new@example.com --when monthly
new() {
	verb "$1" subscribe New@EXAMPLE.com --severity 70 --category violence,extortion --quiet '22:00-06:00 Europe/Berlin' --quiet-above 40 \
		--certificate "$folder/new.pem"
}

# What its key opens of a mail; nothing of it stands outside.
opened() {
	! grep -qE 'Letter|Example Pictures' "$1" || fail "$1 says outside what it seals"
	openssl cms -decrypt -inform SMIME -in "$1" -inkey "$folder/new.key" | tr -d '\r' >"$folder/opened" || fail "$1 cannot be opened"
	sed -n '/^Subject:/p' "$folder/opened"
	sed -n '/text\/plain/,/^--/p' "$folder/opened" | sed '1,/^$/d; /^--/d' | base64 -d
}

echo 'no certificate' >"$folder/new.pem"
new 2
expect_line 'no certificate' 'new.pem: it holds no certificate, expected one in PEM' "$folder/err"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=New -addext keyUsage=digitalSignature -keyout "$folder/new.key" -out "$folder/new.pem" 2>/dev/null
new 2
expect_line 'one for signing' 'not for encrypting mail' "$folder/err"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=New -keyout "$folder/new.key" -out "$folder/new.pem" 2>/dev/null
new 0
new 2
expect_line 'asked once' 'was asked already' "$folder/err"
start_monitor
wait_for 'the question' is 1 mails '^New@example.com$'
post 42 a
wait_for 'a finding meanwhile' is 504 findings
wait_for 'its mails' is 420 mails once
expect 'nothing but the question' 1 "$(mails '^New@example.com$')"
file=$(grep -l '^New@' "$folder"/sink/*.to)
token=$(opened "${file%.to}.eml" | grep -oE 'wd-[a-z2-7]{56}' | head -n 1)
[ -n "$token" ] || { cat "${file%.to}.eml" >&2; fail 'the question has no token'; }
verb 2 subscribe confirm "$(echo "$token" | sed 's/.$/a/; s/.\(.\)$/b\1/')"
expect_line 'a forged token' 'not ours' "$folder/err"
verb 0 subscribe confirm "$token"
verb 2 subscribe confirm "$token"
post 43 a
wait_for 'its first alert' is 2 mails '^New@example.com$'
file=$(grep -l '^New@' "$folder"/sink/*.to | grep -v "$file")
expect_line 'what is seen outside' '^Subject: \[watchdesk\] (high|critical) violence \(encrypted\)' "${file%.to}.eml"
opened "${file%.to}.eml" >"$folder/text"
expect_line 'its subject' '^Subject: .*Example Pictures on spool' "$folder/text"
expect_line 'its text' 'watchdesk mark' "$folder/text"
verb 0 subscribe list
expect_line 'the list' '^[0-9a-f]{8}  active +New@example.com, from severity 70, at once, quiet 22:00-06:00 Europe/Berlin below 40; categories violence, extortion; encrypted$' "$folder/out"
verb 0 subscribe list --json
expect_json 'subscribe list' "$folder/out"
verb 0 unsubscribe New@example.com
verb 2 unsubscribe New@example.com

# The last does not leave.
for i in 0 1 2 3 4 5 6 7 8 9; do
	verb 0 unsubscribe "nightly$i@example.com"
	verb 0 unsubscribe "weekly$i@example.com"
	[ $i = 0 ] || verb 0 unsubscribe "once$i@example.com"
done
verb 2 unsubscribe once0@example.com
expect_line 'who stays' 'once0@example.com is the last that hears of critical findings' "$folder/err"
stop_monitor
verb 0 verify
