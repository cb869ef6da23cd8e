/* Critical paths with known answers. Times are odd picoseconds, so that nothing can be right by rounding. */
#include "timeline_fixture.h"

#include "traces/critical_path.h"

static struct timeline *timeline;
static struct schedule *schedule;
static struct critical_path path;

static void find(uint32_t launch)
{
    uint64_t sum_ps = 0, at_ps;

    if (!timeline) {
        timeline = fix_read();
        schedule = schedule_new(timeline);
        assert_non_null(schedule);
    }
    assert_true(critical_path_find(schedule, launch, &path));
    at_ps = schedule->launches[launch].begin_ps;
    for (size_t i = 0; i < path.count; i++) {
        assert_int_equal(path.hops[i].begin_ps, at_ps);
        at_ps = path.hops[i].end_ps;
        sum_ps += path.hops[i].end_ps - path.hops[i].begin_ps;
    }
    if (path.count == 0)
        return;
    assert_int_equal(at_ps, schedule->launches[launch].end_ps);
    assert_int_equal(sum_ps, schedule->launches[launch].end_ps - schedule->launches[launch].begin_ps);
}

static int done(void **state)
{
    (void)state;
    critical_path_fini(&path);
    schedule_free(schedule);
    timeline_free(timeline);
    timeline = NULL;
    schedule = NULL;
    return 0;
}

/* Hop @index is of @kind, of the task with @id (-1: none), and ends at @end_ps. */
static void expect(size_t index, enum hop_kind kind, int id, uint64_t end_ps)
{
    assert_true(index < path.count);
    if (path.hops[index].kind != kind || path.hops[index].end_ps != end_ps)
        fail_msg("hop %zu is %s up to %llu, not %s up to %llu", index, hop_name(path.hops[index].kind),
                 (unsigned long long)path.hops[index].end_ps, hop_name(kind), (unsigned long long)end_ps);
    if (id < 0)
        assert_int_equal(path.hops[index].task, TRACE_NONE);
    else
        assert_int_equal(schedule->tasks[path.hops[index].task].id, id);
}

static void a_chain_has_every_hop(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(1003, 100007);
    fix_edge(0, 1);
    fix_tasks((struct fix_task[]){{7, 0, "a", 10011, 11017, 20023, 22029}, {8, 1, "b", 23031, 24037, 40041, 50051}}, 2);
    find(0);
    assert_int_equal(path.count, 9);
    expect(0, HOP_START_UP, -1, 10011);
    expect(1, HOP_DISPATCH, 7, 11017);
    expect(2, HOP_KERNEL, 7, 20023);
    expect(3, HOP_COMPLETION, 7, 22029);
    expect(4, HOP_SCHEDULER, 8, 23031);
    expect(5, HOP_DISPATCH, 8, 24037);
    expect(6, HOP_KERNEL, 8, 40041);
    expect(7, HOP_COMPLETION, 8, 50051);
    expect(8, HOP_SHUTDOWN, -1, 100007);
    assert_int_equal(path.task_count, 2);
    assert_int_equal(path.ps[HOP_KERNEL], 20023 - 11017 + 40041 - 24037);
}

/* Of two tasks before the last one, that which was seen later, though the other one ended later. */
static void a_diamond_goes_by_what_was_seen_last(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 90001);
    fix_edge(0, 1);
    fix_edge(0, 2);
    fix_edge(1, 3);
    fix_edge(2, 3);
    fix_tasks((struct fix_task[]){{0, 0, "top", 1000, 2000, 10000, 11000},
                                  {1, 0, "left", 12000, 13000, 30000, 45001},
                                  {2, 1, "right", 12500, 13000, 40000, 41000},
                                  {3, 1, "bottom", 46003, 47000, 60000, 61000}},
              4);
    find(0);
    assert_int_equal(path.task_count, 3);
    expect(5, HOP_DISPATCH, 1, 13000);
    expect(6, HOP_KERNEL, 1, 30000);
    expect(7, HOP_COMPLETION, 1, 45001);
    expect(8, HOP_SCHEDULER, 3, 46003);
}

