/* A platform of coherent threads: what its registers are called, and what they say. */
#ifndef STUB_PLATFORM_CONFIG_H
#define STUB_PLATFORM_CONFIG_H

#include <stdint.h>

/* A window is an array of registers; an id is a place in it. */
typedef enum RegId { REG_FAST_PATH_ENABLE, REG_DATA_MAIN_BASE, REG_COND, STUB_REGISTERS } RegId;

enum { STUB_CORES = 72 };

#define REG_SPR_FAST_PATH_OPEN  0xEU
#define REG_SPR_FAST_PATH_CLOSE 0xFU

#define TASK_ID_MASK           0x7FFFFFFFU
#define EXTRACT_TASK_ID(value) ((int)((value)&TASK_ID_MASK))
#define MAKE_ACK_VALUE(id)     ((uint64_t)((id)&TASK_ID_MASK))
#define MAKE_FIN_VALUE(id)     ((uint64_t)((id) | ~TASK_ID_MASK))

#define AICPU_IDLE_TASK_ID  0x7FFFFFFDU
#define AICORE_EXIT_SIGNAL  0x7FFFFFF0U
#define AICORE_IDLE_VALUE   MAKE_FIN_VALUE(0x7FFFFFFFU)
#define AICORE_EXITED_VALUE MAKE_FIN_VALUE(0x7FFFFFFEU)

/* Defined once in a program that runs on this platform: all windows, and where each one is. */
extern volatile uint32_t stub_windows[STUB_CORES][STUB_REGISTERS];
extern const uint64_t stub_window_table[STUB_CORES];

#endif
