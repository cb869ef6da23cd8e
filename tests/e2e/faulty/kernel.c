/* kernel.c - does the kernel's part of a case; arguments: the case, and where the result goes. */
#include "aicore.h"

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
    default:
        *result = 42;
    }
}
