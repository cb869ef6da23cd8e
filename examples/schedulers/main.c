/* main.c - one graph under several schedulers: the runtimes linear, host_build_graph, pipeline, static_schedule and
 * register_graph on four shapes, each result checked against plain C, and what each took.
 *
 * All five compile the same orchestration and run the same kernels; only who decides what runs where, and how that is
 * told to the cores, differs. A runtime that cannot run a shape says why on stderr, and has no row in the table.
 */
#include "figures.h"
#include "shapes.h"

#include "kernels/work.h"

/* Where cores know of their tasks long before these may start, the time from one to the other says nothing. */
static const struct scheduler {
    const char *name;
    bool dispatches; /* an AICPU gives a task out when it may start, and looks for its end */
} schedulers[] = {
    {"linear", true},           {"host_build_graph", true}, {"pipeline", false},
    {"static_schedule", false}, {"register_graph", true},
};

#define SCHEDULER_NAMES "linear|host_build_graph|pipeline|static_schedule|register_graph"

enum { SCHEDULERS = sizeof schedulers / sizeof schedulers[0], MAX_TASKS = 65536 };

struct options {
    int runtime, shape; /* -1: all */
    long tasks, aicpu, block_dim, seed, launches;
    bool no_costs, markdown;
};

/* ---- options ---- */

enum {
    KEY_RUNTIME = 256,
    KEY_SHAPE,
    KEY_TASKS,
    KEY_AICPU,
    KEY_BLOCK_DIM,
    KEY_SEED,
    KEY_LAUNCHES,
    KEY_NO_COSTS,
    KEY_MARKDOWN
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case KEY_RUNTIME:
        o->runtime = example_choice(state, "runtime", arg, SCHEDULER_NAMES);
        return 0;
    case KEY_SHAPE:
        o->shape = example_choice(state, "shape", arg, SHAPE_NAMES);
        return 0;
    case KEY_TASKS:
        o->tasks = example_number(state, "tasks", arg, 1, MAX_TASKS);
        return 0;
    case KEY_AICPU:
        o->aicpu = example_number(state, "aicpu", arg, 1, 1000);
        return 0;
    case KEY_BLOCK_DIM:
        o->block_dim = example_number(state, "block-dim", arg, 1, 1000);
        return 0;
    case KEY_SEED:
        o->seed = example_number(state, "seed", arg, 0, UINT32_MAX);
        return 0;
    case KEY_LAUNCHES:
        o->launches = example_number(state, "launches", arg, 1, 1000000);
        return 0;
    case KEY_NO_COSTS:
        o->no_costs = true;
        return 0;
    case KEY_MARKDOWN:
        o->markdown = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument '%s'", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static struct options parse_options(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"runtime", KEY_RUNTIME, "NAME", 0,
         "linear, host_build_graph, pipeline, static_schedule or register_graph "
         "(all, one after the other)",
         0},
        {"shape", KEY_SHAPE, "NAME", 0, "chain, fanout, stream or random (all)", 0},
        {"tasks", KEY_TASKS, "N", 0, "Tasks of a graph (256, 528, 1200, 2000)", 0},
        {"aicpu", KEY_AICPU, "N", 0, "AICPU threads (3)", 0},
        {"block-dim", KEY_BLOCK_DIM, "N", 0, "Clusters of AICores to use (24)", 0},
        {"seed", KEY_SEED, "N", 0, "Of the random graph (1)", 0},
        {"launches", KEY_LAUNCHES, "N", 0, "Launch each graph N times; figures are means (1)", 0},
        {"no-costs", KEY_NO_COSTS, 0, 0, "Let static_schedule plan as if all tasks took equally long", 0},
        {"markdown", KEY_MARKDOWN, 0, 0, "Print rows of a Markdown table", 0},
        {0},
    };
    static const struct argp argp = {
        .options = table,
        .parser = parse_option,
        .doc = "Run the same graphs of tasks under several scheduling runtimes, check them, compare what they take.",
    };
    struct options o = {.runtime = -1, .shape = -1, .aicpu = 3, .block_dim = 24, .seed = 1, .launches = 1};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    return o;
}

/* ---- results ---- */

/* What plain C makes of the graph in its @run-th run. */
static void compute(const struct graph *graph, uint64_t run, uint64_t *values)
{
    for (int i = 0; i < graph->count; i++) {
        const struct graph_task *task = &graph->tasks[i];
        uint64_t mixture = work_mix((uint64_t)i, run);
        for (int j = 0; j < task->before_count; j++)
            mixture = work_mix(mixture, values[graph->before[task->first_before + j]]);
        values[i] = work_turn(mixture, task->turns);
    }
}

