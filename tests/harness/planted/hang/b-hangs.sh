#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 1 1 0 did not end: the guest hung
# oriel-test: timeout=2
echo 1..1
echo "ok 1 - first"
# shellcheck source=/dev/null
. /lib/oriel-test.sh
host qmp '{"execute":"stop"}'
