/* reduce.c - see reduce.h. The random numbers of one perturbation depend on the seed and on that
 * perturbation alone, so leaving some out changes nothing in those that stay, and delta debugging is sound.
 *
 * A reduced run must fail in the way the first one did: a program that fails must fail again, a finding must come again
 * at the same place. Otherwise the reduction might slip from the bug that was seen to another one.
 */
#include "tools/explore/reduce.h"

#include "model/vary.h"
#include "tools/explore/ddmin.h"
#include "tools/explore/progress.h"

#include <stdlib.h>
#include <string.h>

struct reducing {
    struct reduction *reduction;
    struct pool *pool;
    const struct runs *runs;
    const struct subset *candidates; /* of the batch that is being tested */
    size_t tests, smallest;
};

static void copy_list(struct list *to, const struct list *from)
{
    for (size_t i = 0; i < from->count; i++)
        list_add(to, "%s", from->items[i]);
}

/* What a run that left no report was perturbed with: as asked for, `all` by its kinds. */
static void add_asked(struct list *list, const char *vary)
{
    static const char all[] = VARY_NAMES(",");
    char *copy = strdup(vary), *rest = copy, *item;
    if (!copy)
        abort();
    while ((item = strsep(&rest, ","))) {
        if (strcmp(item, "all") == 0 && vary != all)
            add_asked(list, all);
        else if (*item && !list_has(list, item))
            list_add(list, "%s", item);
    }
    free(copy);
}

static struct list pick(const struct list *from, const struct subset *subset)
{
    struct list picked = {0};
    for (size_t i = 0; i < subset->count; i++)
        list_add(&picked, "%s", from->items[subset->items[i]]);
    return picked;
}

static void command(void *ctx, size_t index, const char *dir, struct list *command)
{
    const struct reducing *reducing = ctx;
    struct list picked = pick(&reducing->reduction->from, &reducing->candidates[index]);
    char *vary = list_join(&picked, ",");
    explore_command(reducing->runs->options, runs_seed(reducing->runs, reducing->reduction->run), vary, dir, command);
    free(vary);
    list_free(&picked);
}

static bool ended(void *ctx, size_t index, int wait_status, const char *dir)
{
    const struct reducing *reducing = ctx;
    const struct reduction *reduction = reducing->reduction;
    struct outcome outcome;
    (void)index;
    outcome_read(&outcome, wait_status, !reducing->runs->options->no_check, dir);
    bool failed =
        reducing->runs->outcomes[reduction->run].verdict != VERDICT_FAILED || outcome.verdict == VERDICT_FAILED;
    bool again = outcome_is_bad(&outcome) && outcome.verdict != VERDICT_BROKEN && failed &&
                 (!reduction->finding || outcome_has(&outcome, reduction->finding));
    outcome_free(&outcome);
    return again;
}

static void progress(void *ctx)
{
    const struct reducing *reducing = ctx;
    progress_reduce(reducing->runs->options, reducing->tests, reducing->smallest);
}

static size_t first_failing(void *ctx, const struct subset *candidates, size_t count)
{
    struct reducing *reducing = ctx;
    struct pool_work work = {count, explore_jobs(reducing->runs->options), reducing, command, ended, progress};
    reducing->candidates = candidates;
    size_t hit = pool_run(reducing->pool, &work);
    if (reducing->pool->stopped_by || reducing->pool->error)
        return DDMIN_STOP;
    reducing->tests += hit < count ? hit + 1 : count;
    if (hit < count)
        reducing->smallest = candidates[hit].count;
    return hit;
}

/* All of the perturbations, once more. */
static bool fails_again(struct reducing *reducing)
{
    struct subset all = {calloc(reducing->reduction->from.count + 1, sizeof(size_t)), reducing->reduction->from.count};
    if (!all.items)
        abort();
    for (size_t i = 0; i < all.count; i++)
        all.items[i] = i;
    bool again = first_failing(reducing, &all, 1) == 0;
    subset_free(&all);
    return again;
}

static void reduce(struct reducing *reducing)
{
    struct reduction *reduction = reducing->reduction;
    struct ddmin ddmin = {
        .first_failing = first_failing, .ctx = reducing, .limit = reducing->runs->options->reduce_runs - 1};
    struct subset left = ddmin_reduce(&ddmin, reduction->from.count);
    reduction->to = pick(&reduction->from, &left);
    reduction->end = ddmin.minimal ? REDUCTION_MINIMAL : REDUCTION_LIMITED;
    subset_free(&left);
}

void reduction_make(struct reduction *reduction, struct pool *pool, const struct runs *runs)
{
    *reduction = (struct reduction){0};
    struct reducing reducing = {.reduction = reduction, .pool = pool, .runs = runs};
    if (runs->subject == RUNS_NONE) {
        reduction->end = outcome_is_bad(&runs->outcomes[0]) ? REDUCTION_MINIMAL : REDUCTION_NOT_TRIED;
        return;
    }
    reduction->run = runs->subject;
    if (runs->options->reduce_runs == 0 || pool->stopped_by)
        return;
    const struct outcome *subject = &runs->outcomes[runs->subject];
    reduction->finding = runs_news(runs, runs->subject);
    copy_list(&reduction->from, &subject->vary);
    if (reduction->from.count == 0)
        add_asked(&reduction->from, runs->options->vary);
    reducing.smallest = reduction->from.count;
    if (fails_again(&reducing)) {
        reduce(&reducing);
    } else {
        reduction->end = pool->stopped_by || pool->error ? REDUCTION_LIMITED : REDUCTION_NOT_AGAIN;
        copy_list(&reduction->to, &reduction->from);
    }
    reduction->tests = reducing.tests;
}

void reduction_free(struct reduction *reduction)
{
    free(reduction->finding);
    list_free(&reduction->from);
    list_free(&reduction->to);
}
