/* test_view_random.c - caches, views, store buffers and GM against a model too simple to be wrong (tests/fuzz), on long
 * programs drawn by lot with a fixed seed. The fuzz target makes up short ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fuzz/program.h"

enum { PROGRAM_BYTES = 100000 };

static void run(uint64_t lot, bool dma_snooped)
{
    static uint8_t bytes[PROGRAM_BYTES];
    char why[256];

    for (int i = 0; i < PROGRAM_BYTES; i++) {
        lot ^= lot << 13;
        lot ^= lot >> 7;
        lot ^= lot << 17;
        bytes[i] = (uint8_t)(lot >> 32);
    }
    bytes[0] = dma_snooped;
    if (!program_run(bytes, sizeof(bytes), NULL, why, sizeof(why)))
        fail_msg("%s", why);
}

static void test_any_sequence_agrees_with_plain_arrays(void **state)
{
    (void)state;
    run(0x9e3779b97f4a7c15ull, false);
    run(0xd1b54a32d192ed03ull, false);
}

static void test_any_sequence_agrees_where_dma_is_snooped(void **state)
{
    (void)state;
    run(0x8cb92ba72f3d8dd7ull, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_sequence_agrees_with_plain_arrays),
        cmocka_unit_test(test_any_sequence_agrees_where_dma_is_snooped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
