/* test_shadow.c - who wrote which byte of GM: segments of a line, pages of one origin, what is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "tools/check/shadow.h"

enum { PAGE = 64 * GM_LINE_BYTES, PAGES = 8, AGENTS = 3 };

static struct happens *happens;
static struct shadow *shadow;
static struct gm gm = {.base = (void *)(uintptr_t)0x200000000000, .size = PAGES * PAGE}; /* its bytes are not touched */
static struct origin *one, *two;

static int start(void **state)
{
    (void)state;
    happens = happens_new(AGENTS, 0);
    shadow = shadow_new(&gm);
    one = happens_store(happens, 0, STORE_PLAIN);
    two = happens_store(happens, 1, STORE_ORDERED);
    return happens && shadow ? 0 : -1;
}

/* Each of them let go of what it held. */
static int stop(void **state)
{
    (void)state;
    shadow_free(shadow);
    if (one->references != 1 || two->references != 1)
        return -1;
    origin_drop(one);
    origin_drop(two);
    happens_free(happens);
    return 0;
}

static uint64_t at(uint64_t offset)
{
    return (uintptr_t)gm.base + offset;
}

static struct origin *writer(uint64_t offset)
{
    return segments_at(&shadow_make(shadow, offset / GM_LINE_BYTES)->writers, offset % GM_LINE_BYTES);
}

/* ---- segments ---- */

static void test_a_byte_has_one_origin(void **state)
{
    struct segments segments = {0};

    (void)state;
    segments_set(&segments, 0xff, one);
    segments_set(&segments, 0x18, two);
    assert_ptr_equal(segments_at(&segments, 2), one);
    assert_ptr_equal(segments_at(&segments, 3), two);
    assert_ptr_equal(segments_at(&segments, 5), one);
    assert_null(segments_at(&segments, 8));
    assert_int_equal(segments_mask(&segments), 0xff);
    assert_int_equal(segments.count, 2);
    segments_clear(&segments);
    assert_int_equal(segments_mask(&segments), 0);
}

static void test_the_same_origin_again_is_the_same_segment(void **state)
{
    struct segments segments = {0};

    (void)state;
    segments_set(&segments, 0x0f, one);
    segments_set(&segments, 0xf0, one);
    assert_int_equal(segments.count, 1);
    assert_int_equal(one->references, 2);
    segments_set(&segments, 0xff, two);
    assert_int_equal(one->references, 1);
    segments_clear(&segments);
    assert_int_equal(two->references, 1);
}

static void test_nobody_takes_bytes_out(void **state)
{
    struct segments segments = {0}, copy = {0};

    (void)state;
    segments_set(&segments, ~0ull, one);
    segments_set(&segments, 0xf, NULL);
    assert_null(segments_at(&segments, 0));
    assert_ptr_equal(segments_at(&segments, 63), one);
    segments_copy(&copy, &segments, 0xff);
    assert_int_equal(segments_mask(&copy), 0xf0);
    segments_clear(&segments);
    segments_clear(&copy);
}

static void test_masks_of_parts_of_a_line(void **state)
{
    (void)state;
    assert_int_equal(gm_line_mask(0, 64), ~0ull);
    assert_int_equal(gm_line_mask(0, 1), 1);
    assert_int_equal(gm_line_mask(63, 1), 1ull << 63);
    assert_int_equal(gm_line_mask(60, 4), 0xfull << 60);
}

/* ---- pages ---- */

static void test_a_write_reaches_its_bytes_and_no_others(void **state)
{
    (void)state;
    shadow_write(shadow, at(PAGE - 100), 200, one); /* across the end of a page */
    assert_null(writer(PAGE - 101));
    assert_ptr_equal(writer(PAGE - 100), one);
    assert_ptr_equal(writer(PAGE + 99), one);
    assert_null(writer(PAGE + 100));
}

