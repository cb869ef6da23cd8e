/* test_view.c - GM as each cache owner sees it: what a stale line, a dirty line and a dropped line show.
 *
 * Holders A, B and C are AICores; the cluster is the AICPU's. `run(h)` gives control to h: from then on the mapping
 * must show what h sees of the lines it holds. GM begins as '.' throughout.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/memory/view.h"

enum { A = 0, B = 5, C = 126, CLUSTER = DIRECTORY_CLUSTER, NOBODY = DIRECTORY_NOBODY, LINE = 8, OTHER = 9 };

static const int holders[] = {A, B, C, CLUSTER};
static const struct cache_geometry geometry = {.size_bytes = 1024, .ways = 4};

static struct gm gm;
static struct view view;
static struct dcache caches[DIRECTORY_HOLDERS];
static struct {
    int count;
    struct view_change last;
    uint8_t old[GM_LINE_BYTES];
} changes;

static void changed(void *ctx, const struct view_change *change)
{
    assert_ptr_equal(ctx, &changes);
    changes.count++;
    changes.last = *change;
    memcpy(changes.old, change->old, GM_LINE_BYTES);
}

static int start(void **state)
{
    (void)state;
    if (gm_init(&gm, 1 << 20, 0, false) != 0 || view_init(&view, &gm, 64, false) != 0)
        return -1;
    for (int i = 0; i < 4; i++) {
        if (dcache_init(&caches[holders[i]], &geometry) != 0)
            return -1;
        view.caches[holders[i]] = &caches[holders[i]];
    }
    memset(gm.base, '.', 4096);
    memset(&changes, 0, sizeof(changes));
    view.changed = changed;
    view.changed_ctx = &changes;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    assert_int_equal(view.dropped_queue, 0);
    for (int i = 0; i < 4; i++)
        dcache_fini(&caches[holders[i]]);
    view_fini(&view);
    gm_fini(&gm);
    return 0;
}

/* ---- what cores do, in the words of the tests ---- */

static void run(int holder)
{
    view_enter(&view, holder);
}

static uint32_t way(int holder, uint64_t line)
{
    uint32_t index = dcache_find(&caches[holder], line);

    assert_int_not_equal(index, DCACHE_NONE);
    return index;
}

static void fill_with(int holder, uint64_t line, const uint8_t *old)
{
    uint32_t index = dcache_victim(&caches[holder], line);

    assert_false(dcache_valid(&caches[holder], index));
    dcache_put(&caches[holder], index, line, 0, 1);
    view_hold(&view, holder, index, old);
}

static void fill(int holder, uint64_t line)
{
    fill_with(holder, line, NULL);
}

/* The running core stores one byte into a line it holds. */
static void store(int holder, uint64_t line, uint32_t at, char byte)
{
    assert_int_equal(view.current, holder);
    if (!caches[holder].lines[way(holder, line)].dirty)
        view_dirty(&view, holder, way(holder, line));
    gm_line_ptr(&gm, line)[at] = (uint8_t)byte;
}

static void drop(int holder, uint64_t line)
{
    view_drop(&view, holder, way(holder, line));
}

/* A dcci of a dirty line: its content reaches GM. */
static void write_back(int holder, uint64_t line)
{
    uint8_t content[GM_LINE_BYTES];

    view_content(&view, holder, way(holder, line), content);
    drop(holder, line);
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, line), content, GM_LINE_BYTES, GM_WRITER_AICORE, holder);
}

static void write_gm(uint64_t line, uint32_t at, const char *bytes, enum gm_writer writer)
{
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, line) + at, bytes, strlen(bytes), writer, NOBODY);
}

static void write_line_of(uint64_t line, char byte, enum gm_writer writer)
{
    char bytes[GM_LINE_BYTES];

    memset(bytes, byte, sizeof(bytes));
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, line), bytes, sizeof(bytes), writer, NOBODY);
}

static char mapping(uint64_t line, uint32_t at)
{
    return (char)gm_line_ptr(&gm, line)[at];
}

static char in_gm(uint64_t line, uint32_t at)
{
    char byte;

    view_read(&view, (uintptr_t)gm_line_ptr(&gm, line) + at, &byte, 1);
    return byte;
}

static bool divergent(int holder, uint64_t line)
{
    return caches[holder].lines[way(holder, line)].divergent;
}

#define EXPECT_SEES(holder, line, at, byte)                                                                            \
    do {                                                                                                               \
        run(holder);                                                                                                   \
        assert_int_equal(mapping(line, at), byte);                                                                     \
    } while (0)

/* ---- a line that agrees with GM ---- */

