#!/bin/sh
# A finding that nobody answers climbs the roster, a mail a step, through kill -9 at any time; who says "I have it" ends that.
. tests/e2e/lib.sh

url='' port=''

mkdir -p "$folder/in" "$folder/answers"
start_relay

# A gateway to a phone.
: >"$folder/gateway"
cat >"$folder/gateway.py" <<'END'
import http.server, sys
class Gateway(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open(sys.argv[1], "a") as out:
            out.write(self.headers["Content-Type"] + " " + self.rfile.read(int(self.headers["Content-Length"])).decode() + "\n")
        self.send_response(204)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 -u "$folder/gateway.py" "$folder/phone" >"$folder/gateway" 2>"$folder/gateway.err" &
servers="$servers $!"
while ! gateway=$(grep . "$folder/gateway"); do sleep 0.05; done

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
duty:
  severity: 40
  after: 2s
  roster:
    - {name: day desk, to: desk@example.com}
    - {name: on call, to: oncall@example.com}
    - {name: phone, to: channel phone}
channels:
  - {name: phone, type: webhook, url: "http://127.0.0.1:$gateway/sms"}
END

watch() {
	"$WATCHDESK" run --config "$config" >>"$folder/run.out" 2>>"$folder/run.err" &
	monitor=$!
}

# Mails to somebody that came so far.
mails_to() {
	cat "$folder"/mail/*.to 2>/dev/null | grep -c "^$1@"
}

# One Message-ID for each mail that was made: a repeat after a crash is the same mail.
distinct() {
	sed -n 's/^Message-ID: //Ip' "$folder"/mail/*.eml 2>/dev/null | sort -u | wc -l
}

watch
printf 'We know the cinema. Everyone who goes to the premiere of The Interlude will be killed. We will bomb it on Friday.\n' \
	>"$folder/answers/threat.txt"
mv "$folder/answers/threat.txt" "$folder/in/"
wait_for 'the first who is asked' at_least 1 mails_to desk
verb 0 list --json
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' "$folder/out" | head -1)
expect_line 'who was asked' '"duty":"nobody has it; [0-9]+ asked, the last was (day desk|on call)' "$folder/out"
wait_for 'the next' at_least 1 mails_to oncall

# Killed between steps: nobody is asked twice for one step, and nobody is forgotten.
for _ in 1 2 3; do
	kill -9 $monitor
	wait $monitor 2>/dev/null
	watch
	sleep 1.3
done
wait_for 'the round goes on' at_least 2 mails_to desk
steps=$(distinct)
verb 0 alert ack "$id" --as 'on call'
expect_line 'who has it' '^[0-9a-f]{8}  on call has it since' "$folder/out"
sleep 1
steps=$(distinct)
sleep 4
expect 'mails after the answer' "$steps" "$(distinct)"
verb 0 show "$id" --json
asked=$(sed -n 's/.*"duty":"\([^"]*\)".*/\1/p' "$folder/out")
expect_line 'who has it is shown' '"duty":"on call has it since' "$folder/out"
verb 0 alert ack "$id" --as 'somebody else'
expect_line 'the first answer stays' 'on call has it' "$folder/out"
verb 0 alert clocks --json
expect_line 'clocks' '"sent to acknowledged":\{"findings":1' "$folder/out"
verb 0 alert handover --json
expect_json 'alert handover' "$folder/out"
expect_line 'what was handed over' '"holder":"on call"' "$folder/out"
verb 0 alert handover
expect 'lines of a hand-over over 80 columns' 0 "$(awk 'length > 80' "$folder/out" | wc -l)"
verb 0 alert assign "$id" 'night desk'
expect_line 'what the phone is told' '^application/json \{"type":"duty",.*"finding":"[0-9a-f]{32}",.*"for":"phone",.*"command":"watchdesk alert ack ' "$folder/phone"
expect_no_line 'no text goes there' 'bomb' "$folder/phone"
verb 0 verify
kill $monitor
wait $monitor
monitor=''

# What the mail says.
first=$(grep -l '^desk@' "$folder"/mail/*.to | head -1)
mail=${first%.to}.eml
tr -d '\r' <"$mail" >"$folder/first"
expect_line 'subject' '^Subject: .*ANSWER' "$folder/first"
expect_line 'the command that answers' "watchdesk alert ack $(printf %.8s "$id")" "$folder/first"
expect_no_line 'a live address' 'https?://paste' "$folder/first"
