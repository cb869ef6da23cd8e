/* davsim.h - the library's face: the simulated devices of this process, seen from the host program.
 *
 * A device is built at the first call that needs it and lives until the process ends; it can be launched any number of
 * times. Caches, module statics and GM contents survive from one launch to the next, as on silicon.
 *
 * dav_set_device chooses which device the calls after it mean; a process may go to and fro between up to 16. Each has
 * memory, caches, registered kernels and module statics of its own. A pointer of one device given to a call for another
 * is refused, and device code that follows one meets a device exception. Calls return when they are done, so devices
 * take turns: there is one simulated time, the host's, and a device that is used again finds that it has gone on.
 *
 * Options come from the environment (see `davsim(1)`): DAVSIM_CHIP, DAVSIM_SET, DAVSIM_TRACE, DAVSIM_RESULT,
 * DAVSIM_SEED, DAVSIM_VARY, DAVSIM_MAX_TIME, DAVSIM_PARK, DAVSIM_VERBOSE, DAVSIM_TRACE_LEVEL, DAVSIM_COMPUTE.
 *
 * Every function returns 0 (or a pointer) on success. On failure it prints one line on stderr, "davsim: what, where,
 * what to do", and returns one of enum dav_status (or NULL). Not thread-safe: call from one host thread.
 */
#ifndef DAVSIM_H
#define DAVSIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DAV_PUBLIC __attribute__((visibility("default")))

/* Categories of failure; also the exit statuses of `davsim run`. */
enum dav_status {
    DAV_OK = 0,
    DAV_BAD_INPUT = 2, /* a wrong argument, option, chip file or binary */
    DAV_FAULT = 4,     /* a device exception: bad pointer, illegal instruction, divide error, abort */
    DAV_DEADLOCK = 5,  /* every agent waits for something that cannot happen */
    DAV_TIMEOUT = 6,   /* no task progress within --max-time of simulated time */
    DAV_INTERNAL = 7,  /* the simulator's own error: memory, files */
};

/** dav_tell_errors - hand the lines of calls that fail to @tell, without "davsim: " and newline, instead of printing
 *  them; NULL: print again. */
DAV_PUBLIC void dav_tell_errors(void (*tell)(const char *line));

/** dav_set_device - choose the device whose memory, kernels and cores the next calls mean: 0 to [chip] devices - 1 (15);
 *  0 if never called. When it fails, the device before stays chosen. */
DAV_PUBLIC int dav_set_device(int device_id);

/** dav_malloc - allocate @size bytes of GM, 512 B aligned, contents as they were left. NULL when GM is full. */
DAV_PUBLIC void *dav_malloc(size_t size);

/** dav_free - give an allocation back; its address may come back from the next dav_malloc. */
DAV_PUBLIC int dav_free(void *ptr);

/** dav_copy_to_device - host DMA, host to GM: synchronous, not snooped by the AICPU caches (chip file). */
DAV_PUBLIC int dav_copy_to_device(void *dst, const void *src, size_t size);

/** dav_copy_from_device - host DMA, GM to host: sees GM, not what sits dirty in an AICore's cache. */
DAV_PUBLIC int dav_copy_from_device(void *dst, const void *src, size_t size);

/** dav_register_kernel - load a kernel image (the .text that davcc linked) into executable GM of the chosen device under
 *  @func_id. */
DAV_PUBLIC int dav_register_kernel(int func_id, const void *text, size_t size);

/** dav_kernel_addr - device address of the kernel registered as @func_id on the chosen device, 0 if none is. */
DAV_PUBLIC uint64_t dav_kernel_addr(int func_id);

/* Which AICores a launch takes. */
enum dav_only { DAV_CLUSTERS = 0, DAV_ONLY_AIC = 1, DAV_ONLY_AIV = 2 };

struct dav_launch {
    void *runtime;            /* device address of the runtime's structure, given to every core */
    size_t runtime_size;      /* its size in bytes */
    int aicpu_threads;        /* AICPU threads to start, 1..[aicpu] threads of the chip */
    int block_dim;            /* clusters to use: block_dim AICs and as many AIVs as the chip has beside them */
    int only;                 /* one of enum dav_only: block_dim AICores of one kind, not clusters */
    const void *aicpu_binary; /* ELF of the AICPU module, entry aicpu_execute */
    size_t aicpu_size;
    const void *aicore_binary; /* ELF of the AICore worker module, entry aicore_execute */
    size_t aicore_size;
};

/** dav_launch - run the AICPU and AICore parts to their end in simulated time. */
DAV_PUBLIC int dav_launch(const struct dav_launch *launch);

/** dav_cores_per_block - AICores of a cluster on this chip (3 on a2a3: one AIC, two AIVs). */
DAV_PUBLIC int dav_cores_per_block(void);

/** dav_computes - 1; 0 under --compute=off: instructions of the pipes then take their time and leave all bytes as they
 *  were, so a result is not worth checking. */
DAV_PUBLIC int dav_computes(void);

/** dav_time_ps - the host's simulated time in ps since the first device was built. */
DAV_PUBLIC uint64_t dav_time_ps(void);

/* What the launches so far have done, in sums: the difference of two looks is what was done between them. */
struct dav_figures {
    uint64_t launches, launch_ps;              /* launch_ps: from each launch's call to its end */
    uint64_t tasks;                            /* kernels that have ended */
    uint64_t aic_busy_ps, aiv_busy_ps;         /* in kernels, all cores together */
    uint64_t aicpu_busy_ps;                    /* in the runtime's program, polling included, all threads together */
    uint64_t dispatched, dispatch_to_start_ps; /* kernels known to be given out by an AICPU; from there to their begin */
    uint64_t seen, end_to_seen_ps;             /* kernels whose end an AICPU has read; from their end to there */
};

/** dav_figures - all 0 before the first launch. */
DAV_PUBLIC int dav_figures(struct dav_figures *figures);

#ifdef __cplusplus
}
#endif
#endif
