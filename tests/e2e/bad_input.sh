#!/bin/bash
# Whatever a user gets wrong ends in one clear line and the documented status: never a hang, never a crash.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
compile_host "$SOURCE_DIR/tests/e2e/bad_input.c" "$work/bad_input"

# kernel NAME BODY - a kernel file.
kernel()
{
    printf '#include "aicore.h"\n%s\n__aicore__ void kernel_%s(__gm__ int64_t *args)\n{\n    (void)args;\n%s\n}\n' \
        "${3:-}" "$1" "$2" >"$1.c"
}
kernel good ''
kernel wild '    *(volatile __gm__ int *)16 = 1;'
kernel zero '    volatile int zero = 0;
    args[0] = 7 / zero;'
kernel endless '    for (volatile int go = 1; go;)
        ;'
kernel unresolved '    nowhere_defined();' 'void nowhere_defined(void);'
kernel broken '    this is not C;'
cat >orchestration.c <<'END'
#include "runtime.h"

int build_one_task(Runtime *runtime, uint64_t *args, int arg_count)
{
    uint64_t task_args[1] = {0};
    (void)arg_count;
    return add_task(runtime, task_args, 1, (int)args[0], RUNTIME_AIV) < 0 ? -1 : 0;
}
END

# A runtime whose AICPU part lacks a function.
mkdir runtimes
cp -r "$SOURCE_DIR/runtime/host_build_graph" runtimes/lacking
cat >>runtimes/lacking/aicpu/aicpu_executor.c <<'END'
extern int nowhere_defined(void);
__attribute__((used)) int use_it(void) { return nowhere_defined(); }
END
cp -r "$SOURCE_DIR/runtime/host_build_graph" runtimes/unreadable
echo 'import os' >runtimes/unreadable/build_config.py
export DAVSIM_RUNTIME_PATH=$work/runtimes

# case_of STATUS PATTERN CASE [KERNEL [RUNTIME]] - through davsim, with a time limit for what would never end.
case_of()
{
    local status=$1 pattern=$2 what=$3 kernel=${4:-good}
    shift 3
    [ $# = 0 ] || shift
    expect "$status" "$pattern" "$DAVSIM" run --quiet --max-time 1ms ./bad_input "$what" "$kernel.c" orchestration.c "$@"
}

quietly "$DAVSIM" run --quiet ./bad_input nothing good.c orchestration.c

bad=2 fault=4 timeout=6
case_of 1 'ended with status 0 without launching anything' ends-early
case_of 1 'ended with status 0 without launching anything' ends-before-launch
case_of $bad "no runtime 'absent' .* there is: .*host_build_graph" nothing good absent
case_of $bad 'unreadable/build_config.py:1: only comments and NAME = literal' nothing good unreadable
case_of $bad "cannot read source file absent.c" nothing absent
case_of $bad 'host part' host-junk
case_of $bad 'device' device-id
case_of $bad 'kernel' kernel-junk
case_of $bad 'func_id|kernel' kernel-id
case_of $bad 'kernel|func_id' no-such-kernel
case_of $bad 'orchestration' orchestration-junk
case_of $bad 'missing' no-such-function
case_of $bad 'runtime is NULL' null-runtime-init
case_of $bad 'runtime is NULL' null-runtime
case_of $bad 'AICPU' aicpu-junk
case_of $bad 'AICPU' aicpu-empty
case_of $bad 'AICore|AICORE|aicore' aicore-junk
case_of $bad 'aicpu|AICPU' no-threads
case_of $bad 'aicpu|AICPU' many-threads
case_of $bad 'block_dim' no-blocks
case_of $bad 'block_dim' many-blocks
case_of $bad 'block_dim' huge-blocks
case_of $bad 'GM|device|address' copy-to-null
case_of $bad 'GM|device|address' copy-to-host
case_of $bad 'GM|device|address' copy-past-gm
case_of $bad 'GM' malloc-too-much
case_of $bad 'nowhere_defined' nothing good lacking
case_of $fault 'kernel_wild|wild.c' nothing wild
case_of $fault 'kernel_zero|zero.c' nothing zero
case_of $timeout 'max-time|progress' nothing endless

# What does not compile keeps the compiler's messages above the line.
for row in 'unresolved nowhere_defined' 'broken broken.c:[0-9]+'; do
    read -r name pattern <<<"$row"
    "$DAVSIM" run --quiet ./bad_input nothing "$name.c" orchestration.c >/dev/null 2>stderr
    status=$?
    if [ $status != $bad ] || ! grep -Eq "$pattern" stderr || ! tail -n 1 stderr | grep -q '^davsim: compiling'; then
        cat stderr >&2
        echo "kernel $name: status $status" >&2
        failures=$((${failures:-0} + 1))
    fi
done

# Chip files and overrides.
chip()
{
    local pattern=$1
    shift
    expect $bad "$pattern" "$DAVSIM" run --quiet "$@" ./bad_input nothing good.c orchestration.c
}
printf '[aicore]\nclock = fast\n' >bad.ini
chip 'no-such-chip' --chip no-such-chip
chip 'bad.ini' --chip "$work/bad.ini"
chip 'no_such_key' --set aicore.no_such_key=3
chip 'parsec' --set aicore.clock=5parsec
chip 'aicore.clock' --set aicore.clock=0Hz
finish
