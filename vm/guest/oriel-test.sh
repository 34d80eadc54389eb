# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# /lib/oriel-test.sh: TAP for guest tests written in shell. A test says
#
#	. /lib/oriel-test.sh
#	plan 3
#	load hello
#	is "$(cat /sys/class/oriel/hello/regions/0/size)" 8192 "region 0 is 8 KiB"
#	try "opens" test -e /dev/oriel/hello
#	fails "closed to others" su nobody -c 'cat /dev/oriel/hello'
#	done_testing

tap_count=0
tap_failed=0

plan()
{
	echo "1..$1"
}

diag()
{
	echo "$*" | sed 's/^/# /'
}

ok()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $*"
}

not_ok()
{
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $*"
}

skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # skip ${2:-}"
}

skip_all()
{
	echo "1..0 # skip $*"
	exit 0
}

bail()
{
	echo "Bail out! $*"
	exit 1
}

page_bytes()
{
	echo $(($(awk '/^KernelPageSize/ { print $2; exit }' /proc/self/smaps) * 1024))
}

# is GOT EXPECTED DESCRIPTION
is()
{
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3"
		diag "got:      $1"
		diag "expected: $2"
	fi
}

# try DESCRIPTION COMMAND...: the command succeeds.
try()
{
	tap_what=$1
	shift
	if tap_output=$("$@" 2>&1); then
		ok "$tap_what"
	else
		tap_status=$?
		not_ok "$tap_what"
		diag "status $tap_status of: $*"
		diag "$tap_output"
	fi
}

# fails DESCRIPTION COMMAND...: the command ends with a status other than 0.
fails()
{
	tap_what=$1
	shift
	if tap_output=$("$@" 2>&1); then
		not_ok "$tap_what"
		diag "succeeded: $*"
		diag "$tap_output"
	else
		ok "$tap_what"
	fi
}

# load MODULE [PARAMETER=VALUE...]: one of ours, with what the machine's own devices
# ask for, or one of the kernel's own.
load()
{
	tap_module=$1
	shift
	if [ -e "/oriel/modules/$tap_module.ko" ]; then
		# shellcheck disable=SC2046 # words
		insmod "/oriel/modules/$tap_module.ko" \
			$(cat "/etc/oriel/parameters/$tap_module" 2>/dev/null) "$@"
	else
		modprobe "$tap_module" "$@"
	fi
}

unload()
{
	rmmod "$1"
}

loaded()
{
	grep -q "^$(echo "$1" | tr - _) " /proc/modules
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for()
{
	tap_tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tap_tries=$((tap_tries - 1))
		[ "$tap_tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# host VERB ARGUMENTS: ask the machine outside (see vm/host.sh); prints its
# answer, status 0 when it could.
host()
{
	oriel-host "$@"
}

done_testing()
{
	[ $tap_failed = 0 ]
	exit
}
