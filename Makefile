# watchdesk. `make help` lists the targets.
#
# One Makefile, not recursive. DEV=1 makes warnings errors, SANITIZE=1 builds with ASan and UBSan, CC chooses the compiler,
# V=1 shows the commands. Each combination has a build folder of its own, so switching between them rebuilds nothing.

VERSION  = 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
CC       = gcc
DEV     ?=
SANITIZE ?=
FUZZ    ?=
V       ?=

FOLDERS  = base store classify crawler crawler/extract web desk desk/alert desk/takedown desk/triage desk/verb
BUILD    = build/$(notdir $(firstword $(CC)))$(if $(SANITIZE),-sanitize)$(if $(FUZZ),-fuzz)
PROGRAM  = $(BUILD)/watchdesk
SITE     = $(BUILD)/site
comma    = ,
quiet    = $(if $(V),,@echo "  $(1)  $(patsubst $(BUILD)/%,%,$@)";)

# What the program is built on: pkg-config's names, and Debian's packages that hold them.
LIBRARIES = libcurl libxml-2.0 gumbo jansson yaml-0.1 icu-uc icu-i18n uchardet libexttextcat libhs libpcre2-8 libpsl sqlite3 libpq libzstd libsodium libssl libcrypto zlib \
	    libseccomp ncursesw
HYPERSCAN = $(if $(filter x86_64,$(shell uname -m)),libhyperscan-dev,libvectorscan-dev)
PACKAGES  = gcc make pkg-config libc6-dev libcurl4-openssl-dev libgumbo-dev libxml2-dev libjansson-dev libyaml-dev libicu-dev \
	    libuchardet-dev libexttextcat-dev libexttextcat-data $(HYPERSCAN) libpcre2-dev libpsl-dev libsqlite3-dev libpq-dev libzstd-dev libsodium-dev libssl-dev zlib1g-dev libbz2-dev libseccomp-dev libncurses-dev \
	    ca-certificates
PACKAGES_DEMO = libfaketime
PACKAGES_PICTURES = chromium pngquant fonts-dejavu-core fonts-droid-fallback
PACKAGES_TEST = libcmocka-dev postgresql openssl sqlite3 curl python3 python3-stdnum tmux $(PACKAGES_DEMO)
PACKAGES_DEV  = clang libclang-rt-dev llvm clang-format cppcheck sqlite3 curl
PACKAGES_REAL = fossil public-inbox dokuwiki php-cli php-cgi php-xml nginx-light microsocks python3-httpbin python3-aiosmtpd python3-feedparser postfix dovecot-imapd dovecot-lmtpd curl python3 chromium poppler-utils $(if $(shell command -v npm),,nodejs npm) $(if $(shell command -v java),,default-jre-headless)
PACKAGES_NPM  = smtp-server@3 playwright-core@1 axe-core@4 vnu-jar@26 csp_evaluator@1
PACKAGES_BENCH = nginx-light python3-scrapy yara ripgrep curl python3-cryptography python3-mnemonic apache2-utils putty-tools gpg openssh-client age \
	    wireguard-tools mariadb-server-core mariadb-client fasttext hugo

WARN     = -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef \
	   -Wno-missing-field-initializers
HARDEN   = -fstack-protector-strong -fPIE $(if $(SANITIZE)$(FUZZ),,-D_FORTIFY_SOURCE=2)
SAN      = $(if $(SANITIZE)$(FUZZ),-fsanitize=address$(comma)undefined$(if $(FUZZ),$(comma)fuzzer-no-link) \
	   -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
CFLAGS   = $(if $(SANITIZE),-O1,-O2) -g
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -DWATCHDESK_VERSION='"$(VERSION)"' -I. -I$(BUILD) $(WARN) $(if $(DEV),-Werror) $(HARDEN) $(SAN) \
	   $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null | sed 's/-I/-isystem /g') $(CFLAGS)
LIBS     = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lbz2 -lm -pthread
LDFLAGS  = -pie -Wl,-z,relro,-z,now $(SAN)

