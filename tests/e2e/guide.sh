#!/bin/bash
# The guide's own text runs: its code blocks, put where it says, with only what its text leaves out added
# (tests/platform/guide/complete.py lists that). Its kernel is to be written by the reader: out[i] = in[i] + 1.
. "$(dirname "$0")/common.sh"
guide=${GUIDE:-$SOURCE_DIR/../shared/guide.md}
[ -r "$guide" ] || { echo "no guide at $guide: set GUIDE"; exit 77; }
find_python

project=$work/project
"$PYTHON" "$SOURCE_DIR/tests/platform/guide/complete.py" "$guide" "$project" || die "the guide's blocks are not as expected"
ln -s "$SOURCE_DIR/python" "$project/python"
cd "$project" || exit 1
for scheduler in linear dag; do
    [ $scheduler = linear ] && result=2 || result=3
    cp "${scheduler}_orch.cpp" examples/my_runtime_example/kernels/orchestration/my_orch.cpp
    cp "$scheduler.cpp" src/runtime/my_runtime/aicpu/runtimeexecutor.cpp
    trace=$work/$scheduler.pftrace.gz
    gives 0 "^Result: \\[($result\\. ){9}$result\\.\\]$" \
        "$DAVSIM" run --quiet --trace "$trace" "$PYTHON" examples/my_runtime_example/main.py
    decode_all "$trace" "$work/text"
    grep -q 'my_kernel' "$work/text" || die "$scheduler: no task of my_kernel in the trace"
    repeats "$PYTHON" examples/my_runtime_example/main.py
done
echo "the guide's text runs, linear and as a DAG"
