/* protocol.h - what DATA_MAIN_BASE says, in the later form of the protocol: the task itself, or that there is none. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <cstdint>

#include "common/platform_config.h"

constexpr uint32_t OFFER_NONE = AICPU_IDLE_TASK_ID;

constexpr uint32_t offer_of(int task)
{
    return static_cast<uint32_t>(task);
}

constexpr int task_of(uint32_t offer)
{
    return static_cast<int>(offer);
}

#endif
