// polynomial_orch.cpp - y = c[0] x^n + c[1] x^(n-1) + ... + c[n] by Horner's scheme, and its totals by tiles. A tile is
// a chain of AIV tasks that ends with an AIC task; tiles have nothing to do with one another.
#include "runtime.h"

namespace
{

enum { STEP = 2, TOTAL = 5 };                                              // func_ids
enum { X, Y, TOTALS, REPORT, TILES, FLOATS, POLICY, STRAY, COEFFICIENTS }; // arguments
constexpr int LINE = 64;

} // namespace

// args: x, y (zeros), totals (a line for each tile), host memory for the report, tiles, floats of a tile, policy, a
// successor of each total that need not exist (or -1), then the coefficients.
extern "C" int build_polynomial(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count <= COEFFICIENTS)
        return -1;
    runtime->policy = static_cast<Policy>(args[POLICY]);
    runtime->report_to = reinterpret_cast<void *>(args[REPORT]);
    for (uint64_t tile = 0; tile < args[TILES]; tile++) {
        const uint64_t at = tile * args[FLOATS] * sizeof(float);
        int before = -1;
        for (int i = COEFFICIENTS; i < arg_count; i++) {
            const uint64_t step[] = {args[X] + at, args[Y] + at, args[i], args[FLOATS]};
            const int task = runtime->add_task(step, 4, STEP, CoreType::AIV);
            if (before >= 0)
                runtime->add_successor(before, task);
            before = task;
        }
        const uint64_t total[] = {args[Y] + at, args[TOTALS] + tile * LINE, args[FLOATS]};
        const int task = runtime->add_task(total, 3, TOTAL, CoreType::AIC);
        runtime->add_successor(before, task);
        if (static_cast<int64_t>(args[STRAY]) >= 0)
            runtime->add_successor(task, static_cast<int>(args[STRAY]));
    }
    return 0;
}
