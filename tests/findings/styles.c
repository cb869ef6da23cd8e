/* styles.c - right: ways of sharing memory that look dangerous, and are in order. */
#include "cases.h"

#ifdef PART_AICPU
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <threads.h>

#include "aicpu/device_malloc.h"
#endif

#define CASES(X)                                                                                                       \
    X(bytes_of_one_line, "", "")                                                                                       \
    X(sequence_lock, "", "")                                                                                           \
    X(spin_lock, "", "")                                                                                               \
    X(spin_lock_outside, "", "")                                                                                       \
    X(compare_exchange, "", "")                                                                                        \
    X(acquire_release, "", "")                                                                                         \
    X(fences, "", "")                                                                                                  \
    X(flag_on_stack, "", "")                                                                                           \
    X(condition, "", "")                                                                                               \
    X(barrier, "", "")                                                                                                 \
    X(thread_locals, "", "")                                                                                           \
    X(stealing, "", "")                                                                                                \
    X(handed_memory, "", "")                                                                                           \
    X(two_slots, "", "")                                                                                               \
    X(own_lines, "", "")                                                                                               \
    X(racing_fields, "", "")                                                                                           \
    X(ping_pong_line, "", "")                                                                                          \
    X(whole_cache_each_turn, "", "")                                                                                   \
    X(scratch, "", "")                                                                                                 \
    X(crossing, "", "")                                                                                                \
    X(statics, "", "")
CASE_ENUM;

enum { THREADS = 4, ROUNDS = 20, SCRATCH = 64, TASKS = 40 };

typedef struct Runtime {
    Word which;
    _Alignas(LINE) volatile unsigned char bytes[LINE]; /* a byte for each thread */
    struct {
        _Alignas(LINE) volatile unsigned sequence;
        volatile int64_t a, b;
    } sequence;
    Word lock, count, sum, next;
    _Alignas(LINE) int64_t tasks[TASKS];
    struct {
        _Alignas(LINE) volatile int64_t asked;
        volatile int64_t answered;
        volatile int spare[8];
    } slots[CORES]; /* lines that two sides take turns to write */
    _Alignas(LINE) int64_t *volatile memory;
    Flag told, taken, done[THREADS];
    Word results[CORES];
} Runtime;

#ifdef PART_AICPU
static int64_t outside; /* memory of the AICPU's own */
static _Atomic int outside_lock;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int64_t own;

static void join_all(Runtime *runtime, int me)
{
    raise(&runtime->done[me]);
    for (int i = 0; me == 0 && i < THREADS; i++)
        await(&runtime->done[i]);
}

static void lock_word(int64_t *lock)
{
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
        SPIN_WAIT_HINT();
}

static void sequence(Runtime *runtime, int me)
{
    int64_t a, b;
    unsigned before;

    for (int i = 1; me == 0 && i <= ROUNDS; i++) {
        runtime->sequence.sequence++;
        wmb();
        runtime->sequence.a = i;
        runtime->sequence.b = 2 * i;
        wmb();
        runtime->sequence.sequence++;
    }
    do {
        do {
            before = runtime->sequence.sequence;
            rmb();
            a = runtime->sequence.a;
            b = runtime->sequence.b;
            rmb();
        } while (before % 2 || before != runtime->sequence.sequence);
        if (b != 2 * a)
            runtime->count.value = -1;
    } while (a != ROUNDS);
}

struct shared {
    _Atomic int ready;
    Runtime *runtime;
};

static int answer(void *argument)
{
    struct shared *shared = argument;

    shared->runtime->count.value = 1;
    atomic_store_explicit(&shared->ready, 1, memory_order_release);
    return 0;
}

static void on_stack(Runtime *runtime)
{
    struct shared shared = {.runtime = runtime};
    thrd_t thread;

    thrd_create(&thread, answer, &shared);
    while (!atomic_load_explicit(&shared.ready, memory_order_acquire))
        SPIN_WAIT_HINT();
    runtime->count.value += ROUNDS;
    thrd_join(thread, NULL);
}

static void make_barrier(void)
{
    pthread_barrier_init(&barrier, NULL, THREADS);
}

