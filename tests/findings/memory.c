/* memory.c - memory that is nobody's: outside of every allocation, given back, or never written. */
#include "cases.h"

#ifdef PART_AICPU
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aicpu/device_malloc.h"
#endif

#define CASES(X)                                                                                                       \
    X(load_behind, "oob", "")                                                                                          \
    X(store_behind, "oob", "")                                                                                         \
    X(load_across, "oob", "")                                                                                          \
    X(store_across, "oob", "")                                                                                         \
    X(aicpu_store_across, "oob", "")                                                                                   \
    X(atomic_behind, "oob", "")                                                                                        \
    X(memset_behind, "oob", "")                                                                                        \
    X(host_copies_in, "oob", "")                                                                                       \
    X(host_copies_out, "oob", "")                                                                                      \
    X(rounding_tail, "oob", "")                                                                                        \
    X(freed_load, "use-after-free", "")                                                                                \
    X(freed_store, "use-after-free", "")                                                                               \
    X(freed_by_aicpu, "use-after-free", "")                                                                            \
    X(host_copies_freed, "use-after-free", "")                                                                         \
    X(core_reads_new, "uninitialised", "")                                                                             \
    X(aicpu_reads_new, "uninitialised", "")                                                                            \
    X(reads_recycled, "uninitialised", "")                                                                             \
    X(host_copies_new, "uninitialised", "")                                                                            \
    X(last_byte_right, "", "")                                                                                         \
    X(host_last_byte_right, "", "")                                                                                    \
    X(recycled_right, "", "")                                                                                          \
    X(aicpu_memory_right, "", "")                                                                                      \
    X(padding_right, "", "")                                                                                           \
    X(small_padding_right, "", "")                                                                                     \
    X(host_copies_padding_right, "", "")                                                                               \
    X(memset_right, "", "")                                                                                            \
    X(other_core_right, "", "")                                                                                        \
    X(printed_right, "", "")                                                                                           \
    X(zeroed_right, "", "--set gm.zeroed=yes")
CASE_ENUM;

enum { SIZE = 1000, NEW = 7 }; /* SIZE is rounded up to 1024 */

typedef struct Padded {
    char kind; /* and three bytes of nothing */
    int value;
} Padded;

typedef struct Large {
    char kind;
    int64_t values[5];
    char last;
} Large;

typedef struct Runtime {
    Word which;
    char *block; /* SIZE bytes, unless the case says otherwise */
    Flag told;
    Word result;
} Runtime;

#define AT(type, place) (*(type *)(runtime->block + (place)))

#ifdef PART_AICPU
__attribute__((noinline)) static void clear_too_much(char *from)
{
    memset(from, 0, SIZE + 1 - 900); /* CAUSE memset_behind */
    __asm__ volatile("");
}

static int64_t fill(Runtime *runtime, int which)
{
    Padded small;

    switch (which) {
    case CASE_aicpu_store_across:
        AT(int64_t, SIZE - 4) = NEW; /* CAUSE aicpu_store_across */
        break;
    case CASE_atomic_behind:
        __atomic_fetch_add(&AT(int, SIZE), 1, __ATOMIC_RELAXED); /* CAUSE atomic_behind */
        break;
    case CASE_memset_behind:
        clear_too_much(runtime->block + 900);
        break;
    case CASE_freed_by_aicpu:
    case CASE_aicpu_memory_right:
        runtime->block = aicpu_device_malloc(SIZE);
        AT(int64_t, 8) = NEW;
        if (which == CASE_freed_by_aicpu)
            aicpu_device_free(runtime->block); /* CAUSE freed_by_aicpu */
        break;
    case CASE_aicpu_reads_new:
        return AT(int64_t, 8) & 1; /* CAUSE aicpu_reads_new */
    case CASE_padding_right:
    case CASE_host_copies_padding_right:
        AT(Large, 0).kind = 1;
        AT(Large, 0).last = 2;
        for (int i = 0; i < 5; i++)
            AT(Large, 0).values[i] = i;
        break;
    case CASE_small_padding_right:
        AT(Padded, 0).kind = 1;
        AT(Padded, 0).value = NEW;
        small = AT(Padded, 0);
        return small.value == NEW;
    case CASE_memset_right:
        memset(runtime->block, 0, SIZE);
        break;
    case CASE_printed_right:
        snprintf(runtime->block, SIZE, "the answer is %d", 42);
        return strcmp(runtime->block, "the answer is 42") == 0 && atoi(runtime->block + 14) == 42;
    }
    return NEW;
}

int aicpu_execute(Runtime *runtime)
{
    runtime->result.value = fill(runtime, (int)runtime->which.value);
    raise(&runtime->told);
    return 0;
}
#endif

