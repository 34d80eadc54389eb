# SPDX-License-Identifier: GPL-2.0-only
#
# Oriel's front door: `make help` lists the targets. Nothing here needs root
# except install and modules_install into a live system; `make test` and
# `make demo` announce what they install on this host before they do.

KDIR ?= /lib/modules/$(shell uname -r)/build
KERNELS ?= 6.1 6.12
PREFIX ?= /usr/local
CC ?= cc
# Where programs and the library are built; modules are built in place.
BUILD ?= $(CURDIR)/build
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wno-unused-parameter

# V=1 shows the commands.
Q := $(if $(filter-out 0,$(V)),,@)
export V

MAKEFLAGS += --no-print-directory

# Without pahole, or without the kernel's vmlinux, there can be no BTF; say so
# to kbuild rather than have it complain.
BTF := $(if $(and $(shell command -v pahole),$(wildcard $(KDIR)/vmlinux)),,CONFIG_DEBUG_INFO_BTF_MODULES=)
KBUILD = $(MAKE) -C $(KDIR) $(BTF)
SYMBOLS := $(CURDIR)/kernel/Module.symvers

# kbuild does not notice that symbols of another directory got new versions.
# $(call build-against-oriel,DIRECTORY)
define build-against-oriel
	$(Q)[ ! $(SYMBOLS) -nt $(1)/Module.symvers ] || rm -f $(1)/Module.symvers
	+$(Q)$(KBUILD) M=$(CURDIR)/$(1) KBUILD_EXTRA_SYMBOLS=$(SYMBOLS) modules
endef

