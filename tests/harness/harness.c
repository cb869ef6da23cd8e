/* harness.c - see harness.h. */
#include "harness.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/davsim.h"
#include "tools/pto.h"

enum { SHOWN = 3 };

static int wrong;

static void need(int status)
{
    if (status != 0)
        exit(status);
}

static struct pto_blob read_part(const char *name)
{
    struct pto_blob part = {0};
    char path[PATH_MAX];
    FILE *file;
    long size = -1;

    snprintf(path, sizeof(path), "%s.%s", program_invocation_name, name);
    file = fopen(path, "rb");
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size > 0) {
        rewind(file);
        part = (struct pto_blob){malloc((size_t)size), (size_t)size};
    }
    if (!part.data || fread(part.data, 1, part.size, file) != part.size) {
        perror(path);
        exit(DAV_BAD_INPUT);
    }
    fclose(file);
    return part;
}

void *device_new(size_t size)
{
    void *device = dav_malloc(size);

    need(device ? 0 : DAV_BAD_INPUT);
    return device;
}

void *device_copy(const void *host, size_t size)
{
    void *device = device_new(size);

    to_device(device, host, size);
    return device;
}

void device_free(void *device)
{
    need(dav_free(device));
}

void to_device(void *device, const void *host, size_t size)
{
    need(dav_copy_to_device(device, host, size));
}

void from_device(void *host, const void *device, size_t size)
{
    need(dav_copy_from_device(host, device, size));
}

uint64_t load_kernel(int func_id, const char *name)
{
    struct pto_blob elf = read_part(name), text = {0};

    need(pto_extract_text(&elf, &text));
    need(dav_register_kernel(func_id, text.data, text.size));
    pto_blob_free(&elf);
    pto_blob_free(&text);
    return dav_kernel_addr(func_id);
}

int launch_ends(void *device, size_t size, int aicpu_threads, int clusters)
{
    struct pto_blob aicpu = read_part("aicpu"), aicore = read_part("aicore");
    struct dav_launch parts = {.runtime = device,
                               .runtime_size = size,
                               .aicpu_threads = aicpu_threads,
                               .block_dim = clusters,
                               .aicpu_binary = aicpu.data,
                               .aicpu_size = aicpu.size,
                               .aicore_binary = aicore.data,
                               .aicore_size = aicore.size};
    int status = dav_launch(&parts);

    pto_blob_free(&aicpu);
    pto_blob_free(&aicore);
    return status;
}

void launch(void *device, size_t size, int aicpu_threads)
{
    need(launch_ends(device, size, aicpu_threads, 1));
}

void check(int64_t got, int64_t wanted, const char *format, ...)
{
    va_list args;

    if (got == wanted || wrong++ >= SHOWN)
        return;
    printf("wrong: ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf(": %" PRId64 ", not %" PRId64 "\n", got, wanted);
}

int verdict(void)
{
    if (wrong > SHOWN)
        printf("wrong: %d more\n", wrong - SHOWN);
    if (wrong == 0)
        printf("right\n");
    return wrong ? 1 : 0;
}
