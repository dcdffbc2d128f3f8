#!/bin/sh
# What the watch says goes to channels of every type, each by a queue of its own: a receiver that fails, hangs, repeats or asks for
# patience holds nobody else, whoever is killed every letter arrives, and a repeat has the id of the first.
. tests/e2e/lib.sh
mkdir -p "$folder/in" "$folder/sink"
tests/certificates "$folder"
start_relay
python3 -u tests/channel_sink "$folder/sink" "$folder/good.pem" "$folder/good.key" "$folder/ca.pem" 2>"$folder/sink.err" &
servers="$servers $!"
until [ -s "$folder/sink/ports" ]; do kill -0 $! || fail "the receiver: $(cat "$folder/sink.err")"; sleep 0.05; done
port_of() { sed -n "s/^$1 //p" "$folder/sink/ports"; }
http=http://127.0.0.1:$(port_of http) https=https://127.0.0.1:$(port_of https)

# Secrets: of addresses, of signatures, of tokens.
(umask 077
	echo "$http/slack/T0/B0/sesame" >"$folder/slack.url"
	echo 'open sesame' >"$folder/secret"
	echo 'token sesame' >"$folder/token")
export PAGER_KEY='pager sesame'

# A program of the desk's: it keeps its input, its arguments and its environment, and ends as it is told.
cat >"$folder/page" <<END
#!/bin/sh
cat >>"$folder/page.in"
echo >>"$folder/page.in"
printf '%s\n' "\$*" >>"$folder/page.arguments"
env >"$folder/page.env"
echo 'paged "somebody"'
[ ! -e "$folder/page.hangs" ] || sleep 60
exit "\$(cat "$folder/page.code" 2>/dev/null || echo 0)"
END
chmod +x "$folder/page"

url='' port=''
configure <<END
  - {name: inbox, folder: $folder/in, every: 1s}
END
cat >>"$config" <<END
alerts: {smtp: "smtp://127.0.0.1:$relay", from: watchdesk@example.com, tls: none, pace: 0}
channels:
  - {name: desk-room, type: slack, url: "file:slack.url"}
  - {name: soc, type: webhook, url: $https/soc, secret: "file:secret", ca: ca.pem}
  - {name: war-room, type: mattermost, url: $http/mattermost}
  - {name: team, type: teams, url: $http/teams}
  - {name: matrix, type: matrix, url: $http, room: "!r:example.com", token: "file:token"}
  - {name: phone, type: ntfy, url: $http/topic, token: "file:token"}
  - {name: pager, type: pagerduty, url: $http/pagerduty, key: "env:PAGER_KEY"}
  - {name: genie, type: opsgenie, url: $http/opsgenie, key: "file:token"}
  - {name: siem, type: syslog, url: "syslogs://127.0.0.1:$(port_of tls)", ca: ca.pem, certificate: good.pem, key: good.key}
  - {name: near, type: syslog, url: "syslog://127.0.0.1:$(port_of tcp)"}
  - {name: page, type: command, command: [page, --now, "a b"], time: 2s}
  - {name: hung, type: webhook, url: $http/hung}
  - {name: gone, type: webhook, url: $http/gone}
  - {name: nameless, type: syslog, url: "syslogs://127.0.0.1:$(port_of tls)", ca: ca.pem}
  - {name: stranger, type: syslog, url: "syslogs://127.0.0.1:$(port_of tls)"}
  - {name: busy, type: webhook, url: $http/busy}
END
channels='desk-room soc war-room team matrix phone pager genie siem near page busy'
for name in $channels hung gone; do
	printf -- '%s\n' "  - {to: channel $name, severity: 40}"
done >"$folder/subscriptions"
cp "$config" "$folder/base"

# The whole way, each of them, and nothing that is secret is shown.
for name in $channels; do
	verb 0 alert test "$name"
	cat "$folder/out" "$folder/err" >>"$folder/shown"
