#!/bin/sh
# A runtime knows nothing of the simulator: its sources compile as plain C11 against any platform's headers. Here the
# platform is a stub, so an include of ours, or a name that only our headers have, fails the build.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
stub=$root/tests/e2e/stub_platform
: "${CC:=cc}"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

for runtime in "$root"/runtime/*/; do
    name=$(basename "$runtime")
    for source in "$runtime"*/*.c; do
        part=$(basename "$(dirname "$source")")
        # The host part sees no platform headers at all.
        case $part in
        aicpu | aicore) platform=-I$stub ;;
        *) platform= ;;
        esac
        # shellcheck disable=SC2086 # an empty $platform is no argument
        "$CC" -std=c11 -Wall -Wextra -Werror -I"$runtime"runtime $platform -c "$source" -o "$out/$name-$part.o"
        echo "ok: $name/$part/$(basename "$source")"
    done
    if grep -rlE 'dav_|davsim' "$runtime" >"$out/mentions"; then
        echo "test_runtime_is_portable: $name names the simulator in: $(tr '\n' ' ' <"$out/mentions")" >&2
        exit 1
    fi
done
