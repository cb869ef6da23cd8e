/* test_reader.c - what trace.h was told comes back through reader.h, from both formats; and a file that is damaged in
 * any way is refused with a line or read, never more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/trace_fixture.h"
#include "traces/reader.h"
#include "traces/timeline_write.h"

static struct timeline *read_it(const char *path)
{
    struct timeline *timeline = timeline_read(path, error, sizeof error);
    if (!timeline)
        fail_msg("%s", error);
    return timeline;
}

static struct timeline *written(const char *name, enum trace_format format, void (*tell)(struct trace *))
{
    struct trace *trace = trace_open(in_folder(name), format, error, sizeof error);
    assert_non_null(trace);
    tell(trace);
    close_trace(trace);
    return read_it(in_folder(name));
}

static const struct trace_slice *find(const struct timeline *timeline, const char *row, const char *name)
{
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        if (strcmp(timeline->rows[slice->row].name, row) == 0 && strcmp(timeline->strings[slice->name], name) == 0)
            return slice;
    }
    fail_msg("no '%s' on row '%s'", name, row);
    return NULL;
}

static void expect_row(const struct timeline *timeline, uint32_t index, const char *name, uint32_t parent)
{
    assert_true(index < timeline->row_count);
    assert_string_equal(timeline->rows[index].name, name);
    assert_int_equal(timeline->rows[index].parent, parent);
}

/* The run of trace_fixture.h. */
static void expect_run(const struct timeline *timeline)
{
    assert_int_equal(timeline->row_count, 7);
    expect_row(timeline, 0, "AICPU", TRACE_NONE);
    expect_row(timeline, 1, "Sched_0", 0);
    expect_row(timeline, 2, "ready tasks", 0);
    expect_row(timeline, 3, "Cluster 0", TRACE_NONE);
    expect_row(timeline, 4, "AIC_0", 3);
    expect_row(timeline, 5, "AIV_0", 3);
    expect_row(timeline, 6, "MTE2", 5);
    assert_true(timeline->rows[0].is_group && timeline->rows[2].is_counter && !timeline->rows[4].is_group);

    assert_int_equal(timeline->slice_count, 7);
    const struct trace_slice *task = find(timeline, "AIC_0", "add"), *load = find(timeline, "AIC_0", "load");
    const struct trace_slice *compute = find(timeline, "AIC_0", "compute"), *log = find(timeline, "Sched_0", "log");
    assert_int_equal(task->begin_ns, 4);
    assert_int_equal(task->end_ns, 9);
    assert_true(task->depth == 0 && task->parent == TRACE_NONE && load->depth == 1 && compute->depth == 1);
    assert_ptr_equal(&timeline->slices[load->parent], task);
    assert_ptr_equal(&timeline->slices[compute->parent], task);
    assert_string_equal(timeline->strings[task->category], "task");
    assert_true(log->instant && !task->instant && log->begin_ns == 2);
    assert_ptr_equal(&timeline->slices[log->parent], find(timeline, "Sched_0", "dispatch"));

    assert_int_equal(timeline_arg(timeline, task, "task")->value.u, 7);
    assert_int_equal(timeline_arg(timeline, task, "offset")->value.i, -3);
    assert_true(timeline_arg(timeline, task, "gbps")->value.d == 1.5);
    assert_string_equal(timeline->strings[timeline_arg(timeline, task, "kernel")->value.s], "add");
    assert_int_equal(timeline_arg(timeline, task, "gm")->kind, TRACE_POINTER);
    assert_int_equal(timeline_arg(timeline, task, "gm")->value.u, 0x7f001000);
    assert_true(timeline_arg(timeline, task, "cold")->value.b);
    assert_null(timeline_arg(timeline, task, "colder"));
    assert_non_null(timeline_arg(timeline, find(timeline, "AIV_0", "add"), "unfinished"));

    assert_int_equal(timeline->flow_count, 2);
    assert_ptr_equal(&timeline->slices[timeline->flows[0].from], log);
    assert_ptr_equal(&timeline->slices[timeline->flows[0].to], task);
    assert_ptr_equal(&timeline->slices[timeline->flows[1].from], task);
    assert_ptr_equal(&timeline->slices[timeline->flows[1].to], find(timeline, "AIV_0", "add"));

    assert_int_equal(timeline->sample_count, 2);
    assert_true(timeline->samples[0].time_ns == 3 && timeline->samples[0].value == 2.0);
    assert_true(timeline->samples[1].time_ns == 4 && timeline->samples[1].value == 0.5);
}

