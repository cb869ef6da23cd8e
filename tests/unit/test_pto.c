/* test_pto.c - reading build_config.py, finding and building runtimes, cutting .text out, loading a host part.
 *
 * davcc is a script here: it writes its arguments into the output and counts how often it ran.
 */
#include "tools/build_config.h"
#include "tools/paths.h"
#include "tools/pto.h"
#include "tools/pyliteral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/test_pto_XXXXXX";
static char davcc[64], line[4096];

const char *paths_share(void)
{
    return root;
}

const char *paths_libdir(void)
{
    return root;
}

const char *paths_davcc(void)
{
    return davcc;
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make_dir(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    mkdir(path, 0777);
}

/* What is printed on stderr between begin and end goes into @line. */
static int saved_stderr;

static void begin_stderr(void)
{
    fflush(stderr);
    saved_stderr = dup(2);
    FILE *file = tmpfile();
    dup2(fileno(file), 2);
    fclose(file);
}

static void end_stderr(void)
{
    fflush(stderr);
    lseek(2, 0, SEEK_SET);
    ssize_t n = read(2, line, sizeof(line) - 1);
    dup2(saved_stderr, 2);
    close(saved_stderr);
    line[n > 0 ? n : 0] = '\0';
}

/* Ends the capture; it must be one line that holds @part. */
static void assert_one_line(const char *part)
{
    end_stderr();
    if (!strstr(line, part) || strchr(line, '\n') != line + strlen(line) - 1)
        fail_msg("not one line with \"%s\": %s", part, line);
}

static long davcc_runs(void)
{
    char path[256];
    struct stat status;
    snprintf(path, sizeof(path), "%s/runs", root);
    return stat(path, &status) == 0 ? status.st_size : 0;
}

static const char good_config[] = "\"\"\"A docstring,\nof two lines.\"\"\"\n"
                                  "# A comment\n"
                                  "LEVEL = 3\n"
                                  "BUILD_CONFIG = {\n"
                                  "    'aicore': {\"include_dirs\": [\"runtime\"],  # the headers\n"
                                  "               \"source_dirs\": [\"aicore\", 'run' \"time\"]},\n"
                                  "    \"aicpu\": {\"include_dirs\": (\"runtime\",), \"source_dirs\": [\"aicpu\"],},\n"
                                  "    \"host\": {\"include_dirs\": [], \"source_dirs\": [\"host\", \"runtime\"]},\n"
                                  "    \"orchestration\": {\"anything\": [1, True, None]},\n"
                                  "}\n";

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(root));
    const char *dirs[] = {"isa",
                          "tools",
                          "tools/host",
                          "runtime",
                          "runtime/toy",
                          "runtime/toy/runtime",
                          "runtime/toy/host",
                          "runtime/toy/aicpu",
                          "runtime/toy/aicore"};
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
        make_dir(dirs[i]);
    write_file("runtime/toy/build_config.py", good_config);
    write_file("runtime/toy/runtime/runtime.h", "int answer(void);\n");
    write_file("runtime/toy/runtime/runtime.c", "#include \"runtime.h\"\n");
    write_file("runtime/toy/host/b.cpp", "\n");
    write_file("runtime/toy/host/a.c", "\n");
    write_file("runtime/toy/host/notes.txt", "\n");
    write_file("runtime/toy/aicpu/s.c", "# include <runtime.h>\n");
    write_file("runtime/toy/aicore/w.c", "\n");
    write_file("tools/host/c_api.c", "\n");
    write_file("tools/host/runtime.c", "\n");
    write_file("tools/host/runtime.cpp", "\n");
    snprintf(davcc, sizeof(davcc), "%s/davcc", root);
    write_file("davcc", "#!/bin/sh\nprintf x >>\"$(dirname \"$0\")/runs\"\n"
                        "grep -sq 'syntax error' -- \"$@\" && exit 1\n"
                        "for last; do :; done\nprintf '%s\\n' \"$@\" >\"$last\"\n");
    chmod(davcc, 0755);
    char cache[64];
    snprintf(cache, sizeof(cache), "%s/cache", root);
    setenv("DAVSIM_CACHE", cache, 1);
    unsetenv("DAVSIM_RUNTIME_PATH");
    return chdir(root);
}

static int teardown(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof(command), "rm -rf %s", root);
    return chdir("/") == 0 ? system(command) : -1;
}