static void test_clean_sharing_costs_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        run(holders[i]);
        fill(holders[i], LINE);
    }
    for (int i = 0; i < 4; i++) {
        assert_false(divergent(holders[i], LINE));
        assert_int_equal(view.queues[holders[i]].count, 0); /* nothing to show at a switch */
        EXPECT_SEES(holders[i], LINE, 0, '.');
    }
}

static void test_gm_changing_to_what_it_was_changes_nothing(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    run(B);
    write_gm(LINE, 3, ".....", GM_WRITER_DMA);
    assert_false(divergent(A, LINE));
    assert_int_equal(changes.count, 1);
    assert_false(changes.last.differs);
}

static void test_a_line_nobody_holds_is_written_in_place(void **state)
{
    (void)state;
    write_gm(LINE, 3, "xy", GM_WRITER_AICORE);
    assert_int_equal(mapping(LINE, 3), 'x');
    assert_int_equal(in_gm(LINE, 4), 'y');
    assert_null(directory_get(&view.directory, LINE));
}

/* ---- a held line while GM changes below it ---- */

static void test_gm_changes_below_a_held_line(void **state)
{
    static const enum gm_writer writers[] = {GM_WRITER_AICPU, GM_WRITER_AICPU_CLEAN, GM_WRITER_AICORE, GM_WRITER_DMA};

    (void)state;
    for (int i = 0; i < 4; i++) {
        uint64_t line = LINE + (uint64_t)i;

        run(A);
        fill(A, line);
        run(B);
        write_gm(line, 2, "new", writers[i]);
        assert_true(divergent(A, line));
        assert_int_equal(in_gm(line, 2), 'n');
        EXPECT_SEES(A, line, 2, '.');
        assert_int_equal(in_gm(line, 2), 'n');
    }
}

static void test_gm_changes_below_the_running_core_too(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    write_gm(LINE, 0, "x", GM_WRITER_AICORE); /* without a switch between */
    assert_int_equal(mapping(LINE, 0), '.');
    assert_int_equal(in_gm(LINE, 0), 'x');
}

static void test_a_stale_line_stays_as_it_was_filled(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    run(NOBODY);
    for (char byte = 'a'; byte < 'k'; byte++)
        write_line_of(LINE, byte, GM_WRITER_AICORE);
    EXPECT_SEES(A, LINE, 0, '.');
    assert_int_equal(in_gm(LINE, 0), 'j');
    drop(A, LINE);
    fill(A, LINE);
    EXPECT_SEES(A, LINE, 0, 'j');
}

/* ---- dirty lines ---- */

static void test_a_store_is_seen_by_its_core_only(void **state)
{
    (void)state;
    run(B);
    fill(B, LINE);
    run(A);
    fill(A, LINE);
    store(A, LINE, 5, 'a');
    assert_int_equal(in_gm(LINE, 5), '.');
    EXPECT_SEES(B, LINE, 5, '.');
    EXPECT_SEES(A, LINE, 5, 'a');
    run(C);
    fill(C, LINE);
    EXPECT_SEES(C, LINE, 5, '.');
    assert_int_equal(in_gm(LINE, 5), '.');
}

static void test_a_write_back_writes_the_whole_line(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    run(B);
    fill(B, LINE);
    store(B, LINE, 1, 'b');
    run(A);
    write_back(A, LINE);
    assert_int_equal(in_gm(LINE, 0), 'a');
    EXPECT_SEES(B, LINE, 0, '.');
    write_back(B, LINE); /* with byte 0 as B knew it */
    assert_int_equal(in_gm(LINE, 0), '.');
    assert_int_equal(in_gm(LINE, 1), 'b');
}

static void test_two_divergent_copies_of_one_line(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    run(B);
    fill(B, LINE);
    store(B, LINE, 0, 'b');
    run(CLUSTER);
    fill(CLUSTER, LINE);
    write_gm(LINE, 1, "dma", GM_WRITER_DMA);
    for (int round = 0; round < 3; round++) {
        EXPECT_SEES(A, LINE, 0, 'a');
        assert_int_equal(mapping(LINE, 1), '.');
        EXPECT_SEES(B, LINE, 0, 'b');
        EXPECT_SEES(CLUSTER, LINE, 1, '.');
        EXPECT_SEES(B, LINE, 1, '.');
        store(B, LINE, 2, (char)('0' + round));
        EXPECT_SEES(A, LINE, 2, '.');
        EXPECT_SEES(CLUSTER, LINE, 2, '.');
        EXPECT_SEES(B, LINE, 2, '0' + round);
        assert_int_equal(in_gm(LINE, 1), 'd');
    }
}