static int check(const struct graph *graph, const char *name, const struct result *results, uint64_t runs,
                 uint64_t *values)
{
    int wrong = 0, first = 0;
    compute(graph, runs, values);
    for (int i = graph->count - 1; i >= 0; i--)
        if (results[i].runs != runs || results[i].value != values[i]) {
            wrong++;
            first = i;
        }
    if (wrong == 0)
        return 0;
    printf("schedulers: WRONG: %s: task %d gave 0x%016llx in %llu runs, not 0x%016llx in %llu; %d of %d are wrong\n",
           name, first, (unsigned long long)results[first].value, (unsigned long long)results[first].runs,
           (unsigned long long)values[first], (unsigned long long)runs, wrong, graph->count);
    return 1;
}

/* ---- running ---- */

static int launch(const struct example *e, const struct options *o, struct dav_figures *taken)
{
    struct dav_figures before, after;
    int status = e->host->device_figures(&before);
    for (long i = 0; status == 0 && i < o->launches; i++)
        status = e->host->launch_runtime(e->memory, (int)o->aicpu, (int)o->block_dim, 0, e->binaries.aicpu.data,
                                         e->binaries.aicpu.size, e->binaries.aicore.data, e->binaries.aicore.size);
    if (status == 0)
        status = e->host->device_figures(&after);
    if (status == 0)
        *taken = figures_between(&before, &after);
    return status;
}

/* Build, launch, take the results. @refused: the runtime does not take this graph. */
static int run_graph(const struct example *e, const struct options *o, struct graph *graph, struct result *results,
                     struct dav_figures *taken, bool *refused)
{
    uint64_t args[] = {(uintptr_t)graph, (uintptr_t)results};
    *refused = e->host->init_runtime(e->memory, e->orchestration.data, e->orchestration.size, "build_graph", args, 2);
    if (*refused)
        return 0;
    int status = launch(e, o, taken);
    int finalized = e->host->finalize_runtime(e->memory);
    return status != 0 ? status : finalized;
}

/* One shape under one runtime. */
static int run_shape(const struct example *e, const struct options *o, enum shape shape, bool dispatches)
{
    struct graph graph;
    struct dav_figures taken = {0};
    bool refused = false;
    long tasks = o->tasks ? o->tasks : shape_kinds[shape].tasks;
    struct result *results = calloc((size_t)tasks, sizeof *results);
    uint64_t *values = calloc((size_t)tasks, sizeof *values);
    int status = shape_make(&graph, shape, tasks, (uint32_t)o->seed);
    graph.no_costs = o->no_costs;
    if (!results || !values)
        status = 7;
    if (status == 7)
        fprintf(stderr, "schedulers: no memory for %ld tasks\n", tasks);
    if (status == 0)
        status = run_graph(e, o, &graph, results, &taken, &refused);
    if (status == 0 && !refused && example_computes(e))
        status = check(&graph, e->runtime, results, (uint64_t)o->launches, values);
    if (status == 0)
        figures_print(&(struct figures_row){.runtime = e->runtime,
                                            .shape = shape_kinds[shape].name,
                                            .taken = refused ? NULL : &taken,
                                            .dispatches = dispatches,
                                            .graph = &graph,
                                            .aicpu = o->aicpu,
                                            .block_dim = o->block_dim},
                      o->markdown);
    shape_free(&graph);
    free(results);
    free(values);
    return status;
}

static int run_scheduler(const struct options *o, const struct scheduler *scheduler)
{
    struct example example = {.main_c = __FILE__, .runtime = scheduler->name};
    int status = example_open(&example, "kernels/orchestration/graph_orch.c");
    if (status == 0)
        status = example_kernel(&example, GRAPH_AIC, "kernels/combine.c", "aic", NULL);
    if (status == 0)
        status = example_kernel(&example, GRAPH_AIV, "kernels/combine.c", "aiv", NULL);
    for (int i = 0; status == 0 && i < SHAPES; i++)
        if (o->shape < 0 || o->shape == i)
            status = run_shape(&example, o, (enum shape)i, scheduler->dispatches);
    example_close(&example);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = parse_options(argc, argv);
    int status = 0;
    if (!o.markdown)
        figures_head();
    for (int i = 0; status == 0 && i < SCHEDULERS; i++)
        if (o.runtime < 0 || o.runtime == i)
            status = run_scheduler(&o, &schedulers[i]);
    return status;
}
