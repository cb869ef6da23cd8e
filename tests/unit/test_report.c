/* What davsim report and compare compute, on traces whose answers are known. */
#include "timeline_fixture.h"

#include <math.h>

#include "traces/compare.h"
#include "traces/report.h"

static struct timeline *timeline;
static struct report *report;

static void make_report(void)
{
    timeline = fix_read();
    report = report_new(timeline);
    assert_non_null(report);
}

static void drop_report(void)
{
    report_free(report);
    timeline_free(timeline);
}

static bool notes(const struct report *of, const char *text)
{
    for (size_t i = 0; i < of->note_count; i++)
        if (strstr(of->notes[i], text))
            return true;
    return false;
}

/* Idle time of core AIV_@n by cause. */
static uint64_t idle(int n, enum idle_cause cause)
{
    for (size_t i = 0; i < report->schedule->core_count; i++) {
        char name[32];

        snprintf(name, sizeof(name), "AIV_%d", n);
        if (strcmp(timeline->rows[report->schedule->cores[i].row].name, name) == 0)
            return report->times[i].idle_ps[cause];
    }
    fail_msg("no core AIV_%d", n);
    return 0;
}

static void percentiles_are_samples(void **state)
{
    uint64_t one[] = {7}, two[] = {9, 5}, many[1000];
    struct time_spread spread = time_spread(one, 1);
    (void)state;
    assert_int_equal(spread.p50_ps, 7);
    assert_int_equal(spread.p99_ps, 7);
    spread = time_spread(two, 2);
    assert_int_equal(spread.p50_ps, 5); /* the lower of two, as in davsim run --report */
    assert_int_equal(spread.avg_ps, 7);
    assert_int_equal(spread.p99_ps, 9);
    for (uint64_t i = 0; i < 1000; i++)
        many[i] = 1000 - i;
    spread = time_spread(many, 1000);
    assert_int_equal(spread.min_ps, 1);
    assert_int_equal(spread.p50_ps, 500);
    assert_int_equal(spread.p99_ps, 990);
    assert_int_equal(spread.max_ps, 1000);
    spread = time_spread(many, 101);
    assert_int_equal(spread.p50_ps, 51);
    assert_int_equal(spread.p99_ps, 100);
    assert_int_equal(time_spread(NULL, 0).max_ps, 0);
}

/* AIV_0: a, then c after a and b; AIV_2: b. */
static void idle_time_has_causes(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(1000, 100000);
    fix_edge(0, 2);
    fix_edge(1, 2);
    fix_tasks((struct fix_task[]){{0, 0, "a", 10000, 11000, 20000, 23000},
                                  {1, 1, "b", 12000, 14000, 40000, 47000},
                                  {2, 0, "c", 52000, 53000, 60000, 70000}},
              3);
    make_report();
    assert_int_equal(idle(0, IDLE_START_UP), 9000);
    assert_int_equal(idle(0, IDLE_DISPATCH), 1000 + 1000);
    assert_int_equal(idle(0, IDLE_UNSEEN), 3000 + 7000 + 10000); /* a, then b that c waits for, then c */
    assert_int_equal(idle(0, IDLE_READY), 5000);
    assert_int_equal(idle(0, IDLE_NOTHING), 40000 - 23000);
    assert_int_equal(idle(0, IDLE_SHUTDOWN), 30000);
    assert_int_equal(idle(0, IDLE_UNEXPLAINED), 0);
    assert_int_equal(idle(2, IDLE_UNSEEN), 7000);
    assert_int_equal(idle(2, IDLE_READY), 2000 + 5000); /* b, then c, which may go to any AIV */
    assert_int_equal(idle(2, IDLE_NOTHING), 70000 - 52000);
    assert_int_equal(report->types[0].time.launch_ps, 2 * 99000);
    assert_int_equal(report->types[0].busy_ps, 9000 + 26000 + 7000);
    drop_report();
}

static void without_edges_nothing_is_guessed(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2000, 10000, 11000}, {1, 0, "a", 20000, 21000, 30000, 31000}}, 2);
    make_report();
    assert_int_equal(idle(0, IDLE_UNEXPLAINED), 20000 - 11000);
    assert_int_equal(idle(0, IDLE_READY) + idle(0, IDLE_NOTHING), 0);
    assert_true(notes(report, "no edges between the tasks of 1 launch:"));
    drop_report();
}

/* One edge is there, but there may be more: what has none was not necessarily ready. */
static void where_edges_were_cut_nothing_is_guessed(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_edge(0, 1);
    fix_flag(0, "more successors");
    fix_tasks((struct fix_task[]){{0, 0, "a", 1001, 2001, 10001, 11003}, {1, 0, "a", 20007, 21001, 30001, 31001}}, 2);
    make_report();
    assert_int_equal(idle(0, IDLE_UNEXPLAINED), 20007 - 11003);
    assert_int_equal(idle(0, IDLE_READY) + idle(0, IDLE_NOTHING), 0);
    assert_true(notes(report, "of 1 launch the trace has not all edges:"));
    assert_false(notes(report, "no edges"));
    drop_report();
}

