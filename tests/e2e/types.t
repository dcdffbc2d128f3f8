#!/bin/sh
# Only text is fetched, but for media types that a source names.
. tests/e2e/lib.sh

mkdir "$folder/www"
echo 'internal documents of Example Pictures, not for release' >"$folder/www/note.pdf"
start_pages
sources() {
	configure <<-END
	  - {name: notes, files: ["@URL@/note.pdf"], allow_private: true$1}
	END
}
sources ''
verb 0 crawl
expect_line 'what is no text' ' 1 failed, 0 new posts' "$folder/out"
expect 'its class' content "$(health_of notes)"
rm -rf "$folder/store"
sources ', types: [application/pdf]'
verb 0 crawl
expect_line 'what the source asks for' ' 0 failed, 1 new posts' "$folder/out"
