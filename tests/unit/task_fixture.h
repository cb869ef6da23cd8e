/* task_fixture.h - compile a few lines that hold a `Task` into a shared object, as davcc would, and read its bytes. */
#ifndef DAV_TESTS_TASK_FIXTURE_H
#define DAV_TESTS_TASK_FIXTURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct task_elf {
    uint8_t *bytes;
    size_t size;
};

/* @language: "c" or "c++". The caller frees the bytes. */
static inline struct task_elf task_compile(const char *language, const char *options, const char *source)
{
    struct task_elf elf = {NULL, 0};
    char folder[] = "/tmp/davsim-test-XXXXXX", command[512], path[64];

    if (!mkdtemp(folder))
        abort();
    snprintf(command, sizeof(command), "clang-19 -x %s %s -O2 -fPIC -shared -nostdlib -o %s/out.so -", language,
             options, folder);
    FILE *compiler = popen(command, "w");
    if (!compiler || fputs(source, compiler) == EOF || pclose(compiler) != 0)
        abort();
    snprintf(path, sizeof(path), "%s/out.so", folder);
    FILE *file = fopen(path, "re");
    if (!file)
        abort();
    fseek(file, 0, SEEK_END);
    elf.size = (size_t)ftell(file);
    rewind(file);
    elf.bytes = malloc(elf.size);
    if (!elf.bytes || fread(elf.bytes, 1, elf.size, file) != elf.size)
        abort();
    fclose(file);
    unlink(path);
    rmdir(folder);
    return elf;
}

#endif
