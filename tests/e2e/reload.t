#!/bin/sh
# A pack of the desk's own that changes while the monitor runs: a wrong one is named by file and line and changes nothing, a
# right one is in force soon after, as is a registered document, and no page is lost in between.
. tests/e2e/lib.sh

pack() {
	cat >"$folder/rules/own.yaml.new" <<-END
	rules:
	  - id: ticket
	    title: our ticket number
	    pattern: '$1'
	    confidence: high
	    examples: ['TCK-12345']
	END
	mv "$folder/rules/own.yaml.new" "$folder/rules/own.yaml"
}

start_site
mkdir "$folder/rules"
whole_site | sed 's/every: 1h/every: 2s/' | configure
sed -i "1i rules: $folder/rules\nmodel: $folder/own.bin" "$config"
cp classify/model/language.bin "$folder/own.bin"
"$WATCHDESK" run --config "$config" >"$folder/out" 2>"$folder/log" &
monitor=$!
wait_for 'the first round' grep -qE -e 'info +round' "$folder/log"
posts=$(query 'SELECT count(*) FROM post')

pack 'TCK-([0-9]{5}'
wait_for 'a wrong pack' grep -qE -e 'rules-refused .*own\.yaml:4: the pattern of ticket is wrong.*stay in force' "$folder/log"
kill -0 "$monitor" || fail 'a wrong pack ended the monitor'
pack 'TCK-[0-9]{5}'
wait_for 'a right pack' grep -qE -e 'rules-changed' "$folder/log"
for i in $(seq 2400); do
	[ "$(query "SELECT count(*) FROM classifier_version cv JOIN version v ON v.id = cv.version_id WHERE v.name LIKE '%own.yaml'")" = 1 ] && break
	sleep 0.05
done
expect 'the classifiers that read with the pack' 1 \
	"$(query "SELECT count(*) FROM classifier_version cv JOIN version v ON v.id = cv.version_id WHERE v.name LIKE '%own.yaml'")"
rounds=$(grep -c 'info *round' "$folder/log")
for i in $(seq 2400); do
	[ "$(grep -c 'info *round' "$folder/log")" -gt "$rounds" ] && break
	sleep 0.05
done
[ "$(grep -c 'info *round' "$folder/log")" -gt "$rounds" ] || fail 'no round after the change'
[ "$(query 'SELECT count(*) FROM post')" -ge "$posts" ] || fail 'posts were lost'

# So is a model of threat language, unless it is broken: then the one before stays.
before=$(grep -c rules-changed "$folder/log")
head -c 9999 classify/model/language.bin >"$folder/own.bin.new"
mv "$folder/own.bin.new" "$folder/own.bin"
wait_for 'a broken model' grep -qE -e 'model-refused .*own\.bin: a model of version .*stays in force' "$folder/log"
kill -0 "$monitor" || fail 'a broken model ended the monitor'
cp classify/model/language.bin "$folder/own.bin.new"
mv "$folder/own.bin.new" "$folder/own.bin"
for i in $(seq 2400); do
	[ "$(grep -c rules-changed "$folder/log")" -gt "$before" ] && break
	sleep 0.05
done
[ "$(grep -c rules-changed "$folder/log")" -gt "$before" ] || fail 'a model is not taken up'

# A document that is registered beside the monitor is taken up the same way.
for i in $(seq 60); do echo "word$i is one of sixty that nobody else may see"; done >"$folder/secret.txt"
before=$(grep -c rules-changed "$folder/log")
"$WATCHDESK" asset fingerprint "$folder/secret.txt" --config "$config" >"$folder/out" || fail 'a document is not registered'
for i in $(seq 2400); do
	[ "$(grep -c rules-changed "$folder/log")" -gt "$before" ] && break
	sleep 0.05
done
[ "$(grep -c rules-changed "$folder/log")" -gt "$before" ] || fail 'a registered document is not taken up'
expect 'processes that ended by themselves' 0 "$(grep -c 'process-ended' "$folder/log")"
kill "$monitor"
wait "$monitor" || fail "the monitor ended with $?"
monitor=''
verb 0 verify
