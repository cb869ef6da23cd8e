/* test_sort.c - sorting groups of 32 and merging lists: ties, special values, lists that end early, what is refused. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

enum { UB_BYTES = 192 << 10, DST = 0, SCORES = 80 << 10, INDICES = 120 << 10 };

static uint8_t want[UB_BYTES];

static int reset(void **state)
{
    (void)state;
    machine_reset();
    return 0;
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)(machine_noise() % limit);
}

struct pair {
    uint32_t score; /* bits */
    uint32_t index;
};

/* Whether a score stands before another: plain comparison, and the NaNs at either end by their sign. */
static double value(uint32_t bits, bool half_precision)
{
    float f32;

    if (half_precision) {
        uint16_t low = (uint16_t)bits;
        half f16;

        if ((low & 0x7fff) > 0x7c00)
            return low >> 15 ? -2e300 - (low & 0x7fff) * 1e290 : 2e300 + (low & 0x7fff) * 1e290;
        memcpy(&f16, &low, 2);
        f32 = (float)f16;
    } else {
        if ((bits & 0x7fffffff) > 0x7f800000)
            return bits >> 31 ? -2e300 - (bits & 0x7fffffff) * 1e290 : 2e300 + (bits & 0x7fffffff) * 1e290;
        memcpy(&f32, &bits, 4);
    }
    if (f32 > 1e300 || f32 < -1e300)
        return f32 > 0 ? 1e300 : -1e300;
    return f32;
}

/* A stable sort that could not be simpler. */
static void sort(struct pair *pairs, uint32_t n, bool half_precision)
{
    for (uint32_t round = 0; round < n; round++)
        for (uint32_t i = 0; i + 1 < n; i++)
            if (value(pairs[i].score, half_precision) < value(pairs[i + 1].score, half_precision)) {
                struct pair swap = pairs[i];

                pairs[i] = pairs[i + 1];
                pairs[i + 1] = swap;
            }
}

/* Scores of few values, so that ties are common; sometimes any bits at all. */
static uint32_t score(bool half_precision)
{
    static const uint16_t special[] = {0, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0xfe00, 1, 0x8001, 0x7bff, 0xfbff};

    if (below(4) == 0)
        return half_precision ? below(0x10000) : (uint32_t)machine_noise();
    uint32_t bits = below(3) ? 0x3c00 + below(8) * 0x100 : special[below(10)];

    if (half_precision)
        return bits;
    return below(2) ? bits << 16 : (bits & 0x8000) << 16 | (bits & 0x7fff) << 13;
}

/* ---- vbitsort ---- */

static void bitsort(bool half_precision, uint32_t repeat)
{
    if (half_precision)
        vbitsort((__ubuf__ half *)DST, (__ubuf__ half *)SCORES, (__ubuf__ uint32_t *)INDICES, repeat);
    else
        vbitsort((__ubuf__ float *)DST, (__ubuf__ float *)SCORES, (__ubuf__ uint32_t *)INDICES, repeat);
}

static void groups_of_32_are_sorted_and_ties_keep_their_order(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        bool half_precision = round % 2;
        uint32_t bytes = half_precision ? 2 : 4, repeat = below(6);

        for (uint32_t i = 0; i < repeat * 32; i++) {
            uint32_t bits = score(half_precision);

            memcpy(machine.buffer[ISA_UB] + SCORES + i * bytes, &bits, bytes);
        }
        memcpy(want, machine.buffer[ISA_UB], sizeof(want));
        for (uint32_t r = 0; r < repeat; r++) {
            struct pair pairs[32] = {0};

            for (uint32_t i = 0; i < 32; i++) {
                memcpy(&pairs[i].score, want + SCORES + (r * 32 + i) * bytes, bytes);
                memcpy(&pairs[i].index, want + INDICES + (r * 32 + i) * 4, 4);
            }
            sort(pairs, 32, half_precision);
            memcpy(want + DST + r * 256, pairs, sizeof(pairs));
        }
        bitsort(half_precision, repeat);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.buffer[ISA_UB], want, sizeof(want));
        assert_int_equal(machine.units, repeat);
    }
}

