/* kernel.c - does the kernel's part of a case; arguments: the case, and where the result goes. */
#include "aicore.h"
#include "cce.h"

#include "faults.h"

#define NOWHERE 0x500000000000ull /* mapped by nobody */
#define PAST_GM 0x1ffffffff000ull /* just outside GM */
#define WINDOWS 0x1f0000000000ull /* the AICPU's register windows */

static int overflow(volatile int *deeper, int depth)
{
    volatile int room[256];
    room[depth % 256] = *deeper + depth;
    return overflow(room, depth + 1) + room[0];
}

/* An AIV's pipes. */
static void use_pipes(int64_t fault, __gm__ void *gm)
{
    __ubuf__ float *ub = (__ubuf__ float *)0, *beyond = (__ubuf__ float *)(192 * 1024 - 32);

    switch (fault) {
    case FAULT_pipe_misaligned:
        vadd(ub, (__ubuf__ float *)4, ub, 1, 1, 1, 1, 8, 8, 8); /* pipe_misaligned */
        break;
    case FAULT_pipe_past_ub:
        vadd(beyond, ub, ub, 1, 1, 1, 1, 8, 8, 8); /* pipe_past_ub */
        break;
    case FAULT_pipe_past_gm:
        copy_gm_to_ubuf(ub, (__gm__ void *)PAST_GM, 0, 1, 256, 0, 0); /* pipe_past_gm */
        break;
    case FAULT_pipe_refused:
        copy_gm_to_ubuf(ub, gm, 0, 0, 1, 0, 0); /* pipe_refused */
        break;
    case FAULT_pipe_of_the_aic:
        copy_gm_to_cbuf((__cbuf__ void *)0, gm, 0, 1, 1, 0, 0, PAD_NONE); /* pipe_of_the_aic */
        break;
    case FAULT_pipe_bad_event:
        set_flag(PIPE_MTE2, PIPE_V, 8); /* pipe_bad_event */
        break;
    case FAULT_pipe_flag_of_no_pipe:
        wait_flag(PIPE_M, PIPE_V, 0); /* pipe_flag_of_no_pipe */
        break;
    case FAULT_pipe_many_sets:
        for (int i = 0; i < 16; i++)
            set_flag(PIPE_V, PIPE_MTE3, EVENT_ID2); /* pipe_many_sets */
        break;
    case FAULT_pipe_scalar_past_ub:
        ub[192 * 256] = 1; /* pipe_scalar_past_ub */
        break;
    case FAULT_pipe_unaligned_device_word:
        ld_dev((__gm__ uint32_t *)((__gm__ char *)gm + 2), 0); /* pipe_unaligned_device_word */
        break;
    case FAULT_pipe_atomic_half:
        set_st_atomic_cfg(ATOMIC_F32, ATOMIC_SUM);
        st_atomic((int16_t)1, (__gm__ int16_t *)gm); /* pipe_atomic_half */
        break;
    case FAULT_pipe_no_such_atomic:
        set_st_atomic_cfg((atomic_type_t)7, ATOMIC_SUM); /* pipe_no_such_atomic */
        break;
    case FAULT_pipe_device_poll:
        while (ld_dev((__gm__ uint32_t *)gm, 0) != 0x12345678) /* pipe_device_poll */
            ;
        break;
    case FAULT_pipe_gives_up:
        trap(); /* pipe_gives_up */
        break;
    case FAULT_pipe_no_set:
        wait_flag(PIPE_MTE2, PIPE_S, EVENT_ID3); /* pipe_no_set */
        break;
    case FAULT_pipe_stuck:
        wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID4); /* pipe_stuck */
        break;
    default:
        wait_flag_dev(5); /* pipe_no_cross_set */
    }
    pipe_barrier(PIPE_ALL);
}

__aicore__ void kernel_faulty(__gm__ int64_t *args)
{
    __gm__ volatile int64_t *result = (__gm__ volatile int64_t *)args[1];
    volatile int zero = 0;

    switch (args[0]) {
    case FAULT_kernel_null:
        *(__gm__ volatile int64_t *)(uintptr_t)zero = 2; /* kernel_null */
        break;
    case FAULT_kernel_wild_load:
        *result = *(__gm__ volatile int64_t *)NOWHERE; /* kernel_wild_load */
        break;
    case FAULT_kernel_wild_store:
        *(__gm__ volatile int32_t *)NOWHERE = 1; /* kernel_wild_store */
        break;
    case FAULT_kernel_wild_jump:
        ((void (*)(void))NOWHERE)(); /* kernel_wild_jump */
        break;
    case FAULT_kernel_past_gm:
        *(__gm__ volatile int64_t *)PAST_GM = 3; /* kernel_past_gm */
        break;
    case FAULT_kernel_divide:
        *result = 7 / zero; /* kernel_divide */
        break;
    case FAULT_kernel_trap:
        __builtin_trap(); /* kernel_trap */
        break;
    case FAULT_kernel_overflow:
        *result = overflow(&zero, 0);
        break;
    case FAULT_kernel_window:
        *result = *(__gm__ volatile int32_t *)WINDOWS;
        break;
    case FAULT_kernel_register:
        *result = (int64_t)dav_reg_read(0x123); /* kernel_register */
        break;
    case FAULT_kernel_endless:
        for (volatile int go = 1; go;) /* kernel_endless */
            ;
        break;
    case FAULT_kernel_empty_loop:
        for (;;) /* kernel_empty_loop */
            ;
        break;
    case FAULT_kernel_spin:
        while (*result != 1) /* kernel_spin */
            ;
        break;
    case FAULT_pipe_misaligned ... FAULT_pipe_no_cross_set:
        use_pipes(args[0], (__gm__ void *)result);
        break;
    default:
        *result = 42;
    }
}
