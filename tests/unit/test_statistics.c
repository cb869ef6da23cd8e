/* test_statistics.c - what is counted of a launch, and the result file that tells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <unistd.h>

#include "model/core/pipe.h"
#include "model/result.h"
#include "model/statistics.h"
#include "tests/unit/chip_fixture.h"

static struct statistics *statistics;
static struct figures figures;

static int open_chip(void **state)
{
    (void)state;
    make_chip();
    statistics = statistics_open(&chip);
    return statistics ? 0 : -1;
}

static int close_chip(void **state)
{
    (void)state;
    statistics_close(statistics);
    drop_chip();
    return 0;
}

static void nothing_gives_zeros(void **state)
{
    (void)state;
    statistics_get(statistics, &figures);
    assert_int_equal(figures.launches, 0);
    assert_int_equal(figures.tasks, 0);
    assert_int_equal(figures.cores[CORE_AIC].count, AICS);
    assert_int_equal(figures.cores[CORE_AIV].count, AIVS);
    assert_int_equal(figures.cores[CORE_AICPU].count, AICPUS);
    assert_int_equal(figures.cores[CORE_AIV].used, 0);
    assert_int_equal(figures.dispatch_to_start.count, 0);
    assert_int_equal(figures.end_to_seen.longest_ps, 0);
}

/* One cluster and one AICPU thread of a chip of two. */
static void launch(uint64_t at_ps)
{
    start_cores(0, 1, at_ps + 10);
    start_cores(FIRST_AIV, FIRST_AIV + 2, at_ps + 10);
    start_cores(FIRST_AICPU, FIRST_AICPU + 1, at_ps + 10);
    say(EVENT_LAUNCH_BEGIN, NULL, at_ps, at_ps);
}

static void run_launch(uint64_t at_ps)
{
    launch(at_ps);
    begin_task(0, 1, 0, at_ps + 20, at_ps + 50);
    end_task(0, 1, 0, at_ps + 50, at_ps + 150);
    say(EVENT_TASK_SEEN, &chip.cores[0], at_ps + 150, at_ps + 190);
    begin_task(FIRST_AIV + 1, 2, 0, 0, at_ps + 60); /* dispatched by nobody knows whom */
    end_task(FIRST_AIV + 1, 2, 0, at_ps + 60, at_ps + 100);
    begin_task(0, 1, 0, at_ps + 200, at_ps + 210);
    end_task(0, 1, 0, at_ps + 210, at_ps + 211);
    stop_core(0, at_ps + 400);
    stop_core(FIRST_AIV, at_ps + 400);
    stop_core(FIRST_AIV + 1, at_ps + 400);
    stop_core(FIRST_AICPU, at_ps + 410);
    say(EVENT_LAUNCH_END, NULL, at_ps, at_ps + 420);
}

static void launches_add_up(void **state)
{
    (void)state;
    run_launch(0);
    run_launch(1000);
    statistics_get(statistics, &figures);
    assert_int_equal(figures.launches, 2);
    assert_int_equal(figures.launch_ps, 840);
    assert_int_equal(figures.tasks, 6);
    assert_int_equal(figures.cores[CORE_AIC].used, 1);
    assert_int_equal(figures.cores[CORE_AIC].busy_ps, 202);
    assert_int_equal(figures.cores[CORE_AIV].used, 2);
    assert_int_equal(figures.cores[CORE_AIV].busy_ps, 80);
    assert_int_equal(figures.cores[CORE_AICPU].used, 1);
    assert_int_equal(figures.cores[CORE_AICPU].busy_ps, 800);
    assert_int_equal(figures.cores[CORE_AIC].program_ps, 2 * 390);
    assert_int_equal(figures.cores[CORE_AIV].program_ps, 2 * 2 * 390);
    assert_int_equal(figures.cores[CORE_AICPU].program_ps, 800);
}

static void distributions_are_exact(void **state)
{
    (void)state;
    run_launch(0);
    begin_task(1, 1, 0, 500, 507);
    statistics_get(statistics, &figures);
    assert_int_equal(figures.dispatch_to_start.count, 3); /* 30, 10 and 7 */
    assert_int_equal(figures.dispatch_to_start.sum_ps, 47);
    assert_int_equal(figures.dispatch_to_start.average_ps, 15);
    assert_int_equal(figures.dispatch_to_start.median_ps, 10);
    assert_int_equal(figures.dispatch_to_start.longest_ps, 30);
    assert_int_equal(figures.end_to_seen.count, 1);
    assert_int_equal(figures.end_to_seen.median_ps, 40);
    for (uint64_t i = 0; i < 5000; i++)
        say(EVENT_TASK_SEEN, &chip.cores[0], 0, 100000 - i);
    statistics_get(statistics, &figures);
    assert_int_equal(figures.end_to_seen.count, 5001);
    assert_int_equal(figures.end_to_seen.longest_ps, 100000);
}