static void test_a_whole_page_has_one_origin_until_somebody_writes_a_part(void **state)
{
    (void)state;
    shadow_write(shadow, at(PAGE), 2 * PAGE, one);
    assert_null(shadow_get(shadow, 64));
    assert_int_equal(one->references, 3);
    shadow_write(shadow, at(PAGE + 130), 1, two);
    assert_ptr_equal(writer(PAGE + 129), one);
    assert_ptr_equal(writer(PAGE + 130), two);
    assert_ptr_equal(writer(PAGE + 131), one);
    assert_ptr_equal(writer(2 * PAGE - 1), one); /* a line that nobody looked at closer */
    shadow_write(shadow, at(PAGE), PAGE, two);
    assert_ptr_equal(writer(PAGE + 131), two);
}

static void test_written_means_one_byte_at_least(void **state)
{
    (void)state;
    assert_false(shadow_written(shadow, at(0), PAGES * PAGE));
    shadow_write(shadow, at(3 * PAGE + 77), 1, one);
    assert_true(shadow_written(shadow, at(0), PAGES * PAGE));
    assert_true(shadow_written(shadow, at(3 * PAGE + 77), 1));
    assert_false(shadow_written(shadow, at(3 * PAGE + 64), 13));
    assert_false(shadow_written(shadow, at(3 * PAGE + 78), PAGE));
    shadow_write(shadow, at(5 * PAGE), PAGE, one);
    assert_true(shadow_written(shadow, at(6 * PAGE - 1), 1));
    shadow_make(shadow, 5 * 64);
    assert_true(shadow_written(shadow, at(6 * PAGE - 1), 1)); /* a line like its page */
    assert_false(shadow_written(shadow, at(6 * PAGE), PAGE));
}

static void test_what_is_forgotten_was_never_written(void **state)
{
    (void)state;
    shadow_write(shadow, at(0), 3 * PAGE, one);
    shadow_make(shadow, 2)->in_flight = 1;
    shadow_forget(shadow, at(128), PAGE);
    assert_ptr_equal(writer(127), one);
    assert_null(writer(128));
    assert_null(writer(PAGE + 127));
    assert_ptr_equal(writer(PAGE + 128), one);
    assert_int_equal(shadow_make(shadow, 2)->in_flight, 1); /* that comes all the same */
    shadow_forget(shadow, at(0), 3 * PAGE);
    assert_false(shadow_written(shadow, at(0), 3 * PAGE));
}

static void count(void *ctx, uint64_t line, struct shadow_line *known)
{
    uint64_t *lines = ctx;

    assert_non_null(known);
    lines[1 + lines[0]++] = line;
}

static void test_each_goes_over_lines_of_their_own_in_order(void **state)
{
    uint64_t lines[8] = {0};

    (void)state;
    shadow_write(shadow, at(PAGE), PAGE, one);
    shadow_make(shadow, 200);
    shadow_make(shadow, 3);
    shadow_make(shadow, 130);
    shadow_each(shadow, at(3 * 64 + 63), 127 * 64 + 2, count, lines);
    assert_int_equal(lines[0], 2);
    assert_int_equal(lines[1], 3);
    assert_int_equal(lines[2], 130);
    shadow_each(shadow, at(0), 0, count, lines);
    assert_int_equal(lines[0], 2);
}

/* ---- clobbers and sightings ---- */

static void add_clobber(struct shadow_line *line, uint64_t mask)
{
    struct clobber *clobber = calloc(1, sizeof(*clobber));

    assert_non_null(clobber);
    clobber->mask = mask;
    clobber->lost = origin_keep(one);
    clobber->next = line->clobbers;
    line->clobbers = clobber;
}

static void test_a_clobber_goes_when_its_last_byte_is_written_anew(void **state)
{
    struct shadow_line *line = shadow_make(shadow, 5);

    (void)state;
    add_clobber(line, 0x0f);
    add_clobber(line, 0xf0);
    shadow_write(shadow, at(5 * 64), 3, two);
    assert_int_equal(line->clobbers->mask, 0xf0);
    assert_int_equal(line->clobbers->next->mask, 0x08);
    shadow_write(shadow, at(5 * 64 + 3), 1, two);
    assert_null(line->clobbers->next);
    assert_int_equal(one->references, 2);
    shadow_forget(shadow, at(5 * 64), 64);
    assert_null(shadow_make(shadow, 5)->clobbers);
}

