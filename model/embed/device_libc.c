/* device_libc.c - see device_libc.h; here: memory, sorting, and the ends of a program.
 *
 * The AICPU's heap is the host's. A pending store is laid over the memory it will change, so memory may only be given
 * back once the thread's stores have drained: the allocator keeps its own words in what is free. Every block begins
 * with a line of its own, or where the host's heap happens to stand would show in how many lines a block takes, and so
 * in simulated time.
 */
#include "model/embed/device_libc.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/core/early.h"
#include "model/core/program.h"

void libc_charge(struct core *core)
{
    core->agent.now += core->coherent ? core->chip->file.aicpu.libc_call_ps : core->chip->file.aicore.cost.simple_ps;
}

struct core *libc_enter(void)
{
    struct core *core = dav_running;

    if (libc_nobody())
        return NULL;
    core_enter(core);
    core->changes++;
    park_forget(core);
    park_relived(core);
    return core;
}

struct core *libc_enter_aicpu(const char *name)
{
    struct core *core = libc_enter();

    if (core && !core->coherent)
        port_fail("%s calls %s, which only an AICPU has", core->name, name);
    return core;
}

void libc_call(void)
{
    struct core *core = libc_enter();

    if (!core)
        return;
    libc_charge(core);
    core_leave(core);
}

/* ---- the simulator's own memory, and the end of a program ---- */

void *port_scratch(size_t size)
{
    void *scratch = malloc(size ? size : 1);

    if (!scratch)
        port_fail("%s: the simulator has no memory for %zu bytes of it", dav_running->name, size);
    return scratch;
}

void port_scratch_free(void *scratch)
{
    free(scratch);
}

void port_fail(const char *format, ...)
{
    struct core *core = dav_running;
    char what[640];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (!core->leave) { /* a module's constructor: there is no program to end */
        fprintf(stderr, "davsim: %s, while the module is loaded\n", what);
        abort();
    }
    if (!core->in_simulator)
        core_enter(core);
    program_leave(core, what);
}

DEVICE_CALL void __wrap_abort(void);
DEVICE_CALL void __wrap_exit(int status);
DEVICE_CALL void __wrap__exit(int status);
DEVICE_CALL void __wrap___assert_fail(const char *condition, const char *file, unsigned line, const char *function);

void __wrap_abort(void)
{
    port_fail("%s called abort()", dav_running->name);
}

void __wrap_exit(int status)
{
    port_fail("%s called exit(%d): a device program ends by returning from its entry", dav_running->name, status);
}

void __wrap__exit(int status)
{
    port_fail("%s called _exit(%d): a device program ends by returning from its entry", dav_running->name, status);
}

void __wrap___assert_fail(const char *condition, const char *file, unsigned line, const char *function)
{
    port_fail("%s: assertion \"%s\" failed in %s (%s:%u)", dav_running->name, condition, function, file, line);
}

/* ---- the heap ---- */

/* The running core allocates; NULL while nobody runs. */
static struct core *enter_heap(const char *name)
{
    struct core *core = libc_enter_aicpu(name);

    if (core)
        libc_charge(core);
    return core;
}

static void leave_heap(struct core *core)
{
    if (core)
        core_leave(core);
}

void *libc_block(size_t alignment, size_t size)
{
    void *block = NULL;

    if (posix_memalign(&block, alignment > GM_LINE_BYTES ? alignment : GM_LINE_BYTES, size) != 0)
        errno = ENOMEM;
    return block;
}

DEVICE_CALL void *__wrap_malloc(size_t size)
{
    struct core *core = enter_heap("malloc");
    void *block = libc_block(0, size);

    leave_heap(core);
    return block;
}

DEVICE_CALL void *__wrap_calloc(size_t count, size_t size)
{
    struct core *core = enter_heap("calloc");
    size_t bytes = 0;
    void *block = __builtin_mul_overflow(count, size, &bytes) ? NULL : libc_block(0, bytes);

    if (block)
        memset(block, 0, bytes);
    leave_heap(core);
    return block;
}

DEVICE_CALL void *__wrap_realloc(void *old, size_t size)
{
    struct core *core = enter_heap("realloc");
    size_t had = old ? malloc_usable_size(old) : 0;
    void *block = NULL;

    if (core)
        aicpu_after_stores(core);
    if (core && old)
        early_gone(core->chip, (uintptr_t)old, had);
    if (size || !old)
        block = libc_block(0, size);
    if (block && old)
        memcpy(block, old, had < size ? had : size);
    if (block || !size)
        free(old);
    leave_heap(core);
    return block;
}

DEVICE_CALL void __wrap_free(void *block)
{
    struct core *core = enter_heap("free");

    if (core && block) {
        aicpu_after_stores(core);
        if (early_any(core->chip)) /* a bad pointer is free's affair */
            early_gone(core->chip, (uintptr_t)block, malloc_usable_size(block));
    }
    free(block);
    leave_heap(core);
}

DEVICE_CALL int __wrap_posix_memalign(void **out, size_t alignment, size_t size)
{
    struct core *core = enter_heap("posix_memalign");
    bool sound = alignment >= sizeof(void *) && (alignment & (alignment - 1)) == 0;
    void *block = sound ? libc_block(alignment, size) : NULL;

    leave_heap(core);
    if (block)
        port_store_block(out, &block, 0, sizeof(block));
    return block ? 0 : sound ? ENOMEM : EINVAL;
}

DEVICE_CALL void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    struct core *core = enter_heap("aligned_alloc");
    void *block = libc_block(alignment, size);

    leave_heap(core);
    return block;
}

DEVICE_CALL void *__wrap_memalign(size_t alignment, size_t size)
{
    struct core *core = enter_heap("memalign");
    void *block = libc_block(alignment, size);

    leave_heap(core);
    return block;
}

/* ---- sorting ---- */

/** qsort - the elements are sorted in a copy, so that the comparison, which is device code and may be interrupted by
 *  others, never sees an element on its way. */
DEVICE_CALL void __wrap_qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    size_t bytes;
    void *copy;

    if (__builtin_mul_overflow(count, size, &bytes))
        port_fail("%s calls qsort with %zu elements of %zu bytes", dav_running->name, count, size);
    libc_call();
    if (!bytes)
        return;
    copy = port_scratch(bytes);
    port_load_range(base, bytes);
    memcpy(copy, base, bytes);
    qsort(copy, count, size, compare);
    port_store_block(base, copy, 0, bytes);
    port_scratch_free(copy);
}
