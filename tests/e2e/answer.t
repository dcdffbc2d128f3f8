#!/bin/sh
# What comes back by mail: an answer that holds the token ends the asking; one that was altered, repeated, or written by a program
# does nothing and is counted; a report that an address does not exist suspends it, and the next is asked at once.
. tests/e2e/lib.sh

url='' port=''

mkdir -p "$folder/in" "$folder/box/new" "$folder/box/cur" "$folder/box/tmp"
start_relay

configure <<END
  - name: inbox
    folder: $folder/in
    every: 1s
END
cat >>"$config" <<END
alerts:
  smtp: smtp://127.0.0.1:$relay
  from: watchdesk@example.com
  tls: none
  pace: 0
  inbox: box
  heartbeat: {to: [heart@example.com], at: "07:00 Europe/Berlin"}
duty:
  severity: 40
  after: 1h
  roster:
    - {name: gone, to: gone@example.com}
    - {name: day desk, to: desk@example.com}
END

mails_to() {
	cat "$folder"/mail/*.to 2>/dev/null | grep -c "^$1@"
}

# wait_for WHAT NUMBER COMMAND...
wait_for() {
	what=$1 number=$2
	shift 2
	for _ in $(seq 400); do
		[ "$("$@")" -ge "$number" ] && return
		sleep 0.05
	done
	cat "$folder/run.err" >&2
	fail "$what: $("$@") and not $number"
}

# The last mail to somebody, its lines unfolded.
last_to() {
	to=$(grep -l "^$1@" "$folder"/mail/*.to | sort -V | tail -1)
	tr -d '\r' <"${to%.to}.eml"
}

# arrives NAME: standard input is delivered into the Maildir
arrives() {
	cat >"$folder/box/tmp/$1"
	mv "$folder/box/tmp/$1" "$folder/box/new/$1"
}

said() {
	grep -c "$1" "$folder/run.err"
}

"$WATCHDESK" run --verbose --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
monitor=$!
printf 'We know the cinema. Everyone who goes to the premiere of The Interlude will be killed. We will bomb it on Friday.\n' \
	>"$folder/threat.txt"
mv "$folder/threat.txt" "$folder/in/"
wait_for 'the first who is asked' 1 mails_to gone
message=$(last_to gone | sed -n 's/^Message-ID: *<\([0-9a-f]*\)@.*/\1/Ip' | head -1)

report() {
	cat <<END
From: MAILER-DAEMON@mx.example.net
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; $1
Action: $2
Status: $3

--b
Content-Type: text/rfc822-headers

Message-ID: <$4@example.com>

--b--
END
}

# Reports that say nothing of our mail: somebody else's address, somebody else's mail, one that only takes long.
report desk@example.com failed 5.1.1 "$message" | arrives 1
report gone@example.com failed 5.1.1 0123456789abcdef0123456789abcdef | arrives 2
wait_for 'reports that are not believed' 2 said 'answer-ignored.*no mail of ours'
report gone@example.com delayed 4.4.1 "$message" | arrives 3
wait_for 'the one that takes long' 1 said mail-delayed
expect 'nobody else was asked' 0 "$(mails_to desk)"
report gone@example.com failed 5.1.1 "$message" | arrives 4
wait_for 'the next is asked at once' 1 mails_to desk
wait_for 'the desk hears of the address' 1 said mail-bounced

token=$(last_to desk | grep -oE 'wd-[a-z2-7]{56}' | head -1)
[ -n "$token" ] || fail "no token: $(last_to desk)"
case $token in *a) altered=${token%a}b ;; *) altered=${token%?}a ;; esac
id=$(last_to desk | sed -n 's/.*watchdesk alert ack \([0-9a-f]*\).*/\1/p' | head -1)
answer() {
	printf 'From: The Desk <desk@example.com>\nSubject: %s\n%s\n%s\n' "$1" "$2" 'I have it'
}
answer "Re: x $altered" '' | arrives 5
wait_for 'an altered token' 1 said 'answer-ignored.*forged'
answer "Re: x $token" 'Auto-Submitted: auto-replied
' | arrives 6
wait_for 'an automatic answer' 1 said 'answer-ignored.*automatic'
answer 'Re: x' '' | arrives 7
wait_for 'no token' 1 said 'answer-ignored.*without'
verb 0 show "$id" --json
expect_line 'nobody has it yet' '"duty":"nobody has it' "$folder/out"
answer 'Re: your mail' "
> Subject: x
> $token" | arrives 8
wait_for 'the answer' 1 said duty-acknowledged
verb 0 show "$id" --json
expect_line 'who has it' '"duty":"day desk has it since .*by mail' "$folder/out"
answer "Re: x $token" '' | arrives 9
wait_for 'the same again' 1 said 'answer-ignored.*used'
verb 0 list --json --all
expect 'answers are no posts' 1 "$(wc -l <"$folder/out")"
kill $monitor
wait $monitor
monitor=''
expect 'words about the address' 1 "$(cat "$folder"/mail/*.eml | grep -c '^Subject: .*address does not work')"
verb 0 subscribe resume gone@example.com
expect_line 'the address is let again' '^gone@example.com gets mail again$' "$folder/out"
verb 2 subscribe resume gone@example.com
verb 0 verify
