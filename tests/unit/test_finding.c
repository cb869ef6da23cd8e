/* test_finding.c - findings are kept once for each pair of code lines, and told so that somebody can act on them. */
#include "finding_fixture.h"

#include <jansson.h>

static char error[512];

static struct findings *collection(bool notes)
{
    struct findings *findings = findings_new(NULL, notes, error, sizeof(error));

    assert_non_null(findings);
    return findings;
}

static struct finding *add(struct findings *findings, struct finding found)
{
    return findings_add(findings, &found);
}

static void a_finding_reads_so(void **state)
{
    (void)state;
    struct findings *findings = collection(false);

    assert_non_null(add(findings, lost_write(0)));
    assert_string_equal(printed(write_told, findings),
                        "davsim: lost-write: AIV_1's write-back replaced what AIV_0 had written to out[1]\n"
                        "  written back by AIV_1, task 4 (kernel_sum)  at 21,530 ns  cycle 38,754  525 ns later\n"
                        "      in load_sum at kernels/sum.c:15\n"
                        "      | sum += out[i];\n"
                        "  written by AIV_0, task 3 (kernel_sum)       at 21,004 ns  cycle 37,807\n"
                        "      in put at kernels/sum.c:3\n"
                        "      | out[1] = value;\n"
                        "      inlined into store_sum at kernels/sum.c:8\n"
                        "  address  0x200000000204, 4 bytes, allocation 0x200000000200+4\n"
                        "  value    0x2a -> 0x00 (4 bytes)\n"
                        "  line     filled at 20,700 ns, dirtied at 20,910 ns\n"
                        "           AIV_1: dirty, wrote bytes 0-3\n"
                        "  remedy   give each block a line of its own (64 B)\n"
                        "\n");
    assert_string_equal(printed(write_told, findings), ""); /* once */
    assert_string_equal(printed(write_summary, findings), "davsim: 1 finding (1 lost-write) in 1 occurrence\n");
    findings_free(findings);
}

static void what_is_not_known_is_left_out(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding read = {
        .kind = FINDING_UNINITIALISED,
        .sides = {{.role = "read", .agent = "AICPU_1", .pc = 77, .time_ps = 900}},
        .side_count = 1,
        .addr = 0x200000000300,
        .size = 1,
        .has_values = true,
        .value_bytes = 3,
        .seen = {1, 2, 255},
        .seen_label = "value seen",
    };
    struct finding stuck = {
        .kind = FINDING_DEADLOCK,
        .chain = {"AIC_0 waits for AICPU_0", "AICPU_0 waits for AIC_0"},
        .chain_count = 2,
    };

    assert_non_null(add(findings, read));
    assert_non_null(add(findings, stuck));
    assert_string_equal(printed(write_told, findings),
                        "davsim: uninitialised: AICPU_1 read 0x200000000300 before anybody had written it\n"
                        "  read by AICPU_1  at 900 ps\n"
                        "      in unknown code\n"
                        "  address  0x200000000300, 1 byte\n"
                        "  value    seen 01 02 ff (3 bytes)\n"
                        "\n"
                        "davsim: deadlock: no core can go on\n"
                        "  waits    AIC_0 waits for AICPU_0\n"
                        "           AICPU_0 waits for AIC_0\n"
                        "\n");
    assert_string_equal(printed(write_summary, findings),
                        "davsim: 2 findings (1 uninitialised, 1 deadlock) in 2 occurrences\n");
    findings_free(findings);
}

static void long_things_stay_readable(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding found = {
        .kind = FINDING_STALE_READ,
        .sides = {{.role = "read", .agent = "AIV_3", .time_ps = 5000},
                  {.role = "written", .agent = "AICPU_0", .time_ps = 7000},
                  {.role = "copied", .agent = "host", .time_ps = 7000}},
        .side_count = 3,
        .addr = 64,
        .size = 64,
        .where = "Runtime+0",
        .has_values = true,
        .value_bytes = 16,
        .seen = {1, 2},
        .in_gm = {3},
        .seen_label = "seen",
        .other_label = "in GM",
        .remedy =
            "a remedy that says which operation is missing, where in the source it belongs, and why a barrier alone "
            "does not do what everybody seems to think it does",
    };

    add(findings, found);
    assert_string_equal(
        printed(write_told, findings),
        "davsim: stale-read: AIV_3 read an old copy of Runtime+0: what AICPU_0 wrote had reached GM "
        "before\n"
        "  read by AIV_3       at 5 ns  2 ns before\n"
        "  written by AICPU_0  at 7 ns\n"
        "  copied by the host  at 7 ns\n"
        "  address  0x40, 64 bytes\n"
        "  value    seen   01 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
        "           in GM  03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
        "  remedy   a remedy that says which operation is missing, where in the source it belongs, and why a "
        "barrier\n"
        "           alone does not do what everybody seems to think it does\n"
        "\n");
    findings_free(findings);
}

