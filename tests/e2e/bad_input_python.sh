#!/bin/bash
# Whatever a user gets wrong in Python ends in one exception of the documented type, whose text is one clear line: never a
# crash, nothing on stderr but the traceback.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
PYTHON=${PYTHON3:-python3}

# Sources that are right, and one that is not.
printf '#include "aicore.h"\n__aicore__ void good(__gm__ int64_t *args)\n{\n    (void)args;\n}\n' >good.c
printf 'this is not C;\n' >broken.c
printf 'int other(int);\nvoid calls(long *args)\n{\n    args[0] = other(1);\n}\n' >calls.c
printf 'static int one(void) { return 1; }\nstatic int (*const table[])(void) = {one, one};\n%s\n' \
    'void reads(long *args) { args[0] = ((int (*const volatile *)(void))table)[args[1] & 1](); }' >table.c
printf 'void one(long *args) { args[0] = 1; }\nvoid two(long *args) { args[0] = 2; }\n' >two.c
printf 'static long value;\nvoid wrong(long *args)\n{\n    value = args[0];\n    *(volatile long *)16 = value;\n}\n' >wild.c
cat >orchestration.c <<'END_C'
#include "runtime.h"

int build_one_task(Runtime *runtime, uint64_t *args, int arg_count)
{
    uint64_t task_args[1] = {0};
    (void)arg_count;
    return add_task(runtime, task_args, 1, (int)args[0], RUNTIME_AIV) < 0 ? -1 : 0;
}
END_C

# Runtimes, good but for one thing.
export DAVSIM_RUNTIME_PATH=$work/runtimes
mkdir runtimes
for name in syntax missing nowhere lacking; do
    cp -r "$SOURCE_DIR/runtime/host_build_graph" "runtimes/$name"
done
printf '"""Of a\nruntime."""\nBUILD_CONFIG = {\n    "aicore": {\n        "include_dirs" ["runtime"],\n' >runtimes/syntax/build_config.py
sed -i '/"aicpu"/,/}/d' runtimes/missing/build_config.py
sed -i 's/\["aicpu", "runtime"\]/["elsewhere"]/' runtimes/nowhere/build_config.py
sed -i '/"source_dirs"/d' runtimes/lacking/build_config.py
for name in plain throwing; do
    quietly "$DAVSIM" new runtime $name --lang c++ --dir runtimes