static void test_a_write_takes_back_what_was_known_to_be_in_order(void **state)
{
    struct shadow_line *line = shadow_make(shadow, 5);

    (void)state;
    agent_set_add(&line->verified, 2);
    shadow_write(shadow, at(6 * 64), 1, one);
    assert_true(agent_set_has(&line->verified, 2));
    shadow_write(shadow, at(5 * 64), 1, one);
    assert_false(agent_set_has(&line->verified, 2));
}

static void test_a_sighting_covers_what_the_same_agent_stored_before(void **state)
{
    struct shadow_line *line = shadow_make(shadow, 5);
    struct origin *before = happens_store(happens, 1, STORE_PLAIN), *flag = happens_store(happens, 1, STORE_TEXT);
    struct origin *after = happens_store(happens, 1, STORE_PLAIN);

    (void)state;
    sighting_add(line, flag, 2);
    assert_true(sighting_covers(line, before, 2, true));
    assert_false(sighting_covers(line, before, 0, true));
    assert_true(sighting_covers(line, before, 0, false)); /* who heard of it from agent 2 */
    assert_false(sighting_covers(line, after, 2, true));
    assert_false(sighting_covers(line, one, 2, true)); /* another agent's */
    assert_false(sighting_covers(shadow_make(shadow, 6), before, 2, true));
    origin_drop(before);
    origin_drop(flag);
    origin_drop(after);
}

static void test_the_latest_sightings_stay(void **state)
{
    struct shadow_line *line = shadow_make(shadow, 5);
    struct origin *flags[SIGHTINGS + 1];

    (void)state;
    for (int i = 0; i <= SIGHTINGS; i++)
        flags[i] = happens_store(happens, 1, STORE_TEXT);
    for (int i = 0; i <= SIGHTINGS; i++)
        sighting_add(line, flags[i], (uint32_t)(i == SIGHTINGS ? 0 : 2));
    assert_true(sighting_covers(line, flags[SIGHTINGS - 1], 2, true));
    assert_false(sighting_covers(line, flags[SIGHTINGS], 2, true));
    for (int i = 0; i <= SIGHTINGS; i++)
        origin_drop(flags[i]);
}

static void test_the_difference_of_two_lines(void **state)
{
    uint8_t a[GM_LINE_BYTES], b[GM_LINE_BYTES];
    uint64_t lot = 1;

    (void)state;
    for (int turn = 0; turn < 2000; turn++) {
        uint64_t expected = 0;

        for (int i = 0; i < GM_LINE_BYTES; i++) {
            lot = lot * 6364136223846793005ull + 1442695040888963407ull;
            a[i] = b[i] = (uint8_t)(lot >> 56);
            if ((lot >> 32) % 4 == 0)
                b[i] ^= (uint8_t)(1u << (lot >> 40) % 8);
            expected |= (uint64_t)(a[i] != b[i]) << i;
        }
        assert_true(line_difference(a, b) == expected);
    }
    assert_true(line_difference(a, a) == 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_byte_has_one_origin),
        TEST(test_the_same_origin_again_is_the_same_segment),
        TEST(test_nobody_takes_bytes_out),
        TEST(test_masks_of_parts_of_a_line),
        TEST(test_a_write_reaches_its_bytes_and_no_others),
        TEST(test_a_whole_page_has_one_origin_until_somebody_writes_a_part),
        TEST(test_written_means_one_byte_at_least),
        TEST(test_what_is_forgotten_was_never_written),
        TEST(test_each_goes_over_lines_of_their_own_in_order),
        TEST(test_a_clobber_goes_when_its_last_byte_is_written_anew),
        TEST(test_a_write_takes_back_what_was_known_to_be_in_order),
        TEST(test_a_sighting_covers_what_the_same_agent_stored_before),
        TEST(test_the_latest_sightings_stay),
        TEST(test_the_difference_of_two_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
