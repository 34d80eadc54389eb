#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Inside an ordinary guest: what copying costs next to mapping, one line of JSON
# for each size. Run by bench.sh.

set -e
# shellcheck source=vm/guest/oriel-test.sh
. /lib/oriel-test.sh

load oriel-bench scattered=4194304
copy-bench /dev/oriel/bench
rmmod oriel_bench
