#!/bin/sh
# No byte of a secret that the site leaks is in the store, the index, the report, the log or on the screen.
. tests/e2e/lib.sh

start_site
whole_site | configure
verb 0 crawl --verbose
cp "$folder/err" "$folder/crawl.log"
verb 0 report
verb 0 list
cp "$folder/out" "$folder/list.out"
"$WATCHDESK" list --json --config "$config" | sed 's/{"id":"\([0-9a-f]*\)".*/\1/' | while read -r id; do
	"$WATCHDESK" show "$id" --config "$config" && "$WATCHDESK" show "$id" --json --config "$config"
done >"$folder/show.out"
"$WATCHDESK" search --config "$config" 'example*' >"$folder/search.out"
"$WATCHDESK" scan --json tests/site/posts/*.txt --config "$config" >"$folder/scan.out"

# What the posts leak, taken from the posts themselves; what is encoded (b64leak) is not looked into yet.
posts=tests/site/posts
{
	sed -n 's/^[^:]*@[^:]*:\(.*\)$/\1/p' $posts/combo.txt $posts/combo-strangers.txt
	sed -n 's/^\(DB_PASSWORD\|GITHUB_TOKEN\|CI_DEPLOY_TOKEN\|AWS_SECRET_ACCESS_KEY\)=//p' $posts/envfile.txt
	grep -o "\$2y\$[^']*" $posts/sqldump.txt
	sed -n '/^-----BEGIN/,/^-----END/p' $posts/privkey.txt | grep -v '^-----'
	cut -d'|' -f1 $posts/cards.txt | grep '^[0-9 ]*$'
	cut -d';' -f2 $posts/ibans.txt | grep '^[A-Z][A-Z][0-9]'
	sed -n 's/^[a-z]*:\/\/[^:]*:[^:]*:\(.*\)$/\1/p; s/^PASS: //p' $posts/stealer.txt | grep -v '^gaffer_tape$' # a name too
} | sort -u >"$folder/secrets"
[ "$(wc -l <"$folder/secrets")" -gt 60 ] || fail "the posts leak too little"

# The whole of what is kept and shown, but neither the site's log nor this list.
leaks=$(grep -raoFf "$folder/secrets" "$folder/store" "$folder/report" "$folder"/*.out "$folder/crawl.log" "$folder/site.log")
[ -z "$leaks" ] || fail "$(echo "$leaks" | wc -l) secrets stand in the open: $(echo "$leaks" | sort | uniq -c | head -n 40)"
[ -z "$(ls "$folder"/core* 2>/dev/null)" ] || fail "a core was left"
