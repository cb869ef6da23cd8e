#!/bin/bash
# davsim check changes nothing: a program runs as under `davsim run`, with the same times, results, counters and trace,
# whether it is right or wrong. What is found is the same again, and when no core is parked.
. "$SOURCE_DIR/tests/harness/parts.sh"
options=(--quiet --max-time 1ms)

# once NAME COMMAND OPTION... -- PROGRAM... - its trace, report and output as $work/NAME.*
once()
{
    local file=$work/$1 command=$2 ours=()
    shift 2
    while [ "$1" != -- ]; do
        ours+=("$1")
        shift
    done
    shift
    timeout 120 "$DAVSIM" "$command" "${options[@]}" "${ours[@]}" --trace "$file.pftrace" --report "$file.json" "$@" \
        >"$file.out" 2>"$file.err"
    echo $? >"$file.status"
    [ ! -f "$file.json" ] || sed -i '/^  "findings":/d; /^ *"status":/d; s/,$//' "$file.json"
}

# same WHAT A B ENDING... - these files do not differ.
same()
{
    local what=$1 a=$2 b=$3 ending
    shift 3
    for ending in "$@"; do
        [ ! -f "$work/$a.$ending" ] && [ ! -f "$work/$b.$ending" ] && continue
        cmp "$work/$a.$ending" "$work/$b.$ending" >&2 && continue
        echo "$subject: the $ending differs $what" >&2
        diff "$work/$a.$ending" "$work/$b.$ending" | head -20 >&2
        failures=$((${failures:-0} + 1))
    done
}

# watched PROGRAM... - as it is, and under the checker.
watched()
{
    subject="${*##*/}"
    rm -f "$work"/{run,check,again,noparking}.*
    once run run -- "$@"
    once check check --json "$work/check.findings" -- "$@"
    same 'under davsim check' run check json out
    # Findings leave marks in the trace; without them it is the same.
    grep -q '"kind":' "$work/check.findings" || same 'under davsim check' run check pftrace
    [ "$thorough" ] || return 0
    once again check --json "$work/again.findings" -- "$@"
    same 'in a second run' check again pftrace json out err findings status
    grep -q '"kind": "\(dead\|live\)lock"' "$work/check.findings" && return # parking is what proves a deadlock
    once noparking check --no-park --json "$work/noparking.findings" -- "$@"
    same 'when no core is parked' check noparking pftrace out err findings status
}

# Each kind of finding, and what is right.
thorough=yes
for family in publish lost order stuck styles launches; do
    source=$SOURCE_DIR/tests/findings/$family.c
    build program
    for CASE in $(sed -nE 's/^ +X\((\w+), .*/\1/p' "$source"); do
        watched "$work/program" "$CASE"
        programs=$((${programs:-0} + 1))
    done
done

# What is large.
cd "$SOURCE_DIR" || exit 1
watched examples/vector_graph --tiles 100
thorough=
watched examples/vector_graph --tiles 1000
watched examples/vector_graph --tiles 20 --launches 3 --aicpu 6

# Faults, and stops in the middle of a launch with another launch after it.
make_faulty
for fault in kernel_null kernel_wild_store kernel_divide kernel_endless kernel_window worker_wild \
    worker_abort aicpu_null aicpu_wild_lock aicpu_abort; do
    watched "$work/faulty" $fault "$faulty"
    grep -q '^second launch: status 0, result right$' "$work/check.out" || die "$fault: no second launch under check"
done
echo "$programs programs of tests/findings, the example, and faults"
finish
