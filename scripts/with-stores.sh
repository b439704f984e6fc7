#!/usr/bin/env bash
# Runs a command with a PostgreSQL and a Redis server of its own:
#
#	scripts/with-stores.sh go test ./storage/...
#
# TEST_DATABASE_URL and TEST_REDIS_URL name them. One that is set already is used as it is; for the
# other a server is started on a free port of this machine, with its data in a temporary folder, and
# both are gone afterwards, also after a failure or Ctrl-C. What is not installed is installed with
# apt-get where that is possible (scripts/need.sh). PostgreSQL keeps its default of fsync=on, so that
# what is measured is honest; STORES_FSYNC=off is faster.
set -euo pipefail

if [ $# = 0 ]; then
	echo "usage: $0 COMMAND [ARGUMENT…]" >&2
	exit 2
fi
. "$(dirname "$0")/need.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/dauys-stores.XXXXXX")
chmod 755 "$dir"
redis_pid='' postgres_pid='' command_group=''

# The servers are in sessions of their own: Ctrl-C does not reach them, and they go last.
session=(env)
command -v setsid >/dev/null && session=(setsid)

stop() { # pid or, negative, process group; signal
	[ -n "$1" ] && kill "-$2" -- "$1" 2>/dev/null || return 0
	local i
	for i in $(seq 100); do
		kill -0 -- "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL -- "$1" 2>/dev/null || true
}

finish() {
	local code=$?
	trap '' INT TERM HUP
	stop "$command_group" TERM
	stop "$redis_pid" TERM
	stop "$postgres_pid" INT # does not wait for its clients
	wait 2>/dev/null || true
	rm -rf "$dir"
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# A port that nobody listens on now. Somebody may be faster; then the start fails and is repeated.
free_port() {
	local port
	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000)) # below what Linux gives to outgoing connections
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# alive PID LOG TRY…: waits until the command works; says what the log says when the server ends before.
alive() {
	local pid=$1 log=$2 i
	shift 2
	for i in $(seq 300); do
		"$@" >/dev/null 2>&1 && return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 20 "$log" >&2
	return 1
}

start_postgres() {
	need_postgres
	# PostgreSQL refuses to run as root.
	local as=(env) user
	mkdir "$dir/postgres"
	if [ "$(id -u)" = 0 ]; then
		user=nobody
		id postgres >/dev/null 2>&1 && user=postgres
		chown "$user" "$dir/postgres"
		if command -v setpriv >/dev/null; then
			as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
		else
			as=(runuser -u "$user" --)
		fi
	fi
	(cd "$dir/postgres" && "${as[@]}" env -i PATH="$PATH" HOME="$dir/postgres" LC_ALL=C.UTF-8 "$POSTGRES_BIN/initdb" \
		-D "$dir/postgres/data" -U dauys -A trust -E UTF8 --locale=C.UTF-8 --no-instructions) >"$dir/initdb.log" 2>&1 || {
		tail -n 20 "$dir/initdb.log" >&2
		return 1
	}
	local try port
	for try in 1 2 3; do
		port=$(free_port)
		(cd "$dir/postgres" && exec "${session[@]}" "${as[@]}" env -i PATH="$PATH" HOME="$dir/postgres" LC_ALL=C.UTF-8 "$POSTGRES_BIN/postgres" \
			-D "$dir/postgres/data" -p "$port" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$dir/postgres" \
			-c "fsync=${STORES_FSYNC:-on}" -c max_connections=200 -c shared_buffers=64MB) >"$dir/postgres.log" 2>&1 &
		postgres_pid=$!
		if alive $postgres_pid "$dir/postgres.log" grep -q "ready to accept connections" "$dir/postgres.log"; then
			export TEST_DATABASE_URL="postgres://dauys@127.0.0.1:$port/postgres?sslmode=disable"
			return 0
		fi
		stop "$postgres_pid" INT
	done
	return 1
}

start_redis() {
	need_redis
	local try port
	for try in 1 2 3; do
		port=$(free_port)
		mkdir -p "$dir/redis"
		(exec "${session[@]}" "$REDIS_SERVER" --port "$port" --bind 127.0.0.1 --dir "$dir/redis" --save '' --appendonly no --loglevel notice) >"$dir/redis.log" 2>&1 &
		redis_pid=$!
		if alive $redis_pid "$dir/redis.log" grep -q "eady to accept connections" "$dir/redis.log"; then
			export TEST_REDIS_URL="redis://127.0.0.1:$port/0"
			return 0
		fi
		stop "$redis_pid" TERM
	done
	return 1
}

[ -n "${TEST_DATABASE_URL:-}" ] || start_postgres
[ -n "${TEST_REDIS_URL:-}" ] || start_redis

# In the background and waited for, so that a signal is obeyed at once; in a group of its own, so that
# it goes with all that it has started.
set -m
"$@" <&0 &
command_group=-$!
set +m
code=0
wait "${command_group#-}" || code=$?
command_group=''
exit "$code"