static void a_group_may_not_be_sorted_in_place(void **state)
{
    (void)state;
    vbitsort((__ubuf__ float *)DST, (__ubuf__ float *)DST, (__ubuf__ uint32_t *)INDICES, 1);
    assert_string_equal(machine.refused, "dst overlaps the scores");
    vbitsort((__ubuf__ float *)DST, (__ubuf__ float *)SCORES, (__ubuf__ uint32_t *)(DST + 224), 1);
    assert_string_equal(machine.refused, "dst overlaps the indices");
    vbitsort((__ubuf__ float *)DST, (__ubuf__ float *)SCORES, (__ubuf__ uint32_t *)(INDICES + 4), 1);
    assert_string_equal(machine.refused, "operand 2 is not aligned to 32 bytes");
    vbitsort((__ubuf__ float *)DST, (__ubuf__ float *)(uint64_t)UB_BYTES, (__ubuf__ uint32_t *)INDICES, 1);
    assert_string_equal(machine.refused, "outside of a buffer");
}

/* ---- vmrgsort4 ---- */

struct lists {
    bool half_precision, suspends;
    uint32_t n, repeat, addr[4], length[4];
};

static void issue_merge(const struct lists *l, uint32_t dst)
{
    static const uint64_t masks[] = {0, 1, 3, 7, 15};
    uint64_t count = 0, config = l->repeat | masks[l->n] << 8 | (uint64_t)l->suspends << 12;
    __ubuf__ float *f32[4];
    __ubuf__ half *f16[4];

    for (uint32_t i = 0; i < l->n; i++) {
        count |= (uint64_t)l->length[i] << 16 * i;
        f32[i] = (__ubuf__ float *)(uint64_t)l->addr[i];
        f16[i] = (__ubuf__ half *)(uint64_t)l->addr[i];
    }
    if (l->half_precision)
        vmrgsort4((__ubuf__ half *)(uint64_t)dst, f16, count, config);
    else
        vmrgsort4((__ubuf__ float *)(uint64_t)dst, f32, count, config);
}

static void fill_list(const struct lists *l, uint32_t addr, uint32_t length)
{
    struct pair pairs[200];

    for (uint32_t i = 0; i < length; i++)
        pairs[i] = (struct pair){score(l->half_precision), (uint32_t)machine_noise()};
    sort(pairs, length, l->half_precision);
    memcpy(machine.buffer[ISA_UB] + addr, pairs, length * 8);
}

/* All structures of the lists, list after list, sorted stably; cut where a list that suspends has given its last one.
 * Return: how many. */
static uint32_t expect_merge(const struct lists *l, uint32_t skip, uint32_t dst, uint64_t *sr)
{
    struct pair all[800];
    uint32_t list_of[800], n = 0, taken[4] = {0};

    for (uint32_t i = 0; i < l->n; i++)
        for (uint32_t k = 0; k < l->length[i]; k++)
            memcpy(&all[n++], machine.buffer[ISA_UB] + l->addr[i] + skip + k * 8, 8);
    /* A stable sort of the numbers 0 to n - 1 by score gives the order and, with it, the lists. */
    struct pair order[800];
    for (uint32_t i = 0; i < n; i++)
        order[i] = (struct pair){all[i].score, i};
    sort(order, n, l->half_precision);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = order[i].index, list = 0;

        for (uint32_t first = l->length[0]; at >= first; first += l->length[++list])
            ;
        list_of[i] = list;
    }
    for (uint32_t i = 0; l->suspends && i < l->n; i++)
        if (!l->length[i])
            n = 0;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(want + dst + i * 8, &all[order[i].index], 8);
        if (++taken[list_of[i]] == l->length[list_of[i]] && l->suspends)
            n = i + 1;
    }
    *sr = taken[0] | (uint64_t)taken[1] << 16 | (uint64_t)taken[2] << 32 | (uint64_t)taken[3] << 48;
    return n;
}

