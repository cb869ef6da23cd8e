/* core_port.h - the core as device code sees it.
 *
 * Device headers (isa/include) are written in terms of these calls and of plain memory accesses; nothing else of the
 * simulator is visible to device code. Plain loads and stores reach the core through the instrumentation that davcc
 * asks for (__tsan_*, __sanitizer_cov_*), so they need no call here; a register of the AICORE register window is
 * read and written by the AICPU with a plain volatile access to its window address.
 *
 * A module resolves these names dynamically; a kernel image through the port table (port_table.def).
 */
#ifndef DAV_CORE_PORT_H
#define DAV_CORE_PORT_H

#include <stddef.h>
#include <stdint.h>

/* Two calls in the source stay two calls, each with its own line. */
#ifdef __clang__
#define DAV_PORT __attribute__((nomerge))
#else
#define DAV_PORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- AICore: the scalar unit ---- */

enum dav_dcci_lines { DAV_DCCI_SINGLE = 0, DAV_DCCI_ENTIRE = 1 };

/** dav_dcci - clean and invalidate data-cache lines: the line of @addr, or the whole cache (@addr then ignored).
 *  @form: number of arguments the source used (2 or 3); the chip file says what the two-argument form does. */
DAV_PORT void dav_dcci(const volatile void *addr, int lines, int form);

/** dav_dsb - wait until this core's earlier write-backs have reached GM. */
DAV_PORT void dav_dsb(int kind);

/** dav_pipe_barrier - wait until pipe @pipe of this core has drained; never touches the data cache. */
DAV_PORT void dav_pipe_barrier(int pipe);

/** dav_reg_read / dav_reg_write - this core's own registers through its SPR path. @reg is the window offset:
 *  0xA0 DATA_MAIN_BASE is readable, 0x4C8 COND is writable; anything else is a device exception. */
DAV_PORT uint64_t dav_reg_read(uint32_t reg);
DAV_PORT void dav_reg_write(uint32_t reg, uint64_t value);

/** dav_core_id - physical number of the running AICore; dav_block_idx, dav_block_dim, dav_subblock_id - its place;
 *  dav_subblock_dim - how many AICores of its kind a cluster has. */
DAV_PORT uint32_t dav_core_id(void);
DAV_PORT uint32_t dav_block_idx(void);
DAV_PORT uint32_t dav_block_dim(void);
DAV_PORT uint32_t dav_subblock_id(void);
DAV_PORT uint32_t dav_subblock_dim(void);

/* ---- AICore: pipes ---- */

/** dav_issue - put an instruction into its pipe's queue. @opcode: enum isa_opcode; the words as encoding.h says. */
DAV_PORT void dav_issue(uint32_t opcode, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4);

/** dav_set_flag, dav_wait_flag - event @id (0 to 7) from pipe @from to pipe @to: set when what stands before it in
 * @from has completed; what comes behind in @to waits. Pipes as in pipe_t; PIPE_S is the scalar unit itself. */
DAV_PORT void dav_set_flag(int from, int to, int id);
DAV_PORT void dav_wait_flag(int from, int to, int id);

/** dav_cross_core_sync - a flag to other cores, when what stands before it in @pipe has completed.
 *  @config: 1 | mode << 4 | id << 8. dav_cross_core_wait - the scalar unit waits for flag @id, and takes one off. */
DAV_PORT void dav_cross_core_sync(int pipe, uint64_t config);
DAV_PORT void dav_cross_core_wait(int64_t id);

/** dav_spr_write, dav_spr_read - a special register (enum isa_spr). dav_set_vector_mask - the two words of the mask. */
DAV_PORT void dav_spr_write(uint32_t spr, uint64_t value);
DAV_PORT uint64_t dav_spr_read(uint32_t spr);
DAV_PORT void dav_set_vector_mask(uint64_t high, uint64_t low);

/** dav_ub - the scalar unit is about to load (or, with @store, store) [@offset, +@size) of its UB.
 *  Return: where these bytes are for the access that follows. davcc puts it before each access to __ubuf__. */
DAV_PORT void *dav_ub(uint64_t offset, uint32_t size, int store);

/** dav_ld_dev, dav_st_dev - load and store @size bytes (1, 2, 4, 8) of GM past the data cache.
 *  dav_st_atomic - the same as an atomic operation, as ISA_SPR_ST_ATOMIC says. */
DAV_PORT uint64_t dav_ld_dev(const volatile void *addr, uint32_t size);
DAV_PORT void dav_st_dev(volatile void *addr, uint64_t value, uint32_t size);
DAV_PORT void dav_st_atomic(volatile void *addr, uint64_t value, uint32_t size);

/** dav_trap - the kernel gives up: a device exception. */
DAV_PORT void dav_trap(void) __attribute__((noreturn));

/* ---- AICPU ---- */

enum dav_fence { DAV_FENCE_LOAD, DAV_FENCE_STORE, DAV_FENCE_FULL };

/** dav_fence - rmb (dsb ld), wmb (dsb st), full barrier. */
DAV_PORT void dav_fence(int kind);

/** dav_cache_invalidate - `dc civac` over the lines of [@addr, @addr + @size), then dsb sy, isb: dirty lines are
 *  written back first, also over what host DMA put there. dav_cache_clean - write back, keep the lines. */
DAV_PORT void dav_cache_invalidate(const volatile void *addr, size_t size);
DAV_PORT void dav_cache_clean(const volatile void *addr, size_t size);

/** dav_window_table - device address of an array of uint64_t: the register-window base of each physical AICore. */
DAV_PORT uint64_t dav_window_table(void);
DAV_PORT uint32_t dav_aicore_count(void);

/** dav_runtime_ptr - the runtime structure this launch was given. dav_thread_idx - this AICPU thread's number. */
DAV_PORT void *dav_runtime_ptr(void);
DAV_PORT int dav_thread_idx(void);

/** dav_device_malloc / dav_device_free - GM allocated by the AICPU itself. */
DAV_PORT void *dav_device_malloc(size_t size);
DAV_PORT void dav_device_free(void *ptr);

/* ---- both ---- */

/** dav_sys_cnt - the 50 MHz system counter (frequency in the chip file). */
DAV_PORT uint64_t dav_sys_cnt(void);

/** dav_spin_hint - a yield/nop inside a polling loop; costs its cycles, means nothing else. */
DAV_PORT void dav_spin_hint(void);

/** dav_phase_begin, dav_phase_end - a named stretch of the code for the trace, if one is written. Phases nest. */
DAV_PORT void dav_phase_begin(const char *name);
DAV_PORT void dav_phase_end(void);

enum dav_log_level { DAV_LOG_ERROR, DAV_LOG_WARN, DAV_LOG_INFO, DAV_LOG_DEBUG, DAV_LOG_ALWAYS };

/** dav_log - a line of the device's log, stamped with simulated time and the core's name. */
DAV_PORT void dav_log(int level, const char *func, const char *format, ...) __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
