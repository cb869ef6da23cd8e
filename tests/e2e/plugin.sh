#!/bin/bash
# A runtime whose graph is built on the AICPU, by a library that its fourth thread writes to a file, opens, calls and
# closes while three others schedule (tests/e2e/plugin): what works, twice in one process; what is refused, in one line of
# the device's log; and what the checker says of the library's own lines.
. "$(dirname "$0")/common.sh"

plugin=$SOURCE_DIR/tests/e2e/plugin orchestration=$SOURCE_DIR/tests/e2e/plugin/orchestration
export DAVSIM_RUNTIME_PATH=$SOURCE_DIR/tests/e2e
cd "$work" || exit 1
compile_host "$plugin/main.c" main
promote=1 lazy=2 call_closed=4 other_name=8
fault=4 findings=3

# both STATUS WORD SOURCE FUNCTION MODE [LINE] - both launches end with STATUS; the results are WORD; the log has LINE
# (an extended regular expression) once a launch.
both()
{
    local status=$1 word=$2 source=$3
    "$DAVSIM" run -q -v ./main "$plugin" "$source" "$4" "$5" >stdout 2>stderr
    local got=$?
    [ $got = "$status" ] && [ "$(grep -c "launch [12]: status $status, $word\$" stdout)" = 2 ] ||
        die "$4: status $got: $(cat stdout stderr)"
    if [ $# = 6 ]; then
        [ "$(grep -Ec -- "$6" stderr)" = 2 ] || die "$4: no line \"$6\" in: $(cat stderr)"
    fi
    ! grep -q 'Warning' stdout stderr || die "$4: $(cat stdout stderr)"
}

good=$orchestration/orchestration.cpp name=$orchestration/by_name.c
both 0 right "$good" build_chain 0
both 0 right "$good" build_chain $lazy
both 0 right "$name" build_by_name $promote
repeats ./main "$plugin" "$good" build_chain 0

# What cannot be, and where it went wrong.
both $fault - "$good" build_chain $other_name 'ERROR run_plugin: cannot find: .*/libplugin_1000.so: undefined symbol: no_such; export'
both $fault - "$good" build_and_throw 0 'ERROR call: the plugin threw: out of tasks'
both $fault - "$name" build_by_name 0 \
    'run_plugin: cannot open: libplugin_1000.so: needs plugin_add_task, which the AICPU binary defines but does not show'
both $fault - "$name" build_by_name $lazy \
    'device exception: AICPU_3 calls plugin_add_task, .* in build_by_name at .*by_name.c:14, '
both $fault - "$good" build_chain $call_closed \
    'device exception: AICPU_3: it calls into a library that dlclose has closed, in build_chain at .*orchestration.cpp:'
printf 'int no_such_function(int);\nint build_by_name(int x);\nint build_by_name(int x) { return no_such_function(x); }\n' >undefined.c
both $fault - "$work/undefined.c" build_by_name $promote 'cannot open: .*needs no_such_function, which nothing on the device'

# Files that are no libraries for the device.
quietly cc -shared -fPIC -I"$plugin/runtime" -I"$SOURCE_DIR/isa/include" -Wno-int-to-pointer-cast "$name" -o host.so
both $fault - ./host.so build_by_name $promote 'cannot open: .* was not compiled for the device: davcc --target=orchestration'
head -c 3000 /dev/zero >zero.so
both $fault - ./zero.so build_by_name 0 'cannot open: .* is not an ELF file'
for size in 256 20480 102400; do # what is left of a library that was written in part
    both $fault - "$good" build_chain $size 'run_plugin: cannot open: '
done

# The same library on the host: nothing of it is instrumented there.
quietly "$DAVCC" --target=orchestration -I"$plugin/runtime" "$good" -o good.so
! nm -D good.so | grep -Eq '__tsan|__sanitizer|__wrap' || die "the host's part of an orchestration is instrumented"

# The checker knows the library's lines.
gives 0 'no findings' "$DAVSIM" check -q ./main "$plugin" "$good" build_chain 0
line=$(grep -n 'the host has written it since' "$good" | cut -d: -f1)
gives $findings "in build_stale at .*orchestration.cpp:$line" "$DAVSIM" check -q ./main "$plugin" "$good" build_stale 0
grep -q 'launch 2: status 0, wrong' "$work/output" || die "the stale value is right"
echo "libraries come and go"