static void config_lists_sources_in_order(void **state)
{
    (void)state;
    struct build_config config;
    char error[512];
    assert_int_equal(build_config_read(&config, "runtime/toy/build_config.py", error, sizeof(error)), 0);
    assert_int_equal(config.host.sources.count, 3);
    assert_string_equal(config.host.sources.items[0], "runtime/toy/host/a.c");
    assert_string_equal(config.host.sources.items[1], "runtime/toy/host/b.cpp");
    assert_string_equal(config.host.sources.items[2], "runtime/toy/runtime/runtime.c");
    assert_int_equal(config.host.include_dirs.count, 0);
    assert_string_equal(config.aicpu.include_dirs.items[0], "runtime/toy/runtime");
    assert_string_equal(config.aicore.sources.items[1], "runtime/toy/runtime/runtime.c");
    build_config_free(&config);
}

/* Forms of literals, and what they mean. */
static void literals_mean_what_they_mean_in_python(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value; /* as JSON */
        int line;
    } rows[] = {
        {"X = 'a'", "\"a\"", 1},
        {"# a comment\n\n\"\"\"A\ndocstring: \\d, \\x41, 'so', \\\"\"\" so.\n\"\"\"\nX = 1\n", "1", 6},
        {"'one' ' two'\nr'raw \\d'\nX = [1, -2, 0x10,]  # behind it\n", "[1,-2,16]", 3},
        {"X = 1\nX = 2", "2", 2},
        {"X: 'dict[str, list]' = {}\nY: list = 3\n", "{}", 1},
        {"\xef\xbb\xbf"
         "X = {\r\n 'a' : [ ] ,\r\n}\r\n",
         "{\"a\":[]}", 1},
        {"X = ('a')", "\"a\"", 1},
        {"X = ( {'a': (1 ,)}\n)", "{\"a\":[1]}", 1},
        {"X = ()", "[]", 1},
        {"X = ('a', 'b' 'c')", "[\"a\",\"bc\"]", 1},
        {"X = \\\n  [True, False, None]\n", "[true,false,null]", 1},
        {"X = r'a\\b' u'\\'' '''\n'''", "\"a\\\\b'\\n\"", 1},
        {"X = 'a\\\nb'", "\"ab\"", 1},
        {"from __future__ import annotations\n__all__ = ['X']\nX = \"\"", "\"\"", 3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char error[512] = "";
        int at = 0;
        json_t *value = pyliteral_find(rows[i].text, "X", "c.py", &at, error, sizeof(error));
        char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        if (!text || strcmp(text, rows[i].value) != 0 || at != rows[i].line)
            fail_msg("row %zu: line %d: %s", i, at, text ? text : error);
        free(text);
        json_decref(value);
    }
}

static void config_errors_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"import os\n", "c.py:1: only comments and NAME = literal are read, found 'import'"},
        {"\nBUILD_CONFIG = {\n  'a': [\n", "c.py:4: '' is not a literal"},
        {"BUILD_CONFIG = {'a' 'b'}\n", "c.py:1: expected ':' after the key \"ab\""},
        {"BUILD_CONFIG = {'a': ['x' 3]}\n", "c.py:1: expected ',' or ']'"},
        {"BUILD_CONFIG = {\n'a': open('x')}\n", "c.py:2: 'open' is not a literal"},
        {"X = 'abc\n", "c.py:1: a string that does not end"},
        {"X = 1.5\n", "c.py:1: only integers"},
        {"X = {} {}\n", "c.py:1: expected the end of the line"},
        {"X = 'a\\x41'\n", "c.py:1: only the escapes"},
        {"X = 'a\\", "c.py:1: a string that does not end"},
        {"\n\"\"\"a\n\\\n", "c.py:2: a string that does not end"},
        {"X = f'a'\n", "c.py:1: 'f' is not a literal"},
        {"X: int\n", "c.py:1: only comments and NAME = literal"},
        {"X = {'a': 1, 2: 3}\n", "c.py:1: expected a string as the key"},
        {"X = {'a'}\n", "c.py:1: expected ':' after the key"},
        {"X = [\n1\n2]\n", "c.py:3: expected ',' or ']'"},
        {"X = (1\n", "c.py:2: expected ',' or ')'"},
        {"X = ][\n", "c.py:1: ']' is not a literal"},
        {"X = 99999999999999999999\n", "c.py:1: only integers"},
        {"X = 'a' + 'b'\n", "c.py:1: expected the end of the line"},
        {"  X = '\xff'\n", "c.py:1: a string that is not UTF-8"},
        {"X = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "c.py:1: brackets nested deeper than 32"},
        {"def f():\n", "c.py:1: only comments and NAME = literal are read, found 'def'"},
        {"X = 1\n", "c.py:2: BUILD_CONFIG is not set"},
        {"", "c.py:1: BUILD_CONFIG is not set"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char error[512] = "";
        int at;
        assert_null(pyliteral_find(rows[i].text, "BUILD_CONFIG", "c.py", &at, error, sizeof(error)));
        if (strncmp(error, rows[i].error, strlen(rows[i].error)) != 0)
            fail_msg("row %zu: %s", i, error);
    }
}

