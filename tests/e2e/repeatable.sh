#!/bin/bash
# The same run gives the same bytes: again, on a busy host, with every poll simulated, and wherever the host's memory,
# environment and working directory put things.
. "$(dirname "$0")/common.sh"

# run NAME [COMMAND...] - the example with the options in $ours (davsim's) and $theirs (its own), under COMMAND.
run()
{
    local name=$1
    shift
    quietly "$@" "$DAVSIM" run --trace "$work/$name.pftrace" --report "$work/$name.json" "${ours[@]}" \
        "$SOURCE_DIR/examples/vector_graph" "${theirs[@]}"
}

# same WHAT - the run named "other" is the one named "first".
same()
{
    cmp "$work/first.pftrace" "$work/other.pftrace" || die "$setting: the trace differs $1"
    diff "$work/first.json" "$work/other.json" || die "$setting: the report differs $1"
    runs=$((runs + 1))
}

busily()
{
    local one two
    (while :; do :; done) &
    one=$!
    (while :; do :; done) &
    two=$!
    "$@"
    kill $one $two
    wait $one $two 2>/dev/null
}

# Without address randomization, where that can be had: elsewhere the run is merely one more.
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R)

check()
{
    run first
    run other
    same 'in a second run'
    run other "${fixed[@]}"
    same 'without address randomization'
    run other env "PADDING=$(printf '%9999s' '')" MALLOC_PERTURB_=85 MALLOC_TOP_PAD_=1234567
    same 'with another environment and heap'
    cd "$work" || exit 1
    run other
    same 'from another directory'
    cd "$SOURCE_DIR" || exit 1
    ours+=(--no-park)
    run other
    same 'when no core is parked'
}

cd "$SOURCE_DIR" || exit 1
runs=1
setting='72 cores' ours=() theirs=(--tiles 50)
check
setting='three launches' ours=() theirs=(--tiles 8 --launches 3)
check
setting='six threads' ours=(--seed 7) theirs=(--tiles 20 --block-dim 11 --aicpu 6)
check
setting=ascend910c ours=(--chip ascend910c) theirs=(--tiles 20)
check
setting=minimal ours=(--chip minimal) theirs=(--tiles 5 --block-dim 1 --aicpu 1)
check

setting='many tasks' ours=() theirs=(--tiles 200)
run first
busily run other
same 'on a busy host'
echo "$runs runs as the first of their kind"
