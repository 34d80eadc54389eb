# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables are for who sources this
#
# The machine "virt": QEMU's arm64 board without firmware, with the PCI devices
# of the pc at the same addresses. Sourced by vm/boot.sh; it only describes.
#
# Its memory begins at 1 GiB, beyond the reach of an edu as it comes, so that one
# gets 40 bits of address.
#
# Its second serial port belongs to the secure world, so the results go
# through a PCI one.

machine_qemu=qemu-system-aarch64
machine_console=ttyAMA0
machine_memory=${ORIEL_MEMORY:-2G}
machine_results=(-device "pci-serial,chardev=results,addr=0x1e")
machine_modules="virtio_pci virtio_blk configfs"
machine_modules_on_demand="uio"
machine_has="disk pci tree"
machine_parameters="oriel-pci edu_dma_bits=40"

# Not every processor has pages of 16 KiB.
machine_cpu=cortex-a57
[ "${ARCH_FLAVOUR:-}" != arm64-16k ] || machine_cpu=neoverse-n1

machine_args()
{
	local run=$1
	printf '%s\n' \
		-machine virt,gic-version=3 -accel tcg,thread=multi -cpu "$machine_cpu" \
		-smp 2 -m "$machine_memory" \
		-nodefaults -no-user-config -no-reboot -display none -D "$run/trace" \
		-object "memory-backend-file,id=shm,size=4M,mem-path=$run/shm,share=on" \
		-device ivshmem-plain,id=ivshmem0,memdev=shm,addr=0x10 \
		-device edu,id=edu0,addr=0x11,dma_mask=0xffffffffff \
		-device bochs-display,id=display0,addr=0x12 \
		-device pci-testdev,id=testdev0,addr=0x13,membar=1G \
		-drive "if=none,id=scratch,format=raw,file=$run/scratch,cache=unsafe" \
		-device virtio-blk-pci,id=disk0,drive=scratch,addr=0x14 \
		-device sdhci-pci,id=small0,addr=0x16 \
		-device virtio-balloon-device,id=balloon0 \
		-device pcie-root-port,id=port0,chassis=1,addr=0x18 \
		-device pcie-root-port,id=port1,chassis=2,addr=0x19
}

# What the guest's init is told of this machine (shell, sourced there). It is
# the power switch that ends QEMU, with status 0.
machine_guest()
{
	cat <<-'END'
		RESULTS=/dev/ttyS0
		machine_finish()
		{
			poweroff -f
		}
	END
}
machine_finished_status=0
