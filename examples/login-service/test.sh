#!/bin/sh
# Compiles the service and runs its tests; needs nothing but a JDK >= 17, which it looks for where systems have it.
set -eu
cd "$(dirname -- "$0")"
for jdk in "${JAVA_HOME:-}" "$(dirname -- "$(dirname -- "$(readlink -f "$(command -v javac || echo /none)")")")" \
  /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/java/*; do
  [ -x "$jdk/bin/javac" ] || continue
  # One that can't even say its version is no use: some keep parts outside their directory.
  version=$("$jdk/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ] && break
  jdk=
done
[ -x "${jdk:-}/bin/javac" ] || { echo "no JDK 17 or later found" >&2; exit 69; }
echo "JDK $version"
mkdir -p build/classes
"$jdk/bin/javac" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -d build/classes src/login/*.java test/login/*.java
exec "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp build/classes login.LoginTests
