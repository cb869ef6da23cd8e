#!/bin/bash
# Perturbed runs: right all the same, equal when repeated and without parking, and described by the items they name.
. "$(dirname "$0")/common.sh"

# run NAME OPTION... - the example's trace and report under these options.
run()
{
    local name=$1
    shift
    quietly "$DAVSIM" run --trace "$work/$name.pftrace" --report "$work/$name.json" "$@" \
        "$SOURCE_DIR/examples/vector_graph" --tiles 20 --block-dim 4 --aicpu 2
}

# same ONE OTHER WHY
same()
{
    cmp "$work/$1.pftrace" "$work/$2.pftrace" || die "$list, seed $seed: the trace differs $3"
    diff "$work/$1.json" "$work/$2.json" || die "$list, seed $seed: the report differs $3"
}

# items NAME - what the report says had something to decide.
items()
{
    python3 -c 'import json, sys; print(",".join(json.load(open(sys.argv[1])).get("vary", [])))' "$work/$1.json"
}

list=none seed=1
run plain
[ -z "$(items plain)" ] || die "a plain run names perturbations: $(items plain)"
run ordered --memory=ordered
same plain ordered 'from --memory=ordered'

for list in drain load noc dma start evict drain,load all; do
    for seed in 1 2; do
        run first --vary "$list" --seed $seed
        run again --vary "$list" --seed $seed
        same first again 'in a second run'
        run unparked --vary "$list" --seed $seed --no-park
        same first unparked 'without parking'
        # Nothing here loads from a register window, so a list of loads alone decides nothing.
        [ "$list" = load ] || run named --vary "$(items first)" --seed $seed
        [ "$list" = load ] || same first named 'with the items that it names'
        cmp -s "$work/plain.pftrace" "$work/first.pftrace" && [ "$list" != evict ] && [ "$list" != load ] &&
            die "$list, seed $seed changes nothing"
    done
done

list=weak seed=3
run weak --memory=weak --seed 3
run list --vary drain --vary load --seed 3
same weak list 'from --vary drain,load'
items weak | grep -q '^drain:AICPU_0,' || die "the items of a weak run are $(items weak)"
run one --vary drain:AICPU_0 --seed 3
[ "$(items one)" = drain:AICPU_0 ] || die "drain:AICPU_0 became $(items one)"
