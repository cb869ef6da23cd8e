#!/bin/bash
# davsim new: what it makes builds, runs and is right as it stands, in both languages and for every runtime that comes with
# davsim; the checker finds nothing in it; it needs nothing of the simulator's. Nothing is ever overwritten.
. "$(dirname "$0")/common.sh"
mkdir "$work/project"
cd "$work/project" || exit 1
unset DAVSIM_RUNTIME_PATH

# right NAME [OPTION...] - examples/NAME gives the right numbers, and has no findings.
right()
{
    local name=$1
    shift
    gives 0 "^$name: correct: 1024 floats$" "$DAVSIM" run -q "$@" "examples/$name"
    gives 0 "^davsim: no findings$" "$DAVSIM" check -q "$@" "examples/$name"
}

# same NAME - main.py does what main.c does, to the picosecond.
same()
{
    gives 0 "^$1: correct: 1024 floats$" "$DAVSIM" run -q --report c.json "examples/$1"
    gives 0 "^$1: correct: 1024 floats$" "$DAVSIM" run -q --report py.json "examples/$1/main.py"
    cmp c.json py.json || die "$1: main.c and main.py differ"
}

# Both languages. A runtime's own sources say nothing of davsim; in C they compile against any platform's headers.
stub=$SOURCE_DIR/tests/e2e/stub_platform
for language in c c++; do
    name=mine_${language//+/x}
    quietly "$DAVSIM" new runtime "$name" --lang "$language"
    "$DAVSIM" new example "for_$name" --runtime "$name" >made || die "no example for $name"
    [ "$(sort made)" = "$(find "examples/for_$name" -type f | sort)" ] || die "listed: $(cat made)"
    right "for_$name"
    same "for_$name"
    right "for_$name" --memory weak --seed 7
    right "for_$name" --vary all --no-park
    right "for_$name" --set aicore.dcci_two_args_clean=no
    if grep -rE 'dav_|davsim|my_(runtime|example)' "runtime/$name" || grep -rE 'my_(runtime|example)' examples; then
        die "the lines above stand in what was made"
    fi
done
for source in runtime/mine_c/*/*.c; do
    quietly cc -std=c11 -Wall -Wextra -Werror -Iruntime/mine_c/runtime -I"$stub" -c "$source" -o "$work/part.o"
done
# Several launches, several threads: the same runtimes below another host program.
for name in mine_c mine_cxx; do
    sed -i -e 's/AICPU_THREADS = 1/AICPU_THREADS = 3/' -e 's/BLOCK_DIM = 4/BLOCK_DIM = 24/' \
        -e 's/^        status = launch();/        status = launch() || launch() || launch();/' "examples/for_$name/main.c"
    gives 0 ' 48 tasks in 3 launches' "$DAVSIM" run "examples/for_$name"
    right "for_$name"
done

# C++ with the names and the type of core that later runtimes use.
cp -r runtime/mine_cxx runtime/snake
sed -i -e 's/DeviceMalloc/device_malloc/; s/DeviceFree/device_free/; s/CopyToDevice/copy_to_device/' \
    -e 's/CopyFromDevice/copy_from_device/; s/RecordTensorPair/record_tensor_pair/' \
    -e 's/int core_type)/CoreType core_type)/; s/int core_type;/CoreType core_type;/' \
    -e 's/#include <cstdint>/&\n#include "common\/core_type.h"/' \
    -e 's/(core_type != 0 .*) {/false) {/; s/RUNTIME_MAX_ARGS, core_type);/RUNTIME_MAX_ARGS, 0);/' runtime/snake/*/*
quietly "$DAVSIM" new example for_snake --runtime snake
grep -q 'FUNC_ID, CoreType::AIV' examples/for_snake/kernels/orchestration/*.cpp || die "not of type CoreType"
right for_snake

# Every runtime that there is: an example for it, or one line on why there is none.
made=0
for runtime in "$SOURCE_DIR"/runtime/*/; do
    name=$(basename "$runtime")
    if grep -Eqr '\badd_task\(' "$runtime/runtime/runtime.h"; then
        quietly "$DAVSIM" new example "for_$name" --runtime "$name"
        right "for_$name"
        same "for_$name"
        made=$((made + 1))
    else
        expect 2 "new: runtime $name has no add_task" "$DAVSIM" new example "for_$name" --runtime "$name"
    fi
done
[ $made -ge 1 ] || die "no runtime that comes with davsim has an example"

# Where things go.
quietly "$DAVSIM" new runtime elsewhere --dir "$work/more/runtimes"
[ -f "$work/more/runtimes/elsewhere/runtime/runtime.h" ] || die "--dir was not obeyed"
export DAVSIM_RUNTIME_PATH=$work/more/runtimes
quietly "$DAVSIM" new example far --runtime elsewhere --dir "$work/more"
gives 0 '^far: correct' "$DAVSIM" run -q "$work/more/far"
grep -q "davsim run $work/more/far" "$work/more/far/main.c" || die "main.c names another place"
unset DAVSIM_RUNTIME_PATH
mkdir -p "$work/guide/src/runtime"
(cd "$work/guide" && quietly "$DAVSIM" new runtime mine && [ -f src/runtime/mine/build_config.py ]) ||
    die "src/runtime is there and was not taken"

# What cannot be.
usage=2
expect $usage 'new: say what: runtime NAME, or example NAME --runtime=R' "$DAVSIM" new
expect $usage "new: 'kernel' is nothing that can be made" "$DAVSIM" new kernel mine
expect $usage 'new: give the new runtime a name' "$DAVSIM" new runtime
expect $usage "new: 'other' is one argument too many" "$DAVSIM" new runtime mine other
for name in 9lives a-b a/b .. '' 'a b' $'a\nb' é; do
    expect $usage "new: '.*' is no name for a runtime" "$DAVSIM" new runtime "$name"
done
expect $usage "new: --lang is c or c\+\+, not 'rust'" "$DAVSIM" new runtime other --lang rust
expect $usage 'new: --lang is for runtimes' "$DAVSIM" new example other --runtime mine_c --lang c
expect $usage 'new: --runtime is for examples' "$DAVSIM" new runtime other --runtime mine_c
expect $usage 'new: which runtime is the example for.* there is: .*host_build_graph.*mine_c' "$DAVSIM" new example other
expect $usage "no runtime 'absent' .* there is: .*host_build_graph.*mine_c" "$DAVSIM" new example other --runtime absent
expect $usage "new: unrecognized option '--colour'" "$DAVSIM" new --colour runtime other
expect $usage 'new: runtime/mine_c/build_config.py exists, and nothing is overwritten' "$DAVSIM" new runtime mine_c
expect $usage 'new: examples/for_mine_c/kernels/kernel_config.py exists' "$DAVSIM" new example for_mine_c --runtime mine_c
: >file
expect $usage 'new: cannot (make the directory|write) file' "$DAVSIM" new runtime mine --dir file
mkdir -p runtime/half/aicpu
echo mine >runtime/half/aicpu/runtimeexecutor.c
expect $usage 'new: runtime/half/aicpu/runtimeexecutor.c exists' "$DAVSIM" new runtime half
[ "$(find runtime/half -type f)" = runtime/half/aicpu/runtimeexecutor.c ] || die "half of a runtime was made"
[ ! -e examples/other ] && [ ! -e runtime/other ] || die "something was made"
finish