/* Each takes the next task until there is none; what a task gives is read by another thread. */
static void steal(Runtime *runtime, int me)
{
    int64_t mine;

    while ((mine = __atomic_fetch_add(&runtime->next.value, 1, __ATOMIC_RELAXED)) < TASKS) {
        runtime->tasks[mine] = mine;
        __atomic_fetch_add(&runtime->count.value, 1, __ATOMIC_RELEASE);
    }
    if (me != 0)
        return;
    while (__atomic_load_n(&runtime->count.value, __ATOMIC_ACQUIRE) < TASKS)
        SPIN_WAIT_HINT();
    for (int i = 0; i < TASKS; i++)
        runtime->sum.value += runtime->tasks[i];
}

static void hand_out(Runtime *runtime, int me)
{
    if (me != 0)
        return;
    for (int i = 1; i <= ROUNDS; i++) {
        int64_t *block = aicpu_device_malloc(256);

        block[5] = i;
        runtime->memory = block;
        raise_to(&runtime->told, i);
        await_at(&runtime->taken, i);
        aicpu_device_free(block);
    }
}

static void two_slots(int me)
{
    for (int core = 0; me == 0 && core < CORES; core++) {
        open_window(core);
        for (uint32_t id = 1; id <= ROUNDS; id++) { /* two deep: the next is posted when the one before was taken */
            uint32_t cond;

            *window(core, REG_DATA_MAIN_BASE) = id;
            do
                cond = *window(core, REG_COND);
            while (EXTRACT_TASK_ID(cond) != (int)id);
        }
        while (*window(core, REG_COND) != MAKE_FIN_VALUE(ROUNDS))
            SPIN_WAIT_HINT();
        rmb();
        close_window(core);
    }
}

static void ask(Runtime *runtime, int me, int rounds)
{
    for (int i = 1; me == 0 && i <= rounds; i++) {
        for (int core = 0; core < CORES; core++)
            runtime->slots[core].asked = i;
        for (int core = 0; core < CORES; core++)
            while (runtime->slots[core].answered != i)
                SPIN_WAIT_HINT();
    }
}

static void condition(Runtime *runtime, int me)
{
    pthread_mutex_lock(&mutex);
    if (me == 0) {
        while (outside < THREADS - 1)
            pthread_cond_wait(&changed, &mutex);
        runtime->sum.value = runtime->count.value;
    } else {
        outside++;
        runtime->count.value += me;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&mutex);
}

