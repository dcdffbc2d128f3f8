#!/bin/sh
# Whose data a leak is about is counted from what was sealed, on record, joined with our own list, and exported masked.
. tests/e2e/lib.sh

mkdir "$folder/in"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
END
{
	echo 'dump of Example Pictures staff'
	echo 'name,email,phone,password'
	i=0
	while [ $i -lt 40 ]; do
		i=$((i + 1))
		echo "Anna Doe$i,anna$i@example.com,+49 30 12345$((100 + i)),Gh5pepper$i"
	done
	echo 'Anna Doe7,ANNA7@example.com,+49 30 12345107,Gh5pepper7'
	echo '=cmd,=eve@example.com,+49 30 99999999,Gh5pepper99'
} >"$folder/in/staff.txt"
verb 0 crawl
id=$(query 'SELECT public_id FROM finding')
[ -n "$id" ] || fail 'no finding'
printf 'department;e-mail\nlaw;anna3@example.com\nfilm;Anna4@EXAMPLE.com\nart;nobody@example.com\n' >"$folder/ours.csv"

verb 0 affected "$id" --list "$folder/ours.csv"
expect_line 'people, not records' "^41 people in 42 records of finding" "$folder/out"
expect_line 'of ours' '^2 of them are on the list, which has 3 lines$' "$folder/out"
expect_line 'the clock' '72 hours \(GDPR Art. 33\) end 20.* UTC, in 71 h ' "$folder/out"
expect_no_line 'masked' 'anna3|Doe3|1234510|Gh5' "$folder/out"
expect 'on record' "unmask|finding $id" "$(query "SELECT act, subject FROM custody WHERE detail LIKE '%affected%'")"
verb 0 affected "$id" --list "$folder/ours.csv" --json
expect_json affected "$folder/out"
expect 'a line of all, and one a person' 42 "$(wc -l <"$folder/out")"
expect_line 'of all' '^\{"finding":"[0-9a-f]*","persons":41,"records":42,"more":false,"mail":41,.*"on_list":2,"list_lines":3,"first_aware_at":"20.*Z","report_until":"20' "$folder/out"
expect 'on the list' 2 "$(count '"on_list":true' "$folder/out")"
verb 0 affected "$id" --csv
expect 'rows' 42 "$(wc -l <"$folder/out")"
expect_no_line 'no value' 'anna3|Doe3|Gh5' "$folder/out"
expect_no_line 'no formula' '(^|,|")[=+@-]' "$folder/out"
for file in "$folder"/store/watchdesk.db*; do
	expect_no_line 'the list is not kept' 'nobody@example' "$file"
done
verb 0 verify

mv "$folder/store/evidence.key" "$folder/key"
verb 3 affected "$id"
verb 0 affected "$id" --key "$folder/key"
verb 3 affected "$id" --key "$folder/key" --list "$folder/nothing.csv"
verb 2 affected "$id" --json --csv
verb 2 affected 000000
