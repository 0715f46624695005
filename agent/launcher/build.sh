#!/bin/sh
# build.sh DIRECTORY         builds the launcher into DIRECTORY/<os>-<architecture>/perigee-launcher, for the jar
# build.sh --sanitize FILE   builds one with the address and undefined-behaviour sanitizers, for tests
#
# Without a C compiler or a static libc the build goes on: DIRECTORY/build.txt then says why there is no launcher, and
# so does the agent. CC chooses the compiler.
set -u
sources=$(dirname "$0")/src/main/c
cc=${CC:-cc}
common="-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Werror"
hardened="-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -Wl,-z,relro,-z,now"

if [ "${1:-}" = --sanitize ]; then
  exec "$cc" $common -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all "$sources"/*.c -o "${2:?file}"
fi

directory=${1:?directory}
mkdir -p "$directory" || exit 1

without() {
  rm -rf "$directory"/linux-*
  echo "$1" > "$directory/build.txt"
  echo "[WARNING] perigee-launcher is not built: $1. Agents from this build run tasks as plain processes, without isolation." >&2
  exit 0
}

system=$(uname -s)
case $(uname -m) in
  x86_64) architecture=amd64; hardened="$hardened -fstack-clash-protection -fcf-protection" ;;
  aarch64) architecture=aarch64; hardened="$hardened -fstack-clash-protection -mbranch-protection=standard" ;;
  *) architecture= ;;
esac
[ "$system" = Linux ] && [ -n "$architecture" ] || without "it is for 64-bit Linux on x86 and ARM, and this machine is $system on $(uname -m)"
command -v "$cc" > /dev/null || without "there is no C compiler '$cc' on this machine"

binary=$directory/linux-$architecture/perigee-launcher
[ -x "$binary" ] && [ -z "$(find "$sources" "$0" -newer "$binary")" ] && exit 0
mkdir -p "$directory/linux-$architecture" || exit 1

echo 'int main(void) { return 0; }' > "$directory/probe.c"
for static in "-fPIE -static-pie" "-static"; do
  if "$cc" $static "$directory/probe.c" -o "$directory/probe" 2> /dev/null && "$directory/probe"; then
    rm -f "$directory/probe.c" "$directory/probe"
    "$cc" $common $hardened $static -s "$sources"/*.c -o "$binary" || exit 1
    echo "$("$cc" --version | head -n 1), $static" > "$directory/build.txt"
    exit 0
  fi
done
rm -f "$directory/probe.c" "$directory/probe"
without "'$cc' cannot link a static program (Debian: libc6-dev; EL: glibc-static)"
