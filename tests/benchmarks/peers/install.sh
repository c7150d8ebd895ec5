#!/bin/sh
# Installs what a peer needs into a cache folder, as any user: install.sh FOLDER node|python|rabbitmq
# Ends with 0 when it is there, else says why not. What is there already is kept.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
folder=$1
kind=$2
mkdir -p "$folder"

need() { command -v "$1" >/dev/null 2>&1 || { echo "$1 is not on the PATH" >&2; exit 1; }; }

case $kind in
  node)
    need node; need npm
    if ! cmp -s "$here/package-lock.json" "$folder/node/package-lock.json" || [ ! -e "$folder/node/.done" ]; then
      mkdir -p "$folder/node"
      cp "$here/package.json" "$here/package-lock.json" "$folder/node/"
      (cd "$folder/node" && npm install --no-save --silent --no-audit --no-fund --ignore-scripts >&2 && touch .done)
    fi
    cp "$here/common.js" "$here/bullmq.js" "$here/graphile.js" "$folder/node/" ;;
  python)
    need python3
    if ! cmp -s "$here/requirements.txt" "$folder/python/requirements.txt"; then
      python3 -m venv "$folder/python"
      "$folder/python/bin/pip" --quiet --disable-pip-version-check install -r "$here/requirements.txt" >&2
      cp "$here/requirements.txt" "$folder/python/"
    fi
    cp "$here/celery_peer.py" "$folder/python/" ;;
  rabbitmq)
    need apt-get; need dpkg-deb
    [ -e "$folder/rabbitmq/.done" ] && exit 0
    fresh=$folder/rabbitmq.new
    rm -rf "$fresh" "$folder/rabbitmq"
    mkdir -p "$fresh/debs"
    # What it needs and this system lacks, from this system's own, signed sources; nothing is installed.
    packages=$(apt-get install --reinstall --print-uris --no-install-recommends -y rabbitmq-server |
      sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p")
    [ -n "$packages" ] || { echo "apt knows no rabbitmq-server" >&2; exit 1; }
    (cd "$fresh/debs" && apt-get -q download $packages >/dev/null 2>&1)
    for deb in "$fresh"/debs/*.deb; do dpkg-deb -x "$deb" "$fresh"; done
    rm -r "$fresh/debs"
    # Erlang's starter names the folder that it was packaged for.
    sed -i "s#/usr/lib/erlang#$folder/rabbitmq/usr/lib/erlang#g" "$fresh/usr/lib/erlang/bin/erl"
    touch "$fresh/.done"
    mv "$fresh" "$folder/rabbitmq" ;;
  *) echo "kind: $kind (expected: node, python or rabbitmq)" >&2; exit 64 ;;
esac