static void test_comes_back(void **state)
{
    static const char *const names[] = {"a.pftrace", "a.pftrace.gz", "a.json", "a.json.gz"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct timeline *timeline = written(names[i], i < 2 ? TRACE_PERFETTO : TRACE_JSON, tell_run);
        expect_run(timeline);
        timeline_free(timeline);
    }
}

/* Both formats, written from what was read. */
static void test_written_again(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct timeline *timeline = written("a", i / 2 ? TRACE_JSON : TRACE_PERFETTO, tell_run);
        struct trace *trace = trace_open(in_folder("b"), i % 2 ? TRACE_JSON : TRACE_PERFETTO, error, sizeof error);
        const struct timeline_part all = TIMELINE_ALL;
        assert_true(timeline_write(timeline, &all, trace) >= 0);
        close_trace(trace);
        timeline_free(timeline);
        timeline = read_it(in_folder("b"));
        expect_run(timeline);
        timeline_free(timeline);
    }
}

static void tell_twins(struct trace *trace)
{
    trace_track_id row = trace_track(trace, trace_process(trace, "g", 0), "r", 0);
    const struct trace_arg begin = trace_arg_int("begin ps", 250), end = trace_arg_int("end ps", 750);
    trace_begin(trace, row, 1250, &(struct trace_event){.name = "exact", .args = &begin, .arg_count = 1});
    trace_end(trace, row, 1750, &(struct trace_event){.args = &end, .arg_count = 1});
    trace_slice(trace, row, 2000, 2100, &(struct trace_event){.name = "first"}); /* in ns, nothing lies between */
    trace_slice(trace, row, 2200, 2300, &(struct trace_event){.name = "second"});
    trace_slice(trace, row, 2400, 5000, &(struct trace_event){.name = "third"});
    trace_slice(trace, row, 2500, 2600, &(struct trace_event){.name = "inside"});
}

static void test_picoseconds(void **state)
{
    (void)state;
    struct timeline *timeline = written("a", TRACE_PERFETTO, tell_twins);
    const struct trace_slice *exact = find(timeline, "r", "exact");
    assert_int_equal(timeline_begin_ps(timeline, exact), 1250);
    assert_int_equal(timeline_end_ps(timeline, exact), 1750);
    assert_int_equal(timeline_end_ps(timeline, find(timeline, "r", "third")), 5000);
    assert_int_equal(timeline_string(timeline, "exact"), exact->name);
    assert_int_equal(timeline_string(timeline, "no such string"), TRACE_NONE);
    timeline_free(timeline);
}

/* Without arguments that nobody asked for all else is the same, also the picoseconds that stood in some. */
static void test_some_arguments(void **state)
{
    static const char *const names[] = {"offset", "not there", NULL};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct timeline *all = written("a", i ? TRACE_JSON : TRACE_PERFETTO, i ? tell_run : tell_twins);
        struct timeline *some = timeline_read_args(in_folder("a"), names, error, sizeof error);
        assert_non_null(some);
        assert_int_equal(some->slice_count, all->slice_count);
        assert_int_equal(some->flow_count, all->flow_count);
        for (size_t k = 0; k < all->slice_count; k++) {
            assert_int_equal(timeline_begin_ps(some, &some->slices[k]), timeline_begin_ps(all, &all->slices[k]));
            assert_int_equal(timeline_end_ps(some, &some->slices[k]), timeline_end_ps(all, &all->slices[k]));
            const struct trace_value *kept = timeline_arg(some, &some->slices[k], "offset");
            const struct trace_value *told = timeline_arg(all, &all->slices[k], "offset");
            assert_int_equal(kept != NULL, told != NULL);
            assert_true(!kept || kept->value.i == told->value.i);
            assert_int_equal(some->slices[k].arg_count, kept != NULL);
        }
        timeline_free(all);
        timeline_free(some);
    }
}

/* Slices at the same nanosecond keep their order and their nesting. */
static void test_same_nanosecond(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct timeline *timeline = written("a", i ? TRACE_JSON : TRACE_PERFETTO, tell_twins);
        const struct trace_slice *first = find(timeline, "r", "first");
        assert_string_equal(timeline->strings[first[1].name], "second");
        assert_string_equal(timeline->strings[first[2].name], "third");
        assert_string_equal(timeline->strings[first[3].name], "inside");
        assert_true(first[0].depth == 0 && first[1].depth == 0 && first[2].depth == 0 && first[3].depth == 1);
        timeline_free(timeline);
    }
}