done
verb 0 alert test channel soc --json
expect_json 'alert test --json' "$folder/out"
expect_line 'TLS' '"tls":"TLSv1' "$folder/out"
expect_line 'what a command says' 'paged "somebody"' "$folder/shown"
echo 410 >"$folder/sink/fault.gone"
verb 4 alert test gone
expect_line 'what was refused' 'it answers 410: said of /gone' "$folder/err"
verb 2 alert test nobody
verb 4 alert test nameless # TLS 1.3 says so only when our bytes are out
expect_line 'a collector that wants a certificate' 'hung up on our bytes: does it want a certificate' "$folder/err"
verb 4 alert test stranger
expect_line 'a collector that nobody vouches for' 'channel stranger: .*certificate' "$folder/err"
"$WATCHDESK" doctor --config "$config" >"$folder/out" 2>"$folder/err" # what it says of the machine is not the question
expect_line 'a channel' 'ok +channel soc +webhook: lets us in, TLSv1' "$folder/out"
expect_line 'a command' 'ok +channel page +command: .*/page can be started' "$folder/out"
cat "$folder/out" >>"$folder/shown"
expect_no_line 'secrets' 'sesame' "$folder/shown"

# Nothing of ours is in the program's environment, and no shell has read its arguments.
expect 'the environment' 'LANG PATH PWD' "$(sed 's/=.*//' "$folder/page.env" | grep -vE '^(_|SHLVL|OLDPWD)$' | sort | tr '\n' ' ' | sed 's/ $//')"
expect 'arguments' '--now a b' "$(head -n 1 "$folder/page.arguments")"

# Whoever has the secret knows that it is us: five lines.
python3 - "$folder" <<'END' || fail 'the signature'
import base64, hashlib, hmac, json, sys
for r in map(json.loads, open(sys.argv[1] + "/sink/requests")):
    if r["path"] != "/soc":
        continue
    h, body = r["headers"], r["body"].encode()
    signed = h["webhook-id"].encode() + b"." + h["webhook-timestamp"].encode() + b"." + body
    code = "v1," + base64.b64encode(hmac.new(b"open sesame", signed, hashlib.sha256).digest()).decode()
    assert hmac.compare_digest(code, h["webhook-signature"]), h
    assert abs(int(h["webhook-timestamp"]) - r["at"]) < 60
    assert json.loads(body)["data"]["id"] == h["webhook-id"]
END

