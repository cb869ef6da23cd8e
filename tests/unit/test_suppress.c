/* test_suppress.c - what a file of suppressions describes is not told, and nothing else is silenced. */
#include "finding_fixture.h"

static char error[512];

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "we");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Is a lost write told under the suppressions @text? */
static bool is_told(const char *text)
{
    struct finding found = lost_write(0);
    struct findings *findings;

    write_file("s", text);
    findings = findings_new("s", false, error, sizeof(error));
    if (!findings)
        fail_msg("%s", error);
    findings_add(findings, &found);
    bool told = *printed(write_told, findings);
    assert_int_equal(findings_count(findings), told);
    assert_string_equal(printed(write_summary, findings), told ? "davsim: 1 finding (1 lost-write) in 1 occurrence\n"
                                                               : "davsim: no findings, 1 suppressed\n");
    findings_free(findings);
    return told;
}

static void what_matches_is_not_told(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "lost-write",
        "*",
        "lost-write\nfun:load_sum",
        "lost-write\nfun:load_*\nfun:put",
        "lost-write\nfun:load_*\nfun:store_sum", /* the caller of an inlined function */
        "lost-write\n...\nfun:put",
        "lost-write\n...\n...\nfun:put\n...",
        "lost-write\nfile:kernels/sum.c",
        "lost-write\nfile:sum.c:15\nfile:*/sum.c:3",
        "lost-write\nfun:load_sum file:sum.c:15 kernel:kernel_* agent:AIV_?",
        "lost-write\nsym:out[?]",
        "lost-write\nsym:out[1]\nfun:load_sum",
        "lost-write\nsym:allocation*",
        "# what we know of\nlost-write\n\n  # and why\n\tfun:load_sum\t kernel:kernel_sum",
    };
    char text[512];

    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        snprintf(text, sizeof(text), "# comment\n{\n  a name of it\n  %s\n}\n", bodies[i]);
        if (is_told(text))
            fail_msg("told in spite of: %s", bodies[i]);
    }
}

static void what_does_not_match_is_told(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "stale-read",
        "lost-write\nfun:put",
        "lost-write\nfun:load_sum\nfun:load_sum",
        "lost-write\nfun:load_sum\nfun:put\nfun:*",
        "lost-write\n...\nfun:nothing",
        "lost-write\nfile:ernels/sum.c",
        "lost-write\nfile:sum.c:16",
        "lost-write\nfun:load_sum file:sum.c:3",
        "lost-write\nfun:store_sum file:sum.c:3", /* one frame must be both */
        "lost-write\nkernel:kernel_su",
        "lost-write\nagent:AIV_0",
        "lost-write\nsym:out",
    };
    char text[512];

    assert_true(is_told(""));
    assert_true(is_told("# nothing\n\n"));
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        snprintf(text, sizeof(text), "{\n  a name of it\n  %s\n}\n", bodies[i]);
        if (!is_told(text))
            fail_msg("not told because of: %s", bodies[i]);
    }
}

static void mistakes_are_shown_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"lost-write\n", "suppressions s:1: 'lost-write' stands outside of a block; one begins with {"},
        {"{\n}\n", "suppressions s:2: the block ends before it has a name and a kind"},
        {"{\nname\n}\n", "suppressions s:3: the block ends before it has a name and a kind"},
        {"{\nname\nlost-write\n", "suppressions s:3: the file ends inside a block; } is missing"},
        {"\n{\nname\nlost\n}\n", "suppressions s:4: 'lost' is no kind of finding; docs/check.md lists them"},
        {"{\nname\n*\nobj:x\n}\n", "suppressions s:4: 'obj:x' is none of fun:, file:, kernel:, agent:, sym: and ..."},
        {"{\nname\n*\nfun:\n}\n", "suppressions s:4: 'fun:' is empty or there twice"},
        {"{\nname\n*\nfun:a fun:b\n}\n", "suppressions s:4: 'fun:b' is empty or there twice"},
        {"{\nname\n*\nsym:a\nsym:b\n}\n", "suppressions s:5: 'sym:b': a block has one symbol"},
        {"{\nname\n*\n...\n...\n...\n...\n...\n...\n...\n...\n...\n}\n",
         "suppressions s:12: a block has too many lines"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        write_file("s", rows[i].text);
        assert_null(findings_new("s", false, error, sizeof(error)));
        assert_string_equal(error, rows[i].error);
    }
    assert_null(findings_new("nowhere/s", false, error, sizeof(error)));
    assert_string_equal(error, "suppressions nowhere/s: cannot be read: No such file or directory");
}

static void tell_unused(struct findings *findings, FILE *out)
{
    findings_tell_unused(findings, out);
}

static void what_met_nothing_is_told(void **state)
{
    (void)state;
    struct finding found = lost_write(0);
    struct findings *findings;

    write_file("s1", "{\nthe first\nstale-read\n}\n{\nthe second\nlost-write\n}\n");
    write_file("s2", "# two files\n{\nthe third\n*\n}\n");
    findings = findings_new("s1\ns2", false, error, sizeof(error));
    assert_non_null(findings);
    findings_add(findings, &found);
    assert_string_equal(printed(write_told, findings), "");
    assert_string_equal(printed(tell_unused, findings),
                        "davsim: suppression 'the first' (s1:1) met nothing; it can go\n"
                        "davsim: suppression 'the third' (s2:2) met nothing; it can go\n");
    findings_free(findings);
}

static void what_is_generated_suppresses(void **state)
{
    (void)state;
    struct findings *findings = findings_new(NULL, false, error, sizeof(error));
    struct finding found = lost_write(0);
    static const char block[] = "{\n"
                                "   a-name-of-your-own\n"
                                "   lost-write\n"
                                "   sym:out[*]\n"
                                "   fun:load_sum file:kernels/sum.c\n"
                                "   fun:put file:kernels/sum.c\n"
                                "}\n"
                                "\n";

    findings_generate(findings);
    findings_add(findings, &found);
    const char *text = printed(write_told, findings);
    assert_non_null(strstr(text, "\n{\n"));
    assert_string_equal(strstr(text, "\n{\n") + 1, block);
    findings_free(findings);
    assert_false(is_told(block));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_matches_is_not_told),     cmocka_unit_test(what_does_not_match_is_told),
        cmocka_unit_test(mistakes_are_shown_by_line),   cmocka_unit_test(what_met_nothing_is_told),
        cmocka_unit_test(what_is_generated_suppresses),
    };
    return cmocka_run_group_tests(tests, finding_setup, finding_teardown);
}
