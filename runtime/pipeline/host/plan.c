/* plan.c - see plan.h. Tasks are first put into a topological order, first come, first served: tasks of one stage then
 * stand as their predecessors do, which keeps a stream in order. Stages are found along this order. Sorting by core
 * type and stage, with the order kept, gives the items. */
#include "plan.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int make_room(struct plan *plan, const Runtime *runtime)
{
    size_t count = (size_t)runtime->task_count + 1, edges = (size_t)runtime->edge_count + 1;
    int **arrays[] = {&plan->first, &plan->order, &plan->stage, &plan->waiting, &plan->rank, &plan->run, &plan->length};
    bool there = true;
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = calloc(count, sizeof(int));
        there = there && *arrays[i];
    }
    plan->items = calloc(count, sizeof *plan->items);
    plan->predecessors = calloc(edges, sizeof *plan->predecessors);
    plan->successors = calloc(edges, sizeof *plan->successors);
    if (there && plan->items && plan->predecessors && plan->successors)
        return 0;
    fprintf(stderr, "pipeline: init_runtime: no host memory to plan %d tasks\n", runtime->task_count);
    return -1;
}

void plan_free(struct plan *plan)
{
    free(plan->items);
    free(plan->predecessors);
    free(plan->first);
    free(plan->successors);
    free(plan->order);
    free(plan->stage);
    free(plan->waiting);
    free(plan->rank);
    free(plan->run);
    free(plan->length);
}

/* The edges task by task, and how many predecessors each task waits for. */
static void sort_edges(struct plan *plan, const Runtime *runtime)
{
    const Edge *edges = runtime->edge_staging;
    for (int i = 0; i < runtime->edge_count; i++) {
        plan->first[edges[i].from + 1]++;
        plan->waiting[edges[i].to]++;
    }
    for (int i = 0; i < runtime->task_count; i++) {
        plan->first[i + 1] += plan->first[i];
        plan->rank[i] = plan->first[i]; /* for now, where the next one goes */
    }
    for (int i = 0; i < runtime->edge_count; i++)
        plan->successors[plan->rank[edges[i].from]++] = edges[i].to;
}

/* Every task is reached from those without predecessors, or there is a cycle, which would never end. */
static int sort_tasks(struct plan *plan, const Runtime *runtime)
{
    int reached = 0;
    for (int i = 0; i < runtime->task_count; i++)
        if (plan->waiting[i] == 0)
            plan->order[reached++] = i;
    for (int next = 0; next < reached; next++) {
        int task = plan->order[next];
        for (int j = plan->first[task]; j < plan->first[task + 1]; j++)
            if (--plan->waiting[plan->successors[j]] == 0)
                plan->order[reached++] = plan->successors[j];
    }
    if (reached == runtime->task_count)
        return 0;
    int stuck = 0;
    while (plan->waiting[stuck] == 0)
        stuck++;
    fprintf(
        stderr,
        "pipeline: init_runtime: %d tasks can never start because they wait for each other in a cycle; one of them, "
        "or behind them, is task %d\n",
        runtime->task_count - reached, stuck);
    return -1;
}

/* What was said, else one more than the latest of the predecessors'. */
static int find_stages(struct plan *plan, Runtime *runtime)
{
    for (int i = 0; i < runtime->task_count; i++)
        plan->stage[i] = runtime->task_staging[i].stage < 0 ? 0 : runtime->task_staging[i].stage;
    for (int n = 0; n < runtime->task_count; n++) {
        int task = plan->order[n], stage = plan->stage[task];
        for (int j = plan->first[task]; j < plan->first[task + 1]; j++) {
            int to = plan->successors[j], said = runtime->task_staging[to].stage;
            if (said >= 0 && said < stage) {
                fprintf(stderr,
                        "pipeline: init_runtime: task %d of stage %d follows task %d of stage %d; a task's stage must "
                        "not be earlier than its predecessors'\n",
                        to, said, task, stage);
                return -1;
            }
            if (said < 0 && plan->stage[to] < stage + 1)
                plan->stage[to] = stage + 1;
        }
        if (stage >= RUNTIME_MAX_STAGES) {
            fprintf(stderr, "pipeline: init_runtime: task %d comes to stage %d; the last one allowed is %d\n", task,
                    stage, RUNTIME_MAX_STAGES - 1);
            return -1;
        }
        if (plan->stages < stage + 1)
            plan->stages = stage + 1;
    }
    for (int i = 0; i < runtime->task_count; i++)
        runtime->task_staging[i].stage = plan->stage[i];
    return 0;
}

