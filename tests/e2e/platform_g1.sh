#!/bin/bash
# A runtime in the style of the platform's first generation, in C++ and driven from Python (tests/platform/g1): it is
# right on any number of threads and on several devices, and the mistake that such a tree made is found.
. "$(dirname "$0")/common.sh"
find_python
project=$work/project
cp -r "$SOURCE_DIR/tests/platform/g1" "$project"
ln -s "$SOURCE_DIR/python" "$project/python"
cd "$project" || exit 1
main=("$PYTHON" examples/task_graph_example/main.py)
run=("$DAVSIM" run --quiet --max-time 1ms "${main[@]}")
check=("$DAVSIM" check --quiet --max-time 1ms "${main[@]}")

for shape in '1 1' '3 3' '4 6'; do
    # shellcheck disable=SC2086
    set -- $shape
    gives 0 '^device 0: 9 tiles right, twice: \[1779\. ' "${run[@]}" --threads "$1" --blocks "$2"
done

gives 0 '^davsim: no findings$' "${check[@]}" --device 0 3 --threads 4 --blocks 5
grep -q '^device 3: 9 tiles right, twice: \[1779\. ' "$work/output" || die "device 3: no result"

# The graph has no room for so many tiles, which the orchestration says by an exception; no tiles, by what it returns.
# The program goes on, and is right; its status still tells.
gives 2 '^device 0: 9 tiles right, twice: \[1779\. ' "${check[@]}" --tiles 100 0 9
for line in '100 tiles refused: init_runtime: .*: the graph has no room for another task' \
    '0 tiles refused: .* -1'; do
    grep -Eq "^device 0: $line$" "$work/output" || die "no line: $line"
done
repeats "${main[@]}" --threads 4 --blocks 5

# The worker runs whatever stands in its mailbox, and its answer goes over the next task: pattern P1.
sed -i 's/hank->task_status == 1 && //' src/runtime/task_graph/aicore/aicore_executor.cpp
gives 6 'no task began or ended .* runs one task over and over, and no AICPU thread is left to stop it' "${run[@]}"
gives 3 '^davsim: lost-write: AI[CV]_[0-9]+.s write-back replaced .* Runtime\.workers\[[0-9]+\]\.task$' "${check[@]}"
echo "a runtime of the first generation runs, and P1 is found in it"
