#!/bin/bash
# explore.sh - explorations of two patterns: the buggy form is found, and what is printed replays it, byte for byte; the
# repaired form stands 200 perturbed runs.
. "$SOURCE_DIR/tests/harness/parts.sh"
patterns=$SOURCE_DIR/tests/patterns

# explore STATUS FORM [OPTION...] - what it prints is in $work/table.
explore()
{
    local status=$1 form=$2 got
    shift 2
    timeout 200 "$DAVSIM" explore --runs 200 --max-time 1ms "$@" "$work/$form" >"$work/table" 2>"$work/told"
    got=$?
    [ $got = "$status" ] || { cat "$work/table" "$work/told" >&2; die "$name, $form: status $got, not $status"; }
}

# replays STATUS PATTERN - each command that the table gives ends so, prints such a line, and the same when it is run again.
replays()
{
    local status=$1 pattern=$2 command got count=0
    while read -r command; do
        count=$((count + 1))
        for again in 1 2; do
            eval "timeout 60 ${command/davsim/\"\$DAVSIM\"}" >"$work/out.$again" 2>&1
            got=$?
            [ $got = "$status" ] || die "$name: status $got, not $status, from: $command"
            sed -i 's/, [0-9.]* s on the host$//' "$work/out.$again"
        done
        grep -Eq -- "$pattern" "$work/out.1" || { cat "$work/out.1" >&2; die "$name: no line $pattern from: $command"; }
        cmp -s "$work/out.1" "$work/out.2" || die "$name: not the same again: $command"
    done < <(grep -Eo 'davsim (run|check) --seed .*' "$work/table")
    [ $count -gt 0 ] || { cat "$work/table" >&2; die "$name: no command replays it"; }
}

for name in p03 p10; do
    source=$(echo "$patterns/$name"_*.c)
    build buggy
    build repaired -DREPAIRED
    explore 3 buggy
    case $name in
    p03)
        replays 3 '^davsim: unordered-publish: '
        # Without the checker it takes a run in which the stores do change their order.
        explore 1 buggy --no-check
        grep -q '^ *drain:AICPU_0$' "$work/table" || die "p03: fails without drain:AICPU_0"
        replays 1 '^wrong: '
        ;;
    p10) replays 3 '^davsim: missing-dcci-publish: ' ;;
    esac
    explore 0 repaired
    grep -q '200 of 200 perturbed runs' "$work/table" || die "$name: not all runs were made"
done
finish
