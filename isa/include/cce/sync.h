/* sync.h - what the scalar unit does besides accessing memory: events between pipes, flags between cores, special
 * registers, accesses to GM past the data cache. None of it is an instruction of a pipe.
 *
 * pipe_barrier, dcci, dsb and a core's place are aicore.h's.
 */
#ifndef DAV_CCE_SYNC_H
#define DAV_CCE_SYNC_H

#include "base.h"

/* ---- events and flags ---- */

typedef enum event_t { EVENT_ID0, EVENT_ID1, EVENT_ID2, EVENT_ID3, EVENT_ID4, EVENT_ID5, EVENT_ID6, EVENT_ID7 } event_t;

/** set_flag - event @id from pipe @from to pipe @to, when what stands before it in @from has completed.
 *  wait_flag - what comes behind in @to waits for it. */
DAV_INTRINSIC void set_flag(pipe_t from, pipe_t to, int id)
{
    dav_set_flag((int)from, (int)to, id);
}
DAV_INTRINSIC void wait_flag(pipe_t from, pipe_t to, int id)
{
    dav_wait_flag((int)from, (int)to, id);
}

/** ffts_cross_core_sync - a flag to other cores, when what stands before it in @pipe has completed.
 *  @config: 1 | mode << 4 | id << 8; mode 0: all cores of this kind, 1: the AIVs of this cluster, 2: the AIC and its
 *  AIVs. wait_flag_dev - the scalar unit waits for flag @id and takes one off. */
DAV_INTRINSIC void ffts_cross_core_sync(pipe_t pipe, uint64_t config)
{
    dav_cross_core_sync((int)pipe, config);
}
DAV_INTRINSIC void wait_flag_dev(int64_t id)
{
    dav_cross_core_wait(id);
}
DAV_INTRINSIC void set_ffts_base_addr(uint64_t addr)
{
    dav_spr_write(ISA_SPR_FFTS_BASE, addr);
}

/* ---- special registers ---- */

#define DAV_WRITES_SPR(name, spr)                                                                                      \
    DAV_INTRINSIC void name(uint64_t value)                                                                            \
    {                                                                                                                  \
        dav_spr_write(spr, value);                                                                                     \
    }
DAV_WRITES_SPR(set_ctrl, ISA_SPR_CTRL)
DAV_WRITES_SPR(set_mov_pad_val, ISA_SPR_MOV_PAD)
DAV_WRITES_SPR(set_fmatrix, ISA_SPR_FMATRIX)
DAV_WRITES_SPR(set_fmatrix_b, ISA_SPR_FMATRIX_B)
DAV_WRITES_SPR(set_l3d_rpt, ISA_SPR_L3D_RPT)
DAV_WRITES_SPR(set_padding, ISA_SPR_PADDING)
DAV_WRITES_SPR(set_deqscale, ISA_SPR_DEQSCALE)
DAV_WRITES_SPR(set_quant_pre, ISA_SPR_QUANT_PRE)
DAV_WRITES_SPR(set_nd_para, ISA_SPR_ND_PARA)
DAV_WRITES_SPR(set_fpc, ISA_SPR_FPC)
#undef DAV_WRITES_SPR

DAV_INTRINSIC uint64_t get_ctrl(void)
{
    return dav_spr_read(ISA_SPR_CTRL);
}
DAV_INTRINSIC uint64_t sbitset0(uint64_t value, int bit)
{
    return value & ~(UINT64_C(1) << bit);
}
DAV_INTRINSIC uint64_t sbitset1(uint64_t value, int bit)
{
    return value | UINT64_C(1) << bit;
}

/* The scale of vconv_deq is a half; a float is rounded to one. */
DAV_INTRINSIC void set_deqscale(half scale)
{
    dav_spr_write(ISA_SPR_DEQSCALE, dav_bits(scale));
}
DAV_INTRINSIC void set_deqscale(float scale)
{
    set_deqscale((half)scale);
}

/** set_vector_mask - which elements a vector instruction acts on: in norm mode a bit for each of a repeat's, in count
 *  mode their number, over all repeats, in @low. */
DAV_INTRINSIC void set_vector_mask(uint64_t high, uint64_t low)
{
    dav_set_vector_mask(high, low);
}
DAV_INTRINSIC void set_mask_count(void)
{
    dav_spr_write(ISA_SPR_MASK_COUNT, 1);
}
DAV_INTRINSIC void set_mask_norm(void)
{
    dav_spr_write(ISA_SPR_MASK_COUNT, 0);
}

/** get_rsvd_cnt - how many elements vreducev2 kept. get_vms4_sr - how many of each list vmrgsort4 took. */
DAV_INTRINSIC uint64_t get_rsvd_cnt(void)
{
    return dav_spr_read(ISA_SPR_RSVD_CNT);
}
DAV_INTRINSIC uint64_t get_vms4_sr(void)
{
    return dav_spr_read(ISA_SPR_VMS4_SR);
}

