/* protocol.h - what DATA_MAIN_BASE says, in the first form of the protocol: task + 1, and 0 is no task. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <cstdint>

#include "common/platform_config.h"

constexpr uint32_t OFFER_NONE = 0;

constexpr uint32_t offer_of(int task)
{
    return static_cast<uint32_t>(task) + 1;
}

constexpr int task_of(uint32_t offer)
{
    return static_cast<int>(offer) - 1;
}

#endif
