/* test_view_random.c - the views against a model too simple to be wrong: GM and each holder's lines as plain arrays.
 *
 * Steps are drawn by lot with a fixed seed: few lines, few holders, small caches, so that every line is fought over.
 * After each step all that can be seen is compared: GM, the content of every line held, what the mapping shows to the
 * core that runs, and what the AICPU cluster would read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/memory/view.h"

enum { HOLDERS = 4, CLUSTER = 3, LINES = 8, STEPS = 40000, SPARE_LINES = LINES + 4 };

static const int number[HOLDERS] = {0, 63, 64, DIRECTORY_CLUSTER};
static const struct cache_geometry geometry = {.size_bytes = 4 * GM_LINE_BYTES, .ways = 2}; /* half of LINES */

/* The simple model. */
struct copy {
    bool held, dirty;
    uint8_t bytes[GM_LINE_BYTES];
};

static struct {
    uint8_t gm[LINES][GM_LINE_BYTES];
    struct copy copies[HOLDERS][LINES];
    int running; /* index of the holder, or -1 */
} simple;

/* The one under test. */
static struct gm gm;
static struct view view;
static struct dcache caches[HOLDERS];

static char step_text[160]; /* what was done last, for a failure */

/* ---- the lot ---- */

static uint64_t lot;

static uint32_t draw(uint32_t below)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (uint32_t)(lot >> 32) % below;
}

/* Few values, so that bytes are often rewritten as they were. */
static uint8_t draw_byte(void)
{
    return (uint8_t)('a' + draw(3));
}

static void draw_bytes(uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = draw_byte();
}

/* ---- steps of both models ---- */

static uint64_t addr_of(uint32_t line, uint32_t at)
{
    return (uintptr_t)gm_line_ptr(&gm, line) + at;
}

/* The number of a line in the view under test is that of the simple model. */
static uint32_t way(int holder, uint32_t line)
{
    return dcache_find(&caches[holder], line);
}

/* GM changes: [@at, +@size) of @line becomes @bytes. */
static void write_gm(uint32_t line, uint32_t at, const uint8_t *bytes, uint32_t size, enum gm_writer writer)
{
    struct copy *cluster = &simple.copies[CLUSTER][line];

    memcpy(simple.gm[line] + at, bytes, size);
    if (cluster->held && writer == GM_WRITER_AICPU) {
        memcpy(cluster->bytes + at, bytes, size);
        cluster->dirty = true;
    }
    if (writer == GM_WRITER_AICORE || (writer == GM_WRITER_DMA && view.dma_snooped))
        cluster->held = false;
    view_write(&view, addr_of(line, at), bytes, size, writer, DIRECTORY_NOBODY);
}

/* A line leaves a cache; @save: what it holds is written back whole if it is dirty. */
static void leave(int holder, uint32_t line, bool save)
{
    struct copy *copy = &simple.copies[holder][line];
    uint8_t bytes[GM_LINE_BYTES];
    bool dirty = copy->dirty;

    view_content(&view, number[holder], way(holder, line), bytes);
    copy->held = false;
    view_drop(&view, number[holder], way(holder, line));
    if (dirty && save)
        write_gm(line, 0, bytes, GM_LINE_BYTES, holder == CLUSTER ? GM_WRITER_AICPU_CLEAN : GM_WRITER_AICORE);
}

static void fill(int holder, uint32_t line, const uint8_t *old)
{
    struct copy *copy = &simple.copies[holder][line];
    uint32_t index = dcache_victim(&caches[holder], line);

    if (dcache_valid(&caches[holder], index))
        leave(holder, (uint32_t)dcache_line_no(&caches[holder], index), true);
    copy->held = true;
    copy->dirty = false;
    memcpy(copy->bytes, old ? old : simple.gm[line], GM_LINE_BYTES);
    dcache_put(&caches[holder], index, line, 0, 1);
    view_hold(&view, number[holder], index, old);
}

/* The running AICore stores into a line it holds. */
static void store(int holder, uint32_t line, uint32_t at, uint8_t byte)
{
    struct copy *copy = &simple.copies[holder][line];

    if (!copy->dirty)
        view_dirty(&view, number[holder], way(holder, line));
    copy->dirty = true;
    copy->bytes[at] = byte;
    *(uint8_t *)(uintptr_t)addr_of(line, at) = byte;
}

static void enter(int holder)
{
    simple.running = holder;
    view_enter(&view, holder < 0 ? DIRECTORY_NOBODY : number[holder]);
}

/* ---- one step by lot ---- */

static void write_by_lot(uint32_t line)
{
    static const enum gm_writer writers[] = {GM_WRITER_AICPU, GM_WRITER_AICORE, GM_WRITER_DMA};
    enum gm_writer writer = writers[draw(3)];
    uint32_t size = draw(4) ? 1 + draw(8) : GM_LINE_BYTES, at = draw(GM_LINE_BYTES - size + 1);
    uint8_t bytes[GM_LINE_BYTES];

    draw_bytes(bytes, size);
    snprintf(step_text, sizeof(step_text), "writer %d writes %u bytes at %u of line %u", writer, size, at, line);
    write_gm(line, at, bytes, size, writer);
}

