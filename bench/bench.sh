#!/bin/bash
# bench.sh BUILD - how fast the simulator in the build tree BUILD is: figures, never a verdict.
# The parts are compiled into BUILD/bench; report.py runs and times them, traces.py those of a large trace.
set -eu
[ $# = 1 ] && [ -x "$1/tools/davsim" ] || { echo "usage: bench.sh BUILD (a build tree: run make build)" >&2; exit 2; }
cd "$(dirname "$0")/.."
build=$(realpath "$1")
out=$build/bench
libraries=(-L"$build/lib" -Wl,-rpath,"$build/lib" -ldavsim)
mkdir -p "$out"

# The device's side; and the kernel natively, with the flags that davcc gives clang, less the instrumentation.
"$build/tools/davcc" --target=aiv -I. bench/loops.c -o "$out/loops.o"
"$build/tools/davcc" --target=aicore -I. bench/worker.c -o "$out/worker.so"
"$build/tools/davcc" --target=aicpu -I. bench/scheduler.c -o "$out/scheduler.so"
clang-19 -std=gnu11 -O2 -fPIE -fno-vectorize -fno-slp-vectorize -fno-math-errno -DBENCH_NATIVE -I. \
    -c bench/loops.c -o "$out/native.o"

# The host's side.
cc=(cc -std=gnu11 -O2 -Wall -Wextra -Werror -I.)
"${cc[@]}" bench/run_loop.c "$out/native.o" -o "$out/run_loop" "${libraries[@]}" -ldavpto
"${cc[@]}" "$PWD/examples/vector_graph/main.c" -o "$out/vector_graph" "${libraries[@]}" -ldavpto
"${cc[@]}" "$PWD/bench/pipes/main.c" -o "$out/pipes" "${libraries[@]}" -ldavpto
"${cc[@]}" -shared -fPIC bench/launch_time.c -o "$out/launch_time.so" "${libraries[@]}"

# Matrix products beside OpenBLAS's, where that is installed (libopenblas-dev).
rm -f "$out/cube"
if pkg-config --exists openblas; then
    read -ra blas < <(pkg-config --cflags --libs openblas)
    "${cc[@]}" bench/cube.c "$build/isa/libdavisa.a" "${blas[@]}" -lm -o "$out/cube"
fi

python3 bench/report.py "$build"
exec python3 bench/traces.py "$build"