static void config_must_be_complete(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"\nBUILD_CONFIG = []\n", "bad.py:2: BUILD_CONFIG must be a dictionary"},
        {"BUILD_CONFIG = {}\n", "bad.py:1: BUILD_CONFIG[\"aicore\"] is missing"},
        {"BUILD_CONFIG = {'aicore': 3}\n", "bad.py:1: BUILD_CONFIG[\"aicore\"] must be a dictionary"},
        {"BUILD_CONFIG = {'aicore': {}}\n", "bad.py:1: BUILD_CONFIG[\"aicore\"][\"include_dirs\"] is missing"},
        {"BUILD_CONFIG = {'aicore': {'include_dirs': [], 'source_dirs': [3]}}\n",
         "bad.py:1: BUILD_CONFIG[\"aicore\"][\"source_dirs\"] holds something"},
        {"BUILD_CONFIG = {'aicore': {'include_dirs': [], 'source_dirs': ['nowhere']}}\n",
         "bad.py:1: BUILD_CONFIG[\"aicore\"][\"source_dirs\"] names ./nowhere: No such file"},
        {"BUILD_CONFIG = {'aicore': {'include_dirs': [], 'source_dirs': ['isa']}}\n",
         "bad.py:1: BUILD_CONFIG[\"aicore\"][\"source_dirs\"] holds no .c"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct build_config config;
        char error[512] = "";
        write_file("bad.py", rows[i].text);
        assert_int_equal(build_config_read(&config, "bad.py", error, sizeof(error)), -1);
        if (strncmp(error, rows[i].error, strlen(rows[i].error)) != 0)
            fail_msg("row %zu: %s", i, error);
    }
}

static void free_binaries(struct pto_runtime_binaries *binaries)
{
    pto_blob_free(&binaries->host);
    pto_blob_free(&binaries->aicpu);
    pto_blob_free(&binaries->aicore);
}

static void runtime_is_built_once(void **state)
{
    (void)state;
    struct pto_runtime_binaries binaries;
    long before = davcc_runs();
    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    assert_int_equal(davcc_runs() - before, 3);
    assert_non_null(memmem(binaries.host.data, binaries.host.size, "--target=host\n", 14));
    assert_non_null(memmem(binaries.host.data, binaries.host.size, "tools/host/c_api.c\n", 19));
    assert_non_null(memmem(binaries.host.data, binaries.host.size, "tools/host/runtime.cpp\n", 23));
    assert_null(memmem(binaries.aicpu.data, binaries.aicpu.size, "c_api.c", 7));
    free_binaries(&binaries);

    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    assert_int_equal(davcc_runs() - before, 3);
    free_binaries(&binaries);
}

static void a_changed_header_builds_what_includes_it(void **state)
{
    (void)state;
    struct pto_runtime_binaries binaries;
    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    free_binaries(&binaries);
    long before = davcc_runs();
    write_file("runtime/toy/runtime/runtime.h", "int answer(int);\n");
    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    assert_int_equal(davcc_runs() - before, 3);
    free_binaries(&binaries);
    write_file("runtime/toy/aicore/w.c", "/* changed */\n");
    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    assert_int_equal(davcc_runs() - before, 4);
    free_binaries(&binaries);
    write_file("isa/header.h", "/* a device header */\n");
    assert_int_equal(pto_build_runtime("toy", &binaries), 0);
    assert_int_equal(davcc_runs() - before, 7);
    free_binaries(&binaries);
}

static void an_include_through_a_macro_is_never_cached(void **state)
{
    (void)state;
    struct pto_blob blob;
    write_file("macro.c", "#include WHAT\n");
    long before = davcc_runs();
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(pto_compile_incore("macro.c", "aiv", &blob), 0);
        assert_int_equal(davcc_runs() - before, i);
        pto_blob_free(&blob);
    }
}

