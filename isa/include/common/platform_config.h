/* common/platform_config.h - limits of the platform, the AICORE registers and what COND encodes (a2a3).
 *
 * Sources: the platform's interface; src/a2a3 platform_config.h of the public tree hw-native-sys/simpler.
 */
#ifndef DAV_COMMON_PLATFORM_CONFIG_H
#define DAV_COMMON_PLATFORM_CONFIG_H

#include <stdint.h>

/* ---- limits ---- */

#define PLATFORM_MAX_BLOCKDIM                      24
#define PLATFORM_CORES_PER_BLOCKDIM                3
#define PLATFORM_AIC_CORES_PER_BLOCKDIM            1
#define PLATFORM_AIV_CORES_PER_BLOCKDIM            2
#define PLATFORM_MAX_AICPU_THREADS                 4
#define PLATFORM_MAX_AICPU_THREADS_JUST_FOR_LAUNCH 6
#define PLATFORM_MAX_AIC_PER_THREAD                (PLATFORM_MAX_BLOCKDIM * PLATFORM_AIC_CORES_PER_BLOCKDIM)
#define PLATFORM_MAX_AIV_PER_THREAD                (PLATFORM_MAX_BLOCKDIM * PLATFORM_AIV_CORES_PER_BLOCKDIM)
#define PLATFORM_MAX_CORES_PER_THREAD              (PLATFORM_MAX_AIC_PER_THREAD + PLATFORM_MAX_AIV_PER_THREAD)
#define PLATFORM_MAX_CORES                         (PLATFORM_MAX_BLOCKDIM * PLATFORM_CORES_PER_BLOCKDIM)
#define PLATFORM_SUB_CORES_PER_AICORE              PLATFORM_CORES_PER_BLOCKDIM

#ifdef __cplusplus
namespace DAV_2201
{
constexpr uint32_t PLATFORM_MAX_PHYSICAL_CORES = 25; /* clusters in silicon; 24 of them are usable */
}
#endif

/* The system counter, in Hz. */
#define PLATFORM_PROF_SYS_CNT_FREQ UINT64_C(50000000)

/* Records of a buffer of common/perf_profiling.h; source: simpler 9b67468c9, platform_config.h. */
#define PLATFORM_PROF_BUFFER_SIZE 1000

static inline double cycles_to_us(uint64_t cycles)
{
    return (double)cycles * 1e6 / (double)PLATFORM_PROF_SYS_CNT_FREQ;
}

/* ---- registers of an AICore's window ---- */

#define REG_SPR_CTRL_OFFSET             0x0U
#define REG_SPR_FAST_PATH_ENABLE_OFFSET 0x18U
#define REG_SPR_DATA_MAIN_BASE_OFFSET   0xA0U
#define REG_SPR_COND_OFFSET             0x4C8U

#define REG_SPR_FAST_PATH_OPEN  0xEU
#define REG_SPR_FAST_PATH_CLOSE 0xFU

/* A register's id is its offset in the window. */
#ifdef __cplusplus
enum class RegId : uint32_t {
    CTRL = REG_SPR_CTRL_OFFSET,
    FAST_PATH_ENABLE = REG_SPR_FAST_PATH_ENABLE_OFFSET,
    DATA_MAIN_BASE = REG_SPR_DATA_MAIN_BASE_OFFSET,
    COND = REG_SPR_COND_OFFSET,
};
#define DAV_REG_ID(name) RegId::name
constexpr uint32_t reg_offset(RegId reg)
{
    return static_cast<uint32_t>(reg);
}
#else
typedef enum RegId {
    REG_CTRL = REG_SPR_CTRL_OFFSET,
    REG_FAST_PATH_ENABLE = REG_SPR_FAST_PATH_ENABLE_OFFSET,
    REG_DATA_MAIN_BASE = REG_SPR_DATA_MAIN_BASE_OFFSET,
    REG_COND = REG_SPR_COND_OFFSET,
} RegId;
#define DAV_REG_ID(name) REG_##name
static inline uint32_t reg_offset(RegId reg)
{
    return (uint32_t)reg;
}
#endif

#define AICORE_COREID_MASK 0x0FFFU

/* ---- COND: bit 31 the state, below it the task's id; DATA_MAIN_BASE: an id or one of the signals ---- */

#define TASK_ID_MASK    0x7FFFFFFFU
#define TASK_STATE_MASK 0x80000000U
#define TASK_ACK_STATE  0
#define TASK_FIN_STATE  1

#define EXTRACT_TASK_ID(value)    ((int)((value)&TASK_ID_MASK))
#define EXTRACT_TASK_STATE(value) ((int)(((value)&TASK_STATE_MASK) >> 31))
#define MAKE_ACK_VALUE(id)        ((uint64_t)((id)&TASK_ID_MASK))
#define MAKE_FIN_VALUE(id)        ((uint64_t)(((id)&TASK_ID_MASK) | TASK_STATE_MASK))

#define AICORE_IDLE_TASK_ID 0x7FFFFFFFU
#define AICORE_EXIT_TASK_ID 0x7FFFFFFEU
#define AICPU_IDLE_TASK_ID  0x7FFFFFFDU
#define AICORE_EXIT_SIGNAL  0x7FFFFFF0U
#define AICORE_IDLE_VALUE   MAKE_FIN_VALUE(AICORE_IDLE_TASK_ID)
#define AICORE_EXITED_VALUE MAKE_FIN_VALUE(AICORE_EXIT_TASK_ID)
#define AICPU_TASK_INVALID  (-1)

#endif