static void test_a_switch_shows_each_line_once(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    fill(A, OTHER);
    run(B);
    for (char byte = 'a'; byte < 'k'; byte++) {
        write_line_of(LINE, byte, GM_WRITER_AICORE);
        write_line_of(OTHER, byte, GM_WRITER_AICORE);
    }
    assert_int_equal(view.queues[A].count, 2);
    run(A);
    assert_int_equal(view.queues[A].count, 0);
    run(C); /* shares nothing with A */
    run(A);
    assert_int_equal(view.queues[A].count, 0);
    EXPECT_SEES(A, LINE, 0, '.');
}

static void test_content_is_the_holders_whoever_runs(void **state)
{
    uint8_t content[GM_LINE_BYTES];

    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    run(B);
    fill(B, LINE);
    for (int i = 0; i < 4; i++) {
        run(i == 3 ? NOBODY : holders[i]);
        view_content(&view, A, way(A, LINE), content);
        assert_int_equal(content[0], 'a');
        assert_int_equal(content[1], '.');
        view_content(&view, B, way(B, LINE), content);
        assert_int_equal(content[0], '.');
    }
}

static void test_a_stale_line_can_become_dirty(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    run(B);
    write_line_of(LINE, 'g', GM_WRITER_AICORE);
    run(A);
    store(A, LINE, 0, 'a');
    assert_int_equal(in_gm(LINE, 0), 'g');
    run(B);
    run(A);
    write_back(A, LINE); /* the stale rest of the line goes over GM */
    assert_int_equal(in_gm(LINE, 0), 'a');
    assert_int_equal(in_gm(LINE, 1), '.');
}

/* ---- dropping ---- */

static void test_dropping_a_dirty_line_restores_gm(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    write_gm(LINE, 1, "g", GM_WRITER_AICORE);
    drop(A, LINE);
    assert_int_equal(mapping(LINE, 0), '.');
    assert_int_equal(mapping(LINE, 1), 'g');
    assert_int_equal(in_gm(LINE, 0), '.');
    assert_null(directory_get(&view.directory, LINE));
}

static void test_dropping_a_line_that_is_not_shown_leaves_the_shown_one(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    run(B);
    fill(B, LINE);
    store(B, LINE, 0, 'b');
    drop(A, LINE);
    assert_int_equal(mapping(LINE, 0), 'b');
    drop(B, LINE);
    assert_int_equal(mapping(LINE, 0), '.');
}

static void test_a_dropped_line_is_not_shown_from_an_old_list(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    run(B);
    write_gm(LINE, 0, "x", GM_WRITER_AICORE); /* A is told to show its old line when it runs */
    drop(A, LINE);
    EXPECT_SEES(A, LINE, 0, 'x');
    run(B);
    fill_with(A, LINE, NULL); /* the fill arrives while B runs */
    EXPECT_SEES(A, LINE, 0, 'x');
}

/* ---- fills ---- */

static void test_a_fill_takes_gm_not_what_is_shown(void **state)
{
    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 0, 'a');
    fill(B, LINE); /* arrives while A runs */
    assert_int_equal(mapping(LINE, 0), 'a');
    EXPECT_SEES(B, LINE, 0, '.');
    EXPECT_SEES(A, LINE, 0, 'a');
}

static void test_a_fill_with_older_bytes(void **state)
{
    uint8_t old[GM_LINE_BYTES];

    (void)state;
    memset(old, 'o', sizeof(old));
    run(A);
    fill_with(A, LINE, old); /* the running core: shown at once */
    assert_int_equal(mapping(LINE, 0), 'o');
    fill_with(B, LINE, old); /* another: when it runs */
    assert_int_equal(in_gm(LINE, 0), '.');
    EXPECT_SEES(B, LINE, 0, 'o');
    write_gm(LINE, 0, "x", GM_WRITER_AICORE);
    EXPECT_SEES(A, LINE, 0, 'o');
    drop(A, LINE);
    drop(B, LINE);
    assert_int_equal(mapping(LINE, 0), 'x');
}

static void test_a_fill_with_older_bytes_that_are_gms_is_a_plain_one(void **state)
{
    uint8_t old[GM_LINE_BYTES];

    (void)state;
    memset(old, '.', sizeof(old));
    run(A);
    fill_with(A, LINE, old);
    assert_false(divergent(A, LINE));
}

/* ---- the AICPU cluster ---- */

