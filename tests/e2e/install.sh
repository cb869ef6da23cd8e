#!/bin/bash
# What `make install` copies is complete: the installed davsim builds and runs an example far from the source tree.
. "$(dirname "$0")/common.sh"
DESTDIR=$work/root quietly cmake --install "$BUILD_DIR"
davsim=$(find "$work/root" -path '*/bin/davsim')
[ -n "$davsim" ] || die "no bin/davsim was installed"
quietly "$davsim" --version
share=${davsim%/bin/davsim}/share
for file in davsim/isa/core_port.h davsim/tools/pto.h davsim/model/davsim.h davsim/tools/view/page.html \
    man/man1/davsim.1; do
    [ -f "$share/$file" ] || die "share/$file was not installed"
done

mkdir "$work/elsewhere"
cd "$work/elsewhere" || exit 1
export DAVSIM_CACHE=$work/cache
quietly "$davsim" run --trace t.pftrace.gz examples/vector_graph
[ -s t.pftrace.gz ] || die "no trace was written"
timeout -s INT 3 "$davsim" view --no-browser t.pftrace.gz >address 2>&1
grep -q '^http://127.0.0.1:' address || die "the installed view says: $(cat address)"
# Its main.py, with the installed modules; some Pythons lack numpy.
for python in "${PYTHON3:-python3}" /usr/bin/python3; do
    "$python" -c 'import numpy' 2>/dev/null || continue
    gives 0 '^vector_graph: correct: ' "$python" "$share/davsim/examples/vector_graph/main.py"
    gives 0 '^vector_graph: correct: ' "$davsim" run -q "$python" "$share/davsim/examples/vector_graph/main.py"
    break
done
quietly "$davsim" new runtime mine
quietly "$davsim" new example demo --runtime mine
gives 0 '^demo: correct' "$davsim" run -q examples/demo
gives 0 '^demo: correct' "$davsim" run -q examples/demo/main.py
if grep -rlF -e "$SOURCE_DIR/examples" -e "$SOURCE_DIR/runtime" "$work/cache"; then
    die "the files above were compiled from the source tree, not from the installed one"
fi
echo "installed, and running"
