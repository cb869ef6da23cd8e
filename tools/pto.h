/* pto.h - build and load a runtime and its kernels from C: the twin of the guide's four Python modules.
 *
 * A host program builds the three parts of a runtime, compiles its orchestration and its kernels, loads the host part
 * and then talks to the chip through the functions of struct pto_host:
 *
 *     pto_build_runtime -> pto_load_host -> set_device, register_kernel
 *     pto_compile_orchestration -> init_runtime -> launch_runtime -> finalize_runtime
 *
 * Results of compilations are kept in the user's cache under a key of everything that went into them, so building
 * again costs only the reading of the sources. Every failing call prints one line on stderr, "davsim: what, where,
 * what to do", and returns one of enum dav_status (nonzero), or NULL. Not thread-safe.
 */
#ifndef DAV_PTO_H
#define DAV_PTO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PTO_PUBLIC __attribute__((visibility("default")))

/** pto_tell_errors - hand the lines of calls that fail to @tell, without "davsim: " and newline, instead of printing
 *  them; NULL: print again. Those of a loaded host part have dav_tell_errors (davsim.h). */
PTO_PUBLIC void pto_tell_errors(void (*tell)(const char *line));

/* Bytes that the caller owns; pto_blob_free gives them back. */
struct pto_blob {
    uint8_t *data;
    size_t size;
};

/* The three parts of a built runtime. */
struct pto_runtime_binaries {
    struct pto_blob host, aicpu, aicore;
};

/** pto_build_runtime - compile the three parts of a runtime as its build_config.py says.
 *  @name: a directory with a build_config.py, looked up in the directories of $DAVSIM_RUNTIME_PATH (with colons
 *  between them), in ./runtime, in ./src/runtime and among the runtimes that come with davsim, in this order.
 *  @out: receives the three binaries; untouched on failure.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_build_runtime(const char *name, struct pto_runtime_binaries *out);

/** pto_compile_orchestration - compile an orchestration function into a shared library for the host.
 *  @source: a C or C++ file. @runtime_name: the runtime whose headers it includes; looked up as above.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_compile_orchestration(const char *source, const char *runtime_name, struct pto_blob *out);

/** pto_compile_incore - compile a kernel into an ELF whose .text is one self-contained image.
 *  @core_type: "aic" (cube) or "aiv" (vector).
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_compile_incore(const char *source, const char *core_type, struct pto_blob *out);

/** pto_compile_incore_with - the same, with macros defined: "NAME" or "NAME=VALUE" each, a NULL behind the last. */
PTO_PUBLIC int pto_compile_incore_with(const char *source, const char *core_type, const char *const *macros,
                                       struct pto_blob *out);

/** pto_extract_text - a copy of the .text section of any 64-bit ELF file.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_extract_text(const struct pto_blob *elf, struct pto_blob *out);

/** pto_blob_free - release the bytes; the blob is empty afterwards. */
PTO_PUBLIC void pto_blob_free(struct pto_blob *blob);

struct dav_figures;

/* A loaded host part, with the functions of the platform's C API. Those that return int return 0 on success. */
struct pto_host {
    void *handle;                     /* what dlopen gave */
    size_t (*get_runtime_size)(void); /* bytes to allocate, zeroed, for a runtime */
    int (*init_runtime)(void *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                        int arg_count);
    int (*launch_runtime)(void *runtime, int aicpu_threads, int block_dim, int device_id, const uint8_t *aicpu,
                          size_t aicpu_size, const uint8_t *aicore, size_t aicore_size);
    int (*finalize_runtime)(void *runtime);
    int (*set_device)(int device_id);
    int (*register_kernel)(int func_id, const uint8_t *text, size_t size);
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *address);
    int (*copy_to_device)(void *device, const void *host, size_t size);
    int (*copy_from_device)(void *host, const void *device, size_t size);
    int (*device_figures)(struct dav_figures *figures); /* what the launches so far have done: model/davsim.h */
    int (*device_computes)(void); /* 0: --compute=off, do not check what the kernels should have computed */
};

/** pto_load_host - load the host part from memory; it stays loaded until the process ends.
 *  Return: its functions, or NULL. */
PTO_PUBLIC struct pto_host *pto_load_host(const struct pto_blob *host);

#ifdef __cplusplus
}
#endif
#endif