/* What was going on when a launch was given up counts until then. */
static void a_launch_may_be_given_up(void **state)
{
    (void)state;
    launch(0);
    begin_task(0, 1, 0, 0, 100);
    begin_task(FIRST_AIV, 1, 0, 0, 700);                /* its own clock is ahead */
    start_cores(FIRST_AICPU + 1, FIRST_AICPU + 2, 300); /* a thread that device code created */
    say(EVENT_STOP, NULL, 0, 500);
    say(EVENT_LAUNCH_END, NULL, 0, 500);
    statistics_get(statistics, &figures);
    assert_int_equal(figures.tasks, 0);
    assert_int_equal(figures.cores[CORE_AIC].busy_ps, 400);
    assert_int_equal(figures.cores[CORE_AIV].busy_ps, 0);
    assert_int_equal(figures.cores[CORE_AICPU].used, 2);
    assert_int_equal(figures.cores[CORE_AICPU].busy_ps, 490 + 200);
    assert_int_equal(figures.cores[CORE_AIC].program_ps, 490);
    assert_int_equal(figures.cores[CORE_AICPU].program_ps, 490 + 200);
}

/* The fixture's chip twice: what it announces is counted for both devices. */
static void devices_add_up(void **state)
{
    struct statistics *both[2] = {statistics, NULL};

    (void)state;
    run_launch(0);
    both[1] = statistics_open(&chip); /* hears of what follows alone */
    run_launch(1000);
    begin_task(1, 1, 0, 1500, 1507);
    chip.cores[0].counters.hits = 3;
    statistics_sum(both, 2, &figures);
    assert_int_equal(figures.launches, 3);
    assert_int_equal(figures.launch_ps, 3 * 420);
    assert_int_equal(figures.tasks, 9);
    assert_int_equal(figures.cores[CORE_AIV].count, 2 * AIVS);
    assert_int_equal(figures.cores[CORE_AIV].used, 4);
    assert_int_equal(figures.cores[CORE_AIV].busy_ps, 3 * 40);
    assert_int_equal(figures.aicore.hits, 6);
    assert_int_equal(figures.dispatch_to_start.count, 8); /* three times 30 and 10, twice 7 */
    assert_int_equal(figures.dispatch_to_start.average_ps, 16);
    assert_int_equal(figures.dispatch_to_start.median_ps, 10);
    assert_int_equal(figures.dispatch_to_start.longest_ps, 30);
    announcer_forget(&chip.announcer, chip.announcer.sinks->next);
    statistics_close(both[1]);
}

static void counters_are_summed_by_kind(void **state)
{
    (void)state;
    for (int i = 0; i < CORES; i++)
        chip.cores[i].counters = (struct core_counters){.hits = 1, .misses = 10, .bus_write_bytes = 64};
    statistics_get(statistics, &figures);
    assert_int_equal(figures.aicore.hits, AICS + AIVS);
    assert_int_equal(figures.aicore.misses, 10 * (AICS + AIVS));
    assert_int_equal(figures.aicpu.hits, AGENTS);
    assert_int_equal(figures.aicpu.bus_write_bytes, 64 * AGENTS);
}

/* Two AIVs and an AIC that have used pipes. */
static struct pipes pipes[3];

static void use_pipes(void)
{
    memset(pipes, 0, sizeof(pipes));
    for (int i = 0; i < 3; i++)
        chip.cores[i ? FIRST_AIV + i : 0].pipes = &pipes[i];
    pipes[0].pipe[ISA_M].instructions = 7;
    pipes[0].pipe[ISA_M].busy_ps = 700;
    pipes[1].pipe[ISA_V].instructions = 2;
    pipes[1].pipe[ISA_V].busy_ps = 20;
    pipes[2].pipe[ISA_V].instructions = 3;
    pipes[2].pipe[ISA_V].busy_ps = 31;
}

static void pipes_are_summed_by_kind(void **state)
{
    (void)state;
    use_pipes();
    statistics_get(statistics, &figures);
    assert_int_equal(figures.pipes[CORE_AIC][ISA_M].instructions, 7);
    assert_int_equal(figures.pipes[CORE_AIC][ISA_V].instructions, 0);
    assert_int_equal(figures.pipes[CORE_AIV][ISA_V].instructions, 5);
    assert_int_equal(figures.pipes[CORE_AIV][ISA_V].busy_ps, 51);
}

/* ---- the result file ---- */

static json_t *written(const struct result_summary *summary)
{
    char path[] = "/tmp/davsim-test-XXXXXX", error[512];
    int fd = mkstemp(path);
    close(fd);
    if (result_write(path, summary, error, sizeof(error)) != 0)
        fail_msg("%s", error);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    unlink(path);
    return root;
}

