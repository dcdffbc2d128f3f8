#!/bin/sh
# Rules of other scanners become a pack of ours: what is carried loads and finds, what is not is named with its id and the reason.
. tests/e2e/lib.sh

mkdir "$folder/in" "$folder/rules"
cat >"$folder/in/leaks.toml" <<'END'
[allowlist]
paths = ['''\.lock$''']
[[rules]]
id = "acme-token"
description = "An Acme token's shape"
regex = '''\b(acme_live_[A-Za-z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)'''
entropy = 3.2
keywords = ["acme_"]
[[rules.allowlists]]
regexes = ['''^acme_live_3f9Zk2mP4vT7xLw9Rq8Yc6Hs1Jd5Ub0N$''', '''.+EXAMPLE$''']
stopwords = ["samples"]
[[rules]]
id = "named"
description = "a value named after its service"
regex = '''(?i)[\w.-]{0,50}?(?:(?-i:ACME|[Aa]cme)|roadrunner)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|:|=>)[\x60'"\s=]{0,5}([a-z0-9=_\-]{40})(?:[\x60'"\s;]|$)'''
keywords = ["acme"]
[[rules]]
id = "no-literal"
description = "nothing fixed"
regex = '''\b([a-f0-9]{24}~[a-z0-9]{8})\b'''
keywords = ["anvil"]
[[rules]]
id = "unicode"
description = "letters of Unicode"
regex = '''secret_\p{L}{10}'''
[[rules]]
id = "path-only"
description = "a path"
path = '''\.p12$'''
[[rules]]
id = "empty"
description = "nothing needed"
regex = '''(?:acme)?'''
END
cat >"$folder/in/nosey.yml" <<'END'
rules:

- name: Acme Rocket Key
  id: np.acme.1
  pattern: |
    (?x)
    (?: ^ | [^0-9A-Za-z] )      # what stands before it
    ( rkt_ [0-9a-f]{24} )       (?# the key )
    \b

  categories: [api, secret]
  description: >
    An Acme key was found.
    It opens doors.

  references:
  - https://example.com/docs/keys

  examples:
  - 'ACME_KEY=rkt_9f1c03be57a2d84610ecb7f3'
  - |
      key: "rkt_0b7d3c95a1e86f24d0c9b3a7"
      more: lines
  - rkt_xxxxxxxxxxxxxxxxxxxxxxxx

  negative_examples:
  - 'rkt_short'

- name: Refers back to all of it
  id: np.acme.2
  pattern: '(["''])\1\1'
END
cat >"$folder/in/fisher.yml" <<'END'
rules:
  - name: Acme Anvil Secret
    id: kingfisher.acme.1
    pattern: |
      (?xi)
      \b
      acme
      (?:.|[\n\r]){0,16}?
      (?:SECRET|KEY)
      (?:.|[\n\r]){0,16}?
      \b
      (
        anv_[A-Z0-9#]{20}
      )
      (?:[^A-Z0-9]|$)
    min_entropy: 3.1
    confidence: high
    pattern_requirements:
      min_digits: 2
    examples:
      - acme secret = anv_Q8ZK2MP4VT7XLW9RB3NC
END
cat >"$folder/in/texts.yar" <<'END'
import "pe"

// a comment: rule nothing { }
rule AcmeLeak : leak
{
    meta:
        description = "Acme papers"
    strings:
        $a = "ACME INTERNAL ONLY" nocase fullword
        $b = /acme-[0-9]{6}\/[a-z]{2}/
        $c = { 41 43 4D 45 }
    condition:
        any of them
}

rule AcmeBoth {
    strings:
        $one = "anvil blueprint"
        $two = "road runner" nocase
    condition:
        $one and $two
}

rule AcmeOneLine { strings: $a = "anvil works 77" nocase condition: $a }

rule AcmeModule {
    strings:
        $x = "MZ acme"
    condition:
        pe.is_pe and $x
}
END

python3 classify/import_rules.py "$folder/in" >"$folder/rules/imported.yaml" 2>"$folder/said" || fail "the import: $(cat "$folder/said")"
expect 'rules that are carried' 9 "$(count '^  - id: ' "$folder/rules/imported.yaml")"
for line in 'gitleaks: .allowlist. of the whole file is not carried' \
	'gitleaks-acme-token: its allow-list is not carried: \.\+EXAMPLE' \
	'gitleaks-unicode: not carried: .*classes of Unicode' \
	'gitleaks-path-only: not carried: it looks at paths only' \
	'gitleaks-empty: not carried: its pattern matches the empty text' \
	'noseyparker-acme-1: 1 of 3 examples are not carried' \
	'noseyparker-acme-2: not carried: its pattern refers back' \
	'kingfisher-acme-1: its .pattern_requirements. is not carried' \
	'yara-acmeleak-c: not carried: .*hexadecimal' \
	'yara-acmemodule: not carried: its condition' \
	'^9 rules carried'; do
	expect_line 'what is said of the rest' "$line" "$folder/said"
done
expect_line 'an allow-list of one value' "allow: \['acme_live_3f9Zk2mP4vT7xLw9Rq8Yc6Hs1Jd5Ub0N'\]" "$folder/rules/imported.yaml"
expect_line 'stop words' "stop: \['samples'\]" "$folder/rules/imported.yaml"
expect_line 'words before a slow pattern' "keywords: \['anvil'\]" "$folder/rules/imported.yaml"

# The pack is one of ours, and it finds.
printf 'organisation: Example Pictures\ncontact: watchdesk@example.com\nrules: %s\n' "$folder/rules" >"$config"
verb 0 check
verb 0 rule test
cat >"$folder/post" <<'END'
t = acme_live_q8Zk2mP4vT7xLw9Rb3Nc6Hs1Jd5Ub0Gy
t = acme_live_3f9Zk2mP4vT7xLw9Rq8Yc6Hs1Jd5Ub0N
roadrunner_value = "q8zk2mp4vt7xlw9rb3nc6hs1jd5ub0gyt4e7w2ka"
anvil 0b7d3c95a1e86f24d0c9b3a7~q8zk2mp4
see rkt_0b7d3c95a1e86f24d0c9b3a7 there
acme key: anv_Q8ZK2MP4VT7XLW9RB3NC
this is acme internal only, folder acme-204117/xq
the anvil blueprint of the Road Runner
END
"$WATCHDESK" scan --json --config "$config" "$folder/post" >"$folder/out"
for id in gitleaks-acme-token gitleaks-named gitleaks-no-literal noseyparker-acme-1 kingfisher-acme-1 yara-acmeleak-a yara-acmeleak-b \
	yara-acmeboth; do
	expect_line "$id finds" "\"rule\": ?\"$id\"" "$folder/out"
done
expect 'the value that is allowed' 1 "$(grep -o '"rule": \?"gitleaks-acme-token"' "$folder/out" | wc -l)"

# Nothing to carry, or nothing that can be read, is said.
printf 'rules = 7\n[x\n' >"$folder/broken.toml"
! python3 classify/import_rules.py "$folder/broken.toml" >"$folder/out" 2>"$folder/said" || fail 'a broken file passes'
expect_line 'a broken file' 'broken\.toml: not read: ' "$folder/said"
! python3 classify/import_rules.py "$folder/post" >"$folder/out" 2>"$folder/said" || fail 'a file of no known kind passes'
expect_line 'a file of no known kind' 'post: not read: expected a name that ends in' "$folder/said"
