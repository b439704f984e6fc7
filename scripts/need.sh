#!/usr/bin/env bash
# Finds the programs that the tests need besides Go, and installs what is missing where apt-get can.
# Source it; need_postgres, need_redis and need_chromium then set POSTGRES_BIN (a folder),
# REDIS_SERVER and CHROMIUM (programs), or say what to install and return 1.

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
