/* atomics.c - C11 and C++ atomics of device code, which the compiler hands over whole: these calls are the access.
 *
 * An AICPU's load is an ordinary load and its store goes through the store buffer, which drains in order, so acquire
 * and release cost nothing more; where stores drain in any order (vary.h), a release waits for the earlier ones there.
 * A sequentially consistent load waits until the thread's earlier sequentially consistent stores are visible. A
 * read-modify-write happens at one moment for all. The AICore's scalar unit has no atomics on GM: there an operation is
 * a load and a store in its own data cache, and nobody else sees it before a dcci; that is what silicon would do, too.
 */
#include <string.h>

#include "isa/core_port.h"
#include "model/chip_state.h"
#include "model/core/aicpu.h"
#include "model/core/early.h"
#include "model/embed/port.h"
#include "model/watch.h"

#define ATOMIC_CALL __attribute__((visibility("default")))

typedef unsigned __int128 word; /* holds an operand of any size */

/* Each of these is called by device code. */
#define FROM_DEVICE() (dav_running->pc = (uintptr_t)__builtin_return_address(0))

static void before_load(int order)
{
    struct core *core = dav_running;

    if (order != __ATOMIC_SEQ_CST || core->ordered_ps <= core->agent.now)
        return;
    core_enter(core);
    core_wait(core, core->ordered_ps);
    core_leave(core);
}

/* What comes after an acquire may not be satisfied before it. */
static void after_load(int order)
{
    struct core *core = dav_running;

    if (order == __ATOMIC_RELAXED || !early_under_way(core))
        return;
    core_enter(core);
    early_forget(core);
    core_leave(core);
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static void before_store(int order)
{
    dav_running->releasing = releases(order);
}

static void after_store(int order)
{
    dav_running->releasing = false;
    if (order == __ATOMIC_SEQ_CST)
        dav_running->ordered_ps = dav_running->stores.last_drain_ps;
}

/* An AICore, or a module's constructor. */
static word modify_alone(uint64_t addr, uint32_t size, enum rmw_op op, word operand, word expected, int order)
{
    word old = 0, changed;

    port_load_atomic(addr, size, order);
    memcpy(&old, (const void *)(uintptr_t)addr, size);
    if (op == RMW_COMPARE && old != expected)
        return old;
    changed = rmw_value(op, old, operand);
    port_store_atomic(addr, size, order);
    memcpy((void *)(uintptr_t)addr, &changed, size);
    return old;
}

static word modify(const volatile void *object, uint32_t size, enum rmw_op op, word operand, word expected, int order)
{
    struct core *core = dav_running;
    word old;

    if ((uintptr_t)object & (size - 1))
        port_fail("%s: misaligned atomic of %u bytes at %p", core->name, size, (const void *)(uintptr_t)object);
    if (!core->coherent)
        return modify_alone((uintptr_t)object, size, op, operand, expected, order);
    WATCH(core->chip, will_store, core, (uintptr_t)object, size, ACCESS_RMW, order);
    core_enter(core);
    old = aicpu_rmw(core, (uintptr_t)object, size, op, operand, expected, releases(order));
    core_leave(core);
    WATCH(core->chip, load, core, (uintptr_t)object, size, ACCESS_RMW, order);
    return old;
}

/* The types are those that a compiler knows these functions by. */
#define FETCH(bits, name, op)                                                                                          \
    ATOMIC_CALL uint##bits##_t __tsan_atomic##bits##_##name(volatile void *object, uint##bits##_t operand, int order)  \
    {                                                                                                                  \
        FROM_DEVICE();                                                                                                 \
        return (uint##bits##_t)modify(object, bits / 8, op, operand, 0, order);                                        \
    }

/* The strong and the weak form: they give back what they found in @expected. */
#define COMPARE(bits, name)                                                                                            \
    ATOMIC_CALL bool __tsan_atomic##bits##_##name(volatile void *object, void *expected, uint##bits##_t desired,       \
                                                  int order, int order_failed)                                         \
    {                                                                                                                  \
        uint##bits##_t *const found = expected;                                                                        \
        const uint##bits##_t wanted = *found;                                                                          \
        uint##bits##_t old;                                                                                            \
                                                                                                                       \
        (void)order_failed;                                                                                            \
        FROM_DEVICE();                                                                                                 \
        old = (uint##bits##_t)modify(object, bits / 8, RMW_COMPARE, desired, wanted, order);                           \
        if (old == wanted)                                                                                             \
            return true;                                                                                               \
        port_store_block(found, &old, 0, bits / 8);                                                                    \
        return false;                                                                                                  \
    }

#define ATOMICS(bits)                                                                                                  \
    ATOMIC_CALL uint##bits##_t __tsan_atomic##bits##_load(const volatile void *object, int order)                      \
    {                                                                                                                  \
        uint##bits##_t value;                                                                                          \
                                                                                                                       \
        FROM_DEVICE();                                                                                                 \
        before_load(order);                                                                                            \
        port_load_atomic((uintptr_t)object, bits / 8, order);                                                          \
        value = *(const volatile uint##bits##_t *)object;                                                              \
        after_load(order);                                                                                             \
        return value;                                                                                                  \
    }                                                                                                                  \
    ATOMIC_CALL void __tsan_atomic##bits##_store(volatile void *object, uint##bits##_t value, int order)               \
    {                                                                                                                  \
        FROM_DEVICE();                                                                                                 \
        before_store(order);                                                                                           \
        port_store_atomic((uintptr_t)object, bits / 8, order);                                                         \
        *(volatile uint##bits##_t *)object = value;                                                                    \
        after_store(order);                                                                                            \
    }                                                                                                                  \
    FETCH(bits, exchange, RMW_EXCHANGE)                                                                                \
    FETCH(bits, fetch_add, RMW_ADD)                                                                                    \
    FETCH(bits, fetch_sub, RMW_SUB)                                                                                    \
    FETCH(bits, fetch_and, RMW_AND)                                                                                    \
    FETCH(bits, fetch_or, RMW_OR)                                                                                      \
    FETCH(bits, fetch_xor, RMW_XOR)                                                                                    \
    FETCH(bits, fetch_nand, RMW_NAND)                                                                                  \
    COMPARE(bits, compare_exchange_strong)                                                                             \
    COMPARE(bits, compare_exchange_weak)                                                                               \
    ATOMIC_CALL uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                             \
        volatile void *object, uint##bits##_t expected, uint##bits##_t desired, int order, int order_failed)           \
    {                                                                                                                  \
        (void)order_failed;                                                                                            \
        FROM_DEVICE();                                                                                                 \
        return (uint##bits##_t)modify(object, bits / 8, RMW_COMPARE, desired, expected, order);                        \
    }

typedef unsigned __int128 uint128_t;

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)
ATOMICS(128)

ATOMIC_CALL void __tsan_atomic_thread_fence(int order)
{
    struct core *core = dav_running;

    if (!core->coherent || order == __ATOMIC_RELAXED)
        return;
    FROM_DEVICE();
    core_enter(core);
    aicpu_fence(core, order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME ? DAV_FENCE_LOAD : DAV_FENCE_FULL);
    core_leave(core);
}

ATOMIC_CALL void __tsan_atomic_signal_fence(int order)
{
    (void)order; /* binds the compiler only */
}
