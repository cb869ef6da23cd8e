/* davcc_fixture.h - compile a fixture with the davcc that the environment variable DAVCC names, and read what it made.
 * A test that needs it is skipped where there is none. */
#ifndef DAV_TESTS_DAVCC_FIXTURE_H
#define DAV_TESTS_DAVCC_FIXTURE_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static char fixture_dir[64]; /* results; removed by fixture_cleanup */

static inline void fixture_setup(void)
{
    snprintf(fixture_dir, sizeof(fixture_dir), "/tmp/davsim-test-XXXXXX");
    if (!mkdtemp(fixture_dir))
        abort();
}

static inline void fixture_cleanup(void)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf %s", fixture_dir);
    if (system(command) != 0)
        abort();
}

/* Runs davcc with @options on the source @path; the result is @out in fixture_dir, what it says goes to the file
 * `messages` there. Returns davcc's exit status. */
static inline int fixture_run(const char *options, const char *path, const char *out)
{
    char command[3 * PATH_MAX];
    const char *davcc = getenv("DAVCC");

    if (!davcc)
        skip();
    snprintf(command, sizeof(command), "%s %s %s -o %s/%s >%s/messages 2>&1", davcc, options, path, fixture_dir, out,
             fixture_dir);
    return WEXITSTATUS(system(command));
}

/* The same for the source @name of the folder fixtures. */
static inline int fixture_compile(const char *options, const char *name, const char *out)
{
    char path[PATH_MAX];
    const char *slash = strrchr(__FILE__, '/');

    snprintf(path, sizeof(path), "%.*s/fixtures/%s", (int)(slash - __FILE__), __FILE__, name);
    return fixture_run(options, path, out);
}

/* The bytes of a file in fixture_dir, for the caller to free. */
static inline uint8_t *fixture_read(const char *name, size_t *size)
{
    char path[2 * PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", fixture_dir, name);
    FILE *file = fopen(path, "re");
    *size = 0;
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = calloc(1, *size + 1);
    if (fread(bytes, 1, *size, file) != *size)
        abort();
    fclose(file);
    return bytes;
}

/* What the latest davcc said; valid until the next call. */
static inline const char *fixture_messages(void)
{
    static uint8_t *messages;
    size_t size;
    free(messages);
    messages = fixture_read("messages", &size);
    return (const char *)messages;
}

/* The module that the text @source, as a file @name, compiles to; for the caller to free. */
static inline uint8_t *fixture_module(const char *name, const char *source, size_t *size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", fixture_dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(source, file);
    fclose(file);
    if (fixture_run("--target=aicore", path, "module.so") != 0)
        fail_msg("%s", fixture_messages());
    return fixture_read("module.so", size);
}

/* fixture_setup and fixture_cleanup for a group of tests that needs nothing else. */
static inline int fixture_group_setup(void **state)
{
    (void)state;
    fixture_setup();
    return 0;
}

static inline int fixture_group_teardown(void **state)
{
    (void)state;
    fixture_cleanup();
    return 0;
}

/* The kernel image in the ELF @name, cut out as a user would. */
static inline uint8_t *fixture_image(const char *name, size_t *size)
{
    char command[PATH_MAX];
    snprintf(command, sizeof(command), "cd %s && objcopy -O binary -j .text %s %s.bin", fixture_dir, name, name);
    if (system(command) != 0)
        return NULL;
    snprintf(command, sizeof(command), "%s.bin", name);
    return fixture_read(command, size);
}

#endif
