#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dist/activate.sh SYSUSERS: what a running system has to be told after install
# or uninstall: libraries, the group, rules. Nothing of it is needed with
# DESTDIR. SYSUSERS is the installed file, or nothing after uninstall.

if [ "$(id -u)" != 0 ]; then
	echo "Not root: run ldconfig, and make a group \"oriel\", before you use what was installed." >&2
	exit 0
fi

PATH=$PATH:/usr/sbin:/sbin
status=0

have()
{
	command -v "$1" >/dev/null
}

have ldconfig && { ldconfig || status=1; }

if [ -n "${1:-}" ] && ! grep -q '^oriel:' /etc/group 2>/dev/null; then
	if have systemd-sysusers; then
		systemd-sysusers "$1" || status=1
	elif have groupadd; then
		groupadd --system oriel || status=1
	else
		addgroup -S oriel || status=1
	fi
fi

# There may be no udevd here (a container), and that is fine.
if have udevadm && udevadm control --reload 2>/dev/null; then
	udevadm trigger --subsystem-match=oriel || status=1
fi
exit $status
