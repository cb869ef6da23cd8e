#!/bin/bash
# The product of matrices and the elementwise kernels: right for shapes that fill tiles and for such that do not.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# right PATTERN ARGUMENT...
right()
{
    gives 0 "$1" "$DAVSIM" run -q "${@:2}"
}

for shape in '16 16 16' '1 1 1' '17 33 15' '128 256 64' '129 257 65' '100 1000 300' '1 500 77' '640 640 640' '1000 31 2000'; do
    read -r m n k <<<"$shape"
    right "^gemm: correct: $m x $n x $k$" examples/gemm --m "$m" --n "$n" --k "$k"
done
right '^gemm: correct: 300 x 300 x 300$' examples/gemm --m 300 --n 300 --k 300 --block-dim 1
right '^gemm: not computed: 1536 x 1536 x 1536$' --compute=off examples/gemm --m 1536 --n 1536 --k 1536

for operation in add mul axpy; do
    for type in f32 f16; do
        for count in 1 63 4096 100001; do
            right "^vector_ops: correct: $operation of $count $type$" examples/vector_ops --op $operation --type $type \
                --count $count
        done
    done
done

repeats examples/gemm --m 300
finish
