/* progress.c - see progress.h. */
#include "tools/explore/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR = 30 };

static bool is_shown(const struct explore_options *options)
{
    return !options->quiet && isatty(STDERR_FILENO);
}

void progress_runs(const struct explore_options *options, size_t done, size_t bad)
{
    char bar[BAR + 1];
    if (!is_shown(options))
        return;
    size_t full = (size_t)((double)done / (double)options->runs * BAR);
    for (size_t i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '-';
    bar[BAR] = '\0';
    fprintf(stderr, "\r\033[Kdavsim: explore [%s] %zu of %llu runs", bar, done, (unsigned long long)options->runs);
    if (bad)
        fprintf(stderr, ", %zu not clean", bad);
    fflush(stderr);
}

void progress_reduce(const struct explore_options *options, size_t tests, size_t left)
{
    if (!is_shown(options))
        return;
    fprintf(stderr, "\r\033[Kdavsim: explore: reducing: %zu perturbation%s left after %zu runs", left,
            left == 1 ? "" : "s", tests);
    fflush(stderr);
}

void progress_clear(const struct explore_options *options)
{
    if (is_shown(options))
        fputs("\r\033[K", stderr);
}
