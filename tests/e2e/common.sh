# common.sh - what the end-to-end tests share. ctest runs them, and sets DAVSIM, DAVCC, SOURCE_DIR, BUILD_DIR.
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

# gives STATUS PATTERN COMMAND... - the command ends with STATUS, and a line of its output matches the extended regular
# expression PATTERN.
gives()
{
    local status=$1 pattern=$2 got
    shift 2
    "$@" >"$work/output" 2>&1
    got=$?
    [ $got = "$status" ] && grep -Eq -- "$pattern" "$work/output" && return
    cat "$work/output" >&2
    die "status $got, wanted was $status and a line matching: $pattern, from: $*"
}

# repeats ARGUMENT... - davsim run gives the same report and trace twice, whatever else the host does.
repeats()
{
    local run
    for run in 1 2; do
        quietly "$DAVSIM" run -q --report "$work/$run.json" --trace "$work/$run.gz" --trace-level pipe "$@"
    done
    cmp "$work/1.json" "$work/2.json" && cmp "$work/1.gz" "$work/2.gz" || die "two runs of one program differ: $*"
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

# decode_all TRACE TEXT - the same to a file; the schema describes every field.
decode_all()
{
    decode "$1" >"$2" || die "protoc cannot decode $1"
    if grep -Em1 '^ *[0-9]+( \{|:)' "$2"; then
        die "$1 holds a field that the schema does not"
    fi
}

# Under the address sanitizer: a host program that was broken on purpose need not free its memory, and its signals are
# what is tested.
if [ -n "${DAV_ASAN:-}" ]; then
    export ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_abort=0
    # A program that only loads what was built so has to have the sanitizer's library first, and what throws.
    mkdir "$work/asan"
    printf '#!/bin/sh\nLD_PRELOAD=%s:%s exec /usr/bin/python3 "$@"\n' "$(gcc -print-file-name=libasan.so)" \
        "$(gcc -print-file-name=libstdc++.so.6)" >"$work/asan/python3"
    chmod +x "$work/asan/python3"
    PATH=$work/asan:$PATH
fi
# Python loads what was just built, too.
export DAVSIM_LIBDIR=$BUILD_DIR/lib

# make_faulty - the runtime "faulty" in $work/runtimes (host_build_graph, with tests/e2e/faulty before it) and the host
# program $work/faulty that launches it twice: `faulty CASE FOLDER [RUNTIME [THREADS]]`.
faulty=$SOURCE_DIR/tests/e2e/faulty
make_faulty()
{
    local runtime=$work/runtimes/faulty part
    mkdir -p "$work/runtimes"
    cp -r "$SOURCE_DIR/runtime/host_build_graph" "$runtime"
    for part in aicpu aicore; do
        sed -i "s/\\b${part}_execute(/${part}_execute_well(/" "$runtime/$part/${part}_executor.c"
        cp "$faulty/faults.h" "$runtime/$part"
    done
    cp "$faulty/scheduler.c" "$runtime/aicpu"
    cp "$faulty/worker.c" "$runtime/aicore"
    export DAVSIM_RUNTIME_PATH=$work/runtimes
    compile_host "$faulty/program.c" "$work/faulty"
}

# at CASE - "FILE:LINE" of a case's marked line in the device code of tests/e2e/faulty.
at()
{
    local found
    found=$(cd "$faulty" && grep -n "/\* $1 \*/" kernel.c worker.c scheduler.c | cut -d: -f1,2)
    [ -n "$found" ] || die "no line is marked $1"
    echo "$found"
}

# faulty_case STATUS PATTERN CASE [OPTION...] - the first launch ends with STATUS and one line, the second one works.
faulty_case()
{
    local status=$1 pattern=$2 name=$3
    shift 3
    expect "$status" "$pattern" "$DAVSIM" run --quiet --max-time 1ms "$@" "$work/faulty" "$name" "$faulty"
    if ! grep -q "^first launch: status $status, result absent$" "$work/stdout" ||
        ! grep -q '^second launch: status 0, result right$' "$work/stdout"; then
        echo "$name: after the fault:" >&2
        cat "$work/stdout" >&2
        failures=$((${failures:-0} + 1))
    fi
}

# find_python - PYTHON: a python3 that has numpy; without one the test is skipped.
find_python()
{
    for PYTHON in "${PYTHON3:-python3}" /usr/bin/python3; do
        PYTHON=$(command -v "$PYTHON") && "$PYTHON" -c 'import numpy' 2>/dev/null && return
    done
    echo "no python3 with numpy (python3-numpy)"
    exit 77
}