static void copies_of_a_module_are_one_finding(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding *kept = add(findings, lost_write(0));

    assert_non_null(kept);
    assert_null(add(findings, lost_write(1)));
    assert_true(findings_again(findings, FINDING_LOST_WRITE, kept->sides[0].pc, kept->sides[1].pc, "AIV_7"));
    assert_true(findings_again(findings, FINDING_LOST_WRITE, code_at(15, 1, 0), kept->sides[1].pc, "AIV_7"));
    assert_false(findings_again(findings, FINDING_STALE_READ, kept->sides[0].pc, kept->sides[1].pc, "AIV_7"));
    assert_false(findings_again(findings, FINDING_LOST_WRITE, kept->sides[0].pc, 0, "AIV_7"));
    assert_false(findings_again(findings, FINDING_DEADLOCK, 0, 0, "AIV_7"));
    assert_non_null(strstr(printed(write_told, findings), "\n  seen     4 times, by AIV_1 and 2 others\n"));
    assert_int_equal(findings_count(findings), 1);
    findings_free(findings);
}

static void instructions_of_one_line_are_told_once(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding other = lost_write(0), caller = lost_write(0);

    assert_non_null(add(findings, lost_write(0)));
    other.sides[0].pc = code_at(15, 0, 30);
    assert_non_null(add(findings, other));
    assert_int_equal(findings_count(findings), 2);
    const char *text = printed(write_told, findings);
    assert_ptr_equal(strstr(text + 1, "davsim: "), NULL);
    assert_non_null(strstr(text, "\n  seen     2 times, here first\n"));
    assert_int_equal(findings_count(findings), 1);
    other.sides[0].pc = code_at(15, 1, 30);
    assert_null(add(findings, other)); /* counts for the one it was merged into */
    assert_string_equal(printed(write_summary, findings), "davsim: 1 finding (1 lost-write) in 3 occurrences\n");

    caller.sides[0].pc = code_at(16, 0, 0);
    assert_non_null(add(findings, caller));
    assert_non_null(strstr(printed(write_told, findings), "in load_sum at kernels/sum.c:16"));
    findings_free(findings);
}

static void without_code_the_place_tells_apart(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding found = {.kind = FINDING_OOB, .sides = {{.role = "copied", .agent = "host"}}, .side_count = 1};

    found.addr = 100;
    assert_non_null(add(findings, found));
    assert_null(add(findings, found));
    found.addr = 200;
    assert_non_null(add(findings, found));
    printed(write_told, findings);
    assert_int_equal(findings_count(findings), 2);
    findings_free(findings);
}

static void notes_are_kept_when_asked_for(void **state)
{
    (void)state;
    struct finding note = lost_write(0);
    struct findings *findings = collection(false);

    note.kind = FINDING_REDUNDANT_DCCI;
    assert_null(add(findings, note));
    assert_string_equal(printed(write_summary, findings), "davsim: no findings\n");
    findings_free(findings);
    findings = collection(true);
    assert_non_null(add(findings, note));
    assert_int_equal(findings_count(findings), 0);
    assert_string_equal(printed(write_summary, findings), "davsim: no findings, 1 note (1 redundant-dcci)\n");
    findings_free(findings);
}

static void name_it(void *ctx, struct finding *found)
{
    ++*(int *)ctx;
    snprintf(found->symbol, sizeof(found->symbol), "Runtime.count");
}

static void a_kept_finding_can_be_completed(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding *kept = add(findings, lost_write(0));
    int completed = 0;

    kept->sides[2] = (struct finding_side){.role = "copied by the host", .agent = "host", .time_ps = 45310000};
    kept->side_count = 3;
    findings_complete_with(findings, name_it, &completed);
    const char *text = printed(write_told, findings);
    assert_non_null(strstr(text, "had written to Runtime.count\n"));
    assert_non_null(strstr(text, "\n  copied by the host                          at 45,310 ns  24,305 ns later\n"));
    printed(write_told, findings);
    assert_int_equal(completed, 1);
    findings_free(findings);
}

static void too_many_are_counted_only(void **state)
{
    (void)state;
    struct findings *findings = collection(false);
    struct finding found = {.kind = FINDING_OOB, .sides = {{.role = "read", .agent = "AIV_0"}}, .side_count = 1};
    int kept = 0;

    for (int i = 0; i < 1500; i++) {
        found.addr = (uint64_t)i;
        kept += findings_add(findings, &found) != NULL;
    }
    assert_int_equal(kept, 1000);
    assert_string_equal(printed(write_summary, findings), "davsim: 1,000 findings (1000 oob) in 1,000 "
                                                          "occurrences; 500 occurrences of further ones were not "
                                                          "kept\n");
    findings_free(findings);
}

/* ---- JSON ---- */

