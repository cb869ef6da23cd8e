/* pipes.c - see pipes.h. Time is that from the first core's begin of the kernel to the last one's end; how busy a pipe
 * was in it says the result file that the process leaves. Only times matter, so nothing is computed.
 */
#include "tests/fidelity/pipes.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/davsim.h"
#include "tests/fidelity/launch.h"
#include "tests/fidelity/probe.h"

enum { AICS = GEMM_DOWN * GEMM_ACROSS, STREAMED = 384 << 20 };

/* A product of matrices, and its rows. */
static const struct product {
    uint32_t size;
    enum row_id time, cube, load;
} products[] = {
    {1536, J04A, J04A_CUBE, J04A_LOAD},
    {3072, J04C, J04C_CUBE, J04C_LOAD},
    {6144, J04B, J04B_CUBE, J04B_LOAD},
    {7680, J04D, J04D_CUBE, J04D_LOAD},
};

static const struct product *product; /* that is being measured */

/* Microseconds in which the cores that took part did so. */
static double kernel_us(const struct probe *probe)
{
    uint64_t begin = UINT64_MAX, end = 0;

    for (uint32_t i = 0; i < PROBE_CORES; i++) {
        const uint64_t *times = probe->seats[i].started;

        if (!times[1])
            continue;
        begin = times[0] < begin ? times[0] : begin;
        end = times[1] > end ? times[1] : end;
    }
    return (double)(end - begin) * LAUNCH_RULER_NS / 1e3;
}

static void multiply(double *values, struct probe *probe)
{
    uint64_t elements = (uint64_t)product->size * product->size;

    *probe = (struct probe){.kind = PROBE_GEMM,
                            .count = product->size,
                            .cores = PROBE_CORES,
                            .matrices = {(uintptr_t)dav_malloc(elements * 2), (uintptr_t)dav_malloc(elements * 2),
                                         (uintptr_t)dav_malloc(elements * 4)}};
    launch_run(probe);
    values[product->time] = kernel_us(probe);
}

static void stream(double *values, struct probe *probe)
{
    *probe = (struct probe){
        .kind = PROBE_STREAM, .count = STREAMED, .cores = PROBE_CORES, .memory = (uintptr_t)dav_malloc(STREAMED)};
    launch_run(probe);
    values[F23] = STREAMED / kernel_us(probe) / 1e6;
}

/* Percent of @us that a pipe of the AICs was busy. */
static double busy(json_t *result, const char *pipe, double us)
{
    json_t *pipes = json_object_get(json_object_get(result, "pipes"), "AIC");

    return json_number_value(json_object_get(json_object_get(pipes, pipe), "busy_ps")) / 1e6 / AICS / us * 100;
}

static void measure_product(double values[ROW_COUNT])
{
    char path[] = "/tmp/fidelity-XXXXXX";
    int file = mkstemp(path);
    json_t *result;

    if (file < 0)
        launch_die("fidelity: no temporary file");
    close(file);
    setenv("DAVSIM_RESULT", path, 1);
    launch_in_child(multiply, LAUNCH_RULER, values);
    unsetenv("DAVSIM_RESULT");
    result = json_load_file(path, 0, NULL);
    unlink(path);
    values[product->cube] = busy(result, "M", values[product->time]);
    values[product->load] = busy(result, "MTE2", values[product->time]);
    if (product->time == J04B) {
        values[J04B_EXTRACT] = busy(result, "MTE1", values[J04B]);
        values[J04B_STORE] = busy(result, "FIX", values[J04B]);
    }
    json_decref(result);
}

void pipes_measure(double values[ROW_COUNT])
{
    setenv("DAVSIM_COMPUTE", "off", 1);
    for (product = products; product < products + sizeof(products) / sizeof(*products); product++)
        measure_product(values);
    values[J04C_GROWTH] = values[J04C] - values[J04A];
    launch_in_child(stream, LAUNCH_RULER, values);
    unsetenv("DAVSIM_COMPUTE");
}
