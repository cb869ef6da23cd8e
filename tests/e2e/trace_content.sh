#!/bin/bash
# What a trace holds beside its tasks: curves that sum up to the report's counters, faults and findings on the rows of
# their cores, and levels that each add to those before.
. "$SOURCE_DIR/tests/harness/parts.sh"
content=$SOURCE_DIR/tests/e2e/trace_content.py
cd "$SOURCE_DIR" || exit 1

# traced NAME OPTION... - $work/NAME.json is a trace of the run, and has no faults; $work/NAME.report its report.
traced()
{
    local name=$1
    shift
    "$DAVSIM" run -q --trace "$work/$name.json" --trace-format json --report "$work/$name.report" "$@" >"$work/output" 2>&1
    status=$?
    quietly "$DAVSIM" trace check "$work/$name.json"
}

# sums NAME OPTION... - the curves of the run are what its report says, also when no core is parked.
sums()
{
    local name=$1
    shift
    traced "$name" "$@"
    [ $status = 0 ] || die "$name: $(cat "$work/output")"
    python3 "$content" curves "$work/$name.json" "$work/$name.report" || die "$name: curves"
    traced "$name-unparked" --no-park "$@"
    cmp "$work/$name.json" "$work/$name-unparked.json" || die "$name: another trace when no core is parked"
}

sums graph examples/vector_graph --tiles 100 --launches 2
sums pipes tests/e2e/pipes 5 7 3
sums gemm examples/gemm
sums noc --vary noc,evict examples/vector_graph --tiles 30
sums schedulers examples/schedulers --runtime pipeline --shape random --tasks 300

# A curve that is wrong is noticed.
sed 's/"GM read, GB\/s","args":{"[^"]*":[0-9.]*/&1/' "$work/gemm.json" >"$work/wrong.json"
cmp -s "$work/gemm.json" "$work/wrong.json" && die "no curve to spoil"
python3 "$content" curves "$work/wrong.json" "$work/gemm.report" 2>"$work/stderr" && die "a wrong curve passes"

# Levels.
for level in task phase pipe instr mem; do
    park=--no-park
    [ $level != phase ] || park=
    traced $level --trace-level $level $park tests/e2e/pipes 5 7 3
    [ $status = 0 ] || die "$level: $(cat "$work/output")"
done
python3 "$content" levels "$work/mem.report" "$work"/{task,phase,pipe,instr,mem}.json || die "levels"

# Faults.
make_faulty
while read -r case core level; do
    # shellcheck disable=SC2086
    traced fault --max-time 1ms $level "$work/faulty" "$case" "$faulty"
    python3 "$content" fault "$work/fault.json" "$core" || die "$case: the fault in the trace"
done <<'END'
pipe_many_sets AIV_[01] --trace-level=pipe
kernel_divide AIV_[01]
kernel_wild_store AIV_[01]
kernel_window AIV_[01]
kernel_endless AIV_[01]
pipe_past_gm AIV_[01]
aicpu_null Sched_0
aicpu_fails Sched_0
worker_divide AIC_0
END

# Findings: who wrote, who wrote over it, who read; a reader and the writer that it did not see; two marks at one moment.
while read -r case rows; do
    source=tests/findings/${case%:*}.c
    [ -e "$work/${case%:*}" ] || build "${case%:*}"
    "$DAVSIM" check -q --trace "$work/finding.json" --trace-format json "$work/${case%:*}" "${case#*:}" >"$work/output" 2>&1
    [ $? = 3 ] || die "$case: $(cat "$work/output")"
    quietly "$DAVSIM" trace check "$work/finding.json"
    # shellcheck disable=SC2086
    python3 "$content" finding "$work/finding.json" $rows || die "$case: the finding in the trace"
done <<'END'
lost:two_cores AIV_0 AIV_1 AIV_1 Sched_0
stale:core_to_core AIV_0 AIV_1
publish:cond_early AIV_0 AIV_0 Sched_0
publish:to_aicpu AIV_0 Sched_0
END
echo "curves, levels, faults and findings"
