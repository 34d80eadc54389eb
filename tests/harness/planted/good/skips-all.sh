#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 0 0 1
# shellcheck source=/dev/null
. /lib/oriel-test.sh
skip_all "nothing of the kind here"
