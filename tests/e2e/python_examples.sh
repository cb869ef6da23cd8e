#!/bin/bash
# A main.py is its main.c in Python: the same results, simulated times, report and trace, byte for byte. It runs with and
# without davsim run, from anywhere, and what was compiled once is not compiled again.
. "$(dirname "$0")/common.sh"
find_python
unset PTO_ISA_ROOT # it would be searched from Python alone
mkdir "$work/bin" "$work/elsewhere"
ln -s "$PYTHON" "$work/bin/python3"
# Each run of the compiler leaves a line.
clang=$(command -v clang-19) || die "no clang-19"
printf '#!/bin/sh\necho run >>"%s"\nexec "%s" "$@"\n' "$work/compiled" "$clang" >"$work/bin/clang-19"
chmod +x "$work/bin/clang-19"
export PATH=$work/bin:$PATH DAVSIM_CACHE=$work/cache
example=$SOURCE_DIR/examples/vector_graph
right='vector_graph: correct: 16384 floats in 4 tasks, 1 launch'
cd "$work/elsewhere" || exit 1

# compiles COMMAND... - succeeds, and runs the compiler.
compiles()
{
    : >"$work/compiled"
    quietly "$@"
    [ -s "$work/compiled" ] || die "nothing was compiled by: $*"
}

# compiles_nothing COMMAND... - succeeds without the compiler.
compiles_nothing()
{
    : >"$work/compiled"
    quietly "$@"
    [ ! -s "$work/compiled" ] || die "$(wc -l <"$work/compiled") run(s) of the compiler in: $*"
}

# The second time costs nothing, nor does what main.c has compiled already.
compiles "$PYTHON" "$example/main.py"
compiles_nothing "$PYTHON" "$example/main.py"
compiles_nothing "$PYTHON" "$example/main.py" --tiles 7 --launches 2
rm -r "$DAVSIM_CACHE"
compiles "$DAVSIM" run -q "$example"
compiles_nothing "$DAVSIM" run -q "$example/main.py"

# same [OPTION...] [-- EXAMPLE_OPTION...] - main.c and main.py agree in all that they leave behind.
same()
{
    local options=() language
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# = 0 ] || shift
    for language in c py; do
        "$DAVSIM" run -q --report "$language.json" --trace "$language.gz" "${options[@]}" \
            "$example$([ $language = c ] || echo /main.py)" "$@" >"$language.out" 2>"$language.err" ||
            die "main.$language ${options[*]} $*: $(cat $language.err)"
    done
    grep -q '^vector_graph: correct: ' c.out || die "no result: $(cat c.out)"
    for what in out err json gz; do
        cmp "c.$what" "py.$what" || die "main.c and main.py differ: ${options[*]} $*"
    done
}

same
same -- --tiles 33 --block-dim 7 --aicpu 6
same -- --tiles 8 --launches 3 --floats 100
same --trace-level pipe -- --tiles 4 --block-dim 1 --aicpu 1
same --seed 7 --vary all --memory weak -- --tiles 20
same --chip minimal --set aicore.clock=1.5GHz -- --tiles 3 --block-dim 1 --aicpu 1
same --compute=off -- --tiles 5

# From anywhere, by any name, and with modules of the same names in the working directory that are none of ours.
for place in / "$example" "$example/kernels" "$work/elsewhere"; do
    cd "$place" && gives 0 "^$right\$" env -u DAVSIM_LIBDIR "$PYTHON" "$(realpath --relative-to=. "$example/main.py")"
done
ln -s "$example" "$work/elsewhere/link"
gives 0 "^$right\$" "$PYTHON" link/main.py
gives 0 "^$right\$" "$DAVSIM" run -q link/main.py
gives 0 "^$right\$" "$DAVSIM" run -q examples/vector_graph/main.py
gives 0 "^$right\$" "$DAVSIM" run -q "$PYTHON" "$example/main.py"
gives 0 ' 4 tasks in 1 launch, ' "$DAVSIM" run "$example/main.py"
gives 0 '^davsim: no findings$' "$DAVSIM" check -q "$example/main.py"

# A kernel's lines are found again, whatever the name of its source was: this copy reads past its vectors.
mkdir -p "$work/project/examples"
cp -r "$example" "$work/project/examples"
wrong=$work/project/examples/vector_graph/kernels/aiv/kernel_add.c
sed -i 's/i < count; i++/i < count + 1048576; i += 1048576/' "$wrong"
line=$(grep -n 'out\[i\] = ' "$wrong" | cut -d: -f1)
gives 3 "in kernel_add at .*aiv/kernel_add.c:$line\$" "$DAVSIM" check -q "$work/project/examples/vector_graph/main.py"

# Bad options are told by argparse, as argp does, and launch nothing.
gives 2 "error: argument --tiles: '0'; allowed is a number from 1 to 65536" "$PYTHON" "$example/main.py" --tiles 0

# The modules compile as they stand, with whatever version this is.
for module in "$SOURCE_DIR"/python/*.py; do
    quietly "$PYTHON" -W error -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$module"
done
echo "main.py does what main.c does"