static void lists_are_merged_and_of_ties_the_earlier_list_comes_first(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 40; round++) {
        struct lists l = {.half_precision = round % 2, .suspends = round % 4 >= 2, .n = 2 + below(3), .repeat = 1};
        uint32_t n, at = SCORES;
        uint64_t sr;

        for (uint32_t i = 0; i < l.n; i++, at += 8 * (below(20) + l.length[i - 1])) {
            l.addr[i] = at;
            l.length[i] = below(8) ? below(120) : 0;
            fill_list(&l, at, l.length[i]);
        }
        memcpy(want, machine.buffer[ISA_UB], sizeof(want));
        n = expect_merge(&l, 0, DST, &sr);
        issue_merge(&l, DST);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.buffer[ISA_UB], want, sizeof(want));
        assert_int_equal(machine.v.vms4_sr, sr);
        assert_int_equal(dav_spr_read(ISA_SPR_VMS4_SR), sr);
        assert_int_equal(machine.written_bytes, n * 8);
        assert_int_equal(machine.units, n ? (n + 127) / 128 : 1);
    }
}

static void repeats_merge_four_lists_each(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 8; round++) {
        uint32_t length = 1 + below(40), repeat = 2 + below(4);
        struct lists l = {.half_precision = round % 2, .n = 4, .repeat = repeat};
        uint64_t sr = 0;

        for (uint32_t i = 0; i < 4; i++) {
            l.addr[i] = SCORES + i * length * 8;
            l.length[i] = length;
        }
        for (uint32_t i = 0; i < 4 * repeat; i++)
            fill_list(&l, SCORES + i * length * 8, length);
        memcpy(want, machine.buffer[ISA_UB], sizeof(want));
        for (uint32_t r = 0; r < repeat; r++)
            expect_merge(&l, r * 4 * length * 8, DST + r * 4 * length * 8, &sr);
        issue_merge(&l, DST);
        assert_string_equal(machine.refused, "");
        assert_memory_equal(machine.buffer[ISA_UB], want, sizeof(want));
        assert_int_equal(machine.v.vms4_sr, sr);
        assert_int_equal(machine.units, (repeat * 4 * length + 127) / 128);
    }
}

static void merges_that_cannot_be_are_refused(void **state)
{
    const struct lists l = {
        .n = 4, .repeat = 1, .addr = {SCORES, SCORES + 64, SCORES + 128, SCORES + 192}, .length = {8, 8, 8, 8}};
    struct lists wrong = l;

    (void)state;
    issue_merge(&l, DST);
    assert_string_equal(machine.refused, "");
    wrong.repeat = 0;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "repeat is 0; allowed: 1 to 255");
    wrong = l, wrong.n = 1;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "the mask of lists is 1; allowed: 3, 7, 15");
    wrong = l, wrong.length[2] = 4096;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "the length of a list is 4096; allowed: 0 to 4095");
    wrong = l, wrong.addr[3] += 4;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "list 3 is at 0x140c4; allowed: multiples of 8");
    wrong = l, wrong.n = 3, wrong.repeat = 2;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "repeat is 2; allowed: 1, more only for four lists and without suspension");
    wrong = l, wrong.length[1] = 7, wrong.repeat = 2;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "repeat is 2; allowed: 1, more only for equal lists one behind the other");
    issue_merge(&l, SCORES + 96);
    assert_string_equal(machine.refused, "dst overlaps list 1");
    wrong = l, wrong.addr[1] = UB_BYTES - 32, wrong.suspends = true;
    issue_merge(&wrong, DST);
    assert_string_equal(machine.refused, "outside of a buffer");
    wrong = l, wrong.addr[2] = 1 << 24;
    issue_merge(&wrong, DST);
    assert_non_null(strstr(machine.refused, "list 2 is at 0x1fffff")); /* never an address that fits UB */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(groups_of_32_are_sorted_and_ties_keep_their_order, reset),
        cmocka_unit_test_setup(a_group_may_not_be_sorted_in_place, reset),
        cmocka_unit_test_setup(lists_are_merged_and_of_ties_the_earlier_list_comes_first, reset),
        cmocka_unit_test_setup(repeats_merge_four_lists_each, reset),
        cmocka_unit_test_setup(merges_that_cannot_be_are_refused, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
