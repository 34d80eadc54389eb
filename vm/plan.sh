# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Which tests a boot runs: finds them, reads what each declares, selects by
# kernel, machine and name. Sourced by vm/run.sh. A plan is a file with
# "NAME SECONDS MODULES SOURCE" a line (MODULES: comma list or -).

# declared SOURCE KEY DEFAULT
declared()
{
	local value
	value=$(head -n 40 "$1" | sed -n "s/.*oriel-test:.*[ ]$2=\([^ ]*\).*/\1/p" | head -n 1)
	echo "${value:-$3}"
}

# A debug kernel is slower, and a board. ORIEL_TIMEOUT_SCALE multiplies every limit.
plan_scale()
{
	case $series in
	*-dbg) echo "${ORIEL_TIMEOUT_SCALE:-4}" ;;
	*-arm*) echo "${ORIEL_TIMEOUT_SCALE:-3}" ;;
	*) echo "${ORIEL_TIMEOUT_SCALE:-1}" ;;
	esac
}

in_list()
{
	case ",$2," in *",$1,"*) return 0 ;; esac
	return 1
}

# plan_machine DEFAULT DIR [NAME...]: the machine that the tests named want, of
# which the first decides: DEFAULT if it may be that one.
plan_machine()
{
	local default=$1 dir=$2 name=${3:-} source machines
	for source in "$dir/$name".c "$dir/$name".sh; do
		[ -e "$source" ] || continue
		machines=$(declared "$source" machine "$default")
		in_list "$default" "$machines" || default=${machines%%,*}
	done
	echo "$default"
}

# The machines that take any test; the others take those that ask for them.
PLAN_BOARDS=pc,virt,vexpress-a15,vexpress-a9

# Has the machine all that a test needs (of machine_has)?
plan_has()
{
	local need
	for need in ${1//,/ }; do
		in_list "$need" "${machine_has// /,}" || return 1
	done
}

# plan_takes SOURCE MACHINE: is the test for this machine, which is sourced?
plan_takes()
{
	in_list "$2" "$(declared "$1" machine "$PLAN_BOARDS")" &&
		plan_has "$(declared "$1" needs '')"
}

# plan_kernels SOURCE: is it for the version of this kernel?
plan_kernels()
{
	local kernels
	kernels=$(declared "$1" kernels all)
	[ "$kernels" = all ] || in_list "$SERIES_VERSION" "$kernels"
}

# plan_elsewhere SOURCE: what to run instead, one line for each machine that has it.
plan_elsewhere()
{
	local version=$SERIES_VERSION file machine
	plan_kernels "$1" || version=$(declared "$1" kernels all) version=${version%%,*}
	for file in "$ORIEL_TOP"/vm/machines/*.sh; do
		machine=$(basename "$file" .sh)
		(
			machine_has=''
			# shellcheck source=/dev/null
			. "$file"
			plan_takes "$1" "$machine" || exit 0
			case $machine_qemu in
			*-aarch64) version+=-arm64 ;;
			*-arm) version+=-armhf ;;
			esac
			echo "  ORIEL_MACHINE=$machine vm/run.sh $version $(basename "${1%.*}")"
		)
	done
}

# plan_missed SOURCE...: tests that were named, which this boot does not run.
plan_missed()
{
	local source where
	for source; do
		where=$(plan_elsewhere "$source")
		echo "test '$(basename "${source%.*}")' does not run on $ORIEL_MACHINE with $series${where:+, but here:}"
		[ -z "$where" ] || echo "$where"
	done >&2
}

# plan_make DIR [NAME...]: status 1 when a name is unknown, or of a test that this
# boot does not run, unless ORIEL_SIFT is set: the names are for several machines.
plan_make()
{
	local dir=$1 source name limit scale wanted=() found=() missed=()
	shift
	scale=$(plan_scale)
	wanted=("$@")
	for source in "$dir"/*.c "$dir"/*.sh; do
		[ -e "$source" ] || continue
		name=$(basename "${source%.*}")
		if [ ${#wanted[@]} -gt 0 ]; then
			in_list "$name" "$(IFS=,; echo "${wanted[*]}")" || continue
		fi
		found+=("$name")
		if ! plan_kernels "$source" || ! plan_takes "$source" "$ORIEL_MACHINE"; then
			missed+=("$source")
			continue
		fi
		limit=$(($(declared "$source" timeout 120) * scale))
		echo "$name $limit $(declared "$source" modules -) $source"
	done
	for name in "${wanted[@]}"; do
		in_list "$name" "$(IFS=,; echo "${found[*]}")" || {
			echo "no test '$name' in $dir" >&2
			return 1
		}
	done
	[ ${#wanted[@]} != 0 ] && [ ${#missed[@]} != 0 ] && [ -z "${ORIEL_SIFT:-}" ] || return 0
	plan_missed "${missed[@]}"
	return 1
}

# plan_programs PLAN: "NAME SECONDS PROGRAM", with the programs make has built:
# tests/DIR/NAME.c became build/tests/DIR/NAME.
plan_programs()
{
	local name limit source
	while read -r name limit _ source; do
		case $source in
		*.c) source=${source#"$ORIEL_TOP"/}
			echo "$name $limit $ARCH_BUILD/${source%.c}" ;;
		*) echo "$name $limit $source" ;;
		esac
	done <"$1"
}

plan_modules()
{
	awk '$3 != "-" { gsub(/,/, " ", $3); print $3 }' "$1" | tr '\n' ' '
}
