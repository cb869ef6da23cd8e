#!/bin/bash
# Whatever device code does wrong ends the launch with one line that names core, fault, function and source line, and
# the documented status. The device starts anew: the next launch of the same process works.
. "$(dirname "$0")/common.sh"
make_faulty

fault=4 timeout=6
kernel='device exception: AIV_[01]: .*kernel_faulty at .*'
worker='device exception: AIC_0: .*'
aicpu='device exception: AICPU_0: .*'

faulty_case $fault "bad address 0x0, .*$(at kernel_null)" kernel_null
faulty_case $fault "${kernel}$(at kernel_wild_load)" kernel_wild_load
faulty_case $fault "bad address 0x500000000000, in ${kernel#*\*}$(at kernel_wild_store)" kernel_wild_store
faulty_case $fault "${kernel}$(at kernel_wild_jump)" kernel_wild_jump
faulty_case $fault "bad address 0x1ffffffff000, .*$(at kernel_past_gm)" kernel_past_gm
faulty_case $fault "divide error, .*$(at kernel_divide)" kernel_divide
faulty_case $fault "illegal instruction, .*$(at kernel_trap)" kernel_trap
faulty_case $fault 'AIV_[01]: its stack of [0-9]+ bytes has overflowed, in overflow at .*kernel.c' kernel_overflow
faulty_case $fault 'AIV_[01] .*register window at 0x1f0000000000' kernel_window
faulty_case $fault "AIV_[01] cannot read register 0x123: .*$(at kernel_register)" kernel_register
faulty_case $timeout "no task began or ended for 1 ms .*AIV_[01], in kernel_faulty at .*$(at kernel_endless)" \
    kernel_endless
faulty_case $timeout "AIV_[01], in kernel_faulty at .*$(at kernel_empty_loop)" kernel_empty_loop
faulty_case $timeout "AIV_[01], in kernel_faulty at .*$(at kernel_spin)" kernel_spin

aiv='device exception: AIV_[01]'
faulty_case $fault "$aiv: vadd needs its source aligned to 32 bytes, and it is 0x4, .*$(at pipe_misaligned)" pipe_misaligned
faulty_case $fault "$aiv: vadd writes bytes 0x2ffe0 to 0x300df of UB, which is smaller, .*$(at pipe_past_ub)" pipe_past_ub
faulty_case $fault "$aiv: copy_gm_to_ubuf reads addresses 0x1ffffffff000 .*not device memory, .*$(at pipe_past_gm)" \
    pipe_past_gm
faulty_case $fault "$aiv: copy_gm_to_ubuf: .*nBurst.*$(at pipe_refused)" pipe_refused
faulty_case $fault "$aiv has no copy_gm_to_cbuf: .*$(at pipe_of_the_aic)" pipe_of_the_aic
faulty_case $fault "$aiv: set_flag: event id 8 does not exist: give 0 to 7, .*$(at pipe_bad_event)" pipe_bad_event
faulty_case $fault "$aiv: wait_flag from M to V: this core has no such pipe, .*$(at pipe_flag_of_no_pipe)" \
    pipe_flag_of_no_pipe
faulty_case $fault "$aiv: set_flag\(V, MTE3, 2\) for the 16th time without a wait_flag, .*$(at pipe_many_sets)" \
    pipe_many_sets
faulty_case $fault "$aiv writes byte 0x30000 of UB, which has 196608 bytes, .*$(at pipe_scalar_past_ub)" \
    pipe_scalar_past_ub
faulty_case $fault "$aiv: ld_dev at 0x[0-9a-f]*: that is no aligned address.*$(at pipe_unaligned_device_word)" \
    pipe_unaligned_device_word
faulty_case $fault "$aiv: st_atomic of 2 bytes: the type .* has 4, .*$(at pipe_atomic_half)" pipe_atomic_half
faulty_case $fault "$aiv: atomic type 7 does not exist, .*$(at pipe_no_such_atomic)" pipe_no_such_atomic
faulty_case $timeout "AIV_[01], in .*$(at pipe_device_poll), waits for what ld_dev loads" pipe_device_poll \
    --max-time 1000100ns
faulty_case $fault "$aiv: trap\(\): the kernel gives up, .*$(at pipe_gives_up)" pipe_gives_up

faulty_case $fault "${worker}bad address 0x10, in aicore_execute at .*$(at worker_wild)" worker_wild
faulty_case $fault "${worker}divide error, .*$(at worker_divide)" worker_divide
faulty_case $fault "${worker}illegal instruction, .*$(at worker_trap)" worker_trap
faulty_case $fault "AIC_0 called abort\(\), .*$(at worker_abort)" worker_abort
faulty_case $fault "AIC_0 called exit\(3\): .*$(at worker_exit)" worker_exit
faulty_case $fault "${worker}its stack of [0-9]+ bytes has overflowed, in overflow at .*worker.c" worker_overflow
faulty_case $timeout "AIC_0, in aicore_execute at .*$(at worker_endless)" worker_endless

faulty_case $fault "${aicpu}bad address 0x.*$(at aicpu_null)" aicpu_null
faulty_case $fault "${aicpu}bad address 0x500000000000, .*$(at aicpu_wild)" aicpu_wild
faulty_case $fault "${aicpu}bad address 0x10, .*$(at aicpu_wild_lock)" aicpu_wild_lock
faulty_case $fault "${aicpu}divide error, .*$(at aicpu_divide)" aicpu_divide
faulty_case $fault "${aicpu}illegal instruction, .*$(at aicpu_trap)" aicpu_trap
faulty_case $fault "AICPU_0 called abort\(\), .*$(at aicpu_abort)" aicpu_abort
faulty_case $fault "AICPU_0 called exit\(3\): .*$(at aicpu_exit)" aicpu_exit
faulty_case $fault 'AICPU_0: assertion "zero == 1" failed in .*scheduler.c:[0-9]+' aicpu_assert
faulty_case $fault "${aicpu}its stack of [0-9]+ bytes has overflowed, in overflow at .*scheduler.c" aicpu_overflow
faulty_case $fault 'aicpu_execute returned -3 on AICPU_0' aicpu_fails
faulty_case $timeout "AICPU_0, in aicpu_execute at .*$(at aicpu_endless)" aicpu_endless

# Every poll simulated, the same is found.
faulty_case $timeout "AIV_[01], in kernel_faulty at .*$(at kernel_endless)" kernel_endless --no-park
faulty_case $fault "${worker}divide error, .*$(at worker_divide)" worker_divide --no-park

# The trace of a launch that was given up is a valid one, and tells why.
for name in kernel_divide kernel_endless aicpu_spin; do
    "$DAVSIM" run --quiet --max-time 1ms --trace "$work/t.gz" "$work/faulty" "$name" "$faulty" >/dev/null 2>&1
    decode "$work/t.gz" >"$work/trace.txt" || die "$name: protoc cannot decode the trace"
    grep -q 'name: "stop"' "$work/trace.txt" || die "$name: the trace does not tell of the stop"
done

# Host memory that device code has damaged ends the process, not without a word.
"$DAVSIM" run --quiet "$work/faulty" aicpu_bad_free "$faulty" >/dev/null 2>"$work/stderr"
status=$?
if [ $status -le 128 ] || ! grep -q 'in the simulator while AICPU_0 ran' "$work/stderr" ||
    ! grep -q 'was ended by signal' "$work/stderr"; then
    cat "$work/stderr" >&2
    die "aicpu_bad_free: status $status"
fi
finish