static json_int_t integer(json_t *root, const char *group, const char *key)
{
    json_t *value = json_object_get(group ? json_object_get(root, group) : root, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void the_result_tells_what_was_counted(void **state)
{
    (void)state;
    run_launch(0);
    chip.clock.time = 430;
    chip.counters.h2d_bytes = 4096;
    chip.cores[0].counters.dcci = 3;
    json_t *root = written(&(struct result_summary){
        .devices = &(struct result_device){&chip, statistics}, .device_count = 1, .trace = "t.gz"});
    assert_int_equal(integer(root, NULL, "status"), 0);
    assert_string_equal(json_string_value(json_object_get(root, "chip")), "fixture");
    assert_string_equal(json_string_value(json_object_get(root, "trace")), "t.gz");
    assert_int_equal(integer(root, NULL, "launches"), 1);
    assert_int_equal(integer(root, NULL, "simulated_ps"), 430);
    assert_int_equal(integer(root, NULL, "tasks"), 3);
    assert_int_equal(integer(json_object_get(root, "cores"), "AIC", "busy_ps"), 101);
    assert_int_equal(integer(json_object_get(root, "overhead"), "end_to_seen_ps", "p50"), 40);
    assert_int_equal(integer(root, "counters", "dcci"), 3);
    assert_int_equal(integer(root, "counters", "dma_h2d_bytes"), 4096);
    assert_int_equal(integer(root, "stacks", "AICORE"), 0);
    assert_null(json_object_get(root, "simulator"));
    assert_null(json_object_get(root, "devices"));
    assert_null(json_object_get(root, "pipes"));
    assert_null(json_object_get(json_object_get(root, "counters"), "mte_bytes_read"));
    json_decref(root);
}

static void the_result_tells_of_pipes_that_were_used(void **state)
{
    (void)state;
    use_pipes();
    chip.cores[FIRST_AIV].counters.mte_read_bytes = 4096;
    chip.cores[FIRST_AIV].counters.hbm_bytes = 512;
    json_t *root =
        written(&(struct result_summary){.devices = &(struct result_device){&chip, statistics}, .device_count = 1});
    json_t *kinds = json_object_get(root, "pipes");
    assert_int_equal(json_object_size(kinds), 2);
    assert_int_equal(json_object_size(json_object_get(kinds, "AIV")), 1);
    assert_int_equal(integer(json_object_get(kinds, "AIV"), "V", "busy_ps"), 51);
    assert_int_equal(integer(json_object_get(kinds, "AIC"), "M", "instructions"), 7);
    assert_int_equal(integer(root, "counters", "mte_bytes_read"), 4096);
    assert_int_equal(integer(root, "counters", "mte_bytes_written"), 0);
    assert_int_equal(integer(root, "counters", "mte_bytes_hbm"), 512);
    json_decref(root);
}

static void the_result_tells_of_each_device(void **state)
{
    struct chip_state second = chip;
    const struct result_device devices[] = {{&chip, statistics}, {&second, statistics}};

    (void)state;
    run_launch(0);
    chip.clock.time = 430;
    chip.counters.h2d_bytes = 4096;
    second.device_id = 7;
    second.clock.time = 900;
    second.counters.h2d_bytes = 8192;
    json_t *root = written(&(struct result_summary){.devices = devices, .device_count = 2});
    json_t *of_each = json_object_get(root, "devices");
    assert_int_equal(integer(root, NULL, "launches"), 2);
    assert_int_equal(integer(root, NULL, "simulated_ps"), 900);
    assert_int_equal(integer(root, "counters", "dma_h2d_bytes"), 12288);
    assert_int_equal(json_array_size(of_each), 2);
    assert_int_equal(integer(json_array_get(of_each, 0), NULL, "device"), 0);
    assert_int_equal(integer(json_array_get(of_each, 1), NULL, "device"), 7);
    assert_int_equal(integer(json_array_get(of_each, 1), NULL, "launches"), 1);
    assert_int_equal(integer(json_array_get(of_each, 1), NULL, "simulated_ps"), 900);
    assert_int_equal(integer(json_array_get(of_each, 1), "counters", "dma_h2d_bytes"), 8192);
    json_decref(root);
}

static void a_chip_may_be_missing(void **state)
{
    (void)state;
    json_t *root = written(&(struct result_summary){.status = 2, .error = "no chip of that name"});
    assert_int_equal(integer(root, NULL, "status"), 2);
    assert_string_equal(json_string_value(json_object_get(root, "error")), "no chip of that name");
    assert_int_equal(integer(root, NULL, "launches"), 0);
    assert_null(json_object_get(root, "chip"));
    json_decref(root);
}

static void text_need_not_be_utf8(void **state)
{
    (void)state;
    json_t *root = written(&(struct result_summary){.status = 2, .error = "\xff", .trace = "\xfe"});
    assert_int_equal(integer(root, NULL, "status"), 2);
    json_decref(root);
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    char error[512];
    (void)state;
    assert_int_equal(result_write("/nowhere/result", &(struct result_summary){0}, error, sizeof(error)), -1);
    assert_non_null(strstr(error, "/nowhere/result"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_gives_zeros, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(launches_add_up, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(distributions_are_exact, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(a_launch_may_be_given_up, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(devices_add_up, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(counters_are_summed_by_kind, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(pipes_are_summed_by_kind, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(the_result_tells_what_was_counted, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(the_result_tells_of_pipes_that_were_used, open_chip, close_chip),
        cmocka_unit_test_setup_teardown(the_result_tells_of_each_device, open_chip, close_chip),
        cmocka_unit_test(a_chip_may_be_missing),
        cmocka_unit_test(text_need_not_be_utf8),
        cmocka_unit_test(a_place_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
