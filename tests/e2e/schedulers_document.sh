#!/bin/bash
# schedulers_document.sh [--write] - the tables of docs/schedulers.md are what examples/schedulers prints; `make docs`
# writes them there.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

runtimes=(linear host_build_graph pipeline static_schedule register_graph)
document=docs/schedulers.md

# rows OPTION... - rows of the tables; what a runtime refuses it says on stderr.
rows()
{
    "$DAVSIM" run -q examples/schedulers --markdown "$@" 2>"$work/stderr" || die "$* gave: $(cat "$work/stderr")"
}

shapes()
{
    local runtime shape
    for runtime in "${runtimes[@]}"; do
        rows --runtime "$runtime"
    done >"$work/rows"
    echo '| shape | tasks | runtime | makespan, us | of the best | overhead, ns | to start, ns | to seen, ns |' \
        'AICPU busy | tasks/us |'
    echo '|---|---|---|---|---|---|---|---|---|---|'
    for shape in chain fanout random; do
        grep "^| $shape " "$work/rows"
    done
}

# The makespan of the random graph again, with fewer clusters, fewer and more threads, and a plan that knows no costs.
conditions()
{
    local runtime options cell line
    echo '| runtime | 24 clusters, 3 threads | 24, 1 | 24, 6 | 8, 3 | 2, 3 |'
    echo '|---|---|---|---|---|---|'
    for runtime in "${runtimes[@]}" 'static_schedule --no-costs'; do
        line="| \`$runtime\` |"
        for options in '' '--aicpu 1' '--aicpu 6' '--block-dim 8' '--block-dim 2'; do
            # shellcheck disable=SC2086 # these are several arguments, or none
            cell=$(rows --shape random --runtime $runtime $options | cut -d'|' -f5) || exit 1
            line+="$cell|"
        done
        echo "$line"
    done
}

{
    sed '/^<!-- figures: begin -->$/q' $document
    printf '\n### Three shapes, 24 clusters, 3 AICPU threads\n\n'
    shapes
    printf '\n### Makespan of the random graph in us, by clusters and AICPU threads\n\n'
    conditions
    echo
    sed -n '/^<!-- figures: end -->$/,$p' $document
} >"$work/document" || exit 1

if [ "${1:-}" = --write ]; then
    cp "$work/document" $document
else
    diff $document "$work/document" || die "the tables of $document are others by now; \`make docs\` brings them up to date"
fi
echo "tables as measured"
