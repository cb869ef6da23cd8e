#!/bin/bash
# A runtime in the style of the platform's second generation, in C++ and driven from Python (tests/platform/g2): it
# uploads its kernels and moves its arguments itself; its AICPU part uses virtual functions, exceptions, thread_local
# and std::thread; its second launch reuses the memory of the first.
. "$(dirname "$0")/common.sh"
find_python
project=$work/project
cp -r "$SOURCE_DIR/tests/platform/g2" "$project"
ln -s "$SOURCE_DIR/python" "$project/python"
cd "$project" || exit 1
main=("$PYTHON" examples/polynomial/main.py)
run=("$DAVSIM" run --quiet --max-time 1ms "${main[@]}")
check=("$DAVSIM" check --quiet --max-time 1ms "${main[@]}")

# right DEVICE STRAYS - the output says so of both launches; the AICPU threads' counters differ and add up to 32 tasks.
right()
{
    awk -v device="$1" -v strays="$2" '
        $1 == "device" && $2 == device "," {
            count = $0; gsub(/.*\[|\].*/, "", count); n = split(count, of)
            sum = of[1] + of[2] + of[3] + of[4]
            same = of[1] == of[2] && of[2] == of[3] && of[3] == of[4]
            good += $5 == "right;" && n == 4 && sum == 32 && !same && $(NF - 1) == strays
            lines++
        }
        END { exit !(good == 2 && lines == 2) }' "$work/output" && return
    cat "$work/output" >&2
    die "device $1: not right twice, with $2 strays"
}

for policy in 0 1; do
    gives 0 'right' "${run[@]}" --policy "$policy"
    right 0 0
done
gives 0 '^davsim: no findings$' "${check[@]}" --device 0 3 --platform a2a3sim --policy 1
right 0 0
right 3 0

# Each of 8 tasks names a successor that does not exist: an exception on the AICPU, caught there.
gives 0 '^davsim: no findings$' "${check[@]}" --stray 999
right 0 8
repeats "${main[@]}" --stray 999

# The host part throws: one line, which Python has as a RuntimeError's text, and the status of bad input.
gives 2 'Error: init_runtime: .* threw an exception: argument 0 points to 0 bytes$' "${run[@]}" --empty

# An AICPU that keeps what it has read of the first graph (pattern P7).
sed -i '/cache_invalidate_range(/d' src/runtime/policy_graph/aicpu/aicpu_executor.cpp
gives 3 '^davsim: dma-not-invalidated: ' "${check[@]}"
echo "a runtime of the second generation runs, and P7 is found in it"