/* Three independent tasks on one core: the last one waited for it nearly all the time. */
static void fan_out_waits_for_cores(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_edge(0, 1);
    fix_edge(0, 2);
    fix_edge(0, 3);
    fix_tasks((struct fix_task[]){{0, 1, "root", 1000, 2000, 3000, 4000},
                                  {1, 0, "leaf", 5000, 6000, 10000, 11000},
                                  {2, 0, "leaf", 12000, 13000, 20000, 21001},
                                  {3, 0, "leaf", 22007, 23000, 30000, 31000}},
              4);
    find(0);
    assert_int_equal(path.task_count, 2);
    expect(4, HOP_WAIT_CORE, 3, 21001);
    expect(5, HOP_SCHEDULER, 3, 22007);
    expect(6, HOP_DISPATCH, 3, 23000);
    assert_int_equal(path.ps[HOP_WAIT_CORE], 21001 - 4000);
}

/* A task that is given to a core while another one runs there waits for the core, too. */
static void what_is_queued_at_a_core_waits_for_it(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_edge(0, 2);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2000, 3000, 3500},
                                  {1, 1, "b", 1000, 2000, 20001, 26000},
                                  {2, 1, "c", 4000, 20503, 30000, 31000}},
              3);
    find(0);
    expect(4, HOP_WAIT_CORE, 2, 20001);
    expect(5, HOP_DISPATCH, 2, 20503);
    assert_int_equal(path.ps[HOP_WAIT_CORE], 20001 - 3500);
}

/* Dispatched before the task before it had ended: no scheduler stands between them. */
static void cores_hand_over_by_themselves(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_edge(0, 1);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2000, 10001, 40000}, {1, 1, "b", 1500, 10501, 20000, 45000}}, 2);
    find(0);
    expect(0, HOP_START_UP, -1, 1000);
    expect(2, HOP_KERNEL, 0, 10001);
    expect(3, HOP_HAND_OVER, 1, 10501);
}

/* Equal times: the one that ended last, then the one that comes first. */
static void ties_are_broken_the_same_way(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    for (int i = 0; i < 3; i++)
        fix_edge(i, 3);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2000, 8000, 12000},
                                  {1, 1, "b", 1000, 3000, 9000, 12000},
                                  {2, 2, "c", 1000, 2000, 9000, 12000},
                                  {3, 3, "d", 13000, 14000, 15000, 16000}},
              4);
    find(0);
    assert_int_equal(path.task_count, 2);
    expect(2, HOP_KERNEL, 2, 9000); /* c begins before b: it comes first */
}

static void each_launch_has_its_own(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 20000);
    fix_launch(20000, 60001); /* where the other one ends */
    fix_edge(0, 1);           /* an arrow between launches holds nothing up */
    fix_tasks((struct fix_task[]){{0, 0, "a", 1000, 2000, 10000, 11000}, {0, 0, "a", 21000, 22003, 30000, 31000}}, 2);
    find(0);
    assert_int_equal(path.task_count, 1);
    expect(4, HOP_SHUTDOWN, -1, 20000);
    critical_path_fini(&path);
    find(1);
    expect(0, HOP_START_UP, -1, 21000);
    expect(1, HOP_DISPATCH, 0, 22003);
    expect(4, HOP_SHUTDOWN, -1, 60001);
}

/* A task at the very picosecond where one launch ends and the next begins is of the next one. */
static void a_border_belongs_to_the_later_launch(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 20000);
    fix_launch(20000, 40000);
    fix_tasks((struct fix_task[]){{5, 0, "a", 0, 20000, 30000, 0}}, 1);
    find(0);
    assert_int_equal(path.count, 0);
    find(1);
    assert_int_equal(path.count, 2);
    expect(0, HOP_KERNEL, 5, 30000);
}

static void without_dispatches_it_is_a_hand_over(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 50000);
    fix_edge(0, 1);
    fix_tasks((struct fix_task[]){{0, 0, "a", 0, 2000, 10001, 0}, {1, 1, "b", 0, 10501, 20000, 0}}, 2);
    find(0);
    assert_int_equal(path.count, 5);
    expect(0, HOP_START_UP, -1, 2000);
    expect(1, HOP_KERNEL, 0, 10001);
    expect(2, HOP_HAND_OVER, 1, 10501);
    expect(3, HOP_KERNEL, 1, 20000);
    expect(4, HOP_SHUTDOWN, -1, 50000);
}

