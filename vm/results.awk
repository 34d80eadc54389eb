# SPDX-License-Identifier: GPL-2.0-only
#
# Judges one test from what came through the results channel while it ran
# (marks of vm/guest/init and the test's TAP).
#
#   awk -v name=NAME -v fate=REASON -f vm/results.awk BLOCK
#
# fate says why the guest is gone, when it went before the test ended.
# First line out: PASSED FAILED SKIPPED SECONDS. Then what a person wants to
# read of the failures. Whatever is missing is a failure; nothing is assumed.

function reason(text) { failed++; say("  " text) }
function say(text) { if (said < 60) lines[said++] = text; else dropped++ }
function keep(text) { if (text != "") tail[kept++ % 12] = text }
function result(line) { results++; wanted = 0 }

{ gsub(/[\r\001-\010\016-\037]/, "") }

/^@begin /	{ begun = 1; limit = $3; next }
/^@end /	{ ended = 1; status = $3; seconds = $4; next }
/^@splat /	{ sub(/^@splat [^ ]* /, ""); splats[nsplats++] = $0; next }
/^@left /	{ sub(/^@left [^ ]* /, ""); left = $0; next }
/^@/		{ next }

/^1\.\.0/	{ plans++; if (!skip_all) { skip_all = 1; skipped++ } keep($0); next }
/^1\.\.[0-9]+/	{ plans++; plan += substr($1, 4); keep($0); next }

tolower($0) ~ /^(not )?ok [0-9].*# *skip/ || /^not ok [0-9]+ # SKIP/ {
	result(); skipped++; keep($0); next
}
/^ok( |$)/	{ result(); passed++; keep($0); next }
# cmocka numbers the failure of a group's set-up or teardown 0: no test of it.
/^not ok 0 /	{ failed++; assertions++; say("  " $0); wanted = 12; next }
/^not ok( |$)/	{ result(); failed++; assertions++; say("  " $0); wanted = 12; next }
# What a test says by fail_msg(), ahead of cmocka's line that it failed.
/^ERROR: /	{ say("  " $0); next }
/^Bail out!/	{ bailed = 1; reason($0); next }

wanted > 0 && $0 != "" { wanted--; say("    " $0); next }
		{ keep($0) }

END {
	if (!begun)
		reason("never begun" (fate != "" ? ": " fate : ""))
	else {
		if (!ended)
			reason("did not end: " (fate != "" ? fate : "the guest stopped reporting"))
		else if (status == "timeout")
			reason("timed out after " limit " s")
		for (i = 0; i < nsplats; i++)
			say("  kernel: " splats[i])
		if (nsplats)
			failed++
		if (!plans && !results && !bailed)
			reason("no output that is TAP")
		else if (!plans && !bailed)
			reason("no plan (1..N)")
		else if (ended && !bailed && results < plan)
			reason("planned " plan " results, gave " results + 0)
		else if (results > plan && plans)
			reason("planned " plan " results, gave " results + 0)
		if (ended && status != 0 && status != "timeout" && !failed)
			reason("ended with status " status)
		if (left != "")
			reason("left modules inserted: " left)
	}
	print passed + 0, failed + 0, skipped + 0, (seconds != "" ? seconds : "-")
	for (i = 0; i < said; i++)
		print lines[i]
	if (dropped)
		print "  (" dropped " more lines)"
	if (failed > assertions && kept) {
		print "  last lines of its output:"
		for (i = (kept > 12 ? kept - 12 : 0); i < kept; i++)
			print "    " tail[i % 12]
	}
}
