#!/bin/bash
# run.sh NAME... - patterns of this folder (p01, n03: the beginning of a file's name), built in both forms and run. The
# buggy form must fail as the table below says; the repaired one, and what must not be reported, must be right.
# ctest runs it, and sets DAVSIM, DAVCC, SOURCE_DIR, BUILD_DIR.
. "$SOURCE_DIR/tests/harness/parts.sh"
patterns=$SOURCE_DIR/tests/patterns

# How the buggy form ends, whatever a chip's latencies are: with one of the statuses, and a line that matches the
# pattern. What `davsim check` calls it: one of the kinds.
#   buggy STATUSES KINDS PATTERN
describe()
{
    case $1 in
    p01) buggy 1 lost-write '^wrong: runs of task 1: 0, not 1$' ;;
    p02) buggy 1 lost-write '^wrong: ends of task 0: 2, not 1$' ;;
    p03) buggy 0 unordered-publish '^right$' ;; # stores only change their order with --memory=weak: see weak()
    p04) buggy 1 uninitialised '^wrong: sum: ' ;;
    p05) buggy '5 6' 'deadlock livelock' 'deadlock|no task began or ended' ;;
    p06) buggy 1 residual-line '^wrong: result of launch 2: 100, not 400$' ;;
    p07) buggy 1 dma-not-invalidated '^wrong: result 0 of launch 2: 100, not 400$' ;;
    p08) buggy 1 early-signal '^wrong: out\[0\]: 1, not 2$' ;;
    p09) buggy 1 lost-write '^wrong: sum of all blocks: 102, not 303$' ;;
    p10) buggy 1 missing-dcci-publish '^wrong: out\[0\]: 0, not 496$' ;;
    p11) buggy '5 6' 'deadlock livelock' 'deadlock|no task began or ended' ;;
    p12) buggy 1 pipe-hazard '^wrong: c\[0\]\[0\]: ' ;;
    n??) ;;
    *) die "no pattern $1" ;;
    esac
}
buggy()
{
    statuses=$1 kinds=$2 line=$3
}

# Neither form may hang by a hair: chips on which this or that takes longer or shorter.
variants=(
    ''
    --no-park
    '--chip minimal'
    '--set aicore.writeback=400ns'
    '--set aicore.writeback=1200ns'
    '--set aicpu.drain=10ns'
    '--set aicpu.drain=90ns'
    '--set gm.service=120ns'
    '--set window.store_post=180ns'
    '--set window.cond=80ns'
    '--set aicore.clock=1.2GHz'
    '--seed 7'
)

run=("$DAVSIM" run --quiet --max-time 1ms)

run_all_variants()
{
    local variant
    for variant in "${variants[@]}"; do
        # shellcheck disable=SC2086
        [[ $name == n* ]] || outcome "$statuses" "$line" buggy "${run[@]}" $variant
        # shellcheck disable=SC2086
        outcome 0 '^right$' repaired "${run[@]}" $variant
    done
}

# A weakly ordered AICPU: nothing that is right goes wrong, and the pattern about it fails with some seeds.
weak()
{
    local seed seeds=3 failed=0 weakly=("${run[@]}" --memory=weak --seed)
    if ! "$DAVSIM" run --help | grep -q -- --memory; then
        echo "$name: this davsim has no --memory=weak: skipped"
        return
    fi
    [ "$name" != p03 ] || seeds=50
    for ((seed = 1; seed <= seeds; seed++)); do
        outcome 0 '^right$' repaired "${weakly[@]}" $seed
        [ "$name" != p03 ] || "${weakly[@]}" $seed "$work/buggy" >/dev/null 2>&1 || failed=$((failed + 1))
    done
    [ "$name" = p03 ] || return 0
    echo "$name: with --memory=weak the buggy form fails with $failed of $seeds seeds"
    [ $failed -ge $((seeds * 4 / 100)) ] && [ $failed -le $((seeds * 40 / 100)) ] || failures=$((${failures:-0} + 1))
}

# What the checker says of both forms.
check()
{
    local check=("$DAVSIM" check --quiet --max-time 1ms --json "$work/findings.json")
    if [[ $name != n* ]]; then
        outcome 3 . buggy "${check[@]}"
        # shellcheck disable=SC2086
        told "$work/findings.json" $kinds
    fi
    outcome 0 '^right$' repaired "${check[@]}"
    told "$work/findings.json"
}

for name in "$@"; do
    source=$(echo "$patterns/$name"_*.c)
    describe "$name"
    [[ $name == n* ]] || build buggy
    build repaired -DREPAIRED
    run_all_variants
    weak
    check
done
finish