static void bad_names_are_one_line(void **state)
{
    (void)state;
    struct pto_runtime_binaries binaries;
    struct pto_blob blob;
    begin_stderr();
    int status = pto_build_runtime("toi", &binaries);
    assert_one_line("no runtime 'toi'");
    assert_non_null(strstr(line, "there is: toy;"));
    assert_int_equal(status, 2);

    begin_stderr();
    status = pto_build_runtime("../toy", &binaries);
    assert_one_line("'../toy' is not the name of a runtime");
    assert_int_equal(status, 2);

    begin_stderr();
    status = pto_compile_incore("nothing.c", "aiv", &blob);
    assert_one_line("cannot read source file nothing.c: No such file");
    assert_int_equal(status, 2);

    begin_stderr();
    status = pto_compile_incore("macro.c", "gpu", &blob);
    assert_one_line("'gpu' is not a core type");
    assert_int_equal(status, 2);

    write_file("wrong.c", "syntax error\n");
    begin_stderr();
    status = pto_compile_incore("wrong.c", "aic", &blob);
    assert_one_line("wrong.c for aic failed");
    assert_int_equal(status, 2);
}

static void orchestration_sees_the_runtime(void **state)
{
    (void)state;
    struct pto_blob blob;
    write_file("runtime/toy/build_config.py",
               "BUILD_CONFIG = {p: {'include_dirs': ['runtime'], 'source_dirs': ['host']} for p in 'abc'}\n");
    begin_stderr();
    int status = pto_compile_orchestration("macro.c", "toy", &blob);
    assert_one_line("build_config.py:1: expected a string as the key");
    assert_int_equal(status, 2);

    write_file("runtime/toy/build_config.py", "PART = 1\nBUILD_CONFIG = {\n"
                                              "'aicore': {'include_dirs': ['runtime'], 'source_dirs': ['aicore']},\n"
                                              "'aicpu': {'include_dirs': ['runtime'], 'source_dirs': ['aicpu']},\n"
                                              "'host': {'include_dirs': ['runtime'], 'source_dirs': ['host']}}\n");
    assert_int_equal(pto_compile_orchestration("macro.c", "toy", &blob), 0);
    assert_non_null(memmem(blob.data, blob.size, "--target=orchestration\n", 23));
    assert_non_null(memmem(blob.data, blob.size, "/runtime/toy/runtime\n", 21));
    pto_blob_free(&blob);
    write_file("runtime/toy/build_config.py", good_config);
}

static void text_of_an_elf(void **state)
{
    (void)state;
    struct pto_blob elf = {0}, text = {0};
    FILE *file = fopen("/proc/self/exe", "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    elf.size = ftell(file);
    rewind(file);
    elf.data = malloc(elf.size);
    assert_int_equal(fread(elf.data, 1, elf.size, file), elf.size);
    fclose(file);
    assert_int_equal(pto_extract_text(&elf, &text), 0);
    assert_non_null(memmem(elf.data, elf.size, text.data, text.size));
    assert_non_null(memmem(text.data, text.size, (void *)(uintptr_t)text_of_an_elf, 16));
    pto_blob_free(&text);
    assert_null(text.data);

    /* Cut anywhere, it is an error or still has its .text, never a crash. */
    for (size_t size = 0; size < elf.size; size += elf.size / 97 + 1) {
        struct pto_blob cut = {malloc(size + 1), size};
        memcpy(cut.data, elf.data, size);
        begin_stderr();
        int status = pto_extract_text(&cut, &text);
        end_stderr();
        assert_true(status == 0 || (status == 2 && strchr(line, '\n') == line + strlen(line) - 1));
        pto_blob_free(&text);
        pto_blob_free(&cut);
    }
    pto_blob_free(&elf);
}

static void a_host_part_must_be_a_library_with_the_api(void **state)
{
    (void)state;
    struct pto_blob junk = {(uint8_t *)"not a library", 13};
    begin_stderr();
    assert_null(pto_load_host(&junk));
    assert_one_line("cannot load the runtime's host part");
    begin_stderr();
    assert_null(pto_load_host(NULL));
    assert_one_line("no host part given");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_lists_sources_in_order),
        cmocka_unit_test(literals_mean_what_they_mean_in_python),
        cmocka_unit_test(config_errors_name_the_line),
        cmocka_unit_test(config_must_be_complete),
        cmocka_unit_test(runtime_is_built_once),
        cmocka_unit_test(a_changed_header_builds_what_includes_it),
        cmocka_unit_test(an_include_through_a_macro_is_never_cached),
        cmocka_unit_test(bad_names_are_one_line),
        cmocka_unit_test(orchestration_sees_the_runtime),
        cmocka_unit_test(text_of_an_elf),
        cmocka_unit_test(a_host_part_must_be_a_library_with_the_api),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
