#!/bin/bash
# The example runs on the default chip: right result, a trace that its schema describes and that shows each task and
# each dependency, a report that counts the tasks.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# run TILES LAUNCHES [OPTION...] - 4 tasks a tile.
run()
{
    local tiles=$1 launches=$2
    shift 2
    quietly "$DAVSIM" run --trace "$work/trace.pftrace.gz" --report "$work/report.json" examples/vector_graph \
        --tiles "$tiles" --launches "$launches" "$@"
    decode_all "$work/trace.pftrace.gz" "$work/trace.txt"
    python3 "$SOURCE_DIR/tests/e2e/trace_check.py" "$work/trace.txt" $((4 * tiles)) "$launches" ||
        die "$tiles tile(s), $launches launch(es): the trace is not that of the graph"
    python3 - "$work/report.json" $((4 * tiles * launches)) "$launches" <<'END_PYTHON' || die "$tiles tile(s): wrong report"
import json, sys
report, tasks, launches = json.load(open(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
assert report["status"] == 0 and report["launches"] == launches and report["tasks"] == tasks, report
for kind, count in (("AIC", 24), ("AIV", 48)):
    assert report["cores"][kind]["count"] == count, report["cores"]
assert report["cores"]["AIV"]["used"] > 0 and report["counters"]["aicore_hits"] > 0, report
for what in ("dispatch_to_start_ps", "end_to_seen_ps"):
    assert 0 < report["overhead"][what]["p50"] <= report["overhead"][what]["max"], report["overhead"]
END_PYTHON
}

run 1 1
run 50 1
run 50 3
run 4 1 --block-dim 1 --aicpu 1
run 33 1 --block-dim 7 --aicpu 6

# Without .gz the trace is the same, not compressed.
quietly "$DAVSIM" run --trace "$work/plain.pftrace" examples/vector_graph --tiles 33 --block-dim 7 --aicpu 6
gzip -dc "$work/trace.pftrace.gz" | cmp - "$work/plain.pftrace" || die "the compressed trace is another one"
echo "right results, traces and reports"
