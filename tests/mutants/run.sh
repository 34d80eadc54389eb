#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/mutants/run.sh [NAME...]: do the tests notice? Each NAME.patch plants
# one bug in a copy of the sources; the tests that it names have to fail. Its
# head says, after what the bug is:
#
#   Host: NAME...     tests of `make check`; or
#   Tests: NAME...    guest tests, with, if they differ from these,
#   Kernel: 6.1       the kernel, and
#   Machine: pc       the machine
#
# Status 0 only if every mutant was caught. One that does not apply or does not
# build proves nothing and is a failure; so is one whose tests also fail
# without it (they run without any beside the others).
#
# MUTANTS_SAMPLE=N runs every Nth only, MUTANTS_FIRST=K from the Kth on (1 to
# N), MUTANTS_JOBS=N (default: processors) so many guests at once.
# MUTANTS_BASELINE=0 leaves out the run without any, where it was done before.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../../vm/common.sh"

cd "$ORIEL_TOP"
copy=$ORIEL_BUILD/mutants/tree
images=$ORIEL_BUILD/mutants/images
logs=$ORIEL_BUILD/logs/mutants
results=$logs/results
planted=''

patches()
{
	local name file number=0
	for file in tests/mutants/*.patch; do
		name=$(basename "$file" .patch)
		[ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
		number=$((number + 1))
		[ $(((number - ${MUTANTS_FIRST:-1}) % ${MUTANTS_SAMPLE:-1})) = 0 ] || continue
		echo "$name"
	done
}

# said NAME KEY DEFAULT
said()
{
	local value
	value=$(sed -n "/^--- /q; s/^$2: //p" "tests/mutants/$1.patch" | head -n 1)
	echo "${value:-$3}"
}

touched()
{
	sed -n 's/^+++ b\///p' "tests/mutants/$1.patch"
}

# Makes the copy what the tree is. What did not change keeps its time, so that
# only what a mutant touches is built again.
sync_copy()
{
	local file
	mkdir -p "$copy"
	git ls-files --cached --others --exclude-standard | sort >"$copy/../sources"
	(cd "$copy" && find . -path ./build -prune -o -type f -printf '%P\n' | sort) |
		comm -13 "$copy/../sources" - | (cd "$copy" && xargs -r -d '\n' rm -f)
	while IFS= read -r file; do
		[ -e "$file" ] || continue
		cmp -s "$file" "$copy/$file" || install -D -m "$(stat -c %a "$file")" "$file" "$copy/$file"
	done <"$copy/../sources"
}

# plant NAME: in place of the mutant before.
plant()
{
	local file
	[ -z "$planted" ] || touched "$planted" | while IFS= read -r file; do
		cp "$file" "$copy/$file"
	done
	planted=$1
	patch -s -F0 -d "$copy" -p1 <"tests/mutants/$1.patch"
}

result()
{
	printf '%s - %s\n' "$1" "$2" | tee -a "$results"
}

# verdict NAME STATUS CAUGHT_BY: the status of the tests' run decides, but only
# if a test really failed.
verdict()
{
	local log=$logs/$1.log
	if [ "$2" = 0 ]; then
		result 'not ok' "$1: survived"
	elif grep -Eq '^[0-9]+ passed, [1-9][0-9]* failed' "$log" && [ -n "$3" ]; then
		result ok "$1: caught by $3"
	else
		result 'not ok' "$1: could not be judged, see ${log#"$ORIEL_TOP/"}"
	fi
}

host_test()
{
	local name=$1 log=$logs/$1.log status=0 test caught=''
	: >"$log"
	for test in $(said "$name" Host ''); do
		make -C "$copy/tests/host" --no-print-directory check TEST="$test" \
			>>"$log" 2>&1 || { status=1; caught+=" $test"; }
	done
	verdict "$name" $status "${caught# }"
}

# guest_prepare NAME SERIES MACHINE TEST...: the image of a guest with the copy
# as it is now.
guest_prepare()
{
	rm -rf "${images:?}/$1"
	(cd "$copy" && ORIEL_MACHINE=$3 TEST="${*:4}" vm/run.sh "$2" \
		--logs "$logs/$1" --prepare "$images/$1") </dev/null >"$logs/$1.log" 2>&1
}

guest_run()
{
	local status=0
	(cd "$copy" && ORIEL_MACHINE=$3 TEST='' vm/run.sh "$2" \
		--logs "$logs/$1" --prepared "$images/$1") >"$logs/$1.log" 2>&1 || status=$?
	rm -rf "${images:?}/$1"
	return $status
}

guest_judge()
{
	local status=0 caught start=$SECONDS
	guest_run "$@" || status=$?
	caught=$(awk '$3 == "FAILED" { printf "%s%s", n++ ? " " : "", $2 }' "$logs/$1.log")
	verdict "$1" $status "${caught:+$caught (after $((SECONDS - start)) s)}"
}

guest_test()
{
	local name=$1 series machine tests
	series=$(said "$name" Kernel 6.1)
	machine=$(said "$name" Machine pc)
	tests=$(said "$name" Tests '')
	# shellcheck disable=SC2086 # a list of names
	if guest_prepare "$name" "$series" "$machine" $tests; then
		guest_judge "$name" "$series" "$machine" &
		place
	else
		result 'not ok' "$name: does not build, see ${logs#"$ORIEL_TOP/"}/$name.log"
	fi
}

# Waits until one guest more may run.
place()
{
	while [ "$(jobs -pr | wc -l)" -ge "${MUTANTS_JOBS:-$(nproc)}" ]; do
		wait -n || true
	done
}

baseline_judge()
{
	if guest_run "$@"; then
		result ok "$1: the tests pass"
	else
		tail -n 20 "$logs/$1.log"
		result 'not ok' "$1: the tests pass"
	fi
}

# Each test that some mutant names, once, with the sources as they are.
baseline()
{
	local name series machine name_of
	for name; do
		[ -n "$(said "$name" Tests '')" ] || continue
		echo "$(said "$name" Kernel 6.1) $(said "$name" Machine pc)"
	done | sort -u >"$logs/guests"
	while read -r series machine; do
		name_of=without-any-$series-$machine
		# shellcheck disable=SC2046 # a list of names
		if guest_prepare "$name_of" "$series" "$machine" $(for name; do
				[ "$(said "$name" Kernel 6.1)" = "$series" ] || continue
				[ "$(said "$name" Machine pc)" = "$machine" ] || continue
				said "$name" Tests ''
			done | tr ' ' '\n' | sort -u); then
			baseline_judge "$name_of" "$series" "$machine" &
			place
		else
			tail -n 20 "$logs/$name_of.log"
			result 'not ok' "$name_of: does not build"
		fi
	done <"$logs/guests"
}

mutant()
{
	if ! plant "$1" >"$logs/$1.log" 2>&1; then
		result 'not ok' "$1: does not apply"
	elif [ -n "$(said "$1" Host '')" ]; then
		host_test "$1"
	elif [ -n "$(said "$1" Tests '')" ]; then
		guest_test "$1"
	else
		result 'not ok' "$1: names no tests"
	fi
}

# Read as a whole: who edits this file meanwhile does no harm.
{
vm/packages.sh build fetch vm mutants
take_lock "mutants-${copy//\//_}"
mkdir -p "$logs"
: >"$results"
mapfile -t names < <(patches "$@")
[ ${#names[@]} -gt 0 ] || die "no such mutant"
say MUTANTS "${#names[@]} of $(find tests/mutants -name '*.patch' | wc -l)"
sync_copy
[ "${MUTANTS_BASELINE:-1}" = 0 ] || baseline "${names[@]}"
for name in "${names[@]}"; do
	mutant "$name"
done
wait
passed=$(grep -c '^ok ' "$results" || true)
failed=$(grep -c '^not ok ' "$results" || true)
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -ge ${#names[@]} ]
exit
}
