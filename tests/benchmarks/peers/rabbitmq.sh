#!/bin/sh
# Runs the RabbitMQ that install.sh has put into FOLDER until it gets a signal: rabbitmq.sh FOLDER DATA PORT
# Takes PORT, PORT+1 and PORT+2 on loopback, and leaves nothing running.
set -eu
root=$1/rabbitmq
data=$2
port=$3
mkdir -p "$data/log" "$data/mnesia"
printf '[].\n' >"$data/enabled"
printf 'listeners.tcp.default = 127.0.0.1:%s\n' "$port" >"$data/rabbitmq.conf"
export HOME="$data" ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$((port + 1)) RABBITMQ_DIST_PORT=$((port + 2))
export PATH="$root/usr/lib/erlang/bin:$PATH" LD_LIBRARY_PATH="$root/usr/lib/$(uname -m)-linux-gnu"
export RABBITMQ_NODENAME=weftbench@localhost RABBITMQ_MNESIA_BASE="$data/mnesia" RABBITMQ_LOG_BASE="$data/log"
export RABBITMQ_ENABLED_PLUGINS_FILE="$data/enabled" RABBITMQ_CONFIG_FILE="$data/rabbitmq.conf" RABBITMQ_LOGS=-
"$root"/usr/lib/erlang/erts-*/bin/epmd &
epmd=$!
"$root"/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" || true; kill "$epmd" 2>/dev/null; exit 0' INT TERM
wait "$server" || true
kill "$epmd" 2>/dev/null || true
