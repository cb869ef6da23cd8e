#!/bin/bash
# The example runs on the default chip: right result, a trace that its schema describes, a report that counts the tasks.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# run TILES [OPTION...] - 4 tasks a tile.
run()
{
    local tiles=$1
    shift
    quietly "$DAVSIM" run --trace "$work/trace.pftrace.gz" --report "$work/report.json" examples/vector_graph \
        --tiles "$tiles" "$@"
    decode "$work/trace.pftrace.gz" >"$work/trace.txt" || die "protoc cannot decode the trace"
    if grep -Em1 '^ *[0-9]+( \{|:)' "$work/trace.txt"; then
        die "the trace holds a field that the schema does not"
    fi
    python3 - "$work" $((4 * tiles)) <<'END' || die "$tiles tile(s): wrong counts"
import json, re, sys
work, tasks = sys.argv[1], int(sys.argv[2])
report = json.load(open(work + "/report.json"))
assert report["status"] == 0 and report["launches"] == 1, report
assert report["tasks"] == tasks, (report["tasks"], tasks)
text = open(work + "/trace.txt").read()
begins = len(re.findall(r"type: TYPE_SLICE_BEGIN", text))
ends = len(re.findall(r"type: TYPE_SLICE_END", text))
assert begins == ends and begins >= tasks, (begins, ends, tasks)
END
}

run 1
run 50
run 4 --block-dim 1 --aicpu 1
echo "right results, traces and reports"
