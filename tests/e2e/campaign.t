#!/bin/sh
# Campaigns: texts with small edits and texts with a contact in common belong together, whichever site they stand on; who was
# first stands first; an operator joins and takes apart; an actor is what goes together, and how sure that is.
. tests/e2e/lib.sh

threat='To everybody at Example Pictures. We will kill all who come to the premiere of The Interlude. We know the cinema, we know the doors, and on Friday night we will bomb it. Nobody will leave. Tell your boss to cancel the film.'
wallet=bc1qlgw0zvztnqhs37956sqplaj2p5z85t0w33aezl
mkdir -p "$folder/in"
url='' port=''
configure <<-END
  - {name: spool, folder: $folder/in, every: 1h}
END
echo "$threat" >"$folder/in/a.txt"
echo "$threat" | sed 's/Friday night/Saturday night/; s/boss/bosses/; s/\. /.\n/g' >"$folder/in/b.txt"
echo "We leaked the mails of Example Pictures. Pay 10 bitcoin to $wallet or we publish the passwords of all employees: admin@example.com:hunter2secret" >"$folder/in/c.txt"
echo "Example Pictures, you have 24 hours. All contracts and salaries are ours and will be sold, unless you pay to $wallet before Monday. We are not joking, remember the last time." >"$folder/in/d.txt"
echo 'This is quite another thing: we will shoot the director of Example Pictures at his house on Monday morning, and nobody can stop us.' >"$folder/in/e.txt"
verb 0 crawl
verb 0 list --json
n=$(wc -l <"$folder/out")
[ "$n" = 5 ] || { cat "$folder/out" >&2; fail "findings: $n"; }
verb 0 campaign list --json
expect_json campaigns "$folder/out"
expect 'campaigns' 3 "$(wc -l <"$folder/out")"
expect 'of two findings' 2 "$(count '"findings":2' "$folder/out")"
verb 0 campaign list --least 2
expect 'those of two' 2 "$(wc -l <"$folder/out")"

id_of() {
	query "SELECT $1.public_id FROM finding JOIN post ON post.id = post_id JOIN campaign ON campaign.id = campaign_id WHERE url LIKE '%$2.txt%'"
}
expect 'small edits' "$(id_of campaign a)" "$(id_of campaign b)"
expect 'a wallet in common' "$(id_of campaign c)" "$(id_of campaign d)"
verb 0 campaign show "$(id_of campaign c)"
expect_line 'the contact' "wallet +$wallet  in 2" "$folder/out"
verb 0 campaign show "$(id_of campaign a)"
expect 'who was first' 1 "$(count '  first$' "$folder/out")"

verb 2 campaign merge "$(id_of campaign e)" "$(id_of campaign e)"
verb 0 campaign merge "$(id_of campaign e)" "$(id_of campaign a)"
expect 'joined' "$(id_of campaign a)" "$(id_of campaign e)"
verb 0 campaign list --json
expect 'one less' 2 "$(wc -l <"$folder/out")"
verb 2 campaign split "$(id_of campaign a)" "$(id_of finding a)" "$(id_of finding b)" "$(id_of finding e)"
expect_line 'all of it' 'nothing would stay' "$folder/err"
verb 2 campaign split "$(id_of campaign a)" "$(id_of finding c)"
verb 0 campaign split "$(id_of campaign a)" "$(id_of finding e)"
[ "$(id_of campaign a)" != "$(id_of campaign e)" ] || fail 'not taken apart'
verb 0 campaign list --json
expect 'three again' 3 "$(wc -l <"$folder/out")"

verb 0 actor "$wallet"
expect_line 'what was asked for' "wallet +$wallet  2 findings" "$folder/out"
verb 0 actor "$wallet" --json
expect_json actor "$folder/out"
verb 2 actor nobody
expect 'in custody' 2 "$(query "SELECT count(*) FROM custody WHERE act = 'campaign'")"
verb 0 verify
