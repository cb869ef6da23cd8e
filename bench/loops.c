/* loops.c - see loops.h. A round of the first six is LOADS accesses; the others are as long as their work is.
 *
 * The timed accesses are volatile, or their results kept, so that both compilations make each of them.
 */
#include "bench/loops.h"

#ifdef BENCH_NATIVE
#define __gm__
#define __aicore__
#else
#include "aicore.h"
#endif

enum { LOADS = 2048, LINE = 64, WAY_BYTES = 8 << 10, SET_LINES = 8, MATRIX = 32 };

#define KEEP(value) __asm__ volatile("" : "+r"(value))
#define ROLLED      _Pragma("clang loop unroll(disable)")

__aicore__ static void registers(int64_t rounds)
{
    uint64_t offset = 0;
    ROLLED for (int64_t i = 0; i < rounds * LOADS; i++)
    {
        KEEP(offset);
        offset += 8;
    }
}

/* @step bytes from one load to the next, wrapping where @wrap has no bits. */
__aicore__ static inline __attribute__((always_inline)) void loads(int64_t rounds, const __gm__ char *memory,
                                                                   uint64_t step, uint64_t wrap)
{
    uint64_t offset = 0;
    ROLLED for (int64_t i = 0; i < rounds * LOADS; i++)
    {
        KEEP(offset);
        (void)*(const volatile __gm__ uint64_t *)(memory + (offset & wrap));
        offset += step;
    }
}

__aicore__ static void saxpy(int64_t rounds, __gm__ float *x, __gm__ float *y, int64_t count)
{
    for (int64_t round = 0; round < rounds; round++)
        for (int64_t i = 0; i < count; i++)
            y[i] = 0.5f * x[i] + y[i];
}

__aicore__ static void matmul(int64_t rounds, const __gm__ float *a, const __gm__ float *b, __gm__ float *c)
{
    for (int64_t round = 0; round < rounds; round++)
        for (int i = 0; i < MATRIX; i++)
            for (int j = 0; j < MATRIX; j++) {
                float sum = 0;
                for (int k = 0; k < MATRIX; k++)
                    sum += a[i * MATRIX + k] * b[k * MATRIX + j];
                c[i * MATRIX + j] = sum;
            }
}

/* ---- integers ---- */

struct record {
    int64_t next, kind, number, total;
    char text[32];
};

enum { RECORDS = 64, TABLE = 128 };

struct books {
    struct record records[RECORDS];
    int32_t table[TABLE];
    int64_t sum;
};

/* The first place where two texts differ. */
__aicore__ static __attribute__((noinline)) int differ_at(const __gm__ char *a, const __gm__ char *b)
{
    int at = 0;
    while (at < 31 && a[at] == b[at])
        at++;
    return at;
}

__aicore__ static __attribute__((noinline)) int64_t classify(int64_t kind, int64_t number)
{
    switch (kind & 3) {
    case 0:
        return number + 3;
    case 1:
        return number > 100 ? number / 3 : number * 5;
    case 2:
        return number ^ kind;
    default:
        return number - kind;
    }
}

__aicore__ static __attribute__((noinline)) void settle(__gm__ struct books *books, __gm__ struct record *record)
{
    __gm__ struct record *next = &books->records[record->next & (RECORDS - 1)];
    int at = differ_at(record->text, next->text);

    next->number = classify(record->kind, record->number) & 1023;
    next->total = record->total + next->number;
    books->table[next->number & (TABLE - 1)] += at;
    if (at > 20 && record->total > next->number)
        books->sum += books->table[(next->number * 7) & (TABLE - 1)];
    else
        record->kind++;
}

__aicore__ static void integer(int64_t rounds, __gm__ struct books *books)
{
    for (int i = 0; i < RECORDS; i++) {
        books->records[i].next = (i * 29 + 1) % RECORDS;
        books->records[i].kind = books->records[i].number = i;
        books->records[i].total = 0;
        for (int c = 0; c < 32; c++)
            books->records[i].text[c] = (char)('a' + (c + (i + c > 85)) % 26);
    }
    for (int i = 0; i < TABLE; i++)
        books->table[i] = i;
    books->sum = 0;
    for (int64_t round = 0; round < rounds; round++)
        for (int i = 0; i < RECORDS; i++)
            settle(books, &books->records[i]);
}

/** kernel_loops - run loop args[ARG_LOOP] for args[ARG_ROUNDS] rounds on the memory at args[ARG_MEMORY]. */
__aicore__ void kernel_loops(__gm__ int64_t *args)
{
    int64_t rounds = args[ARG_ROUNDS];
    __gm__ char *memory = (__gm__ char *)args[ARG_MEMORY];
    __gm__ float *floats = (__gm__ float *)memory;

    switch (args[ARG_LOOP]) {
    case LOOP_registers:
        registers(rounds);
        break;
    case LOOP_hits_same:
        loads(rounds, memory, 8, LINE - 8);
        break;
    case LOOP_hits_next:
        loads(rounds, memory, 8, (16 << 10) - 8);
        break;
    case LOOP_hits_far:
        loads(rounds, memory, LINE, (16 << 10) - 8);
        break;
    case LOOP_misses_set:
        loads(rounds, memory, WAY_BYTES, SET_LINES * WAY_BYTES - 8);
        break;
    case LOOP_misses_sweep:
        loads(rounds, memory, LINE, (64 << 10) - 8);
        break;
    case LOOP_saxpy_cache:
        saxpy(rounds, floats, floats + (8 << 8), 8 << 8);
        break;
    case LOOP_saxpy_memory:
        saxpy(rounds, floats, floats + (64 << 10), 64 << 10);
        break;
    case LOOP_integer:
        integer(rounds, (__gm__ struct books *)memory);
        break;
    case LOOP_matmul:
        matmul(rounds, floats, floats + MATRIX * MATRIX, floats + 2 * MATRIX * MATRIX);
        break;
    default:
        break;
    }
}
