# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "vexpress-a15": Arm's Versatile Express with a Cortex-A15 tile,
# 32 bit, no PCI. Sourced by vm/boot.sh; it only describes.

machine_qemu=qemu-system-arm
machine_console=ttyAMA0
# More than the kernel maps for itself: high memory is tested too.
machine_memory=${ORIEL_MEMORY:-1G}
machine_results=(-serial chardev:results)
machine_modules="virtio_mmio virtio_blk configfs"
machine_modules_on_demand="uio"
machine_has="disk clcd tree"
machine_board=vexpress-a15
machine_tree_blob=vexpress-v2p-ca15-tc1.dtb

machine_args()
{
	local run=$1
	printf '%s\n' \
		-machine "$machine_board" -accel tcg,thread=multi -smp 2 -m "$machine_memory" \
		-nodefaults -no-user-config -no-reboot -display none -D "$run/trace" \
		-dtb "$DTBS/$machine_tree_blob" \
		-drive "if=none,id=scratch,format=raw,file=$run/scratch,cache=unsafe" \
		-device virtio-blk-device,id=disk0,drive=scratch
}

# What the guest's init is told of this machine (shell, sourced there). It is
# the power switch that ends QEMU, with status 0.
machine_guest()
{
	cat <<-'END'
		RESULTS=/dev/ttyAMA1
		machine_finish()
		{
			poweroff -f
		}
	END
}
machine_finished_status=0
