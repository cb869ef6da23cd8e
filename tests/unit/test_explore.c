/* An exploration's bookkeeping: which run is the one to reduce, what the table says, how commands are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/explore/table.h"

static char *words[] = {(char *)"./prog", (char *)"it's", NULL};

static struct explore_options options_for(uint64_t runs)
{
    return (struct explore_options){.runs = runs, .seed = 10, .vary = "all", .command = words, .reduce_runs = 9};
}

static json_t *finding(const char *kind, int line)
{
    return json_pack("{s:s, s:s, s:[{s:s, s:s, s:i}, {s:s}]}", "kind", kind, "summary", "text", "sides", "agent",
                     "AIV_1", "file", "a.c", "line", line, "agent", "host");
}

/* A run with @verdict and, unless @kind is NULL, one finding. Return: is it one to stop at? */
static bool add(struct runs *runs, size_t run, enum verdict verdict, const char *kind, int line)
{
    struct outcome outcome = {.verdict = verdict, .status = verdict == VERDICT_FAILED ? 1 : 0};
    if (kind) {
        outcome.findings = json_array();
        json_array_append_new(outcome.findings, finding(kind, line));
    }
    outcome.output = strdup("printed");
    list_add(&outcome.vary, "noc:AIV_1");
    return runs_add(runs, run, &outcome);
}

static void the_lowest_bad_run_is_the_subject(void **state)
{
    struct explore_options options = options_for(5);
    struct runs runs;
    (void)state;
    runs_init(&runs, &options);
    assert_false(add(&runs, 0, VERDICT_CLEAN, NULL, 0));
    assert_true(add(&runs, 4, VERDICT_FINDINGS, "stale-read", 1));
    assert_false(add(&runs, 1, VERDICT_CLEAN, NULL, 0));
    assert_true(add(&runs, 3, VERDICT_FAILED, NULL, 0));
    assert_int_equal(runs.subject, 3);
    assert_null(runs.outcomes[4].output);
    assert_string_equal(runs.outcomes[3].output, "printed");
    runs_forget_above(&runs, 3);
    assert_int_equal(runs.outcomes[4].verdict, VERDICT_NONE);
    runs_forget_above(&runs, 1);
    assert_int_equal(runs.subject, RUNS_NONE);
    runs_free(&runs);
}

static void what_the_unperturbed_run_shows_is_no_news(void **state)
{
    struct explore_options options = options_for(5);
    struct runs runs;
    (void)state;
    options.keep_going = true;
    runs_init(&runs, &options);
    assert_false(add(&runs, 0, VERDICT_FINDINGS, "stale-read", 1));
    assert_false(add(&runs, 1, VERDICT_FINDINGS, "stale-read", 1));
    assert_int_equal(runs.subject, RUNS_NONE);
    assert_false(add(&runs, 2, VERDICT_FINDINGS, "stale-read", 2));
    assert_int_equal(runs.subject, 2);
    char *news = runs_news(&runs, 2);
    assert_string_equal(news, "stale-read at a.c:2");
    free(news);
    assert_true(add(&runs, 3, VERDICT_BROKEN, NULL, 0)); /* the user's error ends it all the same */
    size_t run = 0;
    assert_int_equal(runs_worst(&runs, &run), VERDICT_BROKEN);
    assert_int_equal(run, 3);
    runs_free(&runs);
}

static void a_failing_program_is_news_where_there_were_only_findings(void **state)
{
    struct explore_options options = options_for(2);
    struct runs runs;
    (void)state;
    runs_init(&runs, &options);
    add(&runs, 0, VERDICT_FINDINGS, "stale-read", 1);
    add(&runs, 1, VERDICT_FAILED, "stale-read", 1);
    assert_int_equal(runs.subject, 1);
    assert_null(runs_news(&runs, 1));
    runs_free(&runs);
}

