/* table.c - see table.h. */
#include "tools/explore/table.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SEEDS_SHOWN = 6 };

static void print_head(FILE *out, const struct runs *runs, const struct summary *summary, bool interrupted)
{
    const struct explore_options *options = runs->options;
    fprintf(out, "davsim: explore: %zu of %" PRIu64 " perturbed runs", summary->made, options->runs);
    if (summary->made)
        fprintf(out, ", seeds from %" PRIu64, runs_seed(runs, 1));
    fprintf(out, ", and one unperturbed%s\n", interrupted ? "; interrupted" : "");
    fprintf(out, "  clean %zu, with findings %zu, failed %zu; unperturbed: %s\n", summary->clean,
            summary->with_findings, summary->failed, verdict_name(runs->outcomes[0].verdict));
}

/* The seeds of the runs that show @sighting, the first few of them. */
static void print_seeds(FILE *out, const struct runs *runs, const struct sighting *sighting)
{
    const char *separator = "";
    size_t shown = 0;
    for (size_t i = 0; i < sighting->count && shown < SEEDS_SHOWN; i++, shown++) {
        if (sighting->in_runs[i] == 0)
            fprintf(out, "%sunperturbed", separator);
        else
            fprintf(out, "%s%" PRIu64, separator, runs_seed(runs, sighting->in_runs[i]));
        separator = " ";
    }
    fprintf(out, "%s\n", shown < sighting->count ? " ..." : "");
}

static void print_sightings(FILE *out, const struct runs *runs, const struct summary *summary)
{
    if (summary->count == 0)
        return;
    fprintf(out, "  %-24s %6s  %s\n", "finding", "runs", "seeds");
    for (size_t i = 0; i < summary->count; i++) {
        const struct sighting *sighting = &summary->sightings[i];
        char failed[32];
        const char *text = json_string_value(json_object_get(sighting->finding, "summary"));
        char *place = sighting->finding ? finding_place(sighting->finding) : NULL;
        snprintf(failed, sizeof(failed), "program failed (%d)", sighting->status);
        fprintf(out, "  %-24s %6zu  ", sighting->finding ? finding_kind(sighting->finding) : failed, sighting->count);
        print_seeds(out, runs, sighting);
        if (place && *place)
            fprintf(out, "      at %s\n", place);
        if (text && *text)
            fprintf(out, "      %s\n", text);
        free(place);
    }
}

struct list table_replay(const struct runs *runs, const struct reduction *reduction, const char *vary)
{
    struct list command = {0};
    if (!vary)
        vary = reduction->run ? runs->options->vary : "";
    list_add(&command, "davsim");
    explore_command(runs->options, runs_seed(runs, reduction->run), vary, NULL, &command);
    return command;
}

static void print_command(FILE *out, const struct runs *runs, const struct reduction *reduction, const char *vary)
{
    struct list command = table_replay(runs, reduction, vary);
    char *words = list_words(&command);
    fprintf(out, "    %s\n", words);
    free(words);
    list_free(&command);
}

static void print_reduced(FILE *out, const struct runs *runs, const struct reduction *reduction)
{
    uint64_t seed = runs_seed(runs, reduction->run);
    const char *how = reduction->end == REDUCTION_MINIMAL ? "; each is needed" : "; perhaps fewer would do";
    if (reduction->run == 0) {
        fprintf(out, "  the unperturbed run is not clean: no perturbation is needed\n");
        return;
    }
    fprintf(out, "  seed %" PRIu64, seed);
    if (reduction->finding)
        fprintf(out, ", %s", reduction->finding);
    fprintf(out, ":\n");
    if (reduction->end == REDUCTION_NOT_AGAIN) {
        fprintf(out, "    not seen again with the %zu perturbations of the run by their names: not reduced\n",
                reduction->from.count);
    } else if (reduction->to.count == 0) {
        fprintf(out, "    comes with this seed also when nothing is perturbed (%zu runs to tell)\n", reduction->tests);
    } else {
        bool one = reduction->to.count == 1;
        fprintf(out, "    %zu of %zu perturbations suffice%s%s (%zu runs to tell):\n", reduction->to.count,
                reduction->from.count, one ? "s" : "", one && reduction->end == REDUCTION_MINIMAL ? "" : how,
                reduction->tests);
        for (size_t i = 0; i < reduction->to.count; i++)
            fprintf(out, "      %s\n", reduction->to.items[i]);
    }
}

static bool was_reduced(const struct reduction *reduction)
{
    return reduction->run && (reduction->end == REDUCTION_MINIMAL || reduction->end == REDUCTION_LIMITED);
}

void table_print(FILE *out, const struct runs *runs, const struct reduction *reduction, bool interrupted)
{
    struct summary summary;
    summary_make(&summary, runs);
    print_head(out, runs, &summary, interrupted);
    print_sightings(out, runs, &summary);
    if (reduction->end != REDUCTION_NOT_TRIED)
        print_reduced(out, runs, reduction);
    if (was_reduced(reduction)) {
        char *vary = list_join(&reduction->to, ",");
        fprintf(out, "  replay, with no more than is needed:\n");
        print_command(out, runs, reduction, vary);
        free(vary);
    }
    if (outcome_is_bad(&runs->outcomes[reduction->run])) {
        fprintf(out, "  replay%s:\n", reduction->run ? ", as it was" : "");
        print_command(out, runs, reduction, NULL);
    }
    summary_free(&summary);
}