int aicpu_execute(Runtime *runtime)
{
    int which = (int)runtime->which.value, me = dav_thread_idx(), expected;

    switch (which) {
    case CASE_bytes_of_one_line:
        for (int i = 0; i < ROUNDS; i++)
            runtime->bytes[me]++;
        break;
    case CASE_sequence_lock:
        sequence(runtime, me);
        break;
    case CASE_spin_lock:
        for (int i = 0; i < ROUNDS; i++) {
            lock_word(&runtime->lock.value);
            runtime->count.value++;
            __atomic_store_n(&runtime->lock.value, 0, __ATOMIC_RELEASE);
        }
        break;
    case CASE_spin_lock_outside:
        for (int i = 0; i < ROUNDS; i++) {
            while (atomic_exchange(&outside_lock, 1))
                SPIN_WAIT_HINT();
            runtime->count.value++;
            atomic_store(&outside_lock, 0);
        }
        break;
    case CASE_compare_exchange:
        for (int i = 0; i < ROUNDS; i++) {
            expected = 0;
            while (!atomic_compare_exchange_weak(&outside_lock, &expected, me + 1))
                expected = 0;
            runtime->count.value++;
            atomic_store_explicit(&outside_lock, 0, memory_order_release);
        }
        break;
    case CASE_acquire_release:
        if (me == 0)
            runtime->count.value = 5;
        else
            while (__atomic_load_n(&runtime->lock.value, __ATOMIC_ACQUIRE) != me)
                SPIN_WAIT_HINT();
        runtime->count.value += me;
        __atomic_store_n(&runtime->lock.value, me + 1, __ATOMIC_RELEASE);
        break;
    case CASE_fences:
        while (__atomic_load_n(&runtime->lock.value, __ATOMIC_RELAXED) != me)
            SPIN_WAIT_HINT();
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        runtime->count.value += me;
        __atomic_thread_fence(__ATOMIC_RELEASE);
        __atomic_store_n(&runtime->lock.value, me + 1, __ATOMIC_RELAXED);
        break;
    case CASE_flag_on_stack:
        if (me == 0)
            on_stack(runtime);
        break;
    case CASE_condition:
        condition(runtime, me);
        break;
    case CASE_barrier:
        pthread_once(&once, make_barrier);
        runtime->tasks[me] = me;
        pthread_barrier_wait(&barrier);
        runtime->tasks[me + THREADS] = runtime->tasks[(me + 1) % THREADS];
        break;
    case CASE_thread_locals:
        for (int i = 0; i < ROUNDS; i++)
            own += me;
        __atomic_fetch_add(&runtime->count.value, own, __ATOMIC_RELAXED);
        break;
    case CASE_stealing:
        steal(runtime, me);
        break;
    case CASE_handed_memory:
        hand_out(runtime, me);
        break;
    case CASE_two_slots:
        two_slots(me);
        break;
    case CASE_own_lines:
    case CASE_ping_pong_line:
    case CASE_whole_cache_each_turn:
    case CASE_scratch:
    case CASE_crossing:
        ask(runtime, me, ROUNDS);
        break;
    case CASE_racing_fields: /* counts that others watch */
        for (int i = 0; me == 0 && i < 500; i++) {
            runtime->slots[0].spare[0]++;
            runtime->slots[0].spare[1] = i;
        }
        ask(runtime, me, 1);
        break;
    case CASE_statics:
        pthread_mutex_lock(&mutex);
        outside += 2;
        runtime->count.value = outside;
        pthread_mutex_unlock(&mutex);
        break;
    }
    join_all(runtime, me);
    return 0;
}
#endif

#ifdef PART_AICORE
static int64_t kept; /* a static of this core's own */

static int64_t work(__gm__ Runtime *runtime, int worker, int which, int64_t round)
{
    volatile int64_t scratch[SCRATCH];
    __gm__ char *line = (__gm__ char *)&runtime->results[worker];
    int64_t sum = 0;

    switch (which) {
    case CASE_own_lines:
        runtime->results[worker].value += round;
        return runtime->results[worker].value;
    case CASE_scratch:
        for (int i = 0; i < SCRATCH; i++)
            scratch[i] = i * round;
        for (int i = 0; i < SCRATCH; i++)
            sum += scratch[i];
        kept += sum;
        runtime->results[worker].value = kept;
        return sum;
    case CASE_crossing: /* unaligned, and in two lines; all of it this core's */
        if (worker == 1)
            __builtin_memcpy(line + 60, &round, sizeof(round));
        return round;
    }
    return round;
}

