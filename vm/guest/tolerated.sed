# SPDX-License-Identifier: GPL-2.0-only
# Complaints that are not looked at. Loading a module, the kernel complains aloud
# of its own allocation that tests/debug/fail-nth made fail.
/ fail-nth: vmalloc error: /,/<\/TASK>/d