/* ---- atomic stores ---- */

/** set_atomic_add - stores to GM by MTE3 and FIX add to what stands there, as elements of the type that another
 *  set_atomic has chosen; there is no other operation, so choosing the type is enough. set_atomic_none - they replace.
 */
#define DAV_SETS_ATOMIC(name, type)                                                                                    \
    DAV_INTRINSIC void name(void)                                                                                      \
    {                                                                                                                  \
        dav_spr_write(ISA_SPR_ATOMIC, type);                                                                           \
    }
DAV_SETS_ATOMIC(set_atomic_none, ISA_ATOMIC_NONE)
DAV_SETS_ATOMIC(set_atomic_f32, ISA_ATOMIC_F32)
DAV_SETS_ATOMIC(set_atomic_f16, ISA_ATOMIC_F16)
DAV_SETS_ATOMIC(set_atomic_bf16, ISA_ATOMIC_BF16)
DAV_SETS_ATOMIC(set_atomic_s32, ISA_ATOMIC_S32)
DAV_SETS_ATOMIC(set_atomic_s16, ISA_ATOMIC_S16)
DAV_SETS_ATOMIC(set_atomic_s8, ISA_ATOMIC_S8)
#undef DAV_SETS_ATOMIC

DAV_INTRINSIC void set_atomic_add(void) {}

typedef enum atomic_type_t {
    ATOMIC_NONE = ISA_ATOMIC_NONE,
    ATOMIC_F32 = ISA_ATOMIC_F32,
    ATOMIC_F16 = ISA_ATOMIC_F16,
    ATOMIC_BF16 = ISA_ATOMIC_BF16,
    ATOMIC_S32 = ISA_ATOMIC_S32,
    ATOMIC_S16 = ISA_ATOMIC_S16,
    ATOMIC_S8 = ISA_ATOMIC_S8
} atomic_type_t;
typedef enum atomic_op_t { ATOMIC_SUM = 0 } atomic_op_t;

/** set_st_atomic_cfg - what st_atomic does; independent of set_atomic. */
DAV_INTRINSIC void set_st_atomic_cfg(atomic_type_t type, atomic_op_t op)
{
    (void)op;
    dav_spr_write(ISA_SPR_ST_ATOMIC, (uint64_t)type);
}

/* ---- GM past the data cache ---- */

/* ld_dev(addr, offset), st_dev(value, addr, offset): the offset is in bytes. st_atomic(value, addr). */
#define DAV_BYPASS(type)                                                                                               \
    DAV_INTRINSIC type ld_dev(const volatile __gm__ type *addr, int16_t offset)                                        \
    {                                                                                                                  \
        union {                                                                                                        \
            uint64_t bits;                                                                                             \
            type value;                                                                                                \
        } pun = {dav_ld_dev((const volatile char *)addr + offset, sizeof(type))};                                      \
        return pun.value;                                                                                              \
    }                                                                                                                  \
    DAV_INTRINSIC void st_dev(type value, volatile __gm__ type *addr, int16_t offset)                                  \
    {                                                                                                                  \
        dav_st_dev((volatile char *)addr + offset, dav_bits(value), sizeof(type));                                     \
    }                                                                                                                  \
    DAV_ST_ATOMIC(type)

#ifdef __cplusplus
#define DAV_ST_ATOMIC(type)
template <typename T> DAV_INTRINSIC void st_atomic(T value, volatile __gm__ T *addr)
{
    dav_st_atomic(addr, dav_bits(value), sizeof(T));
}
#else
#define DAV_ST_ATOMIC(type)                                                                                            \
    DAV_INTRINSIC void st_atomic(type value, volatile __gm__ type *addr)                                               \
    {                                                                                                                  \
        dav_st_atomic(addr, dav_bits(value), sizeof(type));                                                            \
    }
#endif

DAV_BYPASS(int8_t)
DAV_BYPASS(uint8_t)
DAV_BYPASS(int16_t)
DAV_BYPASS(uint16_t)
DAV_BYPASS(int32_t)
DAV_BYPASS(uint32_t)
DAV_BYPASS(int64_t)
DAV_BYPASS(uint64_t)
DAV_BYPASS(half)
DAV_BYPASS(bfloat16_t)
DAV_BYPASS(float)
#undef DAV_BYPASS
#undef DAV_ST_ATOMIC

/* ---- others ---- */

/** get_imm - a number as one that a pointer may be made of. */
DAV_INTRINSIC uint64_t get_imm(uint64_t value)
{
    return value;
}

/** preload - fetch code before it is executed; get_icache_prl_st - is that still under way? Code is always there. */
DAV_INTRINSIC void preload(const void *code, int64_t lines)
{
    (void)code, (void)lines;
}
DAV_INTRINSIC int64_t get_icache_prl_st(void)
{
    return 0;
}

/** trap - the kernel gives up: a device exception. */
__attribute__((noreturn)) DAV_INTRINSIC void trap(void)
{
    dav_trap();
}

#endif
