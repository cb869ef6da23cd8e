# common.sh - what the end-to-end tests share; they are run by ctest, which sets DAVSIM, DAVCC, SOURCE_DIR, BUILD_DIR.
# shellcheck shell=bash
set -u -o pipefail

: "${DAVSIM:?run this through ctest}" "${SOURCE_DIR:?}" "${BUILD_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die()
{
    echo "FAIL: $*" >&2
    exit 1
}

# quietly COMMAND... - must succeed; its output is shown only if it does not.
quietly()
{
    "$@" >"$work/output" 2>&1
    local status=$?
    [ $status = 0 ] && return
    cat "$work/output" >&2
    die "status $status from: $*"
}

# expect STATUS PATTERN COMMAND... - the command ends with STATUS, having printed exactly one line on stderr, which
# matches the extended regular expression PATTERN.
expect()
{
    local status=$1 pattern=$2 got
    shift 2
    timeout 60 "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    if [ $got != "$status" ] || [ "$(wc -l <"$work/stderr")" != 1 ] || ! grep -Eq -- "$pattern" "$work/stderr"; then
        echo "command:  $*" >&2
        echo "expected: status $status, one line matching: $pattern" >&2
        echo "got:      status $got and:" >&2
        cat "$work/stderr" >&2
        failures=$((${failures:-0} + 1))
    fi
}

# finish - the end of a test that uses expect.
finish()
{
    [ "${failures:-0}" = 0 ] || die "$failures expectation(s) above"
    echo "all as expected"
}

# compile_host SOURCE PROGRAM - a host program against pto.h and libdavpto.
compile_host()
{
    local sanitize=
    [ -z "${DAV_ASAN:-}" ] || sanitize=-fsanitize=address,undefined
    quietly cc -std=gnu11 -Wall -Wextra -g $sanitize -I"$SOURCE_DIR" -I"$SOURCE_DIR/tools" "$1" -o "$2" \
        -L"$BUILD_DIR/lib" -Wl,-rpath,"$BUILD_DIR/lib" -ldavpto
}

# decode TRACE - a trace as text, through the schema.
decode()
{
    gzip -dc "$1" | protoc --proto_path="$SOURCE_DIR/traces" --decode=perfetto.protos.Trace perfetto.proto
}
