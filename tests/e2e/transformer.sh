#!/bin/bash
# The transformer: right for shapes that fill fractals and blocks and for such that do not, at each step of each layer;
# wrong where a flag, a barrier or an edge of the graph is missing.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# right SEQUENCE WIDTH HEADS MLP [OPTION...]
right()
{
    gives 0 "^transformer: correct: $1 x $2, $3 heads, mlp $4, layers: " "$DAVSIM" run -q examples/transformer \
        --sequence "$1" --width "$2" --heads "$3" --mlp "$4" "${@:5}"
}

# wrong WHAT STEP - what is missing, and the first step of layer 1 that is wrong.
wrong()
{
    gives 1 "^transformer: layer 1, $2: WRONG: " "$DAVSIM" run -q examples/transformer --layers 1 --sabotage "$1"
}

right 100 128 4 512
right 1 1 1 1 --layers 1
right 64 64 4 256 --block 16 --block-dim 1 --aicpu 1
right 77 60 5 100 --layers 3 --block 20
right 129 130 2 257 --layers 1 --block 128
right 33 150 10 200 --layers 1 --block 1
right 300 256 1 300 --layers 1 --block 64

wrong linear qkv
wrong scores scores
wrong norm norm1
wrong softmax attention
wrong gelu gelu
wrong add sum1
wrong edge attention

# found WHAT FINDING - the checker names it.
found()
{
    gives 3 "^davsim: $2: " "$DAVSIM" check examples/transformer --layers 1 --sabotage "$1"
}

for kernel in linear scores norm softmax gelu add; do
    found $kernel pipe-hazard
done
found edge uninitialised
gives 0 '^davsim: no findings$' "$DAVSIM" check examples/transformer
gives 2 '--width is 100; allowed is a multiple of the heads' "$DAVSIM" run -q examples/transformer --width 100 --heads 3
echo "right, and wrong where something is missing"
