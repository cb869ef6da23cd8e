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

# Its InitRuntime calls whatever dlsym finds, so what cannot work is refused before.
sed 's/^    orch_binary = .*/&\n    orch_binary = bytes(4096)/' examples/my_runtime_example/main.py >examples/my_runtime_example/junk.py
gives 2 'init_runtime: the orchestration \(4096 bytes\) is not an ELF shared library' \
    "$DAVSIM" run --quiet "$PYTHON" examples/my_runtime_example/junk.py
sed -i 's/"BuildMyGraph"/"BuildNoGraph"/' examples/my_runtime_example/kernels/kernel_config.py
gives 2 'init_runtime: the orchestration has no function BuildNoGraph' \
    "$DAVSIM" run --quiet "$PYTHON" examples/my_runtime_example/main.py
echo "the guide's text runs, linear and as a DAG"
