/* harness.h - the host's side of a pattern: load the device's parts, copy, launch, compare. What fails ends the program
 * with davsim's status for it.
 *
 * The parts lie beside the program: PROGRAM.aicpu, PROGRAM.aicore, and PROGRAM.NAME for a kernel.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** device_new - device memory, its contents as they were left. */
void *device_new(size_t size);

/** device_copy - device memory with a copy of @size bytes at @host. */
void *device_copy(const void *host, size_t size);

void device_free(void *device);

void to_device(void *device, const void *host, size_t size);
void from_device(void *host, const void *device, size_t size);

/** load_kernel - kernel @name as function @func_id. Return: its device address. */
uint64_t load_kernel(int func_id, const char *name);

/** launch - on one cluster and @aicpu_threads, with the runtime structure of @size bytes at @device. */
void launch(void *device, size_t size, int aicpu_threads);

/** launch_ends - the same, on @clusters, for a launch that may fail. Return: davsim's status. */
int launch_ends(void *device, size_t size, int aicpu_threads, int clusters);

/** check - @got must be @wanted. The text says of what (printf-like); the first few that are not so are printed. */
void check(int64_t got, int64_t wanted, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** verdict - the exit status: 0 when every check was right, else 1. */
int verdict(void);

#ifdef __cplusplus
}
#endif

#endif
