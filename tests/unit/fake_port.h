/* fake_port.h - a port that only counts: what the loaders' tests let device code call. Include in one file. */
#ifndef DAV_TESTS_FAKE_PORT_H
#define DAV_TESTS_FAKE_PORT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct {
    uint64_t loads, stores, blocks, block_ps, begins, ends, atomics;
    uint64_t begin_args, begin_id, end_id;
    uint64_t stack_misaligned;
    uint64_t ub_loads, ub_stores, ub_bytes; /* told by dav_ub */
} port_calls;

/* At a function's entry the stack pointer is 8 off a multiple of 16, so its frame address is a multiple. */
#define COUNT(field)                                                                                                   \
    do {                                                                                                               \
        port_calls.field++;                                                                                            \
        port_calls.stack_misaligned += (uintptr_t)__builtin_frame_address(0) % 16 != 0;                                \
    } while (0)

#define LOAD(name)                                                                                                     \
    void fake##name(void *addr) __asm__(#name);                                                                        \
    void fake##name(void *addr)                                                                                        \
    {                                                                                                                  \
        (void)addr;                                                                                                    \
        COUNT(loads);                                                                                                  \
    }
#define STORE(name)                                                                                                    \
    void fake##name(void *addr) __asm__(#name);                                                                        \
    void fake##name(void *addr)                                                                                        \
    {                                                                                                                  \
        (void)addr;                                                                                                    \
        COUNT(stores);                                                                                                 \
    }

LOAD(__tsan_read1)
LOAD(__tsan_read2)
LOAD(__tsan_read4)
LOAD(__tsan_read8)
LOAD(__tsan_read16)
LOAD(__tsan_volatile_read4)
LOAD(__tsan_volatile_read8)
LOAD(__tsan_unaligned_read4)
LOAD(__tsan_unaligned_read8)
LOAD(__tsan_unaligned_read16)
STORE(__tsan_write1)
STORE(__tsan_write2)
STORE(__tsan_write4)
STORE(__tsan_write8)
STORE(__tsan_write16)
STORE(__tsan_volatile_write4)
STORE(__tsan_unaligned_write4)
STORE(__tsan_unaligned_write8)
STORE(__tsan_unaligned_write16)

void fake_tsan_init(void) __asm__("__tsan_init");
void fake_tsan_init(void) {}

void *fake_tsan_memcpy(void *to, const void *from, size_t size) __asm__("__tsan_memcpy");
void *fake_tsan_memcpy(void *to, const void *from, size_t size)
{
    COUNT(stores);
    return memcpy(to, from, size);
}

void *fake_tsan_memset(void *to, int byte, size_t size) __asm__("__tsan_memset");
void *fake_tsan_memset(void *to, int byte, size_t size)
{
    COUNT(stores);
    return memset(to, byte, size);
}

int fake_tsan_atomic32_fetch_add(volatile int *value, int by, int order) __asm__("__tsan_atomic32_fetch_add");
int fake_tsan_atomic32_fetch_add(volatile int *value, int by, int order)
{
    (void)order;
    COUNT(atomics);
    int old = *value;
    *value = old + by;
    return old;
}

void fake_sanitizer_cov_trace_pc_guard(uint32_t *guard) __asm__("__sanitizer_cov_trace_pc_guard");
void fake_sanitizer_cov_trace_pc_guard(uint32_t *guard)
{
    COUNT(blocks);
    port_calls.block_ps += *guard;
}

static _Alignas(64) uint8_t fake_ub[4096];

void *fake_dav_ub(uint64_t offset, uint32_t size, int store) __asm__("dav_ub");
void *fake_dav_ub(uint64_t offset, uint32_t size, int store)
{
    COUNT(ub_loads);
    port_calls.ub_loads -= store != 0;
    port_calls.ub_stores += store != 0;
    port_calls.ub_bytes += size;
    if (offset > sizeof(fake_ub) || size > sizeof(fake_ub) - offset)
        abort();
    return fake_ub + offset;
}

/* One core: the object is its template's copy, or zero. */
struct emutls_control {
    uintptr_t size, align;
    void *object;
    const void *initial;
};

void *fake_emutls_get_address(struct emutls_control *control) __asm__("__emutls_get_address");
void *fake_emutls_get_address(struct emutls_control *control)
{
    static char storage[256] __attribute__((aligned(64)));
    if (!control->object) {
        control->object = storage;
        if (control->initial)
            memcpy(storage, control->initial, control->size);
    }
    return control->object;
}

void fake_dav_port_kernel_begin(uint64_t args, uint64_t id) __asm__("dav_port_kernel_begin");
void fake_dav_port_kernel_begin(uint64_t args, uint64_t id)
{
    COUNT(begins);
    port_calls.begin_args = args;
    port_calls.begin_id = id;
}

void fake_dav_port_kernel_end(uint64_t id) __asm__("dav_port_kernel_end");
void fake_dav_port_kernel_end(uint64_t id)
{
    COUNT(ends);
    port_calls.end_id = id;
}

#endif
