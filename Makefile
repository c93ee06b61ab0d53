# Build of rooted.  "make" builds build/rooted; "make SAN=1" the same with sanitizers
# in build/san; CC=clang works too.  Every src/*/*.c and template is found by itself.
CC ?= gcc
ifeq ($(origin CC),default)
CC = gcc
endif
SAN ?= 0
WERROR ?= 1
ifeq ($(SAN),1)
B ?= build/san
else ifeq ($(SAN),thread)
B ?= build/tsan
else ifeq ($(SAN),fuzz)
B ?= build/fuzz
else
B ?= build
endif
GEN = $(B)/gen
PKGS = sqlite3 libpq expat yajl libzip libsodium liboath libqrencode libmicrohttpd xlsxwriter jansson libzstd zlib libseccomp libcurl uuid
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes \
  -Wmissing-prototypes -Wvla -Wcast-qual
ifneq ($(findstring clang,$(CC)),clang)
WARN += -Wclobbered
endif
ifeq ($(WERROR),1)
WARN += -Werror
endif
HARDEN = -fstack-protector-strong -fstack-clash-protection -fPIE
ifeq ($(shell uname -m),x86_64)
HARDEN += -fcf-protection
endif
ifeq ($(SAN),1)
OPT = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(SAN),thread)
OPT = -O1 -g -fsanitize=thread
else ifeq ($(SAN),fuzz)
OPT = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
else
OPT = -O2 -g -D_FORTIFY_SOURCE=3 $(HARDEN)
endif
VERSION := $(shell cat VERSION)
CPPFLAGS += -Isrc -I$(GEN) -D_GNU_SOURCE -DROOTED_VERSION='"$(VERSION)"' \
  $(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g')
CFLAGS += -std=c17 $(OPT) $(WARN) -ffp-contract=off -pthread
LDFLAGS += -pie -pthread -Wl,-z,relro,-z,now,-z,noexecstack
LDLIBS += $(shell pkg-config --libs $(PKGS)) -lstemmer -lm

SRC := $(filter-out src/cli/main.c,$(wildcard src/*/*.c src/web/*/*.c))
TPL := $(wildcard src/ui/*.html src/report/*.html src/web/*.html src/web/*/*.html)
TPL_C := $(TPL:src/%.html=$(GEN)/%.html.c)
TPL_H := $(TPL_C:.c=.h)
EMBED_C := $(GEN)/embed_migrations.c $(GEN)/embed_assets.c $(GEN)/embed_packs.c
OBJ := $(SRC:src/%.c=$(B)/obj/%.o) $(TPL_C:$(GEN)/%.c=$(B)/obj/gen/%.o) \
  $(EMBED_C:$(GEN)/%.c=$(B)/obj/gen/%.o)
LIB := $(B)/librooted.a
CHAIN := $(patsubst %,$(B)/obj/access/%.o,chain chain_check chain_heads)
TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*/test_*.c))
TESTLIB := $(patsubst tests/support/%.c,$(B)/obj/support/%.o,$(wildcard tests/support/*.c))

BENCH := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all tests lib-check bench fuzz fuzz-programs clean
.SECONDARY:
all: $(B)/rooted $(B)/rooted-audit-verify
tests: $(TESTS) $(B)/rooted $(B)/rooted-audit-verify
lib-check: $(LIB)
bench: all $(BENCH)
# libFuzzer is clang's: build/fuzz/fuzz_NAME from tests/fuzz/fuzz_NAME.c
fuzz:
	@$(MAKE) CC=clang SAN=fuzz B=build/fuzz fuzz-programs
fuzz-programs: $(FUZZ)

$(B)/rooted: $(B)/obj/cli/main.o $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
# Checks an exported audit: nothing of the program but how a chain is made.
$(B)/rooted-audit-verify: tools/audit_verify.c $(CHAIN)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs libsodium)
# Tries what "rooted serve" gave up; never with sanitizers, which need some of it.
$(B)/sandbox-try: tests/cli/sandbox_try.c src/cli/sandbox.c src/base/job.c src/cli/sandbox.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c17 -O2 $(WARN) -pthread -o $@ $(filter %.c,$^) \
	  $(shell pkg-config --libs libseccomp libcurl)
$(LIB): $(OBJ)
	@rm -f $@
	@ar crs $@ $^
$(B)/obj/%.o: src/%.c $(TPL_H)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/gen/%.o: $(GEN)/%.c $(TPL_H)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/support/%.o: tests/support/%.c $(TPL_H)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/tests/%: tests/unit/%.c $(TESTLIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $(TESTLIB) $(LIB) $(LDLIBS) -lcmocka -lgsl -lgslcblas -lm
$(B)/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)
$(B)/fuzz_%: tests/fuzz/fuzz_%.c $(LIB)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -fsanitize=fuzzer -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< \
	  $(LIB) $(LDLIBS)
$(B)/tool/%: tools/%.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -O1 -g -D_GNU_SOURCE $(WARN) -o $@ $<
$(GEN)/%.html.c $(GEN)/%.html.h &: src/%.html $(B)/tool/tplc
	@mkdir -p $(@D)
	$(B)/tool/tplc $< $(GEN)/$*.html.h $(GEN)/$*.html.c $*.html.h
# embed NAME OUT.c FILE…: files as bytes in a table of struct embedded (base/embed.h)
$(GEN)/embed_migrations.c: $(wildcard migrations/*.sql) $(B)/tool/embed
	@mkdir -p $(@D)
	$(B)/tool/embed embed_migrations $@ $(wildcard migrations/*.sql)
$(GEN)/embed_packs.c: $(wildcard packs/*.json) $(B)/tool/embed
	@mkdir -p $(@D)
	$(B)/tool/embed embed_packs $@ $(wildcard packs/*.json)
# The style sheet and the icon: made again only when one of these changes.
build/assets.stamp: tools/assets.sh package-lock.json $(wildcard assets/*)
	@mkdir -p $(@D)
	tools/assets.sh build/assets
	@touch $@
$(GEN)/embed_assets.c: build/assets.stamp $(B)/tool/embed
	@mkdir -p $(@D)
	$(B)/tool/embed embed_assets $@ build/assets/*
clean:
	rm -rf build
-include $(OBJ:.o=.d) $(B)/obj/cli/main.d $(TESTS:=.d) $(FUZZ:=.d) $(BENCH:=.d) $(TESTLIB:.o=.d)
