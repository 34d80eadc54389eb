# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "clients": the pc, or the board of the architecture, with a tree of
# Debian packages, for tests with programs that nobody here wrote. Sourced by
# vm/boot.sh; it only describes.
#
# vm/tree.sh unpacks the tree on the host; the guest reaches it over 9p, read
# only, under a tmpfs that takes what is written.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/${ARCH_MACHINE:-pc}.sh"

machine_modules="$machine_modules 9pnet_virtio 9p overlay"
# On a board without PCI, only what its display is for.
machine_tree=(coreutils fbset fbcat fbi libdirectfb-bin)
machine_tree_device=virtio-9p-device
case " $machine_has " in
*' pci '*)
	machine_tree+=(fio perftest iproute2 ibverbs-providers memtester stress-ng gdb xxd
		bsdextrautils diffutils python3-numpy)
	machine_tree_device=virtio-9p-pci,addr=0x15 ;;
esac

# Where the tree is; it takes its time if it is not there yet.
machine_tree_path()
{
	ORIEL_ARCH=${ARCH:-amd64} "$ORIEL_TOP/vm/tree.sh" clients "${machine_tree[@]}"
}

eval "plain_$(declare -f machine_args)"
machine_args()
{
	local tree
	tree=$(machine_tree_path) || return 1
	plain_machine_args "$1"
	printf '%s\n' \
		-fsdev "local,id=tree,path=$tree,security_model=none,readonly=on,multidevs=remap" \
		-device "$machine_tree_device,fsdev=tree,mount_tag=tree"
}

# Tests source this too, for client_mount and client.
eval "plain_$(declare -f machine_guest)"
machine_guest()
{
	plain_machine_guest
	echo "client_libraries=/usr/lib/${ARCH_TRIPLET:-x86_64-linux-gnu}"
	cat <<-'END'
		# client_mount: /clients is the tree, with the guest's own devices,
		# /proc, /sys and /tmp. Once a boot.
		client_mount()
		{
			[ ! -e /clients/usr ] || return 0
			mkdir -p /clients /run/tree /run/above
			mount -t 9p -o trans=virtio,version=9p2000.L,cache=loose,msize=512000,ro \
				tree /run/tree || return 1
			mount -t tmpfs tmpfs /run/above
			mkdir /run/above/upper /run/above/work
			mount -t overlay -o lowerdir=/run/tree,upperdir=/run/above/upper,workdir=/run/above/work \
				overlay /clients || return 1
			for dir in dev proc sys tmp; do
				mkdir -p "/clients/$dir"
				mount --rbind "/$dir" "/clients/$dir" || return 1
			done
		}
		# client PROGRAM ARGUMENT...: one of the tree's programs.
		client()
		{
			chroot /clients /usr/bin/env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin \
				"LD_LIBRARY_PATH=$client_libraries/blas:$client_libraries/lapack" "$@"
		}
	END
}
