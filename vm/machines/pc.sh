# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "pc": q35 with the devices that the tests know. Sourced by
# vm/boot.sh; it only describes, it does not do.
#
# machine_args RUN: QEMU's arguments, one a line; RUN is the directory of this
# boot, with shm (shared with ivshmem) and scratch (the disk) in it. What is
# plugged in and out while the guest runs goes behind port0 and port1.

machine_qemu=qemu-system-x86_64
machine_console=ttyS0
machine_memory=${ORIEL_MEMORY:-2G}
machine_results=(-serial chardev:results)

# Further machines are made of this one by changing these.
machine_processors=(-accel "tcg,thread=multi" -cpu max -smp 2)
machine_further=()
machine_display=bochs-display
if [ "${ORIEL_ACCEL:-}" = kvm ]; then
	machine_processors=(-accel kvm -cpu host -smp 2)
fi

# Stock modules that the guest inserts before ours. What a test wants besides
# it loads itself, from machine_modules_on_demand.
machine_modules="virtio_pci virtio_blk configfs"
machine_modules_on_demand="uio"
# What tests may need: see vm/plan.sh.
machine_has="disk pci"

machine_args()
{
	local run=$1
	printf '%s\n' \
		-machine q35 "${machine_processors[@]}" -m "$machine_memory" \
		-nodefaults -no-user-config -no-reboot -display none -D "$run/trace" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		-object "memory-backend-file,id=shm,size=4M,mem-path=$run/shm,share=on" \
		-device ivshmem-plain,id=ivshmem0,memdev=shm,addr=0x10 \
		-device edu,id=edu0,addr=0x11 \
		-device "$machine_display,id=display0,addr=0x12" \
		-device pci-testdev,id=testdev0,addr=0x13,membar=1G \
		-drive "if=none,id=scratch,format=raw,file=$run/scratch,cache=unsafe" \
		-device virtio-blk-pci,id=disk0,drive=scratch,addr=0x14 \
		-device sdhci-pci,id=small0,addr=0x16 \
		-device pcie-root-port,id=port0,chassis=1,addr=0x18 \
		-device pcie-root-port,id=port1,chassis=2,addr=0x19 \
		"${machine_further[@]}"
}

# What the guest's init is told of this machine (shell, sourced there).
machine_guest()
{
	cat <<-'END'
		RESULTS=/dev/ttyS1
		# isa-debug-exit: QEMU ends with status 2 * 42 + 1.
		machine_finish()
		{
			printf '\052' | dd of=/dev/port bs=1 seek=244 conv=notrunc 2>/dev/null
		}
	END
}
machine_finished_status=85