static void why_a_launch_was_given_up_is_noted(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_flag(0, "unfinished");
    fix_tasks((struct fix_task[]){{0, 0, "a", 1001, 2001, 50000, 0}}, 1);
    trace_instant(fix_trace, fix_host, 50000, &(struct trace_event){.name = "deadlock at 50 ns", .category = "stop"});
    make_report();
    assert_true(notes(report, "a launch was given up: deadlock at 50 ns"));
    assert_true(notes(report, "1 task had not finished when the launch ended"));
    drop_report();
}

static void overheads_count_what_is_known(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2001, 10000, 0}, {1, 0, "b", 20000, 21500, 30000, 31003}}, 2);
    make_report();
    assert_int_equal(report->dispatch_to_start.count, 2);
    assert_int_equal(report->dispatch_to_start.min_ps, 1001);
    assert_int_equal(report->dispatch_to_start.max_ps, 1500);
    assert_int_equal(report->end_to_seen.count, 1);
    assert_int_equal(report->end_to_seen.avg_ps, 1003);
    assert_true(notes(report, "no completion of 1 task:"));
    assert_false(notes(report, "no dispatch"));
    drop_report();
}

static const struct phase *phase(const char *name)
{
    for (size_t i = 0; i < report->phases.all_count; i++)
        if (strcmp(timeline->strings[report->phases.all[i].name], name) == 0)
            return &report->phases.all[i];
    fail_msg("no phase %s", name);
    return NULL;
}

static void phases_count_without_what_is_inside(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 90000);
    fix_slice(fix_scheduler, "aicpu_execute", "program", 1000, 80001);
    fix_slice(fix_scheduler, "init", "phase", 2000, 10003);
    fix_slice(fix_scheduler, "schedule", "phase", 10003, 70000);
    fix_slice(fix_scheduler, "mine", "user", 20000, 60000);
    fix_slice(fix_scheduler, "mine", "user", 30000, 40001); /* inside itself */
    fix_slice(fix_scheduler, "waiting", "wait", 61000, 62000);
    make_report();
    assert_int_equal(phase("aicpu_execute")->self_ps, 1000 + 10001);
    assert_int_equal(phase("init")->self_ps, 8003);
    assert_int_equal(phase("schedule")->self_ps, 70000 - 10003 - 40000 - 1000);
    assert_int_equal(phase("mine")->self_ps, 40000);
    assert_int_equal(phase("mine")->count, 2);
    assert_int_equal(phase("mine")->longest_ps, 40000);
    assert_int_equal(report->phases.sum_ps, 79001);
    assert_true(notes(report, "no tasks"));
    drop_report();
}

static void kernels_with_most_time_come_first(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 90000);
    fix_tasks((struct fix_task[]){{0, 0, "short", 0, 1000, 2000, 0},
                                  {1, 0, "long", 0, 3000, 9000, 0},
                                  {2, 0, "short", 0, 10000, 12000, 0}},
              3);
    make_report();
    assert_int_equal(report->kernel_count, 2);
    assert_string_equal(timeline->strings[report->kernels[0].name], "long");
    assert_int_equal(report->kernels[1].spread.count, 2);
    assert_int_equal(report->kernels[1].spread.sum_ps, 3000);
    drop_report();
}

static void bandwidth_is_of_launches(void **state)
{
    trace_track_id memory, read;
    (void)state;
    fix_begin();
    memory = trace_process(fix_trace, "Memory", 99);
    read = trace_counter_track(fix_trace, memory, "GM read, GB/s", NULL, 0);
    fix_launch(10000, 20000);
    fix_launch(30000, 40000);
    trace_counter(fix_trace, read, 5000, 8.0); /* up to 15000: half of the first launch */
    trace_counter(fix_trace, read, 15000, 0.0);
    trace_counter(fix_trace, read, 22000, 99.0); /* between launches */
    trace_counter(fix_trace, read, 30000, 2.0);
    make_report();
    assert_int_equal(report->rate_count, 1);
    assert_true(fabs(report->rates[0].average - (8.0 * 5 + 2.0 * 10) / 20) < 1e-9);
    assert_true(report->rates[0].highest == 8.0);
    drop_report();
}

static void an_empty_trace_has_a_report(void **state)
{
    (void)state;
    fix_begin();
    make_report();
    assert_int_equal(report->launch_ps, 0);
    assert_true(notes(report, "no launches"));
    assert_true(notes(report, "no tasks"));
    drop_report();
}

