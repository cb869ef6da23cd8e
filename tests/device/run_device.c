/* run_device.c - run_device AICPU.so AICORE.so THREADS: launch a device program of this folder and say what it
 * reported. The exit status is 0 when it passed, 1 when it did not, else what dav_launch returned.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/davsim.h"
#include "tests/device/check.h"

static void *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    void *bytes = NULL;

    if (file && fseek(file, 0, SEEK_END) == 0) {
        *size = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*size);
        if (bytes && fread(bytes, 1, *size, file) != *size)
            bytes = NULL;
    }
    if (!bytes) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    struct device_result result = {0};
    struct dav_launch launch = {.runtime_size = sizeof(result), .block_dim = 1};
    int status;

    if (argc != 4) {
        fprintf(stderr, "usage: %s AICPU.so AICORE.so THREADS\n", argv[0]);
        return 2;
    }
    launch.aicpu_binary = read_file(argv[1], &launch.aicpu_size);
    launch.aicore_binary = read_file(argv[2], &launch.aicore_size);
    launch.aicpu_threads = atoi(argv[3]);
    launch.runtime = dav_malloc(sizeof(result));
    result.threads = (uint32_t)launch.aicpu_threads;
    if (!launch.runtime || dav_copy_to_device(launch.runtime, &result, sizeof(result)) != 0)
        return 2;
    status = dav_launch(&launch);
    if (status != 0)
        return status;
    if (dav_copy_from_device(&result, launch.runtime, sizeof(result)) != 0)
        return 2;
    printf("finished %" PRIu32 " of %" PRIu32 ", failed line %" PRIu32 ", values", result.finished, result.threads,
           result.failed_line);
    for (int i = 0; i < 4; i++)
        printf(" %" PRId64, result.value[i]);
    printf(", at %" PRIu64 " ns\n", dav_time_ps() / 1000);
    return result.finished == result.threads && result.failed_line == 0 ? 0 : 1;
}