static json_t *saved(struct findings *findings)
{
    json_error_t problem;

    if (findings_json(findings, "found.json", error, sizeof(error)) != 0)
        fail_msg("%s", error);
    json_t *root = json_load_file("found.json", JSON_REJECT_DUPLICATES, &problem);
    assert_non_null(root);
    return root;
}

static const char *string(json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    if (!value)
        fail_msg("no string %s", key);
    return value;
}

static void programs_read_the_same(void **state)
{
    (void)state;
    struct findings *findings = collection(false);

    add(findings, lost_write(0));
    add(findings, lost_write(1));
    json_t *root = saved(findings);
    assert_int_equal(json_integer_value(json_object_get(root, "count")), 1);
    assert_int_equal(json_integer_value(json_object_get(root, "occurrences")), 2);
    json_t *found = json_array_get(json_object_get(root, "findings"), 0);
    assert_string_equal(string(found, "kind"), "lost-write");
    assert_string_equal(string(found, "address"), "0x200000000204");
    assert_string_equal(string(found, "seen"), "2a000000");
    assert_string_equal(string(found, "symbol"), "out[1]");
    assert_true(json_real_value(json_object_get(found, "distance_ns")) == 526.0);
    assert_int_equal(json_array_size(json_object_get(found, "holders")), 1);
    json_t *side = json_array_get(json_object_get(found, "sides"), 1);
    assert_string_equal(string(side, "agent"), "AIV_0");
    assert_string_equal(string(side, "function"), "put");
    assert_string_equal(string(side, "file"), "kernels/sum.c");
    assert_int_equal(json_integer_value(json_object_get(side, "line")), 3);
    assert_true(json_real_value(json_object_get(side, "time_ns")) == 21004.9);
    json_t *inlined = json_array_get(json_object_get(side, "inlined"), 0);
    assert_string_equal(string(inlined, "function"), "store_sum");
    assert_int_equal(json_integer_value(json_object_get(inlined, "line")), 8);
    json_decref(root);
    findings_free(findings);
}

static void the_same_bytes_for_the_same_findings(void **state)
{
    (void)state;
    char *bytes[2];
    size_t size;

    for (int i = 0; i < 2; i++) {
        struct findings *findings = collection(false);
        struct finding odd = {.kind = FINDING_LIVELOCK, .headline = "no \xff UTF-8", .where = "\xc3"};
        add(findings, lost_write((unsigned)i));
        add(findings, odd);
        json_decref(saved(findings));
        bytes[i] = (char *)fixture_read("found.json", &size);
        findings_free(findings);
    }
    /* The second one met it on another core first. */
    char *agent = strstr(bytes[1], "AIV_2");
    for (; agent; agent = strstr(agent, "AIV_2"))
        agent[4] = '1';
    assert_string_equal(bytes[0], bytes[1]);
    free(bytes[0]);
    free(bytes[1]);
}

static void json_that_cannot_be_written_is_said(void **state)
{
    (void)state;
    struct findings *findings = collection(false);

    assert_int_equal(findings_json(findings, "/nowhere/found.json", error, sizeof(error)), -1);
    assert_string_equal(error, "cannot write the findings /nowhere/found.json: No such file or directory");
    if (access("/dev/full", W_OK) == 0) {
        assert_int_equal(findings_json(findings, "/dev/full", error, sizeof(error)), -1);
        assert_non_null(strstr(error, "cannot write"));
    }
    findings_free(findings);
}

static void every_kind_has_a_name_and_a_headline(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind < FINDING_KINDS; kind++) {
        struct findings *findings = collection(true);
        struct finding found = {.kind = kind, .addr = 64, .size = 8, .side_count = 2};
        char head[64];
        assert_string_not_equal(findings_name(kind), "finding");
        add(findings, found);
        snprintf(head, sizeof(head), "davsim: %s: ", findings_name(kind));
        const char *text = printed(write_told, findings);
        assert_memory_equal(text, head, strlen(head));
        assert_null(strchr(text, '%'));
        findings_free(findings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_reads_so),
        cmocka_unit_test(what_is_not_known_is_left_out),
        cmocka_unit_test(long_things_stay_readable),
        cmocka_unit_test(copies_of_a_module_are_one_finding),
        cmocka_unit_test(instructions_of_one_line_are_told_once),
        cmocka_unit_test(without_code_the_place_tells_apart),
        cmocka_unit_test(notes_are_kept_when_asked_for),
        cmocka_unit_test(a_kept_finding_can_be_completed),
        cmocka_unit_test(too_many_are_counted_only),
        cmocka_unit_test(programs_read_the_same),
        cmocka_unit_test(the_same_bytes_for_the_same_findings),
        cmocka_unit_test(json_that_cannot_be_written_is_said),
        cmocka_unit_test(every_kind_has_a_name_and_a_headline),
    };
    return cmocka_run_group_tests(tests, finding_setup, finding_teardown);
}
