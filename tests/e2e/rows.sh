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
    quietly "$DAVSIM" run -q "examples/$example" --type "$type" --rows "$rows" --columns "$columns" "$@"
    grep -q "^$example: correct: $rows rows of $columns $type$" "$work/output" || die "$(cat "$work/output")"
}

# wrong EXAMPLE TYPE - without the barrier.
wrong()
{
    local checked
    "$DAVSIM" run -q "examples/$1" --type "$2" --rows 200 --columns 100 --sabotage >"$work/output" 2>&1
    [ $? = 1 ] || die "$1 of $2, sabotaged: $(cat "$work/output")"
    grep -q "^$1: WRONG: " "$work/output" || die "$1 of $2, sabotaged: $(cat "$work/output")"
    checked=$("$DAVSIM" check "examples/$1" --type "$2" --rows 200 --columns 100 --sabotage 2>&1)
    grep -q '^davsim: pipe-hazard: ' <<<"$checked" || die "$1 of $2, sabotaged, is not found out: $checked"
}

# clean EXAMPLE [OPTION...] - no findings.
clean()
{
    quietly "$DAVSIM" check "examples/$1" "${@:2}"
    grep -q '^davsim: no findings$' "$work/output" || die "$*: $(cat "$work/output")"
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