static void test_cut(void **state)
{
    (void)state;
    struct timeline *timeline = written("a", TRACE_PERFETTO, tell_run);
    struct timeline_part part = TIMELINE_ALL;
    part.from_ns = 5;
    part.to_ns = 8;
    struct trace *trace = open_trace(in_folder("b"));
    assert_true(timeline_write(timeline, &part, trace) >= 0);
    close_trace(trace);
    timeline_free(timeline);
    timeline = read_it(in_folder("b"));
    const struct trace_slice *task = find(timeline, "AIC_0", "add");
    const struct trace_value *clipped = timeline_arg(timeline, task, "clipped");
    assert_int_equal(timeline->slice_count, 3);
    assert_int_equal(timeline->flow_count, 0); /* their other ends are outside */
    assert_true(task->begin_ns == 5 && task->end_ns == 8);
    assert_string_equal(timeline->strings[clipped->value.s], "begin and end");
    clipped = timeline_arg(timeline, find(timeline, "AIC_0", "load"), "clipped");
    assert_string_equal(timeline->strings[clipped->value.s], "begin");
    assert_int_equal(timeline->sample_count, 1); /* what the curve had before */
    assert_true(timeline->samples[0].time_ns == 5 && timeline->samples[0].value == 0.5);
    timeline_free(timeline);
}

/* ---- files of others ---- */

