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
kernel table '    args[0] = ((int (*const volatile *)(void))table)[args[1] & 1]();' \
    'static int one(void) { return 1; }
static int (*const table[2])(void) = {one, one};'
kernel two '' 'void other_kernel(int64_t *args) { args[0] = 2; }'
kernel none '    }
    static __aicore__ void nobody(void) {' 'static void kernel_none(__gm__ int64_t *args);'
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

# What a runtime is built from.
case_of $bad "no runtime 'absent' .* there is: .*host_build_graph" nothing good absent
case_of $bad 'unreadable/build_config.py:1: only comments and NAME = literal' nothing good unreadable
case_of $bad 'cannot read source file absent.c' nothing absent
case_of $bad "'aix' is not a core type: aic .* or aiv" core-type
case_of $bad 'pto_extract_text: the 4096 bytes given are not a 64-bit ELF' no-elf
case_of $bad 'pto_extract_text: the ELF file is cut short: it has [0-9]+ bytes, its table of sections ends' elf-cut
case_of $bad 'pto_extract_text: the 63 bytes given are not a 64-bit ELF' elf-cut-in-header
case_of $bad 'pto_extract_text: the ELF file is cut short: it has [0-9]+ bytes, its .text is' elf-cut-in-text
case_of $bad 'pto_extract_text: the .text section of the ELF file is empty' elf-text-empty
case_of $bad 'pto_extract_text: the ELF file has no .text section' elf-no-text

# The host part, the kernels, the orchestration.
case_of $bad "cannot load the runtime's host part: it is not an ELF shared library" host-junk
for what in host-cut host-cut-little; do
    case_of $bad "cannot load the runtime's host part: it is cut short" $what
done
case_of $bad "cannot load the runtime's host part: |the runtime's host part does not export" host-aicore
case_of $bad 'set_device: device 1000 does not exist: give 0 to 15' device-id
case_of $bad 'set_device: device -1 does not exist: give 0 to 15' device-negative
case_of $fault 'bad address 0x200000[0-9a-f]+: that is memory of device 0, and this is device 1' other-device
for what in kernel-junk kernel-elf kernel-cut elf-program elf-other-machine; do
    case_of $bad 'register_kernel: func_id 0: not built by davcc: .* give its .text section' $what
done
case_of $bad 'register_kernel: func_id 0: the binary is NULL' kernel-null
case_of $bad 'register_kernel: func_id 0: not a kernel image: too short to be one' kernel-empty
case_of $bad 'register_kernel: func_id -1 is negative' kernel-id
case_of $bad 'task 0 wants kernel 99, which is not registered' no-such-kernel
case_of $bad 'the orchestration \(4096 bytes\) is not an ELF shared library' orchestration-junk
case_of $bad 'the orchestration \(4000 bytes\) is cut short; compile it with compile_orchestration' orchestration-cut
case_of $bad 'the orchestration has no function missing' no-such-function

# Runtimes.
case_of $bad 'init_runtime: the runtime is NULL' null-runtime-init
case_of $bad 'launch_runtime: the runtime is NULL' null-runtime
case_of $bad 'init_runtime: the runtime at 0x[0-9a-f]+ is not aligned' odd-runtime
case_of $bad 'launch_runtime: the runtime at 0x[0-9a-f]+ holds no graph; call init_runtime' launch-before-init
case_of $bad 'the runtime at 0x[0-9a-f]+ holds no graph; call init_runtime' finalize-twice
case_of $bad 'finalize_runtime: the runtime at 0x[0-9a-f]+ holds no graph; call init_runtime' finalize-again
case_of $bad 'launch: the Runtime is NULL' launch-no-runtime
case_of $bad 'launch: the Runtime at 0x[0-9a-f]+ is not in device memory' launch-host-pointer
case_of $bad 'launch: no parameters' launch-null
case_of $bad 'launch: the AICPU binary is NULL' launch-no-modules

# Modules.
case_of $bad 'AICPU binary: is not an ELF file: compile it with davcc' aicpu-junk
case_of $bad 'the AICPU binary is empty' aicpu-empty
case_of $bad 'AICPU binary: is cut short' aicpu-cut
case_of $bad 'AICPU binary: .*(executable|shared object)' aicpu-program
for what in aicpu-aicore swapped; do
    case_of $bad 'the AICPU binary has no function aicpu_execute' $what
done
case_of $bad 'AICore binary: is not an ELF file: compile it with davcc' aicore-junk
case_of $bad 'the AICore binary is empty' aicore-empty
case_of $bad 'AICPU binary: needs nowhere_defined, which nothing on the device defines' nothing good lacking

# How many.
case_of $bad 'aicpu_thread_num is 0' no-threads
case_of $bad 'aicpu_thread_num is 100, but chip ascend910b has 6 AICPU cores: give 1 to 6' many-threads
case_of $bad 'block_dim is 0; .* 1 to [0-9]+ clusters' no-blocks
case_of $bad 'block_dim is 25, but chip ascend910b has 24 clusters: give 1 to 24' many-blocks
case_of $bad 'block_dim is 1073741824; .* 1 to [0-9]+ clusters' huge-blocks

# Device memory.
for what in copy-to-null copy-to-host copy-past-gm; do
    case_of $bad 'copy_to_device: .* with [0-9]+ bytes is not in device memory' $what
done
for what in copy-from-host copy-from-past; do
    case_of $bad 'copy_from_device: 0x[0-9a-f]+ with 64 bytes is not in device memory' $what
done
case_of $bad 'copy_from_device: the host pointer is NULL' copy-null-host
case_of $bad 'device_free: 0x[0-9a-f]+ is not the start of a live allocation' free-wild
case_of $bad 'device_free: 0x[0-9a-f]+ is not the start of a live allocation' free-twice
case_of $bad 'device_malloc: no room for 1125899906842624 bytes: [0-9]+ of [0-9]+ bytes of GM' malloc-too-much

# Kernels, simply; faults.sh has the rest.
case_of $fault 'kernel_wild at .*wild.c:6' nothing wild
case_of $fault 'kernel_zero at .*zero.c:7' nothing zero
case_of $timeout 'no task began or ended for 1 ms .* kernel_endless at .*endless.c:6' nothing endless

# What does not compile, or what no image on the device can hold: the compiler's messages, and behind them a line that
# repeats the first.
for row in 'unresolved unresolved.c: kernel calls nowhere_defined, which does not exist on the device' \
    'table table.c: table holds the address of one, but a kernel is not relocated' \
    'two two.c: which of its global functions is the kernel.*kernel_two' \
    'none none.c: no kernel: define one global function' 'broken broken.c:[0-9]+:[0-9]+: error:'; do
    read -r name pattern <<<"$row"
    "$DAVSIM" run --quiet ./bad_input nothing "$name.c" orchestration.c >/dev/null 2>stderr
    status=$?
    if [ $status != $bad ] || ! tail -n 1 stderr | grep -Eq "^davsim: compiling .*$name.c for aiv failed: .*$pattern"; then
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
printf '# a chip\n[aicore]\nclok = 1GHz\n' >odd.ini
printf '[aicore]\nno value\n' >broken.ini
chip "no chip 'no-such-chip'|no-such-chip" --chip no-such-chip
chip 'bad.ini:2: .*clock' --chip "$work/bad.ini"
chip 'odd.ini:3: .*clok' --chip "$work/odd.ini"
chip 'broken.ini:2: ' --chip "$work/broken.ini"
chip 'absent.ini' --chip "$work/absent.ini"
chip "$work" --chip "$work"
chip 'aicore.no_such_key' --set aicore.no_such_key=3
chip 'nowhere' --set nowhere.clock=3GHz
chip 'aicore.clock.*parsec' --set aicore.clock=5parsec
chip 'aicore.clock' --set aicore.clock=0Hz
chip 'vary: "drian" is nothing.*allowed: all, drain' --vary drian
chip 'drain:AICPU_99.*AICPU_0 to AICPU_' --vary load,drain:AICPU_99
chip 'chip.clusters' --set chip.clusters=-1
chip 'chip.clusters' --set chip.clusters=1000000
chip 'chip.devices.*device 0|devices' --set chip.devices=0

# Options by hand.
expect $bad 'environment: DAVSIM_MAX_TIME=soon is not a whole number' \
    env DAVSIM_MAX_TIME=soon ./bad_input nothing good.c orchestration.c
expect $bad 'no-such-chip' env DAVSIM_CHIP=no-such-chip ./bad_input nothing good.c orchestration.c
finish
