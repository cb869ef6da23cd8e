#!/bin/bash
# The examples on the AIVs compute what plain C does, for sizes that fill tiles and cores and for sizes that do not.
. "$(dirname "$0")/common.sh"

# right EXAMPLE [OPTION...] - and it says so.
right()
{
    local example=$1
    shift
    quietly "$DAVSIM" run -q "$SOURCE_DIR/examples/$example" "$@"
    grep -q "^$example: correct: " "$work/output" || die "$example $*: $(cat "$work/output")"
}

for type in f32 f16; do
    for op in add mul axpy; do
        right vector_ops --type $type --op $op --count 100003
    done
    for count in 1 127 129 4097 65536 589825; do # of which some are less than a core's share, others two tiles of it
        right vector_ops --type $type --op axpy --count $count
    done
    right vector_ops --type $type --count 100000 --block-dim 5
    for shape in 1,1 3,63 50,64 49,65 1000,17 3000,64 100,2032 7,1000; do
        right softmax --type $type --rows ${shape%,*} --columns ${shape#*,}
        right layer_norm --type $type --rows ${shape%,*} --columns ${shape#*,}
    done
    right softmax --type $type --block-dim 3
    right layer_norm --type $type --block-dim 3
done
echo "all as expected"
