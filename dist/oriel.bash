# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of the oriel command: commands, devices, regions, options.

_oriel_devices()
{
	local node
	for node in /sys/class/oriel/*; do
		[ ! -e "$node" ] || echo "${node##*/}"
	done
}

_oriel_regions()
{
	local region
	for region in "/sys/class/oriel/${1##*/}"/regions/*; do
		[ ! -e "$region" ] || echo "${region##*/}"
	done
}

_oriel_buffers()
{
	local buffer
	for buffer in /sys/kernel/config/oriel/buffers/*; do
		[ ! -e "$buffer" ] || echo "${buffer##*/}"
	done
}

_oriel_pci()
{
	local device
	for device in /sys/bus/pci/devices/*; do
		[ ! -e "$device" ] || echo "${device##*/}"
	done
}

# What can be bound: on the platform bus, what the device tree or firmware has.
_oriel_bus()
{
	local device
	_oriel_pci
	for device in /sys/bus/amba/devices/* /sys/bus/platform/devices/*; do
		if [ -e "$device/of_node" ] || [ -e "$device/firmware_node" ]; then
			echo "${device##*/}"
		fi
	done
}

_oriel()
{
	local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-} words=''

	if [ "$COMP_CWORD" = 1 ]; then
		words='list info read write dump load save fill irq maps verify'
		words+=' alloc create remove doctor bind unbind by-id'
		words+=' --help --version'
	elif [ "${current:0:1}" = - ]; then
		case $command in
		list | info | maps | verify | alloc | create) words='--json' ;;
		irq) words='--force --json' ;;
		read) words='--width --json' ;;
		write | dump) words='--width' ;;
		load | save | fill) words='--width --progress --quiet' ;;
		bind) words='--force --persist' ;;
		unbind) words='--persist' ;;
		esac
		words+=' --help'
	elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = --width ]; then
		words='8 16 32 64'
	else
		case $command:$COMP_CWORD in
		bind:2 | unbind:2) words=$(_oriel_bus) ;;
		by-id:2) words=$(_oriel_pci) ;;
		info:2 | read:2 | write:2 | dump:2 | load:2 | save:2 | fill:2 | irq:2 | maps:2 | verify:2 | alloc:2 | doctor:2)
			words=$(_oriel_devices) ;;
		create:4 | alloc:4 | doctor:3) words='scattered contig coherent writecombine' ;;
		create:5 | doctor:4) words=$(_oriel_devices) ;;
		remove:2) words=$(_oriel_buffers) ;;
		read:3 | write:3 | dump:3 | load:3 | save:3 | fill:3 | verify:3)
			words=$(_oriel_regions "${COMP_WORDS[2]}") ;;
		load:4 | save:4)
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			return ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _oriel oriel
