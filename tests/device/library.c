/* library.c - memory and string functions over GM, the heap, sorting, formatting, the log and sleeping, by every thread
 * at once. Expected: value[0] = threads (lines "thread N: ..." in the log); value[1] = nanoseconds that a sleep of 20
 * us took, 20,000 to 20,500. The log of thread N: "thread N: hello world 42" and, as an error, "thread N to stderr". 1
 * to 4 threads.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aicpu/device_log.h"
#include "check.h"

enum { BYTES = 1000, WORDS = 200 };

static int upwards(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void copy_around(struct device_result *result, char *gm)
{
    char *heap = malloc(BYTES);

    for (int i = 0; i < BYTES; i++)
        heap[i] = (char)(i * 7);
    memcpy(gm, heap, BYTES);
    CHECK(result, memcmp(gm, heap, BYTES) == 0);
    memmove(gm + 3, gm, BYTES - 3);
    CHECK(result, memcmp(gm + 3, heap, BYTES - 3) == 0 && memcmp(gm, heap, 3) == 0);
    memset(gm + 10, 0x5a, 100);
    CHECK(result, gm[9] == (char)(6 * 7) && gm[10] == 0x5a && gm[109] == 0x5a && gm[110] == (char)(107 * 7));
    heap = realloc(heap, 2 * BYTES);
    CHECK(result, heap[BYTES - 1] == (char)((BYTES - 1) * 7));
    free(heap);
}

static void sort(struct device_result *result, int *gm)
{
    for (int i = 0; i < WORDS; i++)
        gm[i] = (i * 71) % WORDS;
    qsort(gm, WORDS, sizeof(*gm), upwards);
    for (int i = 0; i < WORDS; i++)
        CHECK(result, gm[i] == i);
}

static void strings(struct device_result *result, char *gm, int me)
{
    char *copy;

    strcpy(gm, "hello");
    strcat(gm, " world");
    CHECK(result, strlen(gm) == 11 && strcmp(gm, "hello world") == 0 && strncmp(gm, "help", 3) == 0);
    CHECK(result, strchr(gm, 'w') == gm + 6 && strrchr(gm, 'o') == gm + 7 && strstr(gm, "lo w") == gm + 3);
    copy = strdup(gm);
    CHECK(result, snprintf(gm + 100, 8, "%s!", copy) == 12 && strcmp(gm + 100, "hello w") == 0);
    free(copy);
    printf("thread %d: ", me);
    printf("%s %.*s%ld\n", gm, 1, "4x", 2l);
    fprintf(stderr, "thread %d to stderr\n", me);
    dav_log(DAV_LOG_INFO, __func__, "line %d\n", me);
    __atomic_fetch_add(&result->value[0], 1, __ATOMIC_RELAXED);
}

int aicpu_execute(struct device_result *result)
{
    struct timespec before, after;
    uint64_t ticks = dav_sys_cnt();
    int me = dav_thread_idx();
    char *gm = dav_device_malloc(4096);

    CHECK(result, gm && ((uintptr_t)gm & 511) == 0);
    copy_around(result, gm + 5);
    sort(result, (int *)gm);
    strings(result, gm, me);
    dav_device_free(gm);

    clock_gettime(CLOCK_MONOTONIC, &before);
    usleep(20);
    clock_gettime(CLOCK_MONOTONIC, &after);
    if (me == 0) {
        result->value[1] = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
        CHECK(result, result->value[1] >= 20000 && result->value[1] <= 20500);
    }
    CHECK(result, dav_sys_cnt() - ticks >= 1000);
    FINISH(result);
    return 0;
}