static void test_an_aicpu_store_keeps_the_cluster_in_step(void **state)
{
    (void)state;
    run(CLUSTER);
    fill(CLUSTER, LINE);
    write_gm(LINE, 4, "cpu", GM_WRITER_AICPU);
    assert_false(divergent(CLUSTER, LINE));
    assert_true(caches[CLUSTER].lines[way(CLUSTER, LINE)].dirty);
    assert_int_equal(caches[CLUSTER].lines[way(CLUSTER, LINE)].written, 7ull << 4);
    assert_int_equal(mapping(LINE, 4), 'c');
}

static void test_an_aicpu_store_reaches_a_stale_line_of_the_cluster(void **state)
{
    (void)state;
    run(CLUSTER);
    fill(CLUSTER, LINE);
    write_line_of(LINE, 'd', GM_WRITER_DMA);
    assert_int_equal(mapping(LINE, 0), '.'); /* DMA is not seen */
    write_gm(LINE, 0, "1", GM_WRITER_AICPU);
    assert_int_equal(mapping(LINE, 0), '1');
    run(A);
    write_gm(LINE, 1, "2", GM_WRITER_AICPU); /* drains while a core runs */
    assert_int_equal(in_gm(LINE, 0), '1');
    assert_int_equal(in_gm(LINE, 1), '2');
    assert_int_equal(in_gm(LINE, 2), 'd');
    EXPECT_SEES(CLUSTER, LINE, 0, '1');
    assert_int_equal(mapping(LINE, 1), '2');
    assert_int_equal(mapping(LINE, 2), '.');
}

static void test_an_aicore_write_back_takes_the_clusters_line(void **state)
{
    (void)state;
    run(CLUSTER);
    fill(CLUSTER, LINE);
    run(A);
    write_line_of(LINE, 'a', GM_WRITER_AICORE);
    assert_true(changes.last.snooped);
    assert_int_equal(dcache_find(&caches[CLUSTER], LINE), DCACHE_NONE);
    EXPECT_SEES(CLUSTER, LINE, 0, 'a');
}

static void test_an_aicore_write_back_takes_a_stale_line_that_is_shown(void **state)
{
    (void)state;
    run(CLUSTER);
    fill(CLUSTER, LINE);
    write_line_of(LINE, 'd', GM_WRITER_DMA);
    assert_int_equal(mapping(LINE, 0), '.');
    write_gm(LINE, 0, "a", GM_WRITER_AICORE);
    assert_int_equal(dcache_find(&caches[CLUSTER], LINE), DCACHE_NONE);
    assert_int_equal(mapping(LINE, 0), 'a');
    assert_int_equal(mapping(LINE, 1), 'd');
}

static void test_dma_is_seen_where_it_is_snooped(void **state)
{
    (void)state;
    run(CLUSTER);
    fill(CLUSTER, LINE);
    fill(CLUSTER, OTHER);
    write_gm(LINE, 0, "d", GM_WRITER_DMA);
    EXPECT_SEES(CLUSTER, LINE, 0, '.');
    view.dma_snooped = true;
    write_gm(OTHER, 0, "d", GM_WRITER_DMA);
    assert_true(changes.last.snooped);
    EXPECT_SEES(CLUSTER, OTHER, 0, 'd');
    run(A);
    fill(A, OTHER);
    write_gm(OTHER, 0, "e", GM_WRITER_DMA); /* an AICore sees it in no case */
    EXPECT_SEES(A, OTHER, 0, 'd');
}

static void test_a_coherent_read_is_the_clusters(void **state)
{
    char byte;
    const uint64_t addr = (uintptr_t)gm_line_ptr(&gm, LINE) + 7;

    (void)state;
    run(A);
    fill(A, LINE);
    store(A, LINE, 7, 'a');
    view_coherent_read(&view, addr, &byte, 1);
    assert_int_equal(byte, '.'); /* not held: GM, whatever is shown */
    fill(CLUSTER, LINE);
    view_coherent_read(&view, addr, &byte, 1);
    assert_int_equal(byte, '.');
    write_gm(LINE, 7, "d", GM_WRITER_DMA);
    view_coherent_read(&view, addr, &byte, 1);
    assert_int_equal(byte, '.'); /* its own, stale copy */
    drop(CLUSTER, LINE);
    view_coherent_read(&view, addr, &byte, 1);
    assert_int_equal(byte, 'd');
}

/* ---- what is announced, and ranges ---- */