done
sed -i 's/^    int status = -1;/    throw 42;\n&/' runtimes/throwing/host/*.cpp
cat >throw.cpp <<'END_CPP'
#include <stdexcept>
#include "runtime.h"

extern "C" int build_throwing(Runtime *, uint64_t *, int)
{
    throw std::runtime_error("no room for so many tasks");
}
END_CPP

# raises TYPE PATTERN CASE [RUNTIME] - python3 ends with that exception, whose line matches PATTERN. Messages of the
# compiler may follow it.
raises()
{
    local type=$1 pattern=$2
    shift 2
    timeout 60 "$PYTHON" "$SOURCE_DIR/tests/e2e/bad_input_python.py" "$@" >stdout 2>stderr
    local status=$?
    # Nothing before the traceback, whose own lines are indented; behind it the exception.
    if [ $status != 1 ] || [ -s stdout ] || [ "$(head -n 1 stderr)" != 'Traceback (most recent call last):' ] ||
        ! sed 1d stderr | grep -v '^  ' | head -n 1 | grep -Eq "^$type: .*($pattern)" ||
        { [ -z "${notes:-}" ] && [ "$(tail -n +2 stderr | grep -vc '^  ')" != 1 ]; } ||
        { [ -n "${notes:-}" ] && ! sed '0,/^[^ T]/d' stderr | grep -Eq "$notes"; }; then
        echo "case:     $*" >&2
        echo "expected: status 1, $type: $pattern ${notes:+, then $notes}" >&2
        echo "got:      status $status and:" >&2
        cat stderr >&2
        failures=$((${failures:-0} + 1))
    fi
}
error=davsim_library.DavsimError

quietly "$PYTHON" "$SOURCE_DIR/tests/e2e/bad_input_python.py" nothing
[ "$(cat output)" = "done" ] || die "what is right said: $(cat output)"

# What a runtime is built from.
raises ValueError "no runtime 'absent' .* there is: .*host_build_graph.*syntax" nothing absent
raises $error 'syntax/build_config.py:5: expected .:. after the key "include_dirs"' nothing syntax
raises $error 'missing/build_config.py:[0-9]+: BUILD_CONFIG\["aicpu"\] is missing' nothing missing
raises $error 'lacking/build_config.py:[0-9]+: BUILD_CONFIG\["aicore"\]\["source_dirs"\] is missing' nothing lacking
raises $error 'nowhere/build_config.py:[0-9]+: BUILD_CONFIG\[.*names .*elsewhere: No such file' nothing nowhere
raises ValueError "platform 'a9' is not simulated; there is: a2a3" builder-platform
raises ValueError "'/nowhere/at/all' is not a directory" builder-root
raises ValueError "platform 'a9' is not simulated; there is: a2a3" builder-compiler
raises $error 'compile_orchestration: for which runtime\?' builder-orchestration

# Sources.
raises FileNotFoundError 'cannot read source file absent.c' kernel-absent
raises FileNotFoundError 'cannot read source file absent.c' orchestration-absent
notes='broken.c:1:[0-9]+: error' raises $error 'compiling .*broken.c for aiv failed' kernel-named broken.c
notes='broken.c:1:[0-9]+: error' raises $error 'compiling .*broken.c for orchestration failed' orchestration-broken
raises ValueError "'aix' is not a core type: aic .* or aiv" core-type

# What an image on the device cannot have.
notes='davcc: ' raises $error 'calls.c: kernel calls other, which does not exist on the device' kernel-named calls.c
notes='davcc: ' raises $error 'table.c: table holds the address of one, but a kernel is not relocated' kernel-named table.c
notes='davcc: ' raises $error 'two.c: which of its global functions is the kernel\?.* one, two' kernel-named two.c
# What runs into a fault is named by its line.
raises $error 'in wrong at .*wild.c:5|wrong at .*wild.c:5' kernel-named wild.c

# ELF files.
raises FileNotFoundError 'cannot read ELF file absent.o' elf-absent
raises IsADirectoryError '' elf-directory
raises ValueError '4096 bytes given are not a 64-bit ELF file' elf-junk
raises ValueError ' 0 bytes given are not a 64-bit ELF file' elf-empty
raises ValueError 'not a 64-bit ELF file' elf-32
raises ValueError 'the ELF file is cut short: it has [0-9]+ bytes, its table of sections ends at [0-9]+' elf-cut
raises ValueError 'the ELF file is cut short: it has 2000 bytes' elf-cut-in-text
raises ValueError 'the .text section of the ELF file is empty' elf-text-empty
raises ValueError 'made.o: the ELF file has no .text section' elf-no-text

# The host part.
raises FileNotFoundError 'cannot read host part absent.so' host-absent
for name in host-cut host-cut-little; do
    raises $error "cannot load the runtime's host part: it is cut short" $name
done
raises $error "cannot load the runtime's host part: it is not an ELF shared library" host-junk
raises $error 'no host part given' host-empty
raises $error 'does not export|cannot load' host-aicpu
raises RuntimeError 'no runtime is loaded: call load_runtime first' unloaded-device
raises RuntimeError 'no runtime is loaded: call load_runtime first' unloaded-kernel
raises TypeError 'use the class that load_runtime returns' unloaded-class
raises $error 'set_device: device 16 does not exist: give 0 to 15' device-16
raises $error 'set_device: device -1 does not exist: give 0 to 15' device-negative

# Kernels: nothing that davcc has not built is ever executed.
raises ValueError 'the kernel is empty' kernel-empty
for name in kernel-junk kernel-cut kernel-of-another-machine; do
    raises $error 'register_kernel: func_id 0: not built by davcc' $name
done
raises TypeError 'the kernel is of type str: give bytes' kernel-str
raises TypeError 'the kernel is of type int: give bytes' kernel-number
raises ValueError 'func_id is 4294967296, which is more than 32 bits hold' kernel-id-large
raises $error 'register_kernel: func_id -1 is negative' kernel-id
raises $error 'task 0 wants kernel 99, which is not registered' no-such-kernel

# Orchestrations.
raises $error 'the orchestration \(4096 bytes\) is not an ELF shared library' orchestration-junk
raises $error 'the orchestration \(4000 bytes\) is cut short' orchestration-cut
raises $error 'the orchestration .* is not an ELF shared library' orchestration-kernel
raises $error 'the orchestration has no function missing' no-such-function
raises TypeError 'func_args\[0\] is of type float: give a whole number' argument-float
raises ValueError 'func_args\[0\] is 18446744073709551616, which is more than 64 bits hold' argument-large
raises ValueError 'arg_types must have one item an argument: 3 for 1' arg-types
raises $error 'no room for so many tasks' throw-in-orchestration plain
raises $error 'init_runtime: .*exception' throw-in-host throwing

# Launches.
raises TypeError 'launch_runtime: NoneType is not a Runtime' launch-none
raises $error 'launch_runtime: the runtime at 0x[0-9a-f]+ holds no graph; call init' launch-first
raises $error 'finalize_runtime: the runtime at 0x[0-9a-f]+ holds no graph; call init' finalize-first
raises $error 'finalize_runtime: the runtime at 0x[0-9a-f]+ holds no graph; call init' finalize-twice
raises $error 'block_dim is 25, but chip ascend910b has 24 clusters: give 1 to 24' block-dim-25
raises $error 'block_dim is 0; .* 1 to [0-9]+ clusters' block-dim-0
raises $error 'aicpu_thread_num is 0' no-threads
raises $error 'aicpu_thread_num is 100, but chip ascend910b has 6 AICPU cores: give 1 to 6' many-threads
raises $error 'device 16 does not exist: give 0 to 15' launch-device-16
raises $error 'AICPU binary: is not an ELF file: compile it with davcc' aicpu-junk
raises $error 'the AICPU binary is empty' aicpu-empty
raises $error 'AICPU binary: is cut short' aicpu-cut
raises $error 'AICore binary: is not an ELF file: compile it with davcc' aicore-junk
raises $error 'the AICore binary is empty' aicore-empty
raises $error 'the AICPU binary has no function aicpu_execute' parts-swapped

# Device memory.
raises $error 'copy_to_device: .* is not in device memory' memory-copy-to-host
raises $error 'copy_from_device: .* is not in device memory' memory-copy-too-much
raises $error 'device_free: 0x[0-9a-f]+ is not the start of a live allocation' memory-free-twice
raises $error 'device_free: 0x10 is not the start of a live allocation' memory-free-wild
finish
