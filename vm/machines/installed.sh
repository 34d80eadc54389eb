# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "installed": the pc with a small Debian root file system (udev,
# kmod) and over it what `make install` leaves ($ORIEL_INSTALLED). Sourced by
# vm/boot.sh; it only describes.

# shellcheck source=vm/machines/pc.sh
. "$ORIEL_TOP/vm/machines/pc.sh"

# configfs is left to modprobe, as on a real system.
machine_modules="${machine_modules/ configfs/} 9pnet_virtio 9p overlay"
machine_tree=(udev kmod systemd-standalone-sysusers dash coreutils libc-bin grep sed)

eval "pc_$(declare -f machine_args)"
machine_args()
{
	local tree
	tree=$("$ORIEL_TOP/vm/tree.sh" plain "${machine_tree[@]}") || return 1
	pc_machine_args "$1"
	printf '%s\n' \
		-fsdev "local,id=tree,path=$tree,security_model=none,readonly=on,multidevs=remap" \
		-device virtio-9p-pci,fsdev=tree,mount_tag=tree,addr=0x15 \
		-fsdev "local,id=ours,path=$ORIEL_INSTALLED,security_model=none,readonly=on,multidevs=remap" \
		-device virtio-9p-pci,fsdev=ours,mount_tag=ours,addr=0x17
}

# Tests source this too, for system_mount and system.
eval "pc_$(declare -f machine_guest)"
machine_guest()
{
	pc_machine_guest
	cat <<-'END'
		# system_mount: /system is a Debian root file system with Oriel
		# installed, and the guest's own devices, /proc and /sys.
		system_mount()
		{
			mkdir -p /system /run/tree /run/ours /run/above
			for tag in tree ours; do
				mount -t 9p -o trans=virtio,version=9p2000.L,cache=loose,msize=512000,ro \
					$tag /run/$tag || return 1
			done
			mount -t tmpfs tmpfs /run/above
			mkdir /run/above/upper /run/above/work
			mount -t overlay -o lowerdir=/run/ours:/run/tree,upperdir=/run/above/upper,workdir=/run/above/work \
				overlay /system || return 1
			for dir in dev proc sys tmp; do
				mkdir -p "/system/$dir"
				mount --rbind "/$dir" "/system/$dir" || return 1
			done
			mkdir -p /system/run /system/etc
		}
		# system PROGRAM ARGUMENT...: one of the system's programs, as root.
		system()
		{
			chroot /system /usr/bin/env -i HOME=/root SYSTEMD_IGNORE_CHROOT=1 \
				PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
		}
	END
}
