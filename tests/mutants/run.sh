#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/mutants/run.sh [NAME...]: do the tests notice? Each NAME.patch plants
# one bug in a copy of the sources; the guest tests that it names on its
# "Tests:" line have to fail. Status 0 only if every mutant was caught.
#
# A mutant that does not apply or does not build proves nothing and is a
# failure; so is one whose tests also fail without it (that is run first).
# MUTANTS_SAMPLE=N runs every Nth only.

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../../vm/common.sh"

cd "$ORIEL_TOP"
series=${ORIEL_MUTANT_SERIES:-6.1}
copy=$ORIEL_BUILD/mutants/tree
logs=$ORIEL_BUILD/logs/mutants
passed=0 failed=0 number=0

patches()
{
	local name file
	for file in tests/mutants/*.patch; do
		name=$(basename "$file" .patch)
		[ $# = 0 ] || [[ " $* " = *" $name "* ]] || continue
		number=$((number + 1))
		[ $((number % ${MUTANTS_SAMPLE:-1})) = 0 ] || continue
		echo "$name"
	done
}

tests_of()
{
	sed -n 's/^Tests: //p' "tests/mutants/$1.patch"
}

# The copy follows the tree, and forgets the mutant before; what did not change
# keeps its time, so that only what a mutant touches is built again.
restore()
{
	mkdir -p "$copy"
	git ls-files -z --cached --others --exclude-standard |
		xargs -0 cp -u --parents --no-dereference --preserve=mode,timestamps -t "$copy" \
			2>/dev/null || true
	(cd "$copy" && git -C "$ORIEL_TOP" ls-files -z kernel |
		while IFS= read -r -d '' file; do
			cmp -s "$file" "$ORIEL_TOP/$file" || cp "$ORIEL_TOP/$file" "$file"
		done)
}

# run_copy LOG TEST...: the tests in the copy. Status 0: all passed, 1: some
# test failed, 2: there was nothing to judge.
run_copy()
{
	local log=$1
	shift
	if (cd "$copy" && TEST="$*" vm/run.sh "$series") >"$log" 2>&1; then
		return 0
	fi
	if grep -q 'the build for\|^vm/\|no such test' "$log"; then
		return 2
	fi
	grep -Eq '^[0-9]+ passed, [1-9][0-9]* failed' "$log" || return 2
	return 1
}

result()
{
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
		printf 'ok - %s\n' "$2"
	else
		failed=$((failed + 1))
		printf 'not ok - %s\n' "$2"
	fi
}

check_baseline()
{
	local name
	say MUTANTS "first without any"
	restore
	# shellcheck disable=SC2046 # a list of names
	if run_copy "$logs/baseline.log" $(for name; do tests_of "$name"; done |
			tr ' ' '\n' | sort -u); then
		result ok "without a mutant, the tests pass"
	else
		tail -n 20 "$logs/baseline.log"
		result not "without a mutant, the tests pass"
	fi
}

check_mutant()
{
	local name=$1 status=0
	restore
	if ! patch -s -d "$copy" -p1 <"tests/mutants/$name.patch" >"$logs/$name.log" 2>&1; then
		result not "$name: does not apply"
		return
	fi
	# shellcheck disable=SC2046 # a list of names
	run_copy "$logs/$name.log" $(tests_of "$name") || status=$?
	case $status in
	0) result not "$name: survived $(tests_of "$name")" ;;
	1) result ok "$name: caught by $(awk '$3 == "FAILED" { print $2 }' "$logs/$name.log" |
		sort -u | tr '\n' ' ')" ;;
	*) result not "$name: could not be judged, see ${logs#"$ORIEL_TOP/"}/$name.log" ;;
	esac
}

"$ORIEL_TOP/vm/packages.sh" build fetch vm mutants
take_lock "mutants-${copy//\//_}"
mkdir -p "$logs"
mapfile -t names < <(patches "$@")
[ ${#names[@]} -gt 0 ] || die "no such mutant"
check_baseline "${names[@]}"
for name in "${names[@]}"; do
	check_mutant "$name"
done
printf '%d passed, %d failed\n' $passed $failed
[ $failed = 0 ]
