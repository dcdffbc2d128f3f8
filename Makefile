# watchdesk. `make help` lists the targets.
#
# One Makefile, not recursive. DEV=1 makes warnings errors; SANITIZE=1 builds with ASan and UBSan. CC chooses the compiler.
# Each combination has its own build folder, so switching between them rebuilds nothing.

VERSION  = 0.1.0
PREFIX  ?= /usr/local
CC       = gcc
DEV     ?=
SANITIZE ?=

FOLDERS  = base store classify crawler crawler/extract web desk desk/verb
BUILD    = build/$(notdir $(firstword $(CC)))$(if $(SANITIZE),-sanitize)$(if $(COVERAGE),-coverage)
PACKAGES = libcurl libxml-2.0 gumbo jansson yaml-0.1 icu-uc icu-i18n uchardet libhs libpcre2-8 libpsl sqlite3 libsodium zlib libseccomp

WARN     = -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef -Wno-missing-field-initializers
HARDEN   = -fstack-protector-strong -fPIE $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
SAN      = $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
comma    = ,
CFLAGS   = -O2 -g
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -DWATCHDESK_VERSION='"$(VERSION)"' -I. -I$(BUILD) $(WARN) $(if $(DEV),-Werror) $(HARDEN) $(SAN) \
	   $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null | sed 's/-I/-isystem /g') $(CFLAGS)
LIBS     = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm -pthread
LDFLAGS  = -pie -Wl,-z,relro,-z,now $(SAN)

SOURCES  = $(filter-out desk/main.c,$(wildcard $(addsuffix /*.c,$(FOLDERS))))
OBJECTS  = $(SOURCES:%.c=$(BUILD)/%.o)
DATA     = $(sort $(wildcard classify/rules/*.yaml classify/frames/*.yaml crawler/sources/*.yaml crawler/engines/*.yaml store/schema/*.sql web/*.css desk/*.yaml tests/site/posts/*))
TESTS    = $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/test_*.c))
FUZZERS  = $(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))
PROGRAM  = $(BUILD)/watchdesk
SITE     = $(BUILD)/site
SITE_SOURCES = $(wildcard tests/site/*.c)

.DELETE_ON_ERROR:
.PHONY: all deps deps-test demo run test test-real asan check bench fuzz install uninstall clean help format

all: $(PROGRAM) watchdesk ## build the program

watchdesk: $(PROGRAM)
	@ln -sf $(PROGRAM) $@

$(PROGRAM): $(BUILD)/desk/main.o $(OBJECTS)
	$(CC) $(LDFLAGS) $^ $(LIBS) -o $@

$(BUILD)/%.o: %.c | $(BUILD)/embed.list
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# The files that ship inside the program, as one line each for base/embed.c.
$(BUILD)/embed.list: $(DATA) Makefile
	@mkdir -p $(@D)
	@n=0; for f in $(filter-out tests/%,$(DATA)); do n=$$((n+1)); echo "EMBED($$n, \"$$f\")"; done >$@

$(BUILD)/base/embed.o: $(BUILD)/embed.list $(DATA)

$(BUILD)/tests/test_%: $(BUILD)/tests/test_%.o $(BUILD)/tests/support.o $(OBJECTS)
	$(CC) $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

$(SITE): $(SITE_SOURCES) $(wildcard tests/site/*.h tests/site/posts/*)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(SITE_SOURCES) $(LDFLAGS) -o $@

test: all $(TESTS) $(SITE) ## build and run all tests on loopback
	@tests/run $(BUILD)

clean: ## remove what was built
	rm -rf build watchdesk

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(shell find build -name '*.d' 2>/dev/null)
