#!/bin/bash
# Runtimes of tests/platform/g3, in C++ and in the style of the register era: both forms of the register protocol, a graph
# that is built on the device, one mutex for everything. They are right, repeat, and have no findings; without what keeps
# a second launch from the caches' old lines they are wrong, and davsim check says why.
. "$(dirname "$0")/common.sh"
find_python
project=$SOURCE_DIR/tests/platform/g3
main=examples/tiles/main.py
export G3_PYTHON=$SOURCE_DIR/python PYTHONDONTWRITEBYTECODE=1

# right RUNTIME THREADS [profile] - both launches, with 4 tasks for each of 12 and 4 tiles and one more; no findings.
right()
{
    quietly "$DAVSIM" check "$PYTHON" "$project/$main" "$@"
    grep -q '^davsim: no findings$' "$work/output" || die "$*: $(cat "$work/output")"
    diff <(grep -E '^([0-9]|launch)' "$work/output") - <<END || die "not the results of: $*"
49 tasks of 49, counted thread by thread${3:+
49 records}
launch 1: right
17 tasks of 17, counted thread by thread${3:+
17 records}
launch 2: right
END
}

for threads in 1 3 4; do
    right register_dag $threads
done
right register_dag 4 profile
right register_dag_exits 3
right register_dag_exits 4
right orchestrated_dag 2
right orchestrated_dag 4
for runtime in register_dag register_dag_exits orchestrated_dag; do
    repeats "$PYTHON" "$project/$main" $runtime
    decode_all "$work/1.gz" "$work/text"
    for kernel in kernel_axpy kernel_multiply kernel_sum; do
        grep -q $kernel "$work/text" || die "$runtime: no task of $kernel in the trace"
    done
done

# without FILE SCRIPT STATUS PATTERN KIND RUNTIME - with FILE edited, the second launch ends with STATUS and a line
# matching PATTERN, and davsim check finds KIND. What is not edited is used from where it was built before.
without()
{
    local file=$1 script=$2 status=$3 pattern=$4 kind=$5 runtime=$6 copy=$work/project
    local program=$copy/$main runtimes=$project/src/a2a3/runtime
    [[ $file != src/* ]] || program=$project/$main runtimes=$copy/src/a2a3/runtime
    rm -rf "$copy"
    cp -r "$project" "$copy"
    sed -i "$script" "$copy/$file"
    cmp -s "$project/$file" "$copy/$file" && die "$file: nothing to edit"
    export DAVSIM_RUNTIME_PATH=$runtimes
    gives "$status" "$pattern" "$DAVSIM" run -q --max-time 1ms "$PYTHON" "$program" "$runtime"
    grep -q '^launch 1: right$' "$work/output" || die "$file: the first launch: $(cat "$work/output")"
    gives 3 "^davsim: $kind: " "$DAVSIM" check -q --max-time 1ms "$PYTHON" "$program" "$runtime"
}

runtimes=src/a2a3/runtime
# A worker that cleans what a kernel has written, and keeps all else.
clean='dcci(reinterpret_cast<__gm__ void *>(task->args[0]), SINGLE_CACHE_LINE, CACHELINE_OUT);'
without $runtimes/register_dag/aicore/aicore_executor.cpp "/fresh inputs/d; s|dcci(.*/\* all outputs \*/|$clean|" \
    1 '^launch 2: WRONG$' residual-line register_dag
# A scheduler that lets the Runtime of the launch before stay in the AICPU's caches.
without $runtimes/register_dag/aicpu/aicpu_executor.cpp '/fresh runtime/d' \
    6 'no task began or ended' dma-not-invalidated register_dag
# An orchestration that reads its input as it was.
without examples/tiles/kernels/orchestration/on_device.cpp '/fresh count/d' \
    1 '^launch 2: WRONG$' dma-not-invalidated orchestrated_dag
echo "all as expected"