static void answer(__gm__ Runtime *runtime, int worker, int which, int rounds)
{
    volatile int64_t __gm__ *asked = &runtime->slots[worker].asked;

    for (int64_t round = 1; round <= rounds; round++) {
        do {
            if (which == CASE_whole_cache_each_turn)
                dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
            else
                dcci(asked, SINGLE_CACHE_LINE, CACHELINE_OUT);
        } while (*asked != round);
        work(runtime, worker, which, round);
        if (which == CASE_whole_cache_each_turn)
            runtime->results[worker].value += round;
        runtime->slots[worker].answered = round;
        dcci(asked, SINGLE_CACHE_LINE, CACHELINE_OUT);
    }
    dcci(NULL, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}

/* It looks at counts that change all the time, and takes any. */
static void watch(__gm__ Runtime *runtime, int worker)
{
    int64_t latest = 0;

    for (int i = 0; worker == 1 && i < 50; i++) {
        dcci(&runtime->slots[0], SINGLE_CACHE_LINE, CACHELINE_OUT);
        latest = runtime->slots[0].spare[0] + runtime->slots[0].spare[1] + (i ? 0 : latest);
    }
    runtime->results[worker].value = latest >= 0;
    dcci(&runtime->results[worker], SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void take_memory(__gm__ Runtime *runtime, int worker)
{
    int64_t sum = 0;

    for (int i = 1; worker == 1 && i <= ROUNDS; i++) {
        await_at(&runtime->told, i);
        dcci(&runtime->memory, SINGLE_CACHE_LINE, CACHELINE_OUT);
        dcci(&runtime->memory[5], SINGLE_CACHE_LINE, CACHELINE_OUT);
        sum += runtime->memory[5];
        raise_to(&runtime->taken, i);
    }
    runtime->results[worker].value = sum;
    dcci(&runtime->results[worker], SINGLE_CACHE_LINE, CACHELINE_OUT);
}

static void serve_registers(__gm__ Runtime *runtime, int worker)
{
    uint32_t last = 0;

    write_reg(REG_COND, AICORE_IDLE_VALUE);
    for (;;) {
        uint32_t id = (uint32_t)read_reg(REG_DATA_MAIN_BASE);

        if (id == AICORE_EXIT_SIGNAL)
            return;
        if (id == last || id == 0 || id > ROUNDS)
            continue;
        write_reg(REG_COND, MAKE_ACK_VALUE(id));
        last = id;
        runtime->results[worker].value += id;
        dcci(&runtime->results[worker], SINGLE_CACHE_LINE, CACHELINE_OUT);
        dsb(DSB_DDR);
        write_reg(REG_COND, MAKE_FIN_VALUE(id));
    }
}

__aicore__ void aicore_execute(__gm__ Runtime *runtime, int block_idx, int core_type)
{
    int which = (int)runtime->which.value;

    (void)core_type;
    switch (which) {
    case CASE_own_lines:
    case CASE_ping_pong_line:
    case CASE_whole_cache_each_turn:
    case CASE_scratch:
    case CASE_crossing:
        answer(runtime, block_idx, which, ROUNDS);
        break;
    case CASE_racing_fields:
        watch(runtime, block_idx);
        answer(runtime, block_idx, which, 1);
        break;
    case CASE_handed_memory:
        take_memory(runtime, block_idx);
        break;
    case CASE_two_slots:
        serve_registers(runtime, block_idx);
        break;
    }
}
#endif

#ifdef PART_HOST
static const int64_t counts[CASE_COUNT] = {
    [CASE_spin_lock] = THREADS * ROUNDS,
    [CASE_spin_lock_outside] = THREADS * ROUNDS,
    [CASE_compare_exchange] = THREADS * ROUNDS,
    [CASE_acquire_release] = 11,
    [CASE_fences] = 6,
    [CASE_flag_on_stack] = 1 + ROUNDS,
    [CASE_condition] = 6,
    [CASE_thread_locals] = ROUNDS * 6,
    [CASE_stealing] = TASKS,
    [CASE_statics] = 2 * THREADS,
};

int main(int argc, char **argv)
{
    static Runtime runtime;
    int which = CASE_OF(argc, argv);
    Runtime *device;

    runtime.which.value = which;
    device = device_copy(&runtime, sizeof(runtime));
    launch(device, sizeof(runtime), THREADS);
    from_device(&runtime, device, sizeof(runtime));
    check(runtime.count.value, counts[which], "count");
    for (int i = 0; which == CASE_bytes_of_one_line && i < THREADS; i++)
        check(runtime.bytes[i], ROUNDS, "byte %d", i);
    for (int i = 0; which == CASE_barrier && i < THREADS; i++)
        check(runtime.tasks[THREADS + i], (i + 1) % THREADS, "what thread %d saw", i);
    if (which == CASE_stealing)
        check(runtime.sum.value, TASKS * (TASKS - 1) / 2, "sum");
    if (which == CASE_handed_memory)
        check(runtime.results[1].value, ROUNDS * (ROUNDS + 1) / 2, "sum of blocks");
    for (int i = 0;
         (which == CASE_two_slots || which == CASE_own_lines || which == CASE_whole_cache_each_turn) && i < CORES; i++)
        check(runtime.results[i].value, ROUNDS * (ROUNDS + 1) / 2, "result of worker %d", i);
    return verdict();
}
#endif
