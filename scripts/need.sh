#!/usr/bin/env bash
# Finds the programs that the tests need besides Go, and installs what is missing where apt-get can.
# Source it; need_postgres, need_redis, need_chromium and need_axe then set POSTGRES_BIN (a folder),
# REDIS_SERVER and CHROMIUM (programs) and AXE (a file), or say what to install and return 1.

# Where programs are looked for besides PATH. A test of this script sets it to nothing.
: "${NEED_POSTGRES_DIRS=/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /usr/local/opt/postgresql*/bin /opt/homebrew/opt/postgresql*/bin}"

# apt_install NAME…: quietly; false where it cannot be done.
apt_install() {
	command -v apt-get >/dev/null || return 1
	local sudo=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
		sudo=(sudo -n)
	fi
	echo "need: installing $*" >&2
	local log tools
	log=$(mktemp) && tools=$(mktemp -d)
	# What is installed is not to be started: neither as a service nor as a cluster of its own.
	printf '#!/bin/sh\nexit 101\n' >"$tools/policy-rc.d" && chmod 755 "$tools" "$tools/policy-rc.d"
	local policy=()
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		"${sudo[@]}" cp "$tools/policy-rc.d" /usr/sbin/policy-rc.d && policy=(/usr/sbin/policy-rc.d)
	fi
	local done=0
	{
		"${sudo[@]}" apt-get -q update &&
			"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
	} >"$log" 2>&1 || { done=1; tail -n 20 "$log" >&2; }
	[ ${#policy[@]} = 0 ] || "${sudo[@]}" rm -f "${policy[@]}"
	rm -rf "$log" "$tools"
	return $done
}

find_postgres() {
	local dir
	# The newest first. Both programs must be there: a client alone has a pg_config, too.
	for dir in "$(dirname "$(command -v initdb 2>/dev/null || echo .)")" "$(pg_config --bindir 2>/dev/null || true)" \
		$(printf '%s\n' $NEED_POSTGRES_DIRS | sort -rV); do
		if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
			POSTGRES_BIN=$(dirname "$(readlink -f "$dir/initdb")")
			export POSTGRES_BIN
			return 0
		fi
	done
	return 1
}

find_redis() {
	local name
	for name in redis-server valkey-server; do
		if REDIS_SERVER=$(command -v $name); then
			export REDIS_SERVER
			return 0
		fi
	done
	return 1
}

find_chromium() {
	if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then return 0; fi
	local name
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
		if CHROMIUM=$(command -v $name); then
			export CHROMIUM
			return 0
		fi
	done
	unset CHROMIUM
	return 1
}

# axe-core checks a page for people who cannot see it or use no mouse. It is a file that runs in
# the tests' browser, so it is this one or none.
AXE_VERSION=4.14.1
AXE_PACKAGE_SHA512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5
AXE_SHA256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

is_sha() { # bits, sum, file
	local sum
	sum=$("sha$1sum" "$3" 2>/dev/null || shasum -a "$1" "$3" 2>/dev/null) && [ "${sum%% *}" = "$2" ]
}

find_axe() {
	if [ -n "${AXE:-}" ] && [ -r "$AXE" ]; then return 0; fi
	AXE=${XDG_CACHE_HOME:-$HOME/.cache}/dauys/axe-$AXE_VERSION.min.js
	if [ -r "$AXE" ] && is_sha 256 $AXE_SHA256 "$AXE"; then
		export AXE
		return 0
	fi
	unset AXE
	return 1
}

fetch_axe() {
	local address=https://registry.npmjs.org/axe-core/-/axe-core-$AXE_VERSION.tgz
	local cache=${XDG_CACHE_HOME:-$HOME/.cache}/dauys dir done=1
	echo "need: fetching axe-core $AXE_VERSION" >&2
	command -v curl >/dev/null || command -v wget >/dev/null || { apt_install curl ca-certificates && hash -r; } || return 1
	dir=$(mktemp -d) || return 1
	if { curl -fsSL --max-time 120 -o "$dir/axe.tgz" "$address" || wget -q -O "$dir/axe.tgz" "$address"; } 2>/dev/null; then
		if ! is_sha 512 $AXE_PACKAGE_SHA512 "$dir/axe.tgz"; then
			echo "need: what $address gives is not axe-core $AXE_VERSION" >&2
		elif tar -xzf "$dir/axe.tgz" -C "$dir" package/axe.min.js && mkdir -p "$cache"; then
			# In one step, for others may fetch it, too.
			mv "$dir/package/axe.min.js" "$cache/.axe.$$" && mv "$cache/.axe.$$" "$cache/axe-$AXE_VERSION.min.js" && done=0
		fi
	fi
	rm -rf "$dir"
	return $done
}

need() { # what, the packages of apt-get, in words
	"find_$1" && return 0
	# shellcheck disable=SC2086
	apt_install $2 && hash -r && "find_$1" && return 0
	echo "need: $3 is missing and could not be installed here; install it (Debian, Ubuntu: apt-get install $2) and try again" >&2
	return 1
}

need_postgres() { need postgres postgresql "PostgreSQL (initdb and postgres)"; }
need_redis() { need redis redis-server "a Redis server (redis-server)"; }
need_chromium() { need chromium chromium "Chromium"; }
need_axe() {
	find_axe || { fetch_axe && find_axe; } && return 0
	echo "need: axe-core $AXE_VERSION could not be fetched from the npm registry; set AXE to its axe.min.js and try again" >&2
	return 1
}