/* One task after the other on two cores, and no edges: what was seen last before a dispatch came before it. */
static void without_edges_it_goes_by_what_was_seen(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(503, 100001);
    fix_tasks((struct fix_task[]){{0, 0, "a", 5007, 6011, 20013, 22017},
                                  {1, 1, "b", 23019, 24023, 50029, 52031},
                                  {2, 0, "c", 53037, 54041, 60043, 62047}},
              3);
    find(0);
    assert_int_equal(path.count, 13);
    expect(0, HOP_START_UP, -1, 5007);
    expect(1, HOP_DISPATCH, 0, 6011);
    expect(2, HOP_KERNEL, 0, 20013);
    expect(3, HOP_COMPLETION, 0, 22017);
    expect(4, HOP_SCHEDULER, 1, 23019);
    expect(5, HOP_DISPATCH, 1, 24023);
    expect(6, HOP_KERNEL, 1, 50029);
    expect(7, HOP_COMPLETION, 1, 52031);
    expect(8, HOP_SCHEDULER, 2, 53037);
    expect(9, HOP_DISPATCH, 2, 54041);
    expect(10, HOP_KERNEL, 2, 60043);
    expect(11, HOP_COMPLETION, 2, 62047);
    expect(12, HOP_SHUTDOWN, -1, 100001);
    assert_int_equal(path.ps[HOP_KERNEL], 14002 + 26006 + 6002);
    assert_int_equal(path.ps[HOP_DISPATCH], 1004 + 1004 + 1004);
    assert_int_equal(path.ps[HOP_COMPLETION], 2004 + 2002 + 2004);
    assert_int_equal(path.ps[HOP_SCHEDULER], 1002 + 1006);
    assert_int_equal(path.ps[HOP_START_UP], 4504);
    assert_int_equal(path.ps[HOP_SHUTDOWN], 37954);
}

/* A core that was given its next task while it had one: it goes on by itself. The other core's task was seen later, but
 * had nothing to do with it. */
static void without_edges_two_deep_cores_go_on(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 60001);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1009, 2017, 20011, 21013},
                                  {1, 1, "x", 1010, 2019, 9001, 10007},
                                  {2, 0, "b", 11003, 20311, 40009, 43019}},
              3);
    find(0);
    assert_int_equal(path.count, 7);
    expect(0, HOP_START_UP, -1, 1009);
    expect(1, HOP_DISPATCH, 0, 2017);
    expect(2, HOP_KERNEL, 0, 20011);
    expect(3, HOP_HAND_OVER, 2, 20311);
    expect(4, HOP_KERNEL, 2, 40009);
    expect(5, HOP_COMPLETION, 2, 43019);
    expect(6, HOP_SHUTDOWN, -1, 60001);
}

/* Cores that walk a list of their own: nobody dispatches, nobody looks but at the last end of core 0. The task that
 * ended last counts, though nobody has seen it. */
static void a_plan_follows_its_core(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(7, 50003);
    fix_tasks((struct fix_task[]){{0, 0, "a", 1001, 2003, 9001, 0},
                                  {1, 0, "b", 0, 9511, 20021, 41017},
                                  {2, 1, "c", 0, 3001, 15013, 0},
                                  {3, 1, "d", 0, 22027, 40031, 0}},
              4);
    find(0);
    assert_int_equal(path.count, 7);
    expect(0, HOP_START_UP, -1, 1001);
    expect(1, HOP_HAND_OVER, 2, 3001);
    expect(2, HOP_KERNEL, 2, 15013);
    expect(3, HOP_HAND_OVER, 3, 22027);
    expect(4, HOP_KERNEL, 3, 40031);
    expect(5, HOP_COMPLETION, 3, 41017); /* of all */
    expect(6, HOP_SHUTDOWN, -1, 50003);
}

/* An end that was seen late, and last, is no reason to begin there. */
static void the_last_end_counts_not_the_last_look(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 99999);
    fix_edge(0, 1);
    fix_edge(0, 2);
    fix_tasks((struct fix_task[]){{0, 0, "top", 1001, 2002, 10003, 11005},
                                  {1, 0, "short", 12011, 13013, 20017, 71019},
                                  {2, 1, "long", 12511, 13513, 65003, 70001}},
              3);
    find(0);
    assert_int_equal(path.count, 9);
    expect(3, HOP_COMPLETION, 0, 11005);
    expect(4, HOP_SCHEDULER, 2, 12511);
    expect(5, HOP_DISPATCH, 2, 13513);
    expect(6, HOP_KERNEL, 2, 65003);
    expect(7, HOP_COMPLETION, 2, 71019);
    expect(8, HOP_SHUTDOWN, -1, 99999);
}

