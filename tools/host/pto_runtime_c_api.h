/* pto_runtime_c_api.h - what a built runtime's host library exports: the platform's C API.
 *
 * It also exports the names of the generation before (InitRuntime, DeviceMalloc, ...), unless the runtime defines them.
 *
 * A runtime is an opaque block of get_runtime_size() bytes, aligned as malloc aligns; the caller owns it. Its life:
 *
 *     init_runtime -> launch_runtime, any number of times -> finalize_runtime
 *
 * Functions that return int return 0 on success. On failure they print one line on stderr and return nonzero.
 */
#ifndef PTO_RUNTIME_C_API_H
#define PTO_RUNTIME_C_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PTO_API __attribute__((visibility("default")))

/** get_runtime_size - bytes of memory that a runtime needs. */
PTO_API size_t get_runtime_size(void);

/** init_runtime - build a graph in @runtime.
 *  @orchestration, @size: a shared library in memory; @function: its function that builds the graph, called as
 *  int function(Runtime *, uint64_t *args, int arg_count). */
PTO_API int init_runtime(void *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                         int arg_count);

/** init_runtime_from - the same, with everything that can be given: types and sizes of arguments, kernels to register.
 *  A runtime of a generation that takes less does not look at the rest; kernels are registered all the same. */
struct dav_init;
PTO_API int init_runtime_from(void *runtime, const struct dav_init *what);

/** launch_runtime - execute the graph on @aicpu_threads AICPU threads and @block_dim clusters of AICores, to the end.
 *  @aicpu, @aicore: the other two binaries of the runtime. */
PTO_API int launch_runtime(void *runtime, int aicpu_threads, int block_dim, int device_id, const uint8_t *aicpu,
                           size_t aicpu_size, const uint8_t *aicore, size_t aicore_size);

/** finalize_runtime - copy the results to the host and free all device memory of the graph. */
PTO_API int finalize_runtime(void *runtime);

/** set_device - choose the device that the next calls mean. */
PTO_API int set_device(int device_id);

/** register_kernel - load a kernel's .text under @func_id, before init_runtime. */
PTO_API int register_kernel(int func_id, const uint8_t *text, size_t size);

PTO_API void *device_malloc(size_t size);
PTO_API void device_free(void *dev_ptr);
PTO_API int copy_to_device(void *dev_ptr, const void *host_ptr, size_t size);
PTO_API int copy_from_device(void *host_ptr, const void *dev_ptr, size_t size);

/** device_figures - what the launches so far have done, in simulated time (model/davsim.h). The simulator's own, as is: */
struct dav_figures;
PTO_API int device_figures(struct dav_figures *figures);

/** device_computes - 1, as on silicon; 0 where instructions of the pipes only take their time (--compute=off): results
 *  are then not worth checking. The simulator's own: a program that may also meet silicon looks it up with dlsym. */
PTO_API int device_computes(void);

#ifdef __cplusplus
}
#endif
#endif
