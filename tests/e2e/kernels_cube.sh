#!/bin/bash
# The example gemm computes what plain C does, for matrices that fill fractals, tiles and cores and for others; as fast
# as the cubes and their memory allow; and as long without computing anything.
. "$(dirname "$0")/common.sh"
gemm=$SOURCE_DIR/examples/gemm

# right M N K [OPTION...] - and it says so.
right()
{
    local m=$1 n=$2 k=$3
    shift 3
    quietly "$DAVSIM" run -q "$@" "$gemm" --m "$m" --n "$n" --k "$k"
    grep -q "^gemm: correct: $m x $n x $k" "$work/output" || die "$m x $n x $k: $(cat "$work/output")"
}

for shape in '1 1 1' '16 16 16' '17 33 65' '128 256 64' '130 259 301' '127 255 600' '513 700 1000' '3000 70 129' \
    '40 5000 200'; do
    # shellcheck disable=SC2086 # three numbers
    right $shape
done
right 1024 1024 512
quietly "$DAVSIM" run -q "$gemm" --block-dim 1

# All AICs busy, with work for many tiles each: the cube works at least three quarters of the kernels' time.
right 3072 3072 1536 --report "$work/report.json"
python3 - "$work/report.json" <<'END' || die "a GEMM that keeps the cubes waiting: $(cat "$work/report.json")"
import json, sys
report = json.load(open(sys.argv[1]))
kernels = report["cores"]["AIC"]["busy_ps"]
needed = 3072 * 3072 * 1536 / 4096 / 1.8e9 * 1e12
sys.exit(0 if 0.75 < needed / kernels < 1 else 1)
END

# Without computing, everything takes the time that it takes; only the simulator needs less of the stack.
quietly "$DAVSIM" run -q --compute=off --report "$work/off.json" "$gemm" --m 3072 --n 3072 --k 1536
grep -q '^gemm: not computed: ' "$work/output" || die "--compute=off: $(cat "$work/output")"
diff <(grep -v '"AICORE":' "$work/report.json") <(grep -v '"AICORE":' "$work/off.json") ||
    die "--compute=off takes another time"
finish
