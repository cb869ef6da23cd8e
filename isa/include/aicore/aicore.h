/* aicore/aicore.h - what an AICore sees: qualifiers, the data cache, pipes, its own registers and its place.
 *
 * Plain loads and stores need nothing from here. What a kernel cannot say in C is a call of the core's port. The
 * header serves C11 and C++17; where one name takes several argument lists (dcci), C++ has overloads and C a macro
 * that counts.
 */
#ifndef DAV_AICORE_AICORE_H
#define DAV_AICORE_AICORE_H

#include <stddef.h>
#include <stdint.h>

#include "../../core_port.h"
#include "../common/platform_config.h"
#include "../spin_hint.h"

/* Qualifiers. GM is plain memory to the compiler: a device address is a pointer as it stands. */
#define __gm__
#define __aicore__
#define __global__
#define __in__
#define __out__

/* UB is an address space of its own: a pointer is an offset in it, and an access by the scalar unit goes through the
 * core's port (davcc rewrites it). L1, L0A, ... can only be named, not accessed; pointers to them are offsets too. */
#if defined(__clang__)
#define __ubuf__ __attribute__((address_space(8)))
#else
#define __ubuf__
#endif
#define __cbuf__
#define __ca__
#define __cb__
#define __cc__
#define __biasbuf__
#define __fbuf__

/* The device's half-precision types, which clang has under other names. */
#if defined(__clang__)
typedef _Float16 half;
typedef __bf16 bfloat16_t;
#endif

/* ---- data cache ---- */

typedef enum cache_line_t { SINGLE_CACHE_LINE = 0, ENTIRE_DATA_CACHE = 1 } cache_line_t;
typedef enum dcci_dst_t { CACHELINE_ALL = 0, CACHELINE_UB = 1, CACHELINE_OUT = 2, CACHELINE_ATOMIC = 3 } dcci_dst_t;

/* dcci - clean and invalidate lines of this core's data cache.
 *   dcci()                    the whole cache
 *   dcci(addr)                the line of addr
 *   dcci(addr, lines)         SINGLE_CACHE_LINE or ENTIRE_DATA_CACHE
 *   dcci(addr, lines, where)  the same, with the destination named
 * Sources disagree whether two arguments write a dirty line back, so that form is the chip's choice; the others do. */
#ifdef __cplusplus
static inline void dcci(void)
{
    dav_dcci(nullptr, DAV_DCCI_ENTIRE, 3);
}
static inline void dcci(const volatile void *addr)
{
    dav_dcci(addr, DAV_DCCI_SINGLE, 3);
}
static inline void dcci(const volatile void *addr, int lines)
{
    dav_dcci(addr, lines, 2);
}
static inline void dcci(const volatile void *addr, int lines, int)
{
    dav_dcci(addr, lines, 3);
}
#else
#define DAV_DCCI0()                                     dav_dcci(NULL, DAV_DCCI_ENTIRE, 3)
#define DAV_DCCI1(addr)                                 dav_dcci((addr), DAV_DCCI_SINGLE, 3)
#define DAV_DCCI2(addr, lines)                          dav_dcci((addr), (int)(lines), 2)
#define DAV_DCCI3(addr, lines, where)                   ((void)(where), dav_dcci((addr), (int)(lines), 3))
#define DAV_DCCI_PICK(zero, one, two, three, name, ...) name
#define dcci(...)                                                                                                      \
    DAV_DCCI_PICK(0 __VA_OPT__(, ) __VA_ARGS__, DAV_DCCI3, DAV_DCCI2, DAV_DCCI1, DAV_DCCI0, 0)(__VA_ARGS__)
#endif

/* ---- order ---- */

typedef enum mem_dsb_t { DSB_ALL = 0, DSB_DDR = 1, DSB_UB = 2, DSB_SEQ = 3 } mem_dsb_t;

/** dsb - wait until this core's earlier write-backs have reached memory. */
static inline void dsb(mem_dsb_t kind)
{
    dav_dsb((int)kind);
}

typedef enum pipe_t {
    PIPE_S = 0,
    PIPE_V = 1,
    PIPE_M = 2,
    PIPE_MTE1 = 3,
    PIPE_MTE2 = 4,
    PIPE_MTE3 = 5,
    PIPE_ALL = 6,
    PIPE_FIX = 10
} pipe_t;

/** pipe_barrier - later instructions of @pipe wait for its earlier ones; says nothing about the data cache. */
static inline void pipe_barrier(pipe_t pipe)
{
    dav_pipe_barrier((int)pipe);
}

/* The scalar unit executes in order; only the compiler has to be held. */
#define OUT_OF_ORDER_STORE_BARRIER() __asm__ volatile("" ::: "memory")
#define OUT_OF_ORDER_LOAD_BARRIER()  __asm__ volatile("" ::: "memory")
#define OUT_OF_ORDER_FULL_BARRIER()  __asm__ volatile("" ::: "memory")

/* ---- this core's registers, its place, the clock ---- */

/** read_reg - this core's own register; only DATA_MAIN_BASE can be read from the AICore. */
static inline uint64_t read_reg(RegId reg)
{
    return dav_reg_read(reg_offset(reg));
}

/** write_reg - this core's own register; only COND can be written from the AICore. */
static inline void write_reg(RegId reg, uint64_t value)
{
    dav_reg_write(reg_offset(reg), value);
}

/** set_cond - the instruction beneath write_reg(COND). */
static inline void set_cond(uint32_t value)
{
    dav_reg_write(REG_SPR_COND_OFFSET, value);
}

static inline uint64_t get_coreid(void)
{
    return dav_core_id();
}
static inline uint32_t get_physical_core_id(void)
{
    return dav_core_id() & AICORE_COREID_MASK;
}
static inline uint32_t get_block_idx(void)
{
    return dav_block_idx();
}
static inline uint32_t get_block_num(void)
{
    return dav_block_dim();
}
static inline uint32_t get_subblockid(void)
{
    return dav_subblock_id();
}
static inline uint32_t get_subblockdim(void)
{
    return dav_subblock_dim();
}

/** get_sys_cnt - ticks of the system counter that AICPU and AICores share. */
static inline uint64_t get_sys_cnt(void)
{
    return dav_sys_cnt();
}
static inline uint64_t get_sys_cnt_aicore(void)
{
    return dav_sys_cnt();
}

#endif
