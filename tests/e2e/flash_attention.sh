#!/bin/bash
# Attention by AICs and AIVs together: right and without findings for shapes that fill tiles and for such that do not,
# with a step an item or many, with more items than clusters or fewer; wrong without a flag; the same in each run.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# right HEADS QUERIES KEYS DIM CLUSTERS
right()
{
    gives 0 "^flash_attention: correct: $1 heads of $2 queries and $3 keys, $4 elements each$" "$DAVSIM" check -q \
        examples/flash_attention --heads "$1" --queries "$2" --keys "$3" --dim "$4" --block-dim "$5"
}

while read -r shape; do
    # shellcheck disable=SC2086
    right $shape
done <<'END'
1   1    1    1   1
1   128  128  128 1
1   1    300  128 1
2   1    2049 64  24
40  17   29   33  2
5   16   144  16  1
2   200  77   40  3
3   333  1000 72  3
2   130  257  128 1
24  128  512  128 24
3   512  640  64  5
END

# Many steps of a last item of one row, whatever order the chip takes liberties with.
for seed in 0 7; do
    gives 0 '^flash_attention: correct' "$DAVSIM" run -q --seed $seed --vary all examples/flash_attention --heads 3 \
        --queries 129 --keys 700 --dim 80
done

gives 0 '^flash_attention: not computed: 48 heads' "$DAVSIM" run -q --compute=off examples/flash_attention --heads 48 \
    --queries 512 --keys 512 --dim 128

for clusters in 1 24; do
    gives 1 '^flash_attention: WRONG: ' "$DAVSIM" run -q examples/flash_attention --queries 200 --keys 300 \
        --block-dim $clusters --sabotage
done

repeats examples/flash_attention --heads 3 --queries 150
finish
