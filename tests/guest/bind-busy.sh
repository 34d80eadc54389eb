#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oriel bind of a device whose memory somebody holds without being its driver:
# refused, and the message says who.
# oriel-test: timeout=60 needs=pci

# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

plan 8

holder=pattern-io-remap-pfn-range
start=$(head -n 1 /sys/bus/pci/devices/0000:00:11.0/resource | cut -d' ' -f1)

load oriel-pci
try "edu is let go" oriel unbind 00:11.0
load $holder start="$start" size="$(page_bytes)"
fails "it is not taken while somebody has a page of it" oriel bind 00:11.0
oriel bind 00:11.0 2>err
is "$(wc -l <err)" 1 "in one line"
try "which says who" grep -q "its memory is in use by $holder\. " err
is "$(cat /sys/bus/pci/devices/0000:00:11.0/driver_override)" "(null)" "nothing stays behind"
fails "nobody has it" test -e /sys/bus/pci/devices/0000:00:11.0/driver
unload $holder
is "$(oriel bind 00:11.0)" /dev/oriel/pci-0000-00-11.0 "then it is"
is "$(oriel read 00:11.0 bar0 0)" 0x010000ed "and answers"
unload oriel-pci
done_testing
