// launch.hpp - one launch: modules onto cores, cores into the book, and the end of it, good or bad.
#pragma once

#include "model/chip.hpp"
#include "model/davsim.h"
#include "model/embed/module.h"

namespace dav
{

// What a launch was given, loaded, and under which symbol it is entered.
struct Part {
    module *loaded = nullptr;
    char symbol[256] = "";
};

struct Modules {
    Part aicpu, aicore;
};

// Check @launch against the chip and load its binaries. DAV_OK, or a status with one line in @error.
dav_status launch_prepare(chip_state *chip, const struct dav_launch &launch, Modules &modules, char *error,
                          std::size_t error_size);

// Run it to its end. chip->stop says how it ended; DAV_OK if all programs ended by themselves.
void launch_run(Chip &chip, const struct dav_launch &launch, const Modules &modules, void (*more)(const char *line));

} // namespace dav
