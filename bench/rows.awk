# SPDX-License-Identifier: GPL-2.0-only
#
# A field of a row of JSON, as the benchmarks print them: one row a line.

function value(name,    rest)
{
	if (!match($0, "\"" name "\": *"))
		return ""
	rest = substr($0, RSTART + RLENGTH)
	sub(/^"/, "", rest)
	sub(/[",}].*/, "", rest)
	return rest
}
