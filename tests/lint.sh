#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/lint.sh [PART...]: what can be said of the sources without running
# them. Parts: modules (W=1, sparse; on every kernel of $KERNELS), checkpatch,
# kernel-doc, shellcheck. Prints TAP, last line "N passed, M failed".

# shellcheck source=vm/common.sh
. "$(dirname "$0")/../vm/common.sh"

cd "$ORIEL_TOP"
logs=$ORIEL_BUILD/logs/lint
count=0 failed=0

result()
{
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' $count "$1"
	head -n 30 <<<"$2" | sed 's/^/# /'
}

sources()
{
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

# ours COPY LOG: the warnings about our files, not those about the kernel's.
ours()
{
	grep -E '(warning|error):' "$2" | grep -vF "$(dirname "$KDIR")" |
		sed "s#$1/##" | sort -u || true
}

lint_modules()
{
	local series=$1 copy log planted
	eval "$(vm/fetch.sh "$series")"
	copy=$ORIEL_BUILD/lint/$KREL
	log=$logs/$KREL
	rm -rf "$copy"
	mkdir -p "$copy" "$log"
	sources Makefile kernel examples tests/guest/kmod bench/kmod | tr '\n' '\0' |
		xargs -0 cp --parents -t "$copy"
	local make=(make -C "$copy" --no-print-directory -k -j"$(nproc)" KDIR="$KDIR")
	local targets=(examples)
	[ ! -d "$copy/tests/guest/kmod" ] || targets+=(kmod)

	say LINT "W=1 on $KREL"
	if ! "${make[@]}" W=1 "${targets[@]}" >"$log/w1.log" 2>&1; then
		echo "error: the build failed, see $log/w1.log" >>"$log/w1.log"
	fi
	result "W=1 finds nothing on $KREL" "$(ours "$copy" "$log/w1.log")"

	# Sparse can fall silent on a kernel it does not understand: a mistake
	# planted beside our files shows that it looked.
	say LINT "sparse on $KREL"
	planted=$copy/kernel/lint-planted
	cat >"$planted.c" <<-'END'
		// SPDX-License-Identifier: GPL-2.0-only
		#include <linux/module.h>
		int lint_planted(const char __user *from);
		int lint_planted(const char __user *from)
		{
			return *from;
		}
		MODULE_LICENSE("GPL");
	END
	echo 'obj-m += lint-planted.o' >>"$copy/kernel/Kbuild"
	if ! "${make[@]}" C=2 "${targets[@]}" >"$log/sparse.log" 2>&1; then
		echo "error: the build failed, see $log/sparse.log" >>"$log/sparse.log"
	fi
	result "sparse looks at the files on $KREL" \
		"$(grep -q 'lint-planted.c.*dereference of noderef' "$log/sparse.log" ||
			echo "the planted mistake was not found, see $log/sparse.log")"
	result "sparse finds nothing on $KREL" \
		"$(ours "$copy" "$log/sparse.log" | grep -v lint-planted || true)"
}

lint_checkpatch()
{
	local script file ignore said
	script=$(vm/checkpatch.sh)
	for file in $(sources 'kernel/*.[ch]' 'examples/*.[ch]' 'tests/guest/kmod/*.[ch]' 'bench/kmod/*.[ch]'); do
		case $file in
		# A program that maps a device has a reason for volatile.
		*-user.c) ignore=VOLATILE ;;
		# It gives older kernels the types of newer ones.
		kernel/compat/*) ignore=NEW_TYPEDEFS ;;
		*) ignore=FILE_PATH_CHANGES ;;
		esac
		said=$(perl "$script" --no-tree --terse --show-types --no-summary \
			--max-line-length=100 --ignore "$ignore" -f "$file" 2>&1) || true
		result "checkpatch $file" "$said"
	done
}

lint_kernel_doc()
{
	local script file said
	eval "$(vm/fetch.sh 6.1)"
	script=$KDIR/scripts/kernel-doc
	for file in $(sources 'kernel/*.[ch]'); do
		said=$("$script" -none "$file" 2>&1) || true
		result "kernel-doc $file" "$said"
	done
}

lint_shellcheck()
{
	local file
	for file in $(sources | xargs -d '\n' grep -lE '^#!/bin/(ba)?sh'); do
		# -a: what a script sources is judged where it is used.
		result "shellcheck $file" "$(shellcheck -x -a -f gcc "$file" 2>&1)"
	done
}

lint_part()
{
	local series
	case $1 in
	modules) for series in ${KERNELS:-6.1 6.12}; do lint_modules "$series"; done ;;
	checkpatch) lint_checkpatch ;;
	kernel-doc) lint_kernel_doc ;;
	shellcheck) lint_shellcheck ;;
	*) die "unknown part '$1' (modules checkpatch kernel-doc shellcheck)" ;;
	esac
}

vm/packages.sh build fetch lint
mkdir -p "$logs"
[ $# -gt 0 ] || set -- modules checkpatch kernel-doc shellcheck
for part; do
	lint_part "$part"
done
printf '1..%d\n%d passed, %d failed\n' $count $((count - failed)) $failed
[ $failed = 0 ] && [ $count -gt 0 ]
