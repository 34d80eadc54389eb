#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fbset, fbcat and fbi, unchanged, on oriel-pcifb: modes are set, and what these
# programs read and show is on the screen, as the machine outside sees it.
# oriel-test: machine=clients timeout=240

# shellcheck disable=SC1091,SC2317 # there in the guest; called through try
. /lib/oriel-test.sh
. /etc/oriel/machine.sh

plan 14

fb=/sys/class/graphics/fb0
width=640 height=480
bytes=$((width * height * 3))

# pixels FILE: those of a PPM of this size, whatever stands before them.
pixels()
{
	tail -c $bytes "$1"
}

# screen NAME: the pixels of the screen, into /tmp/screen (and build/logs/.../NAME.png).
screen()
{
	host screen_share "$1" >/dev/null || return 1
	head="P6
$width $height
255
"
	length=$((${#head} + bytes))
	oriel save 00:10.0 bar2 /tmp/shared 0 $(((length + 7) / 8 * 8)) --quiet || return 1
	head -c $length /tmp/shared >/tmp/screen.ppm
	[ "$(head -n 3 /tmp/screen.ppm)" = "${head%?}" ] || return 1
	pixels /tmp/screen.ppm >/tmp/screen
}

# set_mode BITS: by fbset; and noise into all of it.
set_mode()
{
	client fbset -fb /dev/fb0 -xres $width -yres $height -vxres $width -vyres $height \
		-depth "$1" || return 1
	[ "$(cat $fb/bits_per_pixel) $(cat $fb/virtual_size)" = "$1 $width,$height" ]
}

noise()
{
	client dd if=/dev/urandom of=/dev/fb0 bs=$((width * height * $1 / 8)) count=1 \
		iflag=fullblock conv=notrunc status=none
}

# The pixels in the dump of fbcat are those of the screen.
dumped()
{
	client fbcat /dev/fb0 >/tmp/fbcat.ppm && screen "$1" || return 1
	pixels /tmp/fbcat.ppm | cmp - /tmp/screen
}

# Is PPM what the screen shows, before long?
comes_up()
{
	tries=0
	pixels "$1" >/tmp/expected
	while ! { screen "$2" && cmp -s /tmp/expected /tmp/screen; }; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.3
	done
}

console()
{
	for console in /sys/class/vtconsole/vtcon*; do
		grep -q "frame buffer" "$console/name" && echo "$1" >"$console/bind"
	done
	return 0
}

ended()
{
	killall "$1" || return 1
	wait_for 60 gone "$1"
}

gone()
{
	! pidof "$1" >/dev/null
}

try "the tree is there" client_mount
load oriel-pci
load oriel-pcifb
# It would draw its cursor.
console 0
try "fbset reads the mode" client fbset -fb /dev/fb0 -i
client fbset -fb /dev/fb0 -i >/tmp/fbset
try "... whose screen it is" grep -q "Name *: oriel-pcifb" /tmp/fbset
try "... what is shown" grep -q "geometry 1024 768 .* 32" /tmp/fbset
for bits in 16 32; do
	try "fbset sets $bits bits" set_mode $bits
	try "noise" noise $bits
	try "fbcat dumps what is on the screen, $bits bits" dumped fbcat-$bits
done
console 1

# The noise from above again. It goes on by itself, on a console of its own.
cp /tmp/screen.ppm /tmp/image.ppm
try "fbi starts" client fbi --device /dev/fb0 --vt 1 --noverbose /tmp/image.ppm
try "... and shows an image" comes_up /tmp/image.ppm fbi
try "... until it is told to end" ended fbi
# The console has it again, and the driver with it.
echo 0000:00:12.0 >/sys/bus/pci/drivers/oriel-pcifb/unbind
try "all have let go of it" unload oriel-pcifb
unload oriel-pci
done_testing
