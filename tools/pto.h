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

/* Where runtimes are looked for, and what is added to one. All zero, or a NULL in its place: the defaults. */
struct pto_build_options {
    const char *const *roots; /* projects, or folders that hold runtimes; NULL behind the last. They come first */
    const char *platform;     /* "a2a3" or "a2a3sim", which are one here: of src/ARCH/runtime only src/a2a3/runtime */
    const char *const *aicpu_include_dirs; /* beside those of build_config.py; NULL behind the last */
    const char *const *aicpu_source_dirs;
};

/** pto_build_runtime - compile the three parts of a runtime as its build_config.py says.
 *  @name: a directory with a build_config.py. It is looked up in the directories of $DAVSIM_RUNTIME_PATH (with colons
 *  between them), in the working directory and among the runtimes that come with davsim, in this order. A directory
 *  named by the user may hold runtimes itself; there as in the working directory, runtime/, src/runtime/ and
 *  src/ARCH/runtime/ do.
 *  @out: receives the three binaries; untouched on failure.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_build_runtime(const char *name, struct pto_runtime_binaries *out);

/** pto_build_runtime_with - the same, with options. */
PTO_PUBLIC int pto_build_runtime_with(const char *name, const struct pto_build_options *options,
                                      struct pto_runtime_binaries *out);

/** pto_list_runtimes - the names of all runtimes that could be built, sorted.
 *  @names: receives them, NULL behind the last; pto_list_free gives them back.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_list_runtimes(const struct pto_build_options *options, char ***names);

/** pto_list_free - give back what pto_list_runtimes made. */
PTO_PUBLIC void pto_list_free(char **names);

/** pto_runtime_dir - the directory of a runtime, looked up as pto_build_runtime_with does.
 *  @dir: receives its absolute name, for the caller to free.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_runtime_dir(const char *name, const struct pto_build_options *options, char **dir);

/* What a compilation is told beside its source. All zero, or a NULL in its place: nothing. */
struct pto_compile_options {
    const char *const *include_dirs;          /* searched first, NULL behind the last */
    const char *const *macros;                /* "NAME" or "NAME=VALUE" each, NULL behind the last */
    const struct pto_build_options *runtimes; /* of an orchestration: where its runtime is looked for */
};

/** pto_compile_orchestration - compile an orchestration function into a shared library for the host.
 *  @source: a C or C++ file. @runtime_name: the runtime whose headers it includes: one that this process has built, or
 *  looked up as above. NULL: the one that this process has built last.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_compile_orchestration(const char *source, const char *runtime_name, struct pto_blob *out);

/** pto_compile_orchestration_with - the same, with options. */
PTO_PUBLIC int pto_compile_orchestration_with(const char *source, const char *runtime_name,
                                              const struct pto_compile_options *options, struct pto_blob *out);

/** pto_compile_incore - compile a kernel into an ELF whose .text is one self-contained image.
 *  @core_type: "aic" (cube) or "aiv" (vector).
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_compile_incore(const char *source, const char *core_type, struct pto_blob *out);

/** pto_compile_incore_with - the same, with options. */
PTO_PUBLIC int pto_compile_incore_with(const char *source, const char *core_type,
                                       const struct pto_compile_options *options, struct pto_blob *out);

/** pto_extract_text - a copy of the .text section of any 64-bit ELF file, of whatever machine and byte order.
 *  Return: 0 or one of enum dav_status. */
PTO_PUBLIC int pto_extract_text(const struct pto_blob *elf, struct pto_blob *out);

/** pto_blob_free - release the bytes; the blob is empty afterwards. */
PTO_PUBLIC void pto_blob_free(struct pto_blob *blob);

struct dav_init;    /* model/platform.h */
struct dav_figures; /* model/davsim.h */

/* A loaded host part, with the functions of the platform's C API. Those that return int return 0 on success. */
struct pto_host {
    void *handle;                     /* what dlopen gave */
    size_t (*get_runtime_size)(void); /* bytes to allocate, zeroed, for a runtime */
    int (*init_runtime)(void *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                        int arg_count);
    int (*init_runtime_from)(void *runtime, const struct dav_init *what); /* with all that can be given: platform.h */
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
