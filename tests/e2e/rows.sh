#!/bin/bash
# Softmax and layer norm: right for rows of all lengths, which are covered in different ways (rows.h), and wrong when a
# barrier is missing, which the checker names.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# right EXAMPLE TYPE ROWS COLUMNS [OPTION...]
right()
{
    local example=$1 type=$2 rows=$3 columns=$4
    shift 4
    gives 0 "^$example: correct: $rows rows of $columns $type$" "$DAVSIM" run -q "examples/$example" --type "$type" \
        --rows "$rows" --columns "$columns" "$@"
}

# wrong EXAMPLE TYPE - without the barrier.
wrong()
{
    local sabotaged=("examples/$1" --type "$2" --rows 200 --columns 100 --sabotage)
    gives 1 "^$1: WRONG: " "$DAVSIM" run -q "${sabotaged[@]}"
    gives 3 '^davsim: pipe-hazard: ' "$DAVSIM" check "${sabotaged[@]}"
}

# clean EXAMPLE [OPTION...] - no findings.
clean()
{
    gives 0 '^davsim: no findings$' "$DAVSIM" check "examples/$1" "${@:2}"
}

for example in softmax layer_norm; do
    for type in f32 f16; do
        right $example $type 1 1
        right $example $type 3001 7
        right $example $type 500 64
        right $example $type 100 127 --block-dim 1
        right $example $type 333 1001
        right $example $type 101 1027
        right $example $type 49 6144
        wrong $example $type
    done
    clean $example --type f32 --rows 500 --columns 77
    clean $example --type f16 --rows 333 --columns 2077
done
echo "right, and wrong without the barrier"