static void sightings_are_counted_once_a_run(void **state)
{
    struct explore_options options = options_for(4);
    struct summary summary;
    struct runs runs;
    (void)state;
    options.keep_going = true;
    runs_init(&runs, &options);
    add(&runs, 0, VERDICT_CLEAN, NULL, 0);
    add(&runs, 1, VERDICT_FINDINGS, "stale-read", 1);
    add(&runs, 2, VERDICT_FAILED, "stale-read", 1);
    add(&runs, 4, VERDICT_FINDINGS, "lost-write", 1);
    json_array_append_new(runs.outcomes[4].findings, finding("lost-write", 1));
    summary_make(&summary, &runs);
    assert_int_equal(summary.made, 3);
    assert_int_equal(summary.clean, 0);
    assert_int_equal(summary.with_findings, 2);
    assert_int_equal(summary.failed, 1);
    assert_int_equal(summary.count, 3);
    assert_string_equal(summary.sightings[0].key, "stale-read at a.c:1");
    assert_int_equal(summary.sightings[0].count, 2);
    assert_null(summary.sightings[1].finding);
    assert_int_equal(summary.sightings[2].count, 1);
    assert_int_equal(summary.sightings[2].in_runs[0], 4);
    summary_free(&summary);
    runs_free(&runs);
}

static void the_table_ends_with_commands_to_type(void **state)
{
    struct explore_options options = options_for(4);
    struct reduction reduction = {.end = REDUCTION_MINIMAL, .run = 2, .tests = 5};
    struct runs runs;
    char *text;
    size_t size;
    (void)state;
    list_add(&options.passed_on, "--chip=minimal");
    runs_init(&runs, &options);
    add(&runs, 0, VERDICT_CLEAN, NULL, 0);
    add(&runs, 1, VERDICT_CLEAN, NULL, 0);
    add(&runs, 2, VERDICT_FINDINGS, "stale-read", 1);
    reduction.finding = runs_news(&runs, 2);
    list_add(&reduction.from, "noc:AIV_1");
    list_add(&reduction.from, "noc:AIV_2");
    list_add(&reduction.from, "noc:AIV_3");
    list_add(&reduction.to, "noc:AIV_1");
    list_add(&reduction.to, "noc:AIV_3");
    FILE *out = open_memstream(&text, &size);
    table_print(out, &runs, &reduction, false);
    fclose(out);
    assert_string_equal(text, "davsim: explore: 2 of 4 perturbed runs, seeds from 11, and one unperturbed\n"
                              "  clean 1, with findings 1, failed 0; unperturbed: clean\n"
                              "  finding                    runs  seeds\n"
                              "  stale-read                    1  12\n"
                              "      at a.c:1\n"
                              "      text\n"
                              "  seed 12, stale-read at a.c:1:\n"
                              "    2 of 3 perturbations suffice; each is needed (5 runs to tell):\n"
                              "      noc:AIV_1\n"
                              "      noc:AIV_3\n"
                              "  replay, with no more than is needed:\n"
                              "    davsim check --seed 12 --vary noc:AIV_1,noc:AIV_3 --chip=minimal ./prog 'it'\\''s'\n"
                              "  replay, as it was:\n"
                              "    davsim check --seed 12 --vary all --chip=minimal ./prog 'it'\\''s'\n");
    free(text);
    reduction_free(&reduction);
    runs_free(&runs);
    list_free(&options.passed_on);
}

static void an_outcome_survives_being_written(void **state)
{
    struct outcome outcome = {.verdict = VERDICT_FAILED, .status = 139}, again;
    (void)state;
    outcome.findings = json_array();
    json_array_append_new(outcome.findings, finding("lost-write", 3));
    list_add(&outcome.vary, "dma");
    outcome.output = strdup("bytes \xff\xfe that are no text\n");
    json_t *json = outcome_json(&outcome, true);
    assert_true(outcome_from_json(&again, json));
    assert_int_equal(again.verdict, VERDICT_FAILED);
    assert_int_equal(again.status, 139);
    assert_true(outcome_has(&again, "lost-write at a.c:3"));
    assert_false(outcome_has(&again, "lost-write at a.c:4"));
    assert_int_equal(again.vary.count, 1);
    assert_string_equal(again.output, "bytes ?? that are no text\n");
    json_decref(json);
    outcome_free(&outcome);
    outcome_free(&again);
    json = json_pack("{s:s}", "verdict", "splendid");
    assert_false(outcome_from_json(&again, json));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_bad_run_is_the_subject),
        cmocka_unit_test(what_the_unperturbed_run_shows_is_no_news),
        cmocka_unit_test(a_failing_program_is_news_where_there_were_only_findings),
        cmocka_unit_test(sightings_are_counted_once_a_run),
        cmocka_unit_test(the_table_ends_with_commands_to_type),
        cmocka_unit_test(an_outcome_survives_being_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
