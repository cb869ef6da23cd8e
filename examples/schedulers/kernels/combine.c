/* combine.c - a task: combine the results of those before it, and take some time over it (work.h). The same source is a
 * kernel of either kind of core. Arguments: results of all tasks, own number, numbers of the tasks before, how many,
 * turns.
 */
#include "aicore.h"

#include "work.h"

__aicore__ void combine(__gm__ int64_t *args)
{
    __gm__ struct result *results = (__gm__ struct result *)args[0];
    __gm__ struct result *own = &results[args[1]];
    const __gm__ int32_t *before = (const __gm__ int32_t *)args[2];
    uint64_t runs = own->runs + 1;
    uint64_t mixture = work_mix((uint64_t)args[1], runs);

    for (int64_t i = 0; i < args[3]; i++)
        mixture = work_mix(mixture, results[before[i]].value);
    own->value = work_turn(mixture, args[4]);
    own->runs = runs;
}
