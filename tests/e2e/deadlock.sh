#!/bin/bash
# A launch in which nothing can happen any more ends at once, and says who waits where for what.
. "$(dirname "$0")/common.sh"
make_faulty

deadlock=5

# The worker without the dcci in its polls: the line it sees is older than what GM holds.
worker=$work/runtimes/stale/aicore/aicore_executor.c
cp -r "$SOURCE_DIR/runtime/host_build_graph" "$work/runtimes/stale"
sed -i 's/^    dcci(mailbox, SINGLE_CACHE_LINE);$/    (void)mailbox;/' "$worker"
cmp -s "$worker" "$SOURCE_DIR/runtime/host_build_graph/aicore/aicore_executor.c" && die "the worker has no dcci to remove"
poll=$(grep -n 'while (mailbox->aicpu_ready == 0)' "$worker" | cut -d: -f1)
[ -n "$poll" ] || die "the worker's first poll is not where it was"
quietly "$DAVSIM" run --quiet "$work/faulty" nothing "$faulty" # what is to be timed is not the compiler
"$DAVSIM" run --quiet "$work/faulty" nothing "$faulty" stale >/dev/null 2>&1
begin=$(date +%s%N)
pattern="^davsim: deadlock at [0-9]+ ns: AIC_0, in aicore_execute at .*aicore_executor.c:$poll, polls Runtime\+[0-9]+"
pattern+=" and sees 0x0 in line 0x[0-9a-f]+ of its own cache, but GM already holds 0x1: dcci the line before the load"
"$DAVSIM" run --quiet "$work/faulty" nothing "$faulty" stale >"$work/stdout" 2>"$work/stderr"
status=$?
took=$((($(date +%s%N) - begin) / 1000000))
[ $status = $deadlock ] || die "no dcci: status $status"
grep -Eq "$pattern" "$work/stderr" || die "no dcci: $(cat "$work/stderr")"
[ "$(grep -c . "$work/stderr")" = "$(grep -c deadlock "$work/stderr")" ] || die "no dcci: $(cat "$work/stderr")"
[ $took -lt 2000 ] || die "no dcci: the report took $took ms"

# -v tells of the others, too.
"$DAVSIM" run -v --quiet "$work/faulty" nothing "$faulty" stale >/dev/null 2>"$work/stderr"
grep -Eq '^davsim:   AIV_0 \(and 1 core like it\), in .* polls' "$work/stderr" || die "-v: $(cat "$work/stderr")"
grep -Eq '^davsim:   AICPU_0, in start_run at .* polls' "$work/stderr" || die "-v: $(cat "$work/stderr")"

# Nobody dispatches, nobody answers.
faulty_case $deadlock 'AIC_0, in .* at .*aicore_executor.c:[0-9]+, polls Runtime\+[0-9]+, which stays 0x0' aicpu_absent
faulty_case $deadlock 'AICPU_0, in start_run at .*aicpu_executor.c:[0-9]+, polls Runtime\+[0-9]+, which stays 0x0' \
    worker_absent
faulty_case $deadlock "AICPU_0, in aicpu_execute at .*$(at aicpu_spin), polls flag, which stays 0x0" aicpu_spin

# Flags.
faulty_case $deadlock "AIV_[01], in .*$(at pipe_no_set), waits for flag MTE2->S 3, which nobody sets" pipe_no_set
faulty_case $deadlock 'AIV_[01], .* waits in pipe_barrier\(PIPE_ALL\), while its pipe V waits for flag MTE2->V 4, which nobody' \
    pipe_stuck
faulty_case $deadlock "AIV_[01], in .*$(at pipe_no_cross_set), waits for cross-core flag 5, which nobody sets" \
    pipe_no_cross_set

# Locks.
faulty_case $deadlock "AICPU_0, in .*$(at aicpu_lock_twice), waits for the lock mutex, which it holds itself" \
    aicpu_lock_twice
faulty_case $deadlock "AICPU_0, in .*$(at aicpu_no_signal), waits for the condition variable changed" aicpu_no_signal
expect $deadlock "AICPU_[01], in .*$(at aicpu_lock_kept), waits for the lock mutex, which AICPU_[01] holds" \
    "$DAVSIM" run --quiet "$work/faulty" aicpu_lock_kept "$faulty" faulty 2
expect $deadlock "AICPU_[01], in .*$(at aicpu_lock_left), waits for the lock mutex, which AICPU_[01] holds" \
    "$DAVSIM" run --quiet "$work/faulty" aicpu_lock_left "$faulty" faulty 2

# The words are the same wherever the host's memory puts things.
if setarch -R true 2>/dev/null; then
    for name in aicpu_spin aicpu_lock_twice aicpu_overflow kernel_divide; do
        "$DAVSIM" run -v --report "$work/r1.json" "$work/faulty" $name "$faulty" 2>&1 | sed 's/[0-9.]* s on the host//' >"$work/1"
        setarch -R "$DAVSIM" run -v --report "$work/r2.json" "$work/faulty" $name "$faulty" 2>&1 |
            sed 's/[0-9.]* s on the host//' >"$work/2"
        diff "$work/1" "$work/2" || die "$name: told otherwise without address randomization"
        cmp "$work/r1.json" "$work/r2.json" || die "$name: reported otherwise without address randomization"
    done
fi
finish
