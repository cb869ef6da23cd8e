#!/bin/bash
# The device's C and C++ libraries: each program of tests/device on the AICPU, with as many threads as it takes, parked
# and not; results and simulated time repeat.
. "$SOURCE_DIR/tests/e2e/common.sh"
cd "$work" || exit 1
programs=$SOURCE_DIR/tests/device
sanitize=
[ -z "${DAV_ASAN:-}" ] || sanitize=-fsanitize=address,undefined
quietly cc -std=gnu11 -Wall -Wextra $sanitize -I"$SOURCE_DIR" "$programs/run_device.c" -o run_device \
    -L"$BUILD_DIR/lib" -Wl,-rpath,"$BUILD_DIR/lib" -ldavsim
quietly "$DAVCC" --target=aicore "$programs/idle_worker.c" -o idle.so
export DAVSIM_CHIP=ascend910b ASAN_OPTIONS=detect_leaks=0

# program SOURCE THREADS VALUES - compile and run it; it must pass and report VALUES (an extended regular expression).
program()
{
    local name=${1%.*} first
    [ -f "$name.so" ] || quietly "$DAVCC" --target=aicpu "$programs/$1" -o "$name.so"
    first=$(DAVSIM_PARK=1 timeout 60 ./run_device "$name.so" idle.so "$2" 2>&1) || die "$1, $2 threads: $first"
    grep -Eq "values $3" <<<"$first" || die "$1, $2 threads: expected values $3, got: $first"
    [ "$first" = "$(DAVSIM_PARK=0 timeout 60 ./run_device "$name.so" idle.so "$2" 2>&1)" ] ||
        die "$1, $2 threads: differs without parking"
}

for n in 1 2 3 4; do
    program locks.c $n "$((100 * n)) $((100 * n)) $((100 * n)) $n"
    [ $n = 1 ] || program conditions.c $n "100 $((n - 2)) 50[0-9]{3} "
    program threads.c $n "1 $((2 * n)) $((3 * n)) "
    program atomics.c $n "$((64 * n)) $((50 * (n - 1))) "
    program library.c $n "$n 20[0-4][0-9]{2} "
    program cxx.cpp $n "$((50 * n)) 1 1 "
    program process.c $n "$n 6 0 "
    program standard.cpp $n "$n $((200 * n)) "
    program containers.cpp $n "3 2 11 "
done

# The log carries time and core.
DAVSIM_VERBOSE=1 ./run_device library.so idle.so 2 >/dev/null 2>log || die "library.c, verbose"
for line in 'AICPU_0 +INFO +thread 0: hello world 42$' 'AICPU_1 +ERROR +thread 1 to stderr$'; do
    grep -Eq "$line" log || die "no line \"$line\" in the log"
done
echo "all as expected"
