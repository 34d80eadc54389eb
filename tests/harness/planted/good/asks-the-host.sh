#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# expect: 3 0 0
# shellcheck source=/dev/null
. /lib/oriel-test.sh
plan 3
host shm_write 64 "from the host" >/dev/null
is "$(host shm_read 64 13)" "from the host" "the host answers"
fails "an unknown verb is refused" host no_such_verb
try "the display can be photographed" host screendump display
done_testing
