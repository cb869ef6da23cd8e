/* atomics.c - atomic operations of every width from every thread, in GM and in the module's statics, and a message
 * passed by release and acquire. Expected: value[0] = 64 x threads (the count in GM); value[1] = 50 x (threads - 1)
 * (messages received). 1 to 4 threads.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "aicpu/device_log.h"
#include "check.h"

enum { TURNS = 64, MESSAGES = 50 };

static _Atomic uint8_t count8;
static _Atomic uint16_t count16;
static _Atomic uint32_t count32, bits, any_lock;
static _Atomic uint64_t count64;
static _Atomic unsigned __int128 count128;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static uint32_t arrived, guarded;
static uint64_t message[8];
static _Atomic uint32_t sequence, read_by;

static void count(struct device_result *result, int me)
{
    for (int i = 0; i < TURNS; i++) {
        uint32_t seen;

        atomic_fetch_add(&count8, 1);
        atomic_fetch_add_explicit(&count16, 3, memory_order_relaxed);
        atomic_fetch_sub(&count32, 1);
        atomic_fetch_add(&count64, 1ull << 33);
        atomic_fetch_add(&count128, (unsigned __int128)1 << 70);
        __atomic_fetch_add(&result->value[0], 1, __ATOMIC_ACQ_REL);
        atomic_fetch_or(&bits, 1u << me);
        seen = atomic_load(&any_lock);
        while (!atomic_compare_exchange_weak(&any_lock, &seen, seen + 2)) {
        }
        while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire))
            dav_spin_hint();
        guarded++;
        atomic_flag_clear_explicit(&flag, memory_order_release);
    }
}

/* Thread 0 sends; each other reads every message whole, or not at all. */
static void send(struct device_result *result)
{
    for (uint32_t i = 1; i <= MESSAGES; i++) {
        for (int word = 0; word < 8; word++)
            message[word] = i * 100 + (uint32_t)word;
        atomic_store_explicit(&sequence, i, memory_order_release);
        while (atomic_load(&read_by) < i * (result->threads - 1))
            dav_spin_hint();
    }
}

static void receive(struct device_result *result)
{
    for (uint32_t i = 1; i <= MESSAGES; i++) {
        while (atomic_load_explicit(&sequence, memory_order_acquire) < i) {
        }
        for (int word = 0; word < 8; word++)
            CHECK(result, message[word] == i * 100 + (uint32_t)word);
        __atomic_fetch_add(&result->value[1], 1, __ATOMIC_RELAXED);
        atomic_fetch_add(&read_by, 1);
    }
}

int aicpu_execute(struct device_result *result)
{
    int me = dav_thread_idx();
    uint32_t n = result->threads;
    unsigned __int128 wide = 5;
    _Atomic uint16_t own = 0xf0f0;

    meet(result, &arrived, 1);
    count(result, me);
    meet(result, &arrived, 2);
    CHECK(result, count8 == (uint8_t)(TURNS * n));
    CHECK(result, count16 == TURNS * 3 * n);
    CHECK(result, count32 == 0u - TURNS * n);
    CHECK(result, count64 == (uint64_t)TURNS * n << 33);
    CHECK(result, count128 == (unsigned __int128)TURNS * n << 70);
    CHECK(result, bits == (1u << n) - 1 && any_lock == 2 * TURNS * n && guarded == TURNS * n);

    CHECK(result, atomic_fetch_and(&own, 0xff) == 0xf0f0 && atomic_fetch_xor(&own, 0x0f) == 0xf0);
    CHECK(result, __atomic_fetch_nand((uint16_t *)&own, 0x00f0, __ATOMIC_SEQ_CST) == 0xff && own == 0xff0f);
    CHECK(result, atomic_exchange(&own, 3) == 0xff0f && own == 3);
    meet(result, &arrived, 3);
    CHECK(result, !atomic_compare_exchange_strong(&count128, &wide, 1) && wide == count128);
    if (me == 0)
        send(result);
    else
        receive(result);
    FINISH(result);
    return 0;
}