/* Given up with the launch: its kernel lasts up to there. */
static void what_never_ended_ends_the_path(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(0, 80007);
    fix_edge(0, 2);
    fix_flag(2, "unfinished");
    fix_tasks((struct fix_task[]){{0, 0, "a", 1001, 2003, 10005, 12007},
                                  {1, 1, "b", 1501, 2503, 60005, 61007},
                                  {2, 0, "hangs", 13009, 14011, 80007, 0}},
              3);
    find(0);
    assert_int_equal(path.count, 7);
    assert_true(schedule->tasks[path.hops[6].task].unfinished);
    expect(3, HOP_COMPLETION, 0, 12007);
    expect(4, HOP_SCHEDULER, 2, 13009);
    expect(5, HOP_DISPATCH, 2, 14011);
    expect(6, HOP_KERNEL, 2, 80007);
    assert_int_equal(path.ps[HOP_SHUTDOWN] + path.ps[HOP_WAIT_CORE], 0);
}

/* Only the first of two successors is in the trace: the second one goes by what was seen. With all edges it would have
 * been free from the first dispatch on, and have waited. */
static void where_edges_were_cut_nothing_is_free(void **state)
{
    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        fix_begin();
        fix_launch(0, 60001);
        fix_edge(0, 1);
        if (cut)
            fix_flag(0, "more successors");
        fix_tasks((struct fix_task[]){{0, 0, "a", 1001, 2003, 10005, 12007},
                                      {1, 1, "b", 13001, 14003, 20005, 21007},
                                      {2, 2, "c", 13501, 14503, 30005, 31007}},
                  3);
        find(0);
        assert_int_equal(path.task_count, cut ? 2 : 1);
        expect(cut ? 4 : 1, HOP_SCHEDULER, 2, 13501);
        assert_int_equal(path.ps[HOP_SCHEDULER], cut ? 13501 - 12007 : 13501 - 1001);
        assert_int_equal(path.ps[HOP_KERNEL], cut ? 8002 + 15502 : 15502);
        done(state);
    }
}

/* A task at the border of two launches is of its own device's. */
static void devices_do_not_meet(void **state)
{
    (void)state;
    fix_second = 4;
    fix_begin();
    fix_second = 0;
    fix_launch_of(0, 1003, 40001);
    fix_launch_of(1, 40001, 90005);
    fix_edge(0, 1);
    fix_tasks((struct fix_task[]){{0, 4, "one", 42001, 43003, 70005, 71007},
                                  {1, 5, "one", 72009, 73011, 80013, 81015},
                                  {0, 0, "zero", 2001, 3003, 30005, 31007}},
              3);
    find(0);
    assert_int_equal(schedule->launches[0].device, 0);
    assert_int_equal(path.count, 5);
    expect(2, HOP_KERNEL, 0, 30005);
    expect(4, HOP_SHUTDOWN, -1, 40001);
    critical_path_fini(&path);
    find(1);
    assert_int_equal(schedule->launches[1].device, 1);
    assert_int_equal(path.count, 9);
    expect(0, HOP_START_UP, -1, 42001);
    expect(6, HOP_KERNEL, 1, 80013);
    expect(8, HOP_SHUTDOWN, -1, 90005);
}

/* A launch of another device begins and ends while this one's goes on. */
static void launches_of_devices_overlap(void **state)
{
    (void)state;
    fix_second = 4;
    fix_begin();
    fix_second = 0;
    fix_launch_of(1, 1003, 90005);
    fix_launch_of(0, 10007, 20011);
    fix_tasks((struct fix_task[]){{0, 4, "one", 2001, 3003, 9005, 9507}, {1, 4, "one", 30001, 31003, 80005, 81007}}, 2);
    find(0);
    assert_int_equal(schedule->launches[0].task_count, 2);
    assert_int_equal(schedule->launches[1].task_count, 0);
    expect((int)path.count - 1, HOP_SHUTDOWN, -1, 90005);
}