: >"$folder/sink/requests"
: >"$folder/sink/syslog"
: >"$folder/page.in"
rm -f "$folder"/mail/*

# Now the monitor. One receiver hangs, one is gone, one asks for two seconds.
watch() {
	"$WATCHDESK" run --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
	monitor=$!
}
got() { grep -qF -e "\"path\": \"$1" "$folder/sink/requests"; }
{
	cat "$folder/base"
	cat <<-END
	subscriptions:
	  - {to: desk@example.com, severity: 40}
	$(cat "$folder/subscriptions")
	duty: {severity: 40, after: 1h, roster: [{name: on call, to: channel pager}]}
	END
} >"$config"
echo hang >"$folder/sink/fault.hung"
echo 410 >"$folder/sink/fault.gone"
printf '429 2\n200\n' >"$folder/sink/fault.busy"
verb 0 check
watch
printf 'We know the cinema. Everyone who goes to the premiere of The Interlude will be killed. We will bomb it on Friday.\n' \
	>"$folder/threat.txt"
mv "$folder/threat.txt" "$folder/in/<!here> @channel.txt"
wait_for 'mail' grep -q '^desk@' "$folder/mail/1.to"
for path in /slack /soc /mattermost /teams /_matrix /pagerduty /opsgenie /hung /gone /busy; do wait_for "$path" got "$path"; done
wait_for 'ntfy' grep -qE '"path": "/",' "$folder/sink/requests"
wait_for 'syslog, with TLS and without' test 2 -le "$(wc -l <"$folder/sink/syslog")"
wait_for 'a command' grep -q '"type":"alert"' "$folder/page.in"
wait_for 'who has to answer' grep -q 'ANSWER' "$folder/sink/requests"
state() { # NAME STATE
	"$WATCHDESK" alert log --limit 100 --json --config "$config" | grep -F "\"recipient\":\"channel $1\"" | grep -qF "\"state\":\"$2\""
}
wait_for 'what was refused is dead' state gone dead
wait_for 'what was asked for patience' state busy sent
verb 0 alert log --state dead
expect_line 'why' 'it answers 410: said of /gone' "$folder/out"
python3 - "$folder" <<'END' || fail 'what channels got'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1] + "/sink/requests")]
of = lambda part: [r for r in rows if r["path"].startswith(part)]
first, second = of("/busy")
assert 1.9 <= second["at"] - first["at"] < 20, (first["at"], second["at"])
assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"] and first["body"] == second["body"]
body = json.loads(of("/soc")[0]["body"])
assert body["type"] == "alert" and body["data"]["severity"] >= 40 and body["data"]["asset"] == "The Interlude", body
slack = of("/slack")[0]["body"]
assert "<" not in slack and json.loads(slack)["blocks"][0]["type"] == "header", slack
assert of("/slack")[0]["path"] == "/slack/T0/B0/sesame"
for path in "/mattermost", "/_matrix":
    assert "@channel" not in of(path)[0]["body"] and "<!here" not in of("/mattermost")[0]["body"], of(path)
assert of("/_matrix")[0]["method"] == "PUT" and of("/_matrix")[0]["headers"]["authorization"] == "Bearer token sesame"
assert of("/_matrix")[0]["path"].startswith("/_matrix/client/v3/rooms/%21r%3Aexample.com/send/m.room.message/")
assert of("/opsgenie")[0]["headers"]["authorization"] == "GenieKey token sesame"
events = [json.loads(r["body"]) for r in of("/pagerduty")]
assert {e["routing_key"] for e in events} == {"pager sesame"} and len({e["dedup_key"] for e in events}) == 2
assert any(e["payload"]["custom_details"].get("for") == "on call" for e in events), events
ntfy = [json.loads(r["body"]) for r in rows if r["path"] == "/"]
assert ntfy[0]["topic"] == "topic" and 1 <= ntfy[0]["priority"] <= 5, ntfy
messages = [json.loads(line) for line in open(sys.argv[1] + "/sink/syslog")]
assert sorted(m["tls"] for m in messages) == [False, True]
for m in messages:
    assert m["message"].startswith("<1") and "watchdesk - alert - CEF:0|watchdesk|watchdesk|" in m["message"], m
END
# Somebody has it: the event at the pager is acknowledged.
verb 0 list --json
verb 0 alert ack "$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out" | head -n 1)" --as 'night desk'
wait_for 'an answer' grep -q 'acknowledge' "$folder/sink/requests"
python3 - "$folder" <<'END' || fail 'what the pager hears'
import json, sys
events = [json.loads(r["body"]) for r in map(json.loads, open(sys.argv[1] + "/sink/requests")) if r["path"] == "/pagerduty"]
asked, = [e["dedup_key"] for e in events if e["payload"]["custom_details"].get("step")]
assert [e["dedup_key"] for e in events if e["event_action"] == "acknowledge"] == [asked], events
END
wait_for 'the end of that' state pager sent
expect 'ways that wait' 1 "$("$WATCHDESK" alert log --state waiting --json --config "$config" | wc -l)"

# One that hangs keeps its own four; a hundred letters for it are in nobody's way. Killed in between, all of the others come.
echo '200' >"$folder/sink/fault.busy"
letters() { # RECIPIENT NUMBER
	query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO outbox (public_id, kind, recipient, subject, content, state, tries, made_at, due_at, answer)
		SELECT lower(hex(randomblob(16))), 'alert', '$1', 's', CAST('{\"subject\":\"s\",\"text\":\"t\"}' AS BLOB), 'waiting', 0, 1, 1, '' FROM n"
}
sent() { [ "$(query "SELECT count(*) FROM outbox WHERE made_at = 1 AND recipient = '$1' AND state = 'sent'")" = "$2" ]; }
letters 'channel hung' 100
letters 'channel busy' 40
letters 'channel page' 5
letters 'channel siem' 5
letters desk@example.com 40
for _ in 1 2 3; do
	kill -9 $monitor
	wait $monitor 2>/dev/null
	watch
	sleep 0.3
done
wait_for 'mail behind one that hangs' sent desk@example.com 40
wait_for 'another channel' sent 'channel busy' 40
wait_for 'a command' sent 'channel page' 5
wait_for 'a collector' sent 'channel siem' 5
python3 - "$folder" <<'END' || fail 'ids of repeats'
import json, sqlite3, sys
ids = {r[0] for r in sqlite3.connect(sys.argv[1] + "/store/watchdesk.db").execute(
    "SELECT public_id FROM outbox WHERE made_at = 1 AND recipient = 'channel busy'")}
came = [json.loads(r)["headers"].get("webhook-id") for r in open(sys.argv[1] + "/sink/requests") if '"/busy"' in r]
assert ids <= set(came) and set(came[2:]) <= ids, (ids - set(came), set(came[2:]) - ids)
END

# A command's end says what becomes of its letter; one that takes too long is ended with all that it started.
ended() { [ "$(query "SELECT count(*) FROM outbox WHERE recipient = 'channel page' AND subject = 's' AND state = '$1' AND answer LIKE '%$2%'")" -ge 1 ]; }
echo 75 >"$folder/page.code"
letters 'channel page' 1
wait_for 'a command that asks for another time' ended waiting somebody
echo 1 >"$folder/page.code"
letters 'channel page' 1
wait_for 'a command that refuses' ended dead somebody
: >"$folder/page.hangs"
letters 'channel page' 1
wait_for 'a command that hangs' grep -q 'command channel="page" code=-1' "$folder/run.err"

# Channels that are no more, and what rosters had before there were any.
letters 'channel nowhere' 1
wait_for 'a channel that is no more' sh -c "$WATCHDESK alert log --state dead --config $config | grep -q 'no channel that the configuration names'"
kill $monitor
wait $monitor
monitor=''
expect_no_line 'the log' 'sesame' "$folder/run.err"
verb 0 subscribe 'channel soc' --severity 90
expect_line 'at once' '^[0-9a-f]{8}: channel soc gets alerts$' "$folder/out"
verb 2 subscribe 'channel nowhere'
wrong() { # LINES PATTERN
	{ cat "$folder/base"; printf '%s\n' "$1"; } >"$config"
	verb 2 check
	expect_line "$1" "$2" "$folder/err"
}
lines=$(($(wc -l <"$folder/base") + 1))
wrong 'subscriptions: [{to: channel nowhere}]' "watchdesk.yaml:$lines: .*channel nowhere"
wrong 'duty: {roster: [{name: a, to: "webhook: https://sms.example.com/x"}]}' "watchdesk.yaml:$lines: to is .*a channel now: name it under"
wrong '  - {name: x, type: webhook, url: "http://example.com/x"}' "watchdesk.yaml:$lines: channel x: url is .*expected an https"
wrong '  - {name: x, type: syslog, url: "syslog://siem.example.com:514"}' "watchdesk.yaml:$lines: .*needs .tls: none"
wrong '  - {name: x, type: pagerduty, key: sesame}' "watchdesk.yaml:$lines: channel x: its secret stands in the configuration"
wrong '  - {name: x, type: matrix, url: "https://example.com"}' "watchdesk.yaml:$lines: channel x: a matrix without (token|room)"
wrong '  - {name: x, type: slack, url: "https://example.com", room: "y"}' "watchdesk.yaml:$lines: channel x: a slack with room"
wrong '  - {name: soc, type: slack, url: "https://example.com"}' "watchdesk.yaml:$lines: a channel is called \"soc\" twice"
wrong '  - {name: x, type: fax, url: "https://example.com"}' "watchdesk.yaml:$lines: type is \"fax\""
wrong '  - {name: x, type: command, command: [nothing-there]}' "watchdesk.yaml:$lines: channel x: command is .*a program that can be started"
