/* faults.h - what device code does wrong in faults.sh and deadlock.sh: the cases, by name and by number.
 *
 * The number of a case is the first argument of the graph's one task. The kernel, the worker and the scheduler of this
 * folder look at it and do the part that is theirs.
 */
#ifndef FAULTS_H
#define FAULTS_H

#define FAULTS(X)                                                                                                      \
    X(nothing)                                                                                                         \
    X(kernel_null)                                                                                                     \
    X(kernel_wild_load)                                                                                                \
    X(kernel_wild_store)                                                                                               \
    X(kernel_wild_jump)                                                                                                \
    X(kernel_past_gm)                                                                                                  \
    X(kernel_divide)                                                                                                   \
    X(kernel_trap)                                                                                                     \
    X(kernel_overflow)                                                                                                 \
    X(kernel_window)                                                                                                   \
    X(kernel_register)                                                                                                 \
    X(kernel_endless)                                                                                                  \
    X(kernel_empty_loop)                                                                                               \
    X(kernel_spin)                                                                                                     \
    X(pipe_misaligned)                                                                                                 \
    X(pipe_past_ub)                                                                                                    \
    X(pipe_past_gm)                                                                                                    \
    X(pipe_refused)                                                                                                    \
    X(pipe_of_the_aic)                                                                                                 \
    X(pipe_bad_event)                                                                                                  \
    X(pipe_flag_of_no_pipe)                                                                                            \
    X(pipe_many_sets)                                                                                                  \
    X(pipe_scalar_past_ub)                                                                                             \
    X(pipe_unaligned_device_word)                                                                                      \
    X(pipe_atomic_half)                                                                                                \
    X(pipe_no_such_atomic)                                                                                             \
    X(pipe_gives_up)                                                                                                   \
    X(pipe_no_set)                                                                                                     \
    X(pipe_stuck)                                                                                                      \
    X(pipe_device_poll)                                                                                                \
    X(pipe_no_cross_set)                                                                                               \
    X(worker_wild)                                                                                                     \
    X(worker_divide)                                                                                                   \
    X(worker_trap)                                                                                                     \
    X(worker_abort)                                                                                                    \
    X(worker_exit)                                                                                                     \
    X(worker_overflow)                                                                                                 \
    X(worker_endless)                                                                                                  \
    X(worker_absent)                                                                                                   \
    X(aicpu_null)                                                                                                      \
    X(aicpu_wild)                                                                                                      \
    X(aicpu_wild_lock)                                                                                                 \
    X(aicpu_divide)                                                                                                    \
    X(aicpu_trap)                                                                                                      \
    X(aicpu_abort)                                                                                                     \
    X(aicpu_exit)                                                                                                      \
    X(aicpu_assert)                                                                                                    \
    X(aicpu_overflow)                                                                                                  \
    X(aicpu_endless)                                                                                                   \
    X(aicpu_spin)                                                                                                      \
    X(aicpu_fails)                                                                                                     \
    X(aicpu_absent)                                                                                                    \
    X(aicpu_lock_twice)                                                                                                \
    X(aicpu_lock_kept)                                                                                                 \
    X(aicpu_lock_left)                                                                                                 \
    X(aicpu_no_signal)                                                                                                 \
    X(aicpu_bad_free)

#define FAULT_NUMBER(name) FAULT_##name,
enum fault { FAULTS(FAULT_NUMBER) FAULT_COUNT };

#endif
