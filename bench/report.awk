# SPDX-License-Identifier: GPL-2.0-only
#
# The rows of map-SERIES.json and copy-SERIES.json as tables.

function size(bytes)
{
	bytes += 0
	if (bytes >= 1048576)
		return bytes / 1048576 " MiB"
	return bytes >= 1024 ? bytes / 1024 " KiB" : bytes " B"
}

FNR == 1 {
	if (NR == 1) {
		print "## Map, touch every page, unmap: instructions per 4 KiB page, kernel " series "\n"
		print "| size | what | map | touch | unmap | total |\n|--:|---|--:|--:|--:|--:|"
	} else {
		print "\n## Copy against map: wall-clock time, kernel " series "\n"
		print "| size | look: pread, ns | map, ns | ratio | make: pwrite, ns | map, ns | ratio |"
		print "|--:|--:|--:|--:|--:|--:|--:|"
	}
}

/"target"/ {
	printf "| %s | %s | %s | %s | %s | **%s** |\n", size(value("bytes")), value("target"),
		value("map"), value("touch"), value("unmap"), value("total")
}

/"read_copy_ns"/ {
	printf "| %s | %s | %s | %s | %s | %s | %s |\n", size(value("bytes")),
		value("read_copy_ns"), value("read_map_ns"), value("read_ratio"),
		value("write_copy_ns"), value("write_map_ns"), value("write_ratio")
}

END { print "" }