/* Edges against time, a circle of tasks without length, a task that goes on after its launch: the sum still holds. */
static void odd_traces_do_no_harm(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(1000, 50000);
    fix_edge(0, 1);
    fix_edge(1, 0);
    fix_edge(2, 1);
    fix_edge(3, 3);
    fix_tasks((struct fix_task[]){{0, 0, "a", 2000, 3000, 3000, 3000},
                                  {1, 1, "b", 2500, 3000, 3000, 3000},
                                  {2, 2, "c", 500, 4000, 45000, 70000},
                                  {3, 3, "d", 5000, 6000, 80000, 90000}},
              4);
    find(0);
}

static void an_empty_launch_has_none(void **state)
{
    (void)state;
    fix_begin();
    fix_launch(1000, 50000);
    fix_launch(60000, 60000);
    find(0);
    assert_int_equal(path.count, 0);
    find(1);
    assert_int_equal(path.count, 0);
}

/* Random graphs on few cores, a third without edges, a third without some: find() asserts that hops follow one another
 * and sum to the launch. */
static void hops_sum_exactly_whatever_happens(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct fix_task tasks[FIX_TASKS];
        uint64_t free_ps[FIX_CORES] = {0}, latest_ps = 0;

        fix_begin();
        for (int i = 0; i < FIX_TASKS; i++) {
            uint64_t random[6];

            for (int j = 0; j < 6; j++)
                random[j] = (seed = seed * 6364136223846793005u + 1442695040888963407u) >> 40;
            tasks[i] = (struct fix_task){.id = i, .core = (int)(random[0] % FIX_CORES), .kernel = "k"};
            tasks[i].begin_ps = free_ps[tasks[i].core] + 1 + random[1] % 5000;
            tasks[i].end_ps = free_ps[tasks[i].core] = tasks[i].begin_ps + random[2] % 9000;
            tasks[i].dispatched_ps = random[5] % 7 ? 1 + random[3] % tasks[i].begin_ps : 0;
            tasks[i].seen_ps = random[5] % 5 ? tasks[i].end_ps + random[4] % 9000 : 0;
            for (int before = 0; before < i; before++)
                if (round % 3 && (random[5] >> (before % 16) & 7) == 0)
                    fix_edge(before, i);
            if (tasks[i].end_ps > latest_ps)
                latest_ps = tasks[i].end_ps;
        }
        fix_launch(seed >> 60, latest_ps + (seed >> 50));
        if (round % 3 == 1)
            fix_flag(0, "more successors");
        fix_tasks(tasks, FIX_TASKS);
        find(0);
        assert_true(path.task_count > 0);
        done(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_chain_has_every_hop, done),
        cmocka_unit_test_teardown(a_diamond_goes_by_what_was_seen_last, done),
        cmocka_unit_test_teardown(fan_out_waits_for_cores, done),
        cmocka_unit_test_teardown(what_is_queued_at_a_core_waits_for_it, done),
        cmocka_unit_test_teardown(cores_hand_over_by_themselves, done),
        cmocka_unit_test_teardown(ties_are_broken_the_same_way, done),
        cmocka_unit_test_teardown(each_launch_has_its_own, done),
        cmocka_unit_test_teardown(a_border_belongs_to_the_later_launch, done),
        cmocka_unit_test_teardown(without_dispatches_it_is_a_hand_over, done),
        cmocka_unit_test_teardown(without_edges_it_goes_by_what_was_seen, done),
        cmocka_unit_test_teardown(without_edges_two_deep_cores_go_on, done),
        cmocka_unit_test_teardown(a_plan_follows_its_core, done),
        cmocka_unit_test_teardown(the_last_end_counts_not_the_last_look, done),
        cmocka_unit_test_teardown(what_never_ended_ends_the_path, done),
        cmocka_unit_test_teardown(where_edges_were_cut_nothing_is_free, done),
        cmocka_unit_test_teardown(devices_do_not_meet, done),
        cmocka_unit_test_teardown(launches_of_devices_overlap, done),
        cmocka_unit_test_teardown(odd_traces_do_no_harm, done),
        cmocka_unit_test_teardown(an_empty_launch_has_none, done),
        cmocka_unit_test_teardown(hops_sum_exactly_whatever_happens, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
