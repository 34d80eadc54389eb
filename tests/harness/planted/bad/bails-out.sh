#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 Bail out! enough
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 2
ok "first"
bail enough