#ifdef PART_AICORE
#define ALONE __attribute__((noinline)) static /* each access with a line of its own */

static inline int64_t used(int64_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

ALONE int64_t load_int(__gm__ Runtime *runtime, int place)
{
    return used(AT(int, place)); /* CAUSE load_behind rounding_tail */
}
ALONE int64_t load_long(__gm__ Runtime *runtime, int place)
{
    return used(AT(int64_t, place)); /* CAUSE load_across freed_load core_reads_new reads_recycled */
}
ALONE int64_t load_freed(__gm__ Runtime *runtime, int place)
{
    return used(AT(int64_t, place)); /* EFFECT freed_by_aicpu */
}
ALONE void store_int(__gm__ Runtime *runtime, int place)
{
    AT(int, place) = NEW; /* CAUSE store_behind */
}
ALONE void store_long(__gm__ Runtime *runtime, int place)
{
    AT(int64_t, place) = NEW; /* CAUSE store_across freed_store */
}
ALONE int64_t copy_large(__gm__ Runtime *runtime)
{
    Large large = AT(Large, 0);
    Large *volatile escaped = &large;

    return escaped->values[4];
}
ALONE int64_t copy_small(__gm__ Runtime *runtime)
{
    Padded small = AT(Padded, 0);
    Padded *volatile escaped = &small;

    AT(Padded, 64) = *escaped;
    return escaped->value;
}

static int64_t visit(__gm__ Runtime *runtime, int which)
{
    switch (which) {
    case CASE_load_behind:
        return load_int(runtime, SIZE) & 0;
    case CASE_rounding_tail:
        return load_int(runtime, 1020) & 0;
    case CASE_store_behind:
        store_int(runtime, SIZE);
        break;
    case CASE_load_across:
        return load_long(runtime, SIZE - 4) & 0;
    case CASE_freed_store:
        store_long(runtime, 8);
        break;
    case CASE_store_across:
        store_long(runtime, SIZE - 4);
        break;
    case CASE_freed_load:
    case CASE_core_reads_new:
    case CASE_reads_recycled:
        return load_long(runtime, 8) & 0;
    case CASE_freed_by_aicpu:
        return load_freed(runtime, 8) & 0;
    case CASE_last_byte_right:
        store_int(runtime, SIZE - 4);
        return load_int(runtime, SIZE - 4);
    case CASE_recycled_right:
        store_long(runtime, 8);
        return load_long(runtime, 8);
    case CASE_aicpu_memory_right:
        return load_long(runtime, 8);
    case CASE_padding_right:
        return copy_large(runtime);
    case CASE_small_padding_right:
        return copy_small(runtime);
    case CASE_memset_right:
    case CASE_zeroed_right:
        return load_long(runtime, 512);
    }
    return NEW;
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    if (block_idx != 1)
        return;
    await(&runtime->told);
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    visit(runtime, which);
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    if (which == CASE_other_core_right) {
        store_long(runtime, 512);
        dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
    }
}
#endif

#ifdef PART_HOST
int main(int argc, char **argv)
{
    static char zeros[SIZE + 1], copy[1024];
    int which = CASE_OF(argc, argv);
    bool fresh = which == CASE_core_reads_new || which == CASE_aicpu_reads_new || which == CASE_host_copies_new ||
                 (which >= CASE_padding_right && which <= CASE_zeroed_right);
    Runtime runtime = {.which.value = which, .block = device_new(SIZE)};
    Runtime *device;

    if (!fresh)
        to_device(runtime.block, zeros, which == CASE_host_copies_in ? SIZE + 1 : SIZE);
    if (which == CASE_reads_recycled || which == CASE_recycled_right) {
        device_free(runtime.block);
        runtime.block = device_new(SIZE);
    }
    device = device_copy(&runtime, sizeof(runtime));
    if (which == CASE_freed_load || which == CASE_freed_store || which == CASE_host_copies_freed)
        device_free(runtime.block);
    launch(device, sizeof(runtime), 1);
    from_device(&runtime.result, &device->result, sizeof(runtime.result));
    if (which == CASE_host_copies_new || which == CASE_host_copies_freed || which == CASE_host_copies_padding_right)
        from_device(copy, runtime.block, which == CASE_host_copies_padding_right ? sizeof(Large) : SIZE);
    if (which == CASE_host_copies_out || which == CASE_host_last_byte_right)
        from_device(copy, runtime.block, which == CASE_host_copies_out ? SIZE + 24 : SIZE);
    if (which >= CASE_last_byte_right)
        check(runtime.result.value != 0, 1, "result");
    return verdict();
}
#endif