static struct timeline *read_text(const char *text, struct timeline_faults *faults)
{
    FILE *file = fopen(in_folder("t"), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return timeline_inspect(in_folder("t"), faults, error, sizeof error);
}

/* Whole slices in the order in which they ended, as many tools write them. */
static void test_whole_slices(void **state)
{
    (void)state;
    struct timeline_faults faults;
    struct timeline *timeline = read_text(
        "[{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":5,\"dur\":4,\"name\":\"inner\",\"args\":{\"x\":{\"y\":1},\"z\":2}},"
        "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":5,\"dur\":9,\"name\":\"outer\"},"
        "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":0,\"dur\":5,\"name\":\"before\"},"
        "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":5,\"dur\":0,\"name\":\"point\"},"
        "{\"ph\":\"b\",\"pid\":1,\"tid\":2,\"ts\":5,\"name\":\"asynchronous\"},"
        "{\"ph\":\"C\",\"pid\":1,\"ts\":5.5,\"name\":\"curve\",\"args\":{\"a\":1,\"b\":2.5}},"
        "{\"ph\":\"M\",\"pid\":1,\"tid\":2,\"name\":\"thread_name\",\"args\":{\"name\":\"worker\"}}",
        &faults);
    assert_non_null(timeline);
    assert_int_equal(timeline->slice_count, 4);
    const struct trace_slice *outer = find(timeline, "worker", "outer"), *inner = find(timeline, "worker", "inner");
    assert_true(outer->depth == 0 && outer->begin_ns == 5000 && outer->end_ns == 14000);
    assert_true(inner->depth == 1 && inner->begin_ns == 5000 && inner->end_ns == 9000);
    assert_int_equal(inner->arg_count, 1);
    assert_true(find(timeline, "worker", "before")->end_ns == 5000);
    assert_true(find(timeline, "worker", "point")->depth == 2);
    assert_int_equal(timeline->sample_count, 2);
    assert_string_equal(timeline->rows[timeline->samples[1].row].name, "curve b");
    timeline_free(timeline);
}

/* Bytes of packets, as Perfetto's SDK writes them: messages with their lengths in front. */
struct bytes {
    uint8_t data[512];
    size_t size;
};

static void byte(struct bytes *bytes, int value)
{
    bytes->data[bytes->size++] = (uint8_t)value;
}

static void varint(struct bytes *bytes, unsigned value)
{
    for (; value >= 0x80; value >>= 7)
        byte(bytes, (int)(value | 0x80));
    byte(bytes, (int)value);
}

static void number(struct bytes *bytes, unsigned field, unsigned value)
{
    varint(bytes, field << 3);
    varint(bytes, value);
}

static void piece(struct bytes *bytes, unsigned field, const void *data, size_t size)
{
    varint(bytes, field << 3 | 2);
    varint(bytes, (unsigned)size);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

static void packet(struct bytes *trace, struct bytes *packet)
{
    number(packet, 10, 7); /* the sequence */
    number(packet, 99, 5); /* nobody knows this field */
    piece(trace, 1, packet->data, packet->size);
    *packet = (struct bytes){0};
}

/* A clock of the sequence's own that counts differences, in units of 10 ns; a thread that names no parent; the track
 * that is meant when none is told; and a string whose number changes its meaning when the state is cleared. */
static void test_foreign_sequence(void **state)
{
    (void)state;
    struct bytes trace = {0}, next = {0}, part = {0}, inner = {0};
    number(&inner, 1, 32); /* pid */
    piece(&inner, 6, "P", 1);
    number(&part, 1, 100); /* uuid */
    piece(&part, 3, inner.data, inner.size);
    piece(&next, 60, part.data, part.size);
    packet(&trace, &next);
    part = inner = (struct bytes){0};
    number(&inner, 1, 32);
    number(&inner, 2, 33);
    piece(&inner, 5, "T", 1);
    number(&part, 1, 101);
    piece(&part, 4, inner.data, inner.size);
    piece(&next, 60, part.data, part.size);
    packet(&trace, &next);
    for (int round = 0; round < 2; round++) {
        part = inner = (struct bytes){0};
        number(&next, 13, 1); /* the state is cleared */
        number(&part, 58, 64);
        number(&inner, 11, 101);
        piece(&part, 11, inner.data, inner.size); /* the default track */
        piece(&next, 59, part.data, part.size);
        part = inner = (struct bytes){0};
        number(&inner, 1, 64);
        number(&inner, 2, round ? 200 : 100); /* x 10 ns */
        number(&inner, 3, 1);
        number(&inner, 4, 10);
        piece(&part, 1, inner.data, inner.size);
        piece(&next, 6, part.data, part.size);
        packet(&trace, &next);
        for (int type = 1; type <= 2; type++) {
            part = inner = (struct bytes){0};
            number(&next, 13, 2);
            number(&next, 8, 3); /* 30 ns later */
            number(&part, 9, (unsigned)type);
            if (type == 1)
                number(&part, 10, 1);
            piece(&next, 11, part.data, part.size);
            part = (struct bytes){0};
            number(&inner, 1, 1);
            piece(&inner, 2, round ? "two" : "one", 3);
            piece(&part, 2, inner.data, inner.size);
            if (type == 1)
                piece(&next, 12, part.data, part.size);
            packet(&trace, &next);
        }
    }
    FILE *file = fopen(in_folder("t"), "w");
    fwrite(trace.data, 1, trace.size, file);
    fclose(file);
    struct timeline_faults faults;
    struct timeline *timeline = timeline_inspect(in_folder("t"), &faults, error, sizeof error);
    if (!timeline)
        fail_msg("%s", error);
    assert_int_equal(faults.count, 0);
    expect_row(timeline, 0, "P", TRACE_NONE);
    expect_row(timeline, 1, "T", 0);
    const struct trace_slice *one = find(timeline, "T", "one"), *two = find(timeline, "T", "two");
    assert_true(one->begin_ns == 1030 && one->end_ns == 1060 && two->begin_ns == 2030 && two->end_ns == 2060);
    timeline_free(timeline);
}

static void test_unknown_state(void **state)
{
    (void)state;
    struct timeline_faults faults;
    /* an event that needs a state nobody has told: packet{seq 7, flags 2, timestamp 5, track_event{type begin}} */
    static const char bytes[] = {0x0a, 10, 0x50, 7, 0x68, 2, 0x40, 5, 0x5a, 2, 0x48, 1};
    FILE *file = fopen(in_folder("t"), "w");
    fwrite(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_null(timeline_inspect(in_folder("t"), &faults, error, sizeof error));
    assert_non_null(strstr(error, "no track events"));
    assert_int_equal(faults.count, 1);
    assert_non_null(strstr(faults.lines[0], "needs packets before it"));
}

/* ---- damage ---- */

static uint64_t lot = 88172645463325252ull;

static uint64_t draw(void)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    return lot ^= lot << 17;
}

static size_t slurp(const char *path, uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

/* Everything in a timeline that was read points at something. */
static void look_at_all(const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->row_count; i++) {
        assert_non_null(timeline->rows[i].name);
        assert_true(timeline->rows[i].parent == TRACE_NONE || timeline->rows[i].parent < i);
    }
    for (size_t i = 0; i < timeline->slice_count; i++) {
        const struct trace_slice *slice = &timeline->slices[i];
        assert_true(slice->row < timeline->row_count && slice->begin_ns <= slice->end_ns);
        assert_true(slice->name < timeline->string_count && slice->category < timeline->string_count);
        assert_true((size_t)slice->first_arg + slice->arg_count <= timeline->arg_count);
        assert_true(i == 0 || slice[-1].row < slice->row ||
                    (slice[-1].row == slice->row && slice[-1].begin_ns <= slice->begin_ns));
        assert_true(slice->parent == TRACE_NONE
                        ? slice->depth == 0
                        : slice->parent < i && timeline->slices[slice->parent].row == slice->row);
    }
    for (size_t i = 0; i < timeline->flow_count; i++) {
        const struct trace_flow *flow = &timeline->flows[i];
        assert_true(flow->from == TRACE_NONE || flow->from < timeline->slice_count);
        assert_true(flow->to == TRACE_NONE || flow->to < timeline->slice_count);
        assert_true(flow->from != TRACE_NONE || flow->to != TRACE_NONE);
    }
    for (size_t i = 0; i < timeline->sample_count; i++)
        assert_true(timeline->samples[i].row < timeline->row_count);
}

/* What can be read can be written. */
static void write_it(const struct timeline *timeline)
{
    const struct timeline_part all = TIMELINE_ALL;
    int files = files_in_folder();
    struct trace *trace = open_trace(in_folder("w"));
    assert_true(timeline_write(timeline, &all, trace) >= 0);
    trace_abandon(trace);
    assert_int_equal(files_in_folder(), files);
}

static void mutate(const char *name, int rounds, int *was_read, int *refused)
{
    static uint8_t good[1 << 16], bad[1 << 16];
    size_t size = slurp(in_folder(name), good, sizeof good);
    for (int round = 0; round < rounds; round++) {
        struct timeline_faults faults;
        memcpy(bad, good, size);
        for (uint64_t changes = draw() % 4 + 1; changes; changes--)
            bad[draw() % size] = draw() % 2 ? (uint8_t)draw() : (uint8_t)(bad[draw() % size] ^ 1 << draw() % 8);
        size_t left = draw() % 4 ? size : draw() % size;
        FILE *file = fopen(in_folder("bad"), "w");
        fwrite(bad, 1, left, file);
        fclose(file);
        *error = '\0';
        struct timeline *timeline = timeline_inspect(in_folder("bad"), &faults, error, sizeof error);
        if (timeline) {
            look_at_all(timeline);
            write_it(timeline);
            ++*was_read;
        } else {
            assert_true(*error && !strchr(error, '\n'));
            ++*refused;
        }
        timeline_free(timeline);
    }
}

static void test_damage(void **state)
{
    static const char *const names[] = {"a.pftrace", "a.pftrace.gz", "a.json"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        int was_read = 0, refused = 0;
        timeline_free(written(names[i], i < 2 ? TRACE_PERFETTO : TRACE_JSON, tell_run));
        mutate(names[i], 1500, &was_read, &refused);
        print_message("%s: %d read, %d refused\n", names[i], was_read, refused);
        assert_true(refused > 100 && (was_read > 20 || i == 1)); /* a gzip file has a checksum */
    }
}

/* Every shorter file is refused: none looks like a whole trace. A plain Perfetto trace may end behind any packet. */
static void test_cut_off(void **state)
{
    static uint8_t good[1 << 16];
    static const char *const names[] = {"a.pftrace.gz", "a.json", "a.json.gz"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        timeline_free(written(names[i], i == 0 ? TRACE_PERFETTO : TRACE_JSON, tell_run));
        size_t size = slurp(in_folder(names[i]), good, sizeof good);
        for (size_t left = 0; left + 1 < size; left++) { /* the last byte of JSON is a newline */
            FILE *file = fopen(in_folder("bad"), "w");
            fwrite(good, 1, left, file);
            fclose(file);
            assert_null(timeline_read(in_folder("bad"), error, sizeof error));
        }
    }
}

static void test_no_file(void **state)
{
    (void)state;
    assert_null(timeline_read("/nowhere/a.pftrace", error, sizeof error));
    assert_non_null(strstr(error, "/nowhere/a.pftrace"));
    assert_null(timeline_read("/tmp", error, sizeof error));
    timeline_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),      cmocka_unit_test(test_written_again),
        cmocka_unit_test(test_picoseconds),     cmocka_unit_test(test_some_arguments),
        cmocka_unit_test(test_same_nanosecond), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_whole_slices),    cmocka_unit_test(test_foreign_sequence),
        cmocka_unit_test(test_unknown_state),   cmocka_unit_test(test_damage),
        cmocka_unit_test(test_cut_off),         cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