/* Rank the tasks of a core type, the first one @begin. @starts and @next have room for a number a stage, and one more.
 * Return: the rank behind the last one. */
static int rank_type(struct plan *plan, const Runtime *runtime, int core_type, int begin, int *starts, int *next)
{
    memset(starts, 0, ((size_t)plan->stages + 1) * sizeof *starts);
    for (int i = 0; i < runtime->task_count; i++)
        if (runtime->task_staging[i].core_type == core_type)
            starts[plan->stage[i] + 1]++;
    starts[0] = begin;
    for (int s = 0; s < plan->stages; s++) {
        int length = starts[s + 1];
        starts[s + 1] += starts[s];
        next[s] = starts[s];
        if (length > 0)
            plan->length[starts[s]] = length;
    }
    for (int n = 0; n < runtime->task_count; n++) {
        int task = plan->order[n], stage = plan->stage[task];
        if (runtime->task_staging[task].core_type != core_type)
            continue;
        plan->run[task] = starts[stage];
        plan->rank[task] = next[stage]++;
    }
    return starts[plan->stages];
}

/* The items, and the edges once more: what comes before each, as ranks. */
static void fill_items(struct plan *plan, const Runtime *runtime)
{
    int count = runtime->task_count;
    for (int i = 0; i < count; i++)
        plan->items[plan->rank[i]].task = i;
    for (int i = 0; i < runtime->edge_count; i++)
        plan->items[plan->rank[runtime->edge_staging[i].to] + 1].first++;
    for (int r = 0; r < count; r++) {
        plan->items[r + 1].first += plan->items[r].first;
        plan->waiting[r] = plan->items[r].first;
    }
    for (int i = 0; i < runtime->edge_count; i++)
        plan->predecessors[plan->waiting[plan->rank[runtime->edge_staging[i].to]]++] =
            plan->rank[runtime->edge_staging[i].from];
}

/* Does @to wait for a task that stands much further on in its stage than @to in its own? */
static bool waits_long(const struct plan *plan, int from, int to)
{
    int64_t ahead = plan->rank[from] - plan->run[from] + 1, length = plan->length[plan->run[from]];
    int64_t self = plan->rank[to] - plan->run[to] + 1, self_length = plan->length[plan->run[to]];
    int64_t slack = length / 8 > RUNTIME_STREAM_SLACK ? length / 8 : RUNTIME_STREAM_SLACK;
    return ahead - self * length / self_length > slack;
}

static bool streams(const struct plan *plan, const Runtime *runtime)
{
    for (int i = 0; i < runtime->edge_count; i++) {
        const Edge *edge = &runtime->edge_staging[i];
        if (plan->stage[edge->from] != plan->stage[edge->to] && waits_long(plan, edge->from, edge->to))
            return false;
    }
    return true;
}

/* The stages of the items in [@begin, @end): all of them if they are @apart and not too many, else as one. */
static void list_stages(const struct plan *plan, int begin, int end, bool apart, StageList *list)
{
    int count = 0;
    for (int r = begin; r < end; r += plan->length[r])
        count++;
    apart = apart && count <= RUNTIME_MAX_WORKER;
    list->count = 0;
    list->first[0] = begin;
    for (int r = begin; r < end; r += apart ? plan->length[r] : end - begin)
        list->first[++list->count] = apart ? r + plan->length[r] : end;
}

int plan_make(struct plan *plan, Runtime *runtime)
{
    if (make_room(plan, runtime) != 0)
        return -1;
    sort_edges(plan, runtime);
    if (sort_tasks(plan, runtime) != 0 || find_stages(plan, runtime) != 0)
        return -1;
    size_t stages = (size_t)plan->stages + 1;
    int *starts = malloc(2 * stages * sizeof *starts);
    if (!starts) {
        fprintf(stderr, "pipeline: init_runtime: no host memory for %d stages\n", plan->stages);
        return -1;
    }
    int aics = rank_type(plan, runtime, RUNTIME_AIC, 0, starts, starts + stages);
    int all = rank_type(plan, runtime, RUNTIME_AIV, aics, starts, starts + stages);
    free(starts);
    fill_items(plan, runtime);
    bool apart = runtime->stages_said || streams(plan, runtime);
    list_stages(plan, 0, aics, apart, &runtime->stages[RUNTIME_AIC]);
    list_stages(plan, aics, all, apart, &runtime->stages[RUNTIME_AIV]);
    return 0;
}
