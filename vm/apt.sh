# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A private apt: own sources, lists, cache and an empty status file, so that
# packages of any Debian release and architecture can be resolved and
# downloaded without root and without touching the host's own apt.
# Sourced after common.sh. Signatures are always verified. The mirror is the
# one this machine already uses (ORIEL_MIRROR overrides); none is written here.

APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
APT_FRESH_MINUTES=${ORIEL_APT_FRESH_MINUTES:-720}

# host_site main|security: where this machine gets Debian from.
host_site()
{
	# The label is only known once the host has its lists; without it go
	# by the name of the suite.
	# shellcheck disable=SC2016 # apt expands them
	apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(LABEL)' \
		'Created-By: Packages' 2>/dev/null |
	awk -v want="$1" '
		$3 != "main" { next }
		$4 != "" && $4 !~ /^Debian/ { next }
		$2 !~ /^(bullseye|bookworm|trixie|forky|duke|sid|((old)*stable|testing|unstable))/ { next }
		{ kind = ($2 ~ /security/) ? "security" : "main" }
		kind == want { print $1; exit }'
}

apt_site_main()
{
	local site=${ORIEL_MIRROR:-$(host_site main)}
	[ -n "$site" ] || die "this machine's apt knows no Debian mirror:" \
		"set ORIEL_MIRROR to the URL of one (what stands before the suite)"
	echo "${site%/}"
}

# A mirror given by hand serves the security suite beside the main archive,
# by the usual convention; ORIEL_MIRROR_SECURITY names another place.
apt_site_security()
{
	local site=${ORIEL_MIRROR_SECURITY:-}
	[ -n "$site" ] || [ -n "${ORIEL_MIRROR:-}" ] || site=$(host_site security)
	[ -n "$site" ] || site=$(apt_site_main)-security
	echo "${site%/}"
}

apt_suites()
{
	local main security s
	main=$(apt_site_main) || return 1
	security=$(apt_site_security) || return 1
	for s in "$1" "$1-updates" "$1-backports"; do
		case $s in sid-*) continue ;; esac
		printf 'deb [signed-by=%s] %s %s main\n' "$APT_KEYRING" "$main" "$s"
	done
	[ "$1" = sid ] || [ "${2:-}" = without-security ] ||
		printf 'deb [signed-by=%s] %s %s-security main\n' "$APT_KEYRING" "$security" "$1"
}

# apt_private RELEASE ARCH: from here on private apt means this pair.
apt_private()
{
	APT_RELEASE=$1
	APT_ARCH=$2
	APT_DIR=$ORIEL_CACHE/apt/$1-$2
	APT_CONF=$APT_DIR/apt.conf
}

apt_configure()
{
	mkdir -p "$APT_DIR"/{state/lists/partial,cache/archives/partial,parts}
	: >"$APT_DIR/status"
	apt_suites "$APT_RELEASE" >"$APT_DIR/sources.list.new" || return 1
	if ! cmp -s "$APT_DIR/sources.list.new" "$APT_DIR/sources.list"; then
		rm -f "$APT_DIR/fresh"
	fi
	mv "$APT_DIR/sources.list.new" "$APT_DIR/sources.list"
	cat >"$APT_CONF.new" <<-END
		APT::Architecture "$APT_ARCH";
		APT::Architectures { "$APT_ARCH"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		APT::Default-Release "";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::http::Timeout "30";
		Dir::Etc::sourcelist "$APT_DIR/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::Etc::preferences "-";
		Dir::Etc::preferencesparts "$APT_DIR/parts";
		Dir::State "$APT_DIR/state";
		Dir::State::status "$APT_DIR/status";
		Dir::Cache "$APT_DIR/cache";
		Debug::NoLocking "true";
	END
	mv "$APT_CONF.new" "$APT_CONF"
}

# Both ways of naming it: APT_CONFIG is read before the host's own apt.conf.d
# (which still supplies proxies and credentials), -c after it.
private_apt()
{
	local tool=$1
	shift
	APT_CONFIG=$APT_CONF "$tool" -c "$APT_CONF" "$@"
}

apt_is_fresh()
{
	[ -n "$(find "$APT_DIR/fresh" -mmin "-$APT_FRESH_MINUTES" 2>/dev/null)" ]
}

# Call this first: writes the configuration, and refreshes the lists when they
# are old. Status 1: the mirror was not reached (older lists, if any, are still
# there). One at a time, whoever calls.
apt_refresh()
{
	local lock status=0
	mkdir -p "$APT_DIR"
	exec {lock}>"$APT_DIR/lock"
	flock "$lock"
	if ! apt_configure; then
		status=1
	elif ! apt_is_fresh; then
		apt_update || status=1
	fi
	exec {lock}>&-
	return $status
}

apt_update()
{
	say APT "update (${APT_DIR##*/}, private lists)"
	quietly "$APT_DIR/update.log" private_apt apt-get update --error-on=any ||
		apt_update_main || return 1
	touch "$APT_DIR/fresh"
}

# The security suite's lists of the lesser architectures are not always whole.
# What is known of them stays.
apt_update_main()
{
	say APT "update once more, without the security suite"
	apt_suites "$APT_RELEASE" without-security >"$APT_DIR/main.list" || return 1
	quietly "$APT_DIR/update.log" private_apt apt-get update --error-on=any \
		-o Dir::Etc::sourcelist="$APT_DIR/main.list" -o APT::Get::List-Cleanup=0
}

# private_download DIRECTORY PACKAGE...: the .deb files into DIRECTORY, with
# apt's own progress lines when a person is looking.
private_download()
{
	local dir=$1 log=$APT_DIR/download.log
	shift
	mkdir -p "$dir"
	if [ -t 2 ]; then
		(cd "$dir" && private_apt apt-get download "$@" >&2)
	else
		(cd "$dir" && quietly "$log" private_apt apt-get download "$@")
	fi
}