static void a_foreign_trace_has_a_report(void **state)
{
    (void)state;
    fix_begin();
    fix_slice(fix_host, "main", "function", 1000, 90000);
    fix_slice(fix_cores[0], "task", NULL, 2000, 3000); /* the name means nothing */
    make_report();
    assert_int_equal(report->simulated_ps, 90000);
    assert_int_equal(report->schedule->task_count, 0);
    assert_true(notes(report, "no launches"));
    drop_report();
}

static void tasks_outside_of_launches_are_told(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(50000, 60000);
    fix_tasks((struct fix_task[]){{0, 0, "a", 0, 1000, 2000, 0}, {-1, 0, "a", 0, 51000, 52000, 0}}, 2);
    make_report();
    assert_true(notes(report, "1 task outside of all launches"));
    assert_true(notes(report, "1 task without an id"));
    assert_int_equal(report->launch_ps, 10000);
    assert_int_equal(report->paths[0].task_count, 1);
    drop_report();
}

/* ---- compare ---- */

static const struct metric *metric(const struct comparison *comparison, const char *name)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (strcmp(comparison->metrics[i].name, name) == 0)
            return &comparison->metrics[i];
    fail_msg("no figure %s", name);
    return NULL;
}

static void runs_are_compared(void **state)
{
    struct timeline *first;
    struct report *before;
    struct comparison *comparison;
    (void)state;

    fix_begin();
    fix_launch(0, 90000);
    fix_tasks((struct fix_task[]){{4, 0, "same", 0, 1000, 2000, 0},
                                  {5, 0, "slower", 0, 3000, 9000, 0},
                                  {6, 0, "gone", 0, 20000, 21000, 0},
                                  {4, 0, "same", 0, 30000, 31000, 0}},
              4);
    make_report();
    first = timeline;
    before = report;
    fix_begin();
    fix_launch(0, 99000);
    fix_tasks((struct fix_task[]){{5, 1, "slower", 0, 3000, 15000, 0},
                                  {4, 1, "same", 0, 20000, 21000, 0},
                                  {4, 1, "same", 0, 30000, 31100, 0},
                                  {9, 1, "new", 0, 40000, 40100, 0}},
              4);
    make_report();
    comparison = comparison_new(before, report);
    assert_non_null(comparison);

    assert_true(metric(comparison, "in launches")->a == 90000 && metric(comparison, "in launches")->b == 99000);
    assert_int_equal(comparison->kernel_count, 4);
    assert_string_equal(comparison->kernels[0].name, "slower");
    assert_int_equal(comparison->kernels[0].b.sum_ps, 12000);
    assert_string_equal(comparison->kernels[1].name, "gone");
    assert_int_equal(comparison->kernels[1].b.count, 0);
    assert_int_equal(comparison->task_count, 3); /* 5, and 4 twice */
    assert_int_equal(comparison->only_a, 1);
    assert_int_equal(comparison->only_b, 1);
    assert_int_equal(before->schedule->tasks[comparison->tasks[0].a].id, 5);
    assert_int_equal(before->schedule->tasks[comparison->tasks[1].a].begin_ps, 30000);
    assert_int_equal(report->schedule->tasks[comparison->tasks[1].b].begin_ps, 30000);
    comparison_free(comparison);
    report_free(before);
    timeline_free(first);
    drop_report();
}

static void a_run_is_like_itself(void **state)
{
    struct comparison *comparison;
    (void)state;
    fix_begin();
    fix_launch(0, 90000);
    fix_edge(0, 1);
    fix_tasks((struct fix_task[]){{1, 0, "a", 500, 1000, 2000, 2500}, {2, 1, "b", 2700, 3000, 9000, 9900}}, 2);
    make_report();
    comparison = comparison_new(report, report);
    assert_non_null(comparison);
    for (size_t i = 0; i < comparison->metric_count; i++)
        assert_true(comparison->metrics[i].a == comparison->metrics[i].b);
    assert_int_equal(comparison->only_a + comparison->only_b, 0);
    comparison_free(comparison);
    drop_report();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_samples),
        cmocka_unit_test(idle_time_has_causes),
        cmocka_unit_test(without_edges_nothing_is_guessed),
        cmocka_unit_test(where_edges_were_cut_nothing_is_guessed),
        cmocka_unit_test(why_a_launch_was_given_up_is_noted),
        cmocka_unit_test(overheads_count_what_is_known),
        cmocka_unit_test(phases_count_without_what_is_inside),
        cmocka_unit_test(kernels_with_most_time_come_first),
        cmocka_unit_test(bandwidth_is_of_launches),
        cmocka_unit_test(an_empty_trace_has_a_report),
        cmocka_unit_test(a_foreign_trace_has_a_report),
        cmocka_unit_test(tasks_outside_of_launches_are_told),
        cmocka_unit_test(runs_are_compared),
        cmocka_unit_test(a_run_is_like_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
