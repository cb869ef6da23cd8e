#!/bin/bash
# The examples in which AICs and AIVs work together: attention with flags between the cores of a cluster, a transformer
# as a graph of tasks. They compute what plain C does, for sizes that fill tiles and for others.
. "$(dirname "$0")/common.sh"

# right EXAMPLE [OPTION...] - and it says so.
right()
{
    local example=$1
    shift
    quietly "$DAVSIM" run -q "$SOURCE_DIR/examples/$example" "$@"
    grep -q "^$example: correct: " "$work/output" || die "$example $*: $(cat "$work/output")"
}

# attention HEADS ROWS KEYS COLUMNS [OPTION...]
attention()
{
    local heads=$1 rows=$2 keys=$3 columns=$4
    shift 4
    right flash_attention --heads "$heads" --rows "$rows" --keys "$keys" --columns "$columns" "$@"
}
attention 1 1 1 1
attention 1 128 128 128
attention 2 65 130 64
attention 3 200 333 72
attention 25 17 300 48
attention 1 300 7 33
attention 1 10 1000 128
attention 5 200 400 100 --block-dim 2
attention 24 256 512 128

# transformer ROWS HEADS COLUMNS [OPTION...]
transformer()
{
    local rows=$1 heads=$2 head=$3
    shift 3
    right transformer --rows "$rows" --heads "$heads" --head "$head" "$@"
}
transformer 1 1 1
transformer 17 3 33
transformer 129 2 100
transformer 300 4 64
transformer 300 3 40 --block-dim 2 --aicpu 1
transformer 500 16 8 # more than 46 tasks follow one
expect 2 'more than 2032 columns' "$DAVSIM" run -q "$SOURCE_DIR/examples/transformer" --heads 32 --head 256
finish
