#!/bin/bash
# `davsim report` and `davsim compare` on traces of examples: what davsim run --report says of the same run they say, too,
# and their parts sum to the whole.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1
find_python

# traced NAME [OPTION...] - run an example: $work/NAME.gz and $work/NAME.json.
traced()
{
    quietly "$DAVSIM" run -q --trace "$work/$1.gz" --report "$work/$1.json" "${@:2}"
}

# agrees NAME - the trace and the report of the run.
agrees()
{
    for by in core phase task; do
        "$DAVSIM" report --json --by $by "$work/$1.gz" >"$work/by-$by.json" || die "no report of $1"
    done
    "$PYTHON" - "$work" "$1" <<'END' || die "$1: the trace's report is not the run's"
import json, sys

def load(name):
    with open(f"{sys.argv[1]}/{name}.json") as file:
        return json.load(file)

run, core, phase, task = load(sys.argv[2]), load("by-core"), load("by-phase"), load("by-task")
assert (core["schema"], core["version"]) == ("davsim-report", 1)
for key in ("tasks", "launch_ps"):
    assert core[key] == run[key], (key, core[key], run[key])
assert len(core["launches"]) == run["launches"]
for name, cores in core["cores"].items():
    for key in ("used", "busy_ps", "program_ps"):
        assert cores[key] == run["cores"][name][key], (name, key, cores[key], run["cores"][name])
assert {name for name, cores in run["cores"].items() if cores["used"]} == set(core["cores"])
for name, spread in run["overhead"].items():
    for key in ("avg", "p50", "max"):
        assert core["overhead"][name][key] == spread[key], (name, key, core["overhead"][name], spread)
    assert core["overhead"][name]["count"] == run["tasks"]

def kinds(path):
    return sum(value for key, value in path.items() if key.endswith("_ps"))

hops = task["each_hop"]
for number, launch in enumerate(core["launches"]):
    length = launch["end_ps"] - launch["begin_ps"]
    if launch["tasks"] == 0:
        continue
    assert kinds(launch["critical_path"]) == length, launch
    mine = [hop for hop in hops if hop["launch"] == number]
    assert mine[0]["begin_ps"] == launch["begin_ps"] and mine[-1]["end_ps"] == launch["end_ps"]
    assert all(a["end_ps"] == b["begin_ps"] for a, b in zip(mine, mine[1:]))
for cores in core["each_core"]:
    if cores["type"] != "AICPU":
        assert cores["busy_ps"] + sum(cores["idle"].values()) == cores["launch_ps"], cores
assert sum(p["self_ps"] for p in phase["each_phase"]) == core["cores"]["AICPU"]["program_ps"]
assert sum(p["self_ps"] for p in core["scheduler"]) == core["cores"]["AICPU"]["program_ps"]

tasks = task["each_task"]
assert len(tasks) == run["tasks"]
assert sum(t["end_ps"] - t["begin_ps"] for t in tasks) == sum(k["time_ps"]["total"] for k in core["kernels"])
assert all(t["dispatched_ps"] < t["begin_ps"] <= t["end_ps"] < t["seen_ps"] for t in tasks)
END
}

traced graph examples/vector_graph --tiles 30
agrees graph
traced launches examples/vector_graph --tiles 11 --launches 3 --aicpu 2
agrees launches
traced network examples/transformer
agrees network
gives 0 'on the critical path' "$DAVSIM" report "$work/network.gz"

# Whatever tells a core its tasks, hops follow one another from a launch's begin to its end. Tasks of a chain, and all that
# linear does, come one after the other: all are on the path.
for runtime in linear host_build_graph pipeline static_schedule register_graph; do
    for shape in chain fanout stream random; do
        traced $runtime-$shape examples/schedulers --runtime $runtime --shape $shape --tasks 150 --launches 2
    done
done
traced spmd tests/e2e/spmd
for example in flash_attention gemm layer_norm softmax vector_ops; do
    traced $example examples/$example