SOURCES  = $(filter-out desk/main.c,$(wildcard $(addsuffix /*.c,$(FOLDERS))))
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o)
DATA     = $(sort $(wildcard classify/rules/*.yaml classify/model/*.txt classify/model/*.bin classify/training/*.jsonl classify/frames/*.yaml crawler/*.yaml crawler/engines/*.yaml crawler/sources/*.yaml store/schema/*.sql web/*.css web/*.js web/words/*.yaml desk/*.yaml desk/playbooks/*.yaml desk/takedown/hosts/*.yaml desk/takedown/notices/*.yaml desk/takedown/notices/*.txt desk/takedown/rdap/*.json))
BENCHES  = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/*.c))
TESTS    = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/test_*.c))
FUZZERS  = $(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))
FUZZ_SECONDS ?= 60

# The same once more, with as many compilers as there are cores unless somebody said how many.
AGAIN    = $(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.DELETE_ON_ERROR:
.PRECIOUS: $(BUILD)/%.o
.PHONY: all watchdesk deps-build deps deps-test deps-check deps-dev demo pictures run test test-real asan check bench bench-long fuzz install uninstall clean help format

all: watchdesk ## build the program

watchdesk: $(PROGRAM)
	@ln -sf $(PROGRAM) $@

$(PROGRAM): $(BUILD)/desk/main.o $(OBJECTS)
	$(call quiet,LINK) $(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(BUILD)/%.o: %.c | $(BUILD)/embed.list
	@mkdir -p $(@D)
	$(call quiet,CC  ) $(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# The files that ship inside the program, a line each, for base/embed.c.
$(BUILD)/embed.list: Makefile $(wildcard $(sort $(dir $(DATA))))
	@mkdir -p $(@D)
	@n=0; for f in $(DATA); do n=$$((n + 1)); echo "EMBED($$n, \"$$f\")"; done >$@.new
	@cmp -s $@.new $@ && rm $@.new && touch $@ || mv $@.new $@

$(BUILD)/base/embed.o: $(BUILD)/embed.list $(DATA)

# What writes the pages: a report is written anew when it is another.
PAGES = $(wildcard web/*.c web/*.h web/*.inc)
$(BUILD)/web/report.o: ALL_CFLAGS += -DWATCHDESK_PAGES='"$(shell cat $(PAGES) | sha256sum | cut -c 1-16)"'
$(BUILD)/web/report.o: $(PAGES)

# A hundred test programs: the linker that takes a third of the time, where it is there.
QUICK = $(if $(SANITIZE),,$(if $(shell command -v ld.gold),-fuse-ld=gold))

# All there is, of which each test takes what it needs: a fortieth of its size, and a quarter of the linker's time.
ALL = $(BUILD)/libwatchdesk.a

$(ALL): $(OBJECTS)
	$(call quiet,AR  ) rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/tests/support.o $(BUILD)/tests/stores.o $(ALL)
	$(call quiet,LINK) $(CC) $(LDFLAGS) $(QUICK) $(filter %.o,$^) $(ALL) $(LIBS) -lcmocka -o $@

$(BUILD)/tests/test_power $(BUILD)/tests/test_failures $(BUILD)/tests/test_keeping: $(BUILD)/tests/lossy_vfs.o
$(BUILD)/tests/test_net_mail $(BUILD)/tests/test_net_imap $(BUILD)/tests/test_compose: $(BUILD)/tests/relay.o
$(BUILD)/tests/test_page $(BUILD)/tests/test_page_text $(BUILD)/tests/test_chart $(BUILD)/tests/test_report: $(BUILD)/tests/census.o
$(BUILD)/tests/test_failures: LDFLAGS += -Wl,--wrap=PQpipelineSync,--wrap=PQexec

$(SITE): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/site/*.c)) $(patsubst %,$(BUILD)/base/%.o,str buf arena must err file clock utf8)
	$(call quiet,LINK) $(CC) $(LDFLAGS) $^ -lz -o $@

deps-build: ## install what is needed to build (Debian, Ubuntu)
	@tests/install $(PACKAGES)

deps: ## ... and to test
	@tests/install $(PACKAGES) $(PACKAGES_TEST)

deps-test: deps ## ... and the real software of test-real
	@tests/install $(PACKAGES_REAL)
	@tests/npm $(PACKAGES_NPM)

deps-check: deps ## ... and what `check`, `asan` and `fuzz` use
	@tests/install $(PACKAGES_DEV)

deps-dev: deps-test deps-check ## ... and the rivals of `bench`
	@tests/install $(PACKAGES_BENCH)

demo: deps-build ## build, watch a week of the site that ships with it, write the report
	@tests/install $(PACKAGES_DEMO) || echo "without another clock the demonstration is one round of the present" >&2
	+@$(AGAIN) all $(SITE)
	@tests/demo $(BUILD)

pictures: demo ## take the README's pictures from the demonstration
	@tests/install $(PACKAGES_PICTURES)
	@tests/pictures

run: all ## watch what watchdesk.yaml names
	./watchdesk run

test: deps ## build and run all tests, on loopback only
	+@$(AGAIN) test-built

.PHONY: test-built
test-built: all $(TESTS) $(SITE)
	@tests/run $(BUILD)

test-real: deps-test ## run against real software from Debian's packages
	+@$(AGAIN) all $(SITE)
	@tests/run $(BUILD) tests/real/*.t

asan: deps-check ## run all tests with clang's ASan and UBSan
	+@$(AGAIN) test CC=clang SANITIZE=1

check: deps-check ## who includes whom, banned calls, format, cppcheck, documentation of exports
	@tests/check

bench: deps-dev ## measure, side by side with others
	+@$(AGAIN) all $(SITE) $(BENCHES)
	@tests/bench/run $(BUILD)
	@tests/bench/leaks $(BUILD)
	@tests/bench/rescan $(BUILD)
	@tests/bench/language $(BUILD)
	@$(BUILD)/tests/bench/assets
	@$(BUILD)/tests/bench/html
	@python3 tests/bench/pace.py $(BUILD)
	@tests/leaks/run $(BUILD)
	@tests/bench/memory $(BUILD)
	@tests/bench/mail $(BUILD)
	@tests/bench/latency $(BUILD)
	@tests/bench/report $(BUILD) 100000

bench-long: deps-dev ## ... the memory with ten million posts, the report of a million findings: hours, 60 GB
	+@$(AGAIN) all $(SITE) $(BENCHES)
	@tests/bench/memory $(BUILD) long
	@tests/bench/report $(BUILD) 1000000

.PHONY: bench-leaks
bench-leaks: deps-dev ## ... what is found of leaks, and what is mistaken for one
	+@$(AGAIN) all
	@tests/leaks/run $(BUILD)

fuzz: deps-check ## run each fuzzer for FUZZ_SECONDS (60)
	+@$(AGAIN) CC=clang FUZZ=1 $(patsubst %,build/clang-fuzz/tests/%,$(FUZZERS))
	@for f in $(FUZZERS); do tests/fuzz build/clang-fuzz/tests/$$f $(FUZZ_SECONDS) || exit 1; done

$(BUILD)/tests/fuzz_%: $(BUILD)/tests/fuzz_%.o $(OBJECTS)
	$(call quiet,FUZZ) $(CC) $(LDFLAGS) -fsanitize=fuzzer $^ $(LIBS) -o $@

install: all ## install below PREFIX (/usr/local)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/watchdesk
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	./watchdesk manual >$(DESTDIR)$(PREFIX)/share/man/man1/watchdesk.1
	./watchdesk completion >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/watchdesk

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/watchdesk $(DESTDIR)$(PREFIX)/share/man/man1/watchdesk.1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/watchdesk

format: ## put every file into the house's format
	clang-format -i $(shell git ls-files '*.c' '*.h')

clean: ## remove what was built
	rm -rf build watchdesk

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