static void test_a_write_is_announced_line_by_line(void **state)
{
    char bytes[100];

    (void)state;
    memset(bytes, 'w', sizeof(bytes));
    run(A);
    fill(A, OTHER);
    store(A, OTHER, 0, 'a'); /* the announced old bytes are GM's, not what is shown */
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, LINE) + 60, bytes, sizeof(bytes), GM_WRITER_DMA, NOBODY);
    assert_int_equal(changes.count, 3); /* 4, 64 and 32 bytes */
    assert_int_equal(changes.last.line, LINE + 2);
    assert_int_equal(changes.last.writer, GM_WRITER_DMA);
    assert_true(changes.last.differs);
    assert_false(changes.last.snooped);
    assert_int_equal(changes.old[0], '.');
    assert_int_equal(in_gm(LINE, 59), '.');
    assert_int_equal(in_gm(LINE, 60), 'w');
    assert_int_equal(in_gm(OTHER, 0), 'w');
    assert_int_equal(mapping(OTHER, 0), 'a');
    assert_int_equal(in_gm(LINE + 2, 31), 'w');
    assert_int_equal(in_gm(LINE + 2, 32), '.');
}

static void test_where_not_all_is_told_lines_that_nobody_holds_are_not(void **state)
{
    uint32_t tell_all = 0;
    char bytes[4 * GM_LINE_BYTES];

    (void)state;
    view.tell_all = &tell_all;
    fill(A, LINE + 1);
    memset(bytes, 'x', sizeof(bytes));
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, LINE) + 60, bytes, 3 * GM_LINE_BYTES, GM_WRITER_AICORE, B);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.last.line, LINE + 1);
    assert_memory_equal(gm_line_ptr(&gm, LINE) + 59, ".x", 2);
    assert_memory_equal(gm_line_ptr(&gm, LINE + 3) + 59, "x.", 2);
    run(A);
    assert_int_equal(*gm_line_ptr(&gm, LINE + 1), '.');
    view_read(&view, (uintptr_t)gm_line_ptr(&gm, LINE), bytes, sizeof(bytes));
    assert_memory_equal(bytes + 59, ".xxxxxx", 7);
    assert_memory_equal(bytes + GM_LINE_BYTES + 63, "xx", 2);
    tell_all = 1;
    view_write(&view, (uintptr_t)gm_line_ptr(&gm, LINE), bytes, 4 * GM_LINE_BYTES, GM_WRITER_AICORE, B);
    assert_int_equal(changes.count, 5);
}

static void test_a_read_takes_each_line_where_gm_is(void **state)
{
    char bytes[100];

    (void)state;
    run(A);
    fill(A, OTHER);
    store(A, OTHER, 0, 'a');
    write_gm(OTHER, 1, "g", GM_WRITER_AICORE);
    view_read(&view, (uintptr_t)gm_line_ptr(&gm, LINE) + 60, bytes, sizeof(bytes));
    for (int i = 0; i < 100; i++)
        assert_int_equal(bytes[i], i == 5 ? 'g' : '.');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_clean_sharing_costs_nothing),
        TEST(test_gm_changing_to_what_it_was_changes_nothing),
        TEST(test_a_line_nobody_holds_is_written_in_place),
        TEST(test_gm_changes_below_a_held_line),
        TEST(test_gm_changes_below_the_running_core_too),
        TEST(test_a_stale_line_stays_as_it_was_filled),
        TEST(test_a_store_is_seen_by_its_core_only),
        TEST(test_a_write_back_writes_the_whole_line),
        TEST(test_two_divergent_copies_of_one_line),
        TEST(test_a_switch_shows_each_line_once),
        TEST(test_content_is_the_holders_whoever_runs),
        TEST(test_a_stale_line_can_become_dirty),
        TEST(test_dropping_a_dirty_line_restores_gm),
        TEST(test_dropping_a_line_that_is_not_shown_leaves_the_shown_one),
        TEST(test_a_dropped_line_is_not_shown_from_an_old_list),
        TEST(test_a_fill_takes_gm_not_what_is_shown),
        TEST(test_a_fill_with_older_bytes),
        TEST(test_a_fill_with_older_bytes_that_are_gms_is_a_plain_one),
        TEST(test_an_aicpu_store_keeps_the_cluster_in_step),
        TEST(test_an_aicpu_store_reaches_a_stale_line_of_the_cluster),
        TEST(test_an_aicore_write_back_takes_the_clusters_line),
        TEST(test_an_aicore_write_back_takes_a_stale_line_that_is_shown),
        TEST(test_dma_is_seen_where_it_is_snooped),
        TEST(test_a_coherent_read_is_the_clusters),
        TEST(test_a_write_is_announced_line_by_line),
        TEST(test_where_not_all_is_told_lines_that_nobody_holds_are_not),
        TEST(test_a_read_takes_each_line_where_gm_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
