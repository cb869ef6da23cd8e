#!/bin/bash
# The runtime spmd: every core executes its kernel once and knows its place, also when further AICPU threads have nothing
# to do; what cannot run is refused in one line each, and the next launch works. The checker finds nothing. A kernel sees
# how many AIVs the chip's clusters have.
. "$(dirname "$0")/common.sh"

refused='set_kernel: kernel 7 is not registered|has set no kernel|25 arguments, allowed are 0 to 24'
for command in run check; do
    "$DAVSIM" $command -q "$SOURCE_DIR/tests/e2e/spmd" >"$work/stdout" 2>"$work/stderr" ||
        die "$command: status $?: $(cat "$work/stdout" "$work/stderr")"
    grep -q '^spmd: correct$' "$work/stdout" || die "$command: $(cat "$work/stdout")"
    [ "$(grep -Ec "$refused" "$work/stderr")" = 3 ] || die "$command: $(cat "$work/stderr")"
done
[ "$(grep -c findings "$work/stderr")" = 1 ] && grep -q 'no findings' "$work/stderr" || die "$(cat "$work/stderr")"

printf 'include = ascend910b\n[chip]\naiv_per_cluster = %d\n' 1 >"$work/one.ini"
printf 'include = ascend910b\n[chip]\naiv_per_cluster = %d\n' 3 >"$work/three.ini"
for aivs in one three; do
    gives 0 '^vector_ops: correct' "$DAVSIM" check -q --chip "$work/$aivs.ini" "$SOURCE_DIR/examples/vector_ops" \
        --count 20001
    gives 4 'trap\(\): .*softmax\.c:' "$DAVSIM" run -q --chip "$work/$aivs.ini" "$SOURCE_DIR/examples/flash_attention"
done
echo "each core in its place"