UAPI := -I$(CURDIR)/kernel/include/uapi -D_FILE_OFFSET_BITS=64
USER_PROGRAMS := $(patsubst %.c,%,$(wildcard examples/*/*-user.c))
GUEST_SOURCES := $(wildcard tests/guest/*.c)
GUEST_HELPERS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/guest/lib/*.c))
GUEST_LIBRARY := $(BUILD)/tests/guest/lib/guest.a
GUEST_HEADERS := $(wildcard tests/guest/*.h tests/guest/lib/*.h kernel/include/uapi/*.h lib/*.h)
BENCH_PROGRAMS := $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/*.c))
GUEST_TESTS := $(patsubst tests/guest/%.c,$(BUILD)/tests/guest/%,$(GUEST_SOURCES))
OTHER_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/clients/*.c tests/debug/*.c))

.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all modules examples user-programs kmod lib cli guest-tests bench-programs bench check test \
	test-debug test-arm mutants demo lint clean install uninstall modules_install \
	modules_uninstall modules-not-built kernel-headers man help

all: modules lib cli man user-programs

help:
	@echo 'modules          kernel/*.ko for KDIR (now $(KDIR))'
	@echo 'examples         examples/*/*.ko for KDIR, and their programs'
	@echo 'lib, cli         liboriel and the oriel command, in build/'
	@echo 'all              modules, lib, cli, manual pages, example programs'
	@echo 'check            host tests: offline, no root, no virtual machine'
	@echo 'test             everything from nothing, on kernels $(KERNELS); TEST="name..." runs'
	@echo '                 only these guest tests, KERNELS=6.1 only on this kernel'
	@echo 'test-debug       the guest tests, leaks and failing allocations on a 6.1 kernel with'
	@echo '                 KASAN, lockdep, kmemleak, ... (built on first use, some 6 minutes)'
	@echo 'test-arm         the guest tests on emulated boards, arm64 and 32-bit Arm'
	@echo 'mutants          planted bugs, each of which the tests have to notice'
	@echo 'demo             a virtual machine that shows what Oriel does'
	@echo 'bench            what mapping and copying costs; build/bench/report.md'
	@echo 'lint             W=1, sparse, checkpatch, kernel-doc, shellcheck'
	@echo 'install          modules, library, headers, command, manual pages, udev rule, group,'
	@echo '                 completion (DESTDIR, PREFIX); uninstall takes it away again'
	@echo 'modules_install  modules alone (DESTDIR or INSTALL_MOD_PATH)'
	@echo 'clean            removes what was built (the kernel cache stays)'
	@echo 'vm/run.sh 6.1 --shell | --gdb: a prompt, a debugger'
	@echo 'Variables: V=1 verbose, ORIEL_NO_INSTALL=1, ORIEL_MIRROR=URL, ORIEL_ACCEL=kvm'

kernel-headers:
	@[ -e $(KDIR)/Makefile ] || { printf '%s\n' '$(KDIR) is not there: install the headers of' \
		'your kernel (Debian: apt install linux-headers-$$(uname -r)), or give KDIR=DIRECTORY.' >&2; \
		exit 1; }

modules: kernel-headers
	+$(Q)$(KBUILD) M=$(CURDIR)/kernel modules

examples: modules user-programs
	$(call build-against-oriel,examples)

kmod: modules
	$(call build-against-oriel,tests/guest/kmod)
	$(call build-against-oriel,bench/kmod)

user-programs: $(USER_PROGRAMS)

examples/%-user: examples/%-user.c
	@echo "  CC   $@"
	$(Q)$(CC) $(WARNINGS) $(CFLAGS) $(UAPI) -o $@ $<

lib:
	$(Q)$(MAKE) -C lib BUILD=$(BUILD)

cli: lib
	$(Q)$(MAKE) -C cli BUILD=$(BUILD)

guest-tests: $(GUEST_TESTS) $(OTHER_TESTS)

$(GUEST_HELPERS): $(BUILD)/tests/%.o: tests/%.c $(GUEST_HEADERS) Makefile
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(WARNINGS) $(CFLAGS) $(UAPI) -Ilib -Itests/guest -c -o $@ $<

$(GUEST_LIBRARY): $(GUEST_HELPERS)
	@echo "  AR   $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(GUEST_TESTS) $(OTHER_TESTS): $(BUILD)/tests/%: tests/%.c $(GUEST_LIBRARY) $(GUEST_HEADERS) Makefile
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(WARNINGS) $(CFLAGS) $(UAPI) -Ilib -Itests/guest -I$(@D) -o $@ $< \
		$(GUEST_LIBRARY) -lcmocka -lpthread

# The first block of C in the README, for the test that runs it.
$(BUILD)/tests/guest/readme: $(BUILD)/tests/guest/readme-lines.h
$(BUILD)/tests/guest/readme-lines.h: README.md Makefile
	@mkdir -p $(@D)
	$(Q)awk '/^```/ { inside = !done && $$0 == "```c"; done = done || inside; next } inside' $< >$@

bench-programs: $(BENCH_PROGRAMS)

$(BUILD)/bench/%: bench/%.c Makefile
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(WARNINGS) $(CFLAGS) -o $@ $<

bench:
	$(Q)bench/bench.sh $(KERNELS)

check:
	$(Q)$(MAKE) -C tests/host check

test:
	$(Q)vm/test.sh $(KERNELS)

test-debug:
	$(Q)vm/test-debug.sh

test-arm:
	$(Q)vm/test-arm.sh

mutants:
	$(Q)tests/mutants/run.sh

demo:
	$(Q)vm/demo.sh

lint:
	$(Q)tests/lint.sh

man:
	$(Q)$(MAKE) -C docs man

# Libraries and commands also where there are no modules: DKMS may build those.
install: $(if $(wildcard kernel/oriel.ko),modules_install,modules-not-built)
	$(Q)$(MAKE) -C lib install
	$(Q)$(MAKE) -C cli install
	$(Q)$(MAKE) -C docs install
	$(Q)$(MAKE) -C dist install

modules-not-built:
	@echo '  kernel/oriel.ko was not built: no modules are installed (make modules)'

uninstall: modules_uninstall
	$(Q)$(MAKE) -C lib uninstall
	$(Q)$(MAKE) -C cli uninstall
	$(Q)$(MAKE) -C docs uninstall
	$(Q)$(MAKE) -C dist uninstall

INSTALL_MOD_PATH ?= $(DESTDIR)
KRELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
# What Kbuild names, built or not: uninstall comes after clean, too.
MODULE_NAMES = $(patsubst %.o,%.ko,$(shell sed -n 's/^obj-.*= *//p' kernel/Kbuild))
OUR_MODULES = $(wildcard $(foreach name,$(MODULE_NAMES),$(addprefix \
	$(INSTALL_MOD_PATH)/lib/modules/$(KRELEASE)/*/$(name),/ .gz .xz .zst)))
# Without the kernel's key nothing can be signed; have kbuild not try.
SIG_KEY = $(shell sed -n 's/^CONFIG_MODULE_SIG_KEY="\(.*\)"/\1/p' $(KDIR)/include/config/auto.conf)
SIGN = $(if $(or $(filter /% pkcs11:%,$(SIG_KEY)),$(and $(SIG_KEY),$(wildcard $(KDIR)/$(SIG_KEY)))),,CONFIG_MODULE_SIG_ALL=)
# kbuild does it only where there is a System.map.
DEPMOD = PATH=$$PATH:/usr/sbin:/sbin depmod $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(KRELEASE)

modules_install:
	+$(Q)$(KBUILD) $(SIGN) M=$(CURDIR)/kernel INSTALL_MOD_PATH=$(INSTALL_MOD_PATH) modules_install
	$(Q)$(DEPMOD)

modules_uninstall:
	$(Q)$(if $(OUR_MODULES),rm -f $(OUR_MODULES) && $(DEPMOD))

clean:
	$(Q)rm -rf build $(USER_PROGRAMS)
	$(Q)for dir in kernel examples tests/guest/kmod bench/kmod; do \
		find $$dir \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
			-o -name '.*.cmd' -o -name '*.o.d' -o -name modules.order \
			-o -name Module.symvers -o -name '.module-common*' \) \
			-delete 2>/dev/null || true; \
	done
