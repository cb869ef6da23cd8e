#!/bin/bash
# The runtimes that schedule graphs of tasks: right results on every shape with any number of AICPU threads and
# clusters, also when one graph is launched several times; no findings; the same times in each run.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

runtimes=(linear host_build_graph static_schedule register_graph)
example=examples/schedulers

for runtime in "${runtimes[@]}"; do
    # threads, clusters, tasks
    for case in "1 1 70" "2 7 300" "3 24 300"; do
        read -r threads clusters tasks <<<"$case"
        gives 0 '^davsim: no findings$' "$DAVSIM" check -q $example --runtime "$runtime" --aicpu "$threads" \
            --block-dim "$clusters" --tasks "$tasks" --launches 2
        [ "$(grep -c " $tasks $runtime  *[0-9.]* " "$work/output")" = 3 ] || die "$(cat "$work/output")"
    done
    repeats $example --runtime "$runtime" --shape random --tasks 200 --launches 2
done

# Plans for every number of clusters, and graphs of every size around these numbers.
for clusters in 1 2 3 5 11 23; do
    for tasks in 1 2 $((3 * clusters)) 150; do
        quietly "$DAVSIM" run -q $example --runtime static_schedule --block-dim $clusters --tasks "$tasks" \
            --seed $((clusters * tasks)) --launches 2
    done
done

# The chip may have more or fewer AIVs in a cluster than the plans say; with one only, the least plan has not enough.
for aivs in 1 3; do
    printf 'include = ascend910b\n[chip]\naiv_per_cluster = %d\n' $aivs >"$work/$aivs.ini"
    for runtime in "${runtimes[@]}"; do
        quietly "$DAVSIM" run -q --chip "$work/$aivs.ini" $example --runtime "$runtime" --block-dim 3 --tasks 70
    done
done
gives 4 'even the narrowest plan needs two AIVs' "$DAVSIM" run -q -v --chip "$work/1.ini" $example \
    --runtime static_schedule --block-dim 1 --shape chain
echo "all runtimes are right"
