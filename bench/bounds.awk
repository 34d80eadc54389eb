# SPDX-License-Identifier: GPL-2.0-only
#
# What mapping may cost at most, of the rows of map-SERIES.json: instructions do
# not depend on the machine that counts them. Status 1: something costs more.

/"target"/ { total[value("target"), value("bytes") / 1048576] = value("total") }

function check(what, mib, most,    cost)
{
	cost = total[what, mib]
	if (cost != "" && cost + 0 <= most) {
		printf "ok - %s, %d MiB: %.1f of %.1f\n", what, mib, cost, most
		return
	}
	printf "not ok - %s, %d MiB: %s, may be %.1f\n", what, mib, cost == "" ? "nothing" : cost, most
	failed = 1
}

# The sysfs file is mapped at once and cannot be revoked.
END {
	check("oriel-contig", 4, 80)
	check("oriel-contig", 64, 45)
	check("oriel-scattered", 4, 80)
	check("oriel-scattered", 64, 45)
	if (series == "6.1") {
		check("dmabuf-oriel-scattered", 64, 45)
		check("oriel-bar", 4, 1.25 * total["sysfs-bar", 4])
	} else {
		check("dmabuf-oriel-scattered", 64, 30)
		check("oriel-bar", 4, total["sysfs-bar", 4] / 6)
		check("oriel-bar", 64, 15)
	}
	check("oriel-scattered-no-blocks", 4, 800)
	exit failed
}