static void fill_by_lot(int holder, uint32_t line)
{
    uint8_t old[GM_LINE_BYTES];
    bool older = draw(4) == 0;

    memcpy(old, simple.gm[line], GM_LINE_BYTES);
    if (draw(2))
        old[draw(GM_LINE_BYTES)] = draw_byte();
    snprintf(step_text, sizeof(step_text), "holder %d fills line %u%s", holder, line, older ? ", older" : "");
    fill(holder, line, older ? old : NULL);
}

static void step_by_lot(void)
{
    uint32_t line = draw(LINES);
    int holder = (int)draw(HOLDERS);
    bool held = simple.copies[holder][line].held;

    switch (draw(7)) {
    case 0:
        holder = (int)draw(HOLDERS + 1) - 1;
        snprintf(step_text, sizeof(step_text), "holder %d runs", holder);
        enter(holder);
        break;
    case 1:
    case 2: /* most often the running core's, as in life; others' fills arrive too */
        if (!held)
            fill_by_lot(holder, line);
        break;
    case 3:
    case 4:
        holder = simple.running;
        if (holder < 0 || holder == CLUSTER || !simple.copies[holder][line].held)
            break;
        snprintf(step_text, sizeof(step_text), "holder %d stores to line %u", holder, line);
        store(holder, line, draw(GM_LINE_BYTES), draw_byte());
        break;
    case 5:
        if (!held)
            break;
        snprintf(step_text, sizeof(step_text), "holder %d drops line %u", holder, line);
        leave(holder, line, draw(3) != 0);
        break;
    default:
        write_by_lot(line);
        break;
    }
}

/* ---- all that can be seen ---- */

static void compare(const char *what, int holder, uint32_t line, const uint8_t *got, const uint8_t *wanted, int step)
{
    for (int i = 0; i < GM_LINE_BYTES; i++)
        if (got[i] != wanted[i])
            fail_msg("step %d (%s), holder %d runs: %s of holder %d, line %u, byte %d: got %c, not %c", step, step_text,
                     simple.running, what, holder, line, i, got[i], wanted[i]);
}

static void look_at_holder(int holder, uint32_t line, int step)
{
    const struct copy *copy = &simple.copies[holder][line];
    uint32_t index = way(holder, line);
    uint8_t bytes[GM_LINE_BYTES];

    assert_int_equal(index != DCACHE_NONE, copy->held);
    if (!copy->held)
        return;
    view_content(&view, number[holder], index, bytes);
    compare("content", holder, line, bytes, copy->bytes, step);
    assert_int_equal(caches[holder].lines[index].dirty, copy->dirty);
    if (holder == simple.running)
        compare("mapping", holder, line, gm_line_ptr(&gm, line), copy->bytes, step);
}

static void look(int step)
{
    uint8_t bytes[LINES][GM_LINE_BYTES], line_bytes[GM_LINE_BYTES];

    view_read(&view, addr_of(0, 0), bytes, sizeof(bytes));
    for (uint32_t line = 0; line < LINES; line++) {
        const struct copy *cluster = &simple.copies[CLUSTER][line];

        compare("GM", -1, line, bytes[line], simple.gm[line], step);
        for (int holder = 0; holder < HOLDERS; holder++)
            look_at_holder(holder, line, step);
        view_coherent_read(&view, addr_of(line, 0), line_bytes, GM_LINE_BYTES);
        compare("coherent read", CLUSTER, line, line_bytes, cluster->held ? cluster->bytes : simple.gm[line], step);
    }
}

/* ---- tests ---- */

static void build(bool dma_snooped)
{
    memset(&simple, 0, sizeof(simple));
    assert_int_equal(gm_init(&gm, 1 << 20, 0, false), 0);
    assert_int_equal(view_init(&view, &gm, SPARE_LINES, dma_snooped), 0);
    for (int i = 0; i < HOLDERS; i++) {
        assert_int_equal(dcache_init(&caches[i], &geometry), 0);
        view.caches[number[i]] = &caches[i];
    }
    memset(simple.gm, '.', sizeof(simple.gm));
    memset(gm.base, '.', sizeof(simple.gm));
    enter(-1);
}

static void take_down(void)
{
    assert_int_equal(view.dropped_queue, 0);
    assert_true(view.directory.used <= SPARE_LINES);
    for (int i = 0; i < HOLDERS; i++)
        dcache_fini(&caches[i]);
    view_fini(&view);
    gm_fini(&gm);
}

static void run(uint64_t seed, bool dma_snooped)
{
    build(dma_snooped);
    lot = seed;
    for (int step = 0; step < STEPS; step++) {
        step_by_lot();
        look(step);
    }
    enter(-1);
    for (int holder = 0; holder < HOLDERS; holder++)
        for (uint32_t line = 0; line < LINES; line++)
            if (simple.copies[holder][line].held)
                leave(holder, line, false);
    look(STEPS);
    for (uint32_t line = 0; line < LINES; line++) /* with nobody holding anything, the mapping is GM */
        compare("mapping", -1, line, gm_line_ptr(&gm, line), simple.gm[line], STEPS);
    take_down();
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
