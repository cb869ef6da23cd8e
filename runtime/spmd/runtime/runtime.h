/* runtime.h - the data that host, AICPU and AICores share in this runtime: one kernel, executed once by every core.
 *
 * It is what `kernel<<<blocks>>>(args)` does: a launch over n clusters is n blocks. Each AIC calls the AIC kernel, if
 * there is one, and each AIV the AIV kernel, with the same arguments. What a core has to do, it finds out itself:
 *
 *   an AIC, and an AIV next to it      block get_block_idx() of get_block_num(), half get_subblockid()
 *   AIVs alone, n = get_subblockdim()  block n * get_block_idx() + get_subblockid() of n * get_block_num()
 *
 * A kernel ends with its pipes drained (pipe_barrier(PIPE_ALL)); the worker writes its data cache back.
 *
 * Who may write what, and when. A Handshake is one line, which an AICore and the AICPU write in turn: the AICPU first
 * (control = 1 if nothing is to be executed, then aicpu_ready = 1), the AICore when its kernel has ended (aicore_done).
 * Everything before the handshakes is written by the host alone. The AICPU's caches do not see what the host copies to
 * GM, so it drops the lines it reads before it looks at them, and those it has written at the end.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#define RUNTIME_LINE        64  /* bytes of a cache line */
#define RUNTIME_MAX_WORKER  128 /* AICores */
#define RUNTIME_MAX_ARGS    24  /* of a kernel */
#define RUNTIME_MAX_TENSORS 64

enum { RUNTIME_AIC = 0, RUNTIME_AIV = 1, RUNTIME_CORE_TYPES = 2 };

/* What happens to a tensor besides its allocation before the run and its release after it. */
enum { TENSOR_SCRATCH = 0, TENSOR_IN = 1, TENSOR_OUT = 2 };

/* One AICore's mailbox. */
typedef struct Handshake {
    _Alignas(RUNTIME_LINE) volatile int aicpu_ready; /* 1: begin */
    volatile int aicore_done;                        /* the AICore's number + 1: it has executed its kernel */
    void *volatile task;                             /* the platform's fields, of no use here */
    volatile int task_status;
    volatile int control; /* 1: do not execute anything */
    int core_type;        /* RUNTIME_AIC or RUNTIME_AIV */
} Handshake;

/* Device memory, as the platform gives it to the host part. get_kernel_addr returns 0 for an unknown kernel. */
typedef struct HostApi {
    void *(*device_malloc)(size_t size);
    void (*device_free)(void *dev_ptr);
    int (*copy_to_device)(void *dev_ptr, const void *host_ptr, size_t size);
    int (*copy_from_device)(void *host_ptr, const void *dev_ptr, size_t size);
    uint64_t (*get_kernel_addr)(int func_id);
} HostApi;

typedef struct Tensor {
    void *host_ptr;
    void *dev_ptr;
    size_t size;
    int use;
} Tensor;

typedef struct Runtime {
    /* Set by the platform before a launch. */
    _Alignas(RUNTIME_LINE) int worker_count; /* AICores: block_dim AICs, then their AIVs cluster by cluster */
    int block_dim;                           /* clusters */
    int sche_cpu_num;                        /* AICPU threads */

    /* Set by the host part. */
    uint64_t kernels[RUNTIME_CORE_TYPES]; /* device addresses; 0: cores of this type do nothing */
    uint64_t args[RUNTIME_MAX_ARGS];
    int tensor_count;
    HostApi host_api;
    Tensor tensors[RUNTIME_MAX_TENSORS];

    Handshake workers[RUNTIME_MAX_WORKER];
} Runtime;

_Static_assert(sizeof(Handshake) == RUNTIME_LINE, "a handshake is one line");

/* For orchestration functions, on the host. What fails prints one line on stderr. */

/** set_kernel - cores of @core_type execute the kernel registered as @func_id. Return: 0, or -1. */
int set_kernel(Runtime *runtime, int core_type, int func_id);

/** set_args - the kernels' arguments. Return: 0, or -1. */
int set_args(Runtime *runtime, const uint64_t *args, int arg_count);

/** add_tensor - @size bytes on the device until the end. @use: TENSOR_IN copies @host_ptr there now, TENSOR_OUT copies
 *  the result back to @host_ptr after the run; both, or neither (TENSOR_SCRATCH), are possible.
 *  Return: its device address, or 0. */
uint64_t add_tensor(Runtime *runtime, void *host_ptr, size_t size, int use);

/* Called by the platform on the host, before and after a launch. */

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count);
int validate_runtime_impl(Runtime *runtime);

#endif
