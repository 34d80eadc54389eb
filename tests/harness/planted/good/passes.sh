#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 2 0 0
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 2
ok "first"
is "$(uname -s)" Linux "second"
done_testing
