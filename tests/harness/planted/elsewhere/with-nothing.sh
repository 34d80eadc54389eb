#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# oriel-test: timeout=10 needs=nothing-has-this
# shellcheck source=/dev/null
. /lib/oriel-test.sh

plan 1
ok "is never booted"
done_testing
