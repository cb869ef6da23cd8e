#!/bin/bash
# Kernels that use pipes: the trace at level pipe shows their instructions and flags, also of a launch that fails; with
# --compute=off a run takes the same simulated time, and the host program knows that there is nothing to check.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1
pipes=$SOURCE_DIR/tests/e2e/pipes

# run NAME [OPTION...] -- CORES TILES ROUNDS - at level pipe.
run()
{
    local name=$1 options=()
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    quietly "$DAVSIM" run -q --trace "$work/$name.pftrace.gz" --trace-level pipe --report "$work/$name.json" \
        "${options[@]}" "$pipes" "$@"
    cp "$work/output" "$work/$name.out"
    decode_all "$work/$name.pftrace.gz" "$work/$name.txt"
    python3 "$SOURCE_DIR/tests/e2e/pipes_check.py" "$work/$name.txt" "$@" || die "$name: not the trace of these pipes"
}

run one -- 1 2 1
run many -- 5 7 3
grep -q '^pipes: 0 of 143360 wrong$' "$work/many.out" || die "$(cat "$work/many.out")"
run slow --set pipe.flag=0cyc --set aicore.clock=100MHz -- 2 4 2

# The same times without the numbers.
run dry --compute off -- 5 7 3
grep -q '^pipes: not checked$' "$work/dry.out" || die "the program does not know: $(cat "$work/dry.out")"
cmp "$work/many.pftrace.gz" "$work/dry.pftrace.gz" || die "--compute=off changes the trace"
diff "$work/many.json" "$work/dry.json" || die "--compute=off changes the report"

# At level task there is nothing of it, and nothing else is different.
quietly "$DAVSIM" run -q --trace "$work/task.pftrace.gz" --report "$work/task.json" "$pipes" 5 7 3
decode "$work/task.pftrace.gz" >"$work/task.txt"
grep -q '"MTE2"\|"vadd"' "$work/task.txt" && die "the trace at level task has pipes"
diff "$work/many.json" "$work/task.json" || die "--trace-level changes the report"
python3 - "$work/task.json" <<'END' || die "not the report expected"
import json, sys
report = json.load(open(sys.argv[1]))
pipes, counters = report["pipes"], report["counters"]
assert list(pipes) == ["AIV"] and list(pipes["AIV"]) == ["V", "MTE2", "MTE3"], pipes
assert [pipes["AIV"][p]["instructions"] for p in pipes["AIV"]] == [5 * 7 * 3, 5 * 7 * 2, 5 * 7], pipes
assert counters["mte_bytes_read"] == 2 * counters["mte_bytes_written"] == 5 * 7 * 2 * 16384, counters
assert 0 < pipes["AIV"]["V"]["busy_ps"] < report["cores"]["AIV"]["busy_ps"], report
END

# A launch that fails leaves a trace that opens.
quietly env DAVSIM_TRACE_LEVEL=pipe sh -c '"$0" run -q --trace "$1" "$2" 2 4 2 1; [ $? = 4 ]' "$DAVSIM" \
    "$work/failed.pftrace.gz" "$pipes"
decode "$work/failed.pftrace.gz" >"$work/failed.txt" || die "the trace of a failed launch does not open"
grep -q '"copy_ubuf_to_gm"' "$work/failed.txt" || die "the trace of a failed launch is lost"

# What the environment says is read by the library.
for variable in DAVSIM_COMPUTE=no DAVSIM_TRACE_LEVEL=PIPE; do
    expect 2 "environment: $variable is neither" env "$variable" "$DAVSIM" run -q "$pipes" 1 1 1
done
finish
