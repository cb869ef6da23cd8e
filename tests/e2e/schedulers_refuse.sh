#!/bin/bash
# What the runtimes linear, static_schedule and host_build_graph cannot run they refuse in one line each, and the next
# graph runs.
. "$(dirname "$0")/common.sh"

cases=(forward backward self nowhere cycle far_cycle no_kernel too_many_args core_type no_tensor too_many)

# refuses RUNTIME CASE PATTERN...
refuses()
{
    local runtime=$1 number
    shift
    while [ $# -gt 0 ]; do
        for number in "${!cases[@]}"; do
            [ "${cases[number]}" = "$1" ] && break
        done
        quietly "$DAVSIM" run -q "$SOURCE_DIR/tests/e2e/schedulers" "$runtime" "$number" 0
        [ "$(grep '^case' "$work/output" | tr '\n' ' ')" = "case $number: refused case 0: taken " ] &&
            grep -Eq "^$runtime: .*$2" "$work/output" || die "$runtime, $1: $(cat "$work/output")"
        shift 2
    done
}

same=(nowhere 'add_successor: 1 -> 2 is no edge between two of the 2 tasks'
    no_kernel 'task 0 wants kernel 7, which is not registered'
    too_many_args 'task 0 of kernel 0 has 17 arguments, allowed are 0 to 16'
    core_type 'core type 2, allowed are 0 \(AIC\) and 1 \(AIV\)'
    no_tensor 'pair 0 has no device pointer'
    too_many 'all 3 tasks are in use')
refuses linear "${same[@]}" self '1 -> 1 points backwards' backward '1 -> 0 points backwards' \
    cycle '1 -> 0 points backwards' far_cycle '100 -> 0 points backwards'
for runtime in static_schedule host_build_graph; do
    refuses "$runtime" "${same[@]}" self 'add_successor: 1 -> 1 is no edge' cycle '2 tasks can never start .* task 0$' \
        far_cycle '101 tasks can never start .* task 0$'
done
echo "refused in one line each"
