#!/bin/bash
# The runtimes pipeline and register_graph: graphs of several shapes, launch after launch with one to three AICPU threads
# on 1 to 24 clusters, have the results that their edges demand. The checker finds nothing, nor does it on chips that are
# perturbed; runs repeat; what cannot run is refused in one line each, and the next launch works.
. "$(dirname "$0")/common.sh"
graphs=$SOURCE_DIR/tests/e2e/graphs

# refused RUNTIME PATTERN COUNT - as many lines on stderr, all of which match.
refused()
{
    "$DAVSIM" run -q "$graphs" "$1" refused >"$work/stdout" 2>"$work/stderr" || die "$1: $(cat "$work/stdout" "$work/stderr")"
    [ "$(grep -Ec "^$1: ($2)" "$work/stderr")" = "$3" ] && [ "$(wc -l <"$work/stderr")" = "$3" ] ||
        die "$1 refuses otherwise: $(cat "$work/stderr")"
}

# launch_ps RUNTIME ARGUMENT... - how long the launch takes.
launch_ps()
{
    quietly "$DAVSIM" run -q --report "$work/report.json" "$graphs" "$@"
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["launch_ps"])' "$work/report.json"
}

for runtime in pipeline register_graph; do
    gives 0 '^graphs: correct: 21 launches' "$DAVSIM" check -q "$graphs" $runtime
    grep -q '^davsim: no findings$' "$work/output" || die "$runtime: $(cat "$work/output")"
    quietly "$DAVSIM" run -q --memory=weak --seed 3 "$graphs" $runtime
    quietly "$DAVSIM" check -q --set aicore.writeback=2us "$graphs" $runtime random 120 3 8 2
    quietly "$DAVSIM" run -q --chip minimal "$graphs" $runtime random 100 2 1 2
    quietly "$DAVSIM" explore -q --runs 8 --jobs 2 "$graphs" $runtime random 120 3 6 2
    repeats "$graphs" $runtime random 200 3 24 2
    cp "$work/1.json" "$work/parked.json"
    quietly "$DAVSIM" run -q --no-park --report "$work/other.json" "$graphs" $runtime random 200 3 24 2
    cmp "$work/parked.json" "$work/other.json" || die "$runtime: another report when no core is parked"
done

lines='init_runtime: .* cycle|init_runtime: task 0 wants kernel 77|add_successor: 0 -> 1 is no edge|add_task: task 0 .* 17 arguments|init_runtime: build_.* returned'
refused register_graph "$lines" 6
refused pipeline "$lines|init_runtime: task 1 of stage 0 follows task 0 of stage 1" 7

# Less overhead than dispatch and completion through GM.
old=$(launch_ps host_build_graph stream 100 3 24)
for runtime in pipeline register_graph; do
    new=$(launch_ps $runtime stream 100 3 24)
    echo "stream of 500 tasks: $runtime $((new / 1000)) ns, host_build_graph $((old / 1000)) ns"
    [ $((new * 10)) -lt $((old * 9)) ] || die "$runtime is no faster than host_build_graph"
done
