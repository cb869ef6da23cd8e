/* check.h - what every device program of this folder reports: one structure in GM, copied to the device before the
 * launch (all zero but `threads`) and back after it. A program passes when `finished` equals `threads` and
 * `failed_line` is 0; `value` holds what the program's own comment says.
 */
#ifndef DEVICE_CHECK_H
#define DEVICE_CHECK_H

#include <stdint.h>

struct device_result {
    uint32_t threads;     /* AICPU threads of the launch */
    uint32_t finished;    /* threads that came to their end */
    uint32_t failed_line; /* source line of the first check that failed */
    uint32_t padding;
    int64_t value[14];
};

#define CHECK(result, condition)                                                                                       \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            uint32_t none_ = 0;                                                                                        \
            __atomic_compare_exchange_n(&(result)->failed_line, &none_, __LINE__, 0, __ATOMIC_SEQ_CST,                 \
                                        __ATOMIC_SEQ_CST);                                                             \
        }                                                                                                              \
    } while (0)

#define FINISH(result) __atomic_fetch_add(&(result)->finished, 1, __ATOMIC_SEQ_CST)

/* Wait until every thread has come here for the @nth time. */
static inline void meet(struct device_result *result, uint32_t *count, uint32_t nth)
{
    __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(count, __ATOMIC_ACQUIRE) < nth * result->threads) {
    }
}

#endif