done
for trace in "$work"/*.gz; do
    "$DAVSIM" report --json --by task "$trace" >"${trace%.gz}.tasks" || die "no report of $trace"
done
"$PYTHON" - "$work"/*.tasks <<'END' || die "a critical path is wrong"
import json, os, sys

for path in sys.argv[1:]:
    name = os.path.basename(path).removesuffix(".tasks")
    with open(path) as file:
        report = json.load(file)
    for number, launch in enumerate(report["launches"]):
        if launch["tasks"] == 0:
            continue
        at, kinds = launch["begin_ps"], {}
        for hop in (hop for hop in report["each_hop"] if hop["launch"] == number):
            assert hop["begin_ps"] == at, (name, hop)
            at = hop["end_ps"]
            key = hop["hop"].replace(" ", "_").replace("-", "_") + "_ps"
            kinds[key] = kinds.get(key, 0) + at - hop["begin_ps"]
        assert at == launch["end_ps"], (name, number)
        on_path = launch["critical_path"].pop("tasks")
        assert kinds == {key: ps for key, ps in launch["critical_path"].items() if ps}, (name, kinds)
        last = max(t["end_ps"] for t in report["each_task"] if t["launch"] == number)
        assert [h["end_ps"] for h in report["each_hop"] if h["launch"] == number and h["hop"] == "kernel"][-1] == last, name
        if name.startswith("linear-") or name.endswith("-chain"):
            assert on_path == launch["tasks"], (name, on_path)
        if name.startswith("linear-"):
            assert set(kinds) <= {f"{k}_ps" for k in ("start_up", "scheduler", "dispatch_latency", "kernel",
                                                      "completion_latency", "shutdown")}, (name, kinds)
END
gives 0 'the trace has not all edges' "$DAVSIM" report "$work/pipeline-fanout.gz"
gives 0 'no edges between the tasks of 2 launches' "$DAVSIM" report "$work/static_schedule-random.gz"

# The critical path of vector_graph is three kernels long: add, add_scalar, mul.
gives 0 '^    0 .* 120 +3$' "$DAVSIM" report "$work/graph.gz"
for by in core kernel task phase; do
    gives 0 '(AIV_0|kernel_mul|Sched_0)' "$DAVSIM" report --by $by "$work/graph.gz"
done
gives 0 'kernel_mul +AIV_' "$DAVSIM" report --by task "$work/graph.gz"
[ "$("$DAVSIM" report --by task "$work/graph.gz" | grep -c ' \*$')" = 3 ] || die "not three tasks on the path"

# The same report from the same trace, compressed or not.
gzip -dc "$work/graph.gz" >"$work/graph.pftrace"
"$DAVSIM" report --json "$work/graph.gz" >"$work/1" && "$DAVSIM" report --json "$work/graph.pftrace" >"$work/2" ||
    die "no report"
cmp "$work/1" "$work/2" || die "the report depends on compression"

# A slower clock: all kernels take longer.
traced slow --set aicore.clock=900MHz examples/vector_graph --tiles 30
gives 0 '^    kernel_mul .* 1\.[0-9]+x$' "$DAVSIM" compare "$work/graph.gz" "$work/slow.gz"
"$DAVSIM" compare --json "$work/graph.gz" "$work/slow.gz" >"$work/compare.json" || die "no comparison"
for run in graph slow; do
    "$DAVSIM" report --json "$work/$run.gz" >"$work/report-$run.json" || die "no report of $run"
done
"$PYTHON" - "$work/compare.json" "$work/report-graph.json" "$work/report-slow.json" <<'END' || die "the comparison is wrong"
import json, sys

compared, *reports = (json.load(open(path)) for path in sys.argv[1:])
assert (compared["schema"], compared["version"]) == ("davsim-compare", 1)
assert compared["matched_tasks"] == 120 and compared["tasks_only_in_a"] == compared["tasks_only_in_b"] == 0
averages = [{k["kernel"]: k["time_ps"]["avg"] for k in report["kernels"]} for report in reports]
assert len(compared["kernels"]) == len(averages[0]) == len(averages[1]) == 3
for kernel in compared["kernels"]:
    a, b = (average[kernel["kernel"]] for average in averages)
    assert a < b and abs(kernel["ratio_avg"] - b / a) < 1e-9, kernel
apart = [abs(m["b"] - m["a"]) for m in compared["metrics"] if m["unit"] == "ps" and "a" in m and "b" in m]
assert apart == sorted(apart, reverse=True) and apart[0] > 0
apart = [abs(t["b_ps"] - t["a_ps"]) for t in compared["tasks"]]
assert apart == sorted(apart, reverse=True) and len(apart) == 20
END
gives 0 'figures are the same' "$DAVSIM" compare "$work/graph.gz" "$work/graph.gz"
gives 0 '120 in both, of which 0 took another time' "$DAVSIM" compare "$work/graph.gz" "$work/graph.gz"

# Bad input.
expect 2 'report: give the trace' "$DAVSIM" report
expect 2 'report: .*nowhere' "$DAVSIM" report "$work/nowhere"
expect 2 "by is core, kernel, task or phase, not 'name'" "$DAVSIM" report --by name "$work/graph.gz"
expect 2 'one argument too many' "$DAVSIM" report "$work/graph.gz" "$work/slow.gz"
expect 2 'compare: give two traces' "$DAVSIM" compare "$work/graph.gz"
expect 2 'compare: .*graph.json' "$DAVSIM" compare "$work/graph.gz" "$work/graph.json"
head -c 3000 "$work/graph.gz" >"$work/cut.gz"
expect 2 'report: .*cut.gz' "$DAVSIM" report "$work/cut.gz"
expect 7 'cannot write the report' bash -c "\"$DAVSIM\" report \"$work/graph.gz\" >/dev/full"
finish
