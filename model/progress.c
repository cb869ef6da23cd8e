/* progress.c - see progress.h.
 *
 * A thread of the host draws the line, when the host feels like it and not on the small stacks of simulated cores. It
 * only reads two numbers, and nothing that it does reaches the simulation.
 */
#include "model/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "model/chip_state.h"

enum { FIRST_MS = 1000, AGAIN_MS = 250 };

struct progress {
    struct event_sink sink; /* first, so that the sink is its progress */
    const struct chip_state *chip;
    FILE *out;
    uint64_t tasks; /* of the launch; read while it is counted */
    pthread_t drawer;
    bool has_drawer;
    pthread_mutex_t mutex; /* for all that follows */
    pthread_cond_t changed;
    bool in_launch, closing;
    bool shown;
    uint64_t begin_ps;    /* of the launch */
    struct timespec next; /* host time of the next line */
};

static struct timespec host_time_in(long ms)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += ms / 1000;
    time.tv_nsec += ms % 1000 * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

static void draw(struct progress *progress)
{
    /* The clock goes on meanwhile; whichever of its times is read will do. */
    uint64_t now_ps = __atomic_load_n(&progress->chip->clock.time, __ATOMIC_RELAXED);
    uint64_t tasks = __atomic_load_n(&progress->tasks, __ATOMIC_RELAXED);

    fprintf(progress->out, "\r\033[Kdavsim: %.3f ms simulated, %" PRIu64 " tasks done",
            (double)(now_ps - progress->begin_ps) / 1e9, tasks);
    fflush(progress->out);
    progress->shown = true;
}

static void erase(struct progress *progress)
{
    if (!progress->shown)
        return;
    fputs("\r\033[K", progress->out);
    fflush(progress->out);
    progress->shown = false;
}

static void *drawer(void *arg)
{
    struct progress *progress = arg;

    pthread_mutex_lock(&progress->mutex);
    while (!progress->closing) {
        struct timespec until = progress->next;

        if (!progress->in_launch) {
            pthread_cond_wait(&progress->changed, &progress->mutex);
            continue;
        }
        if (pthread_cond_timedwait(&progress->changed, &progress->mutex, &until) != ETIMEDOUT || !progress->in_launch)
            continue;
        if (until.tv_sec != progress->next.tv_sec || until.tv_nsec != progress->next.tv_nsec)
            continue; /* put off meanwhile */
        draw(progress);
        progress->next = host_time_in(AGAIN_MS);
    }
    pthread_mutex_unlock(&progress->mutex);
    return NULL;
}

/* Signals are for the host program's own threads. */
static void start_drawer(struct progress *progress)
{
    sigset_t all, before;

    if (progress->has_drawer)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    progress->has_drawer = pthread_create(&progress->drawer, NULL, drawer, progress) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void begin_launch(struct progress *progress, const struct event *event)
{
    __atomic_store_n(&progress->tasks, 0, __ATOMIC_RELAXED);
    start_drawer(progress);
    pthread_mutex_lock(&progress->mutex);
    progress->in_launch = true;
    progress->begin_ps = event->time_ps;
    progress->next = host_time_in(FIRST_MS);
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->mutex);
}

/* Something else is about to be said. */
static void make_way(struct progress *progress, bool for_good)
{
    pthread_mutex_lock(&progress->mutex);
    if (progress->shown)
        progress->next = host_time_in(AGAIN_MS);
    erase(progress);
    if (for_good)
        progress->in_launch = false;
    pthread_mutex_unlock(&progress->mutex);
}

static void on_event(struct event_sink *sink, const struct event *event)
{
    struct progress *progress = (struct progress *)sink;

    switch (event->kind) {
    case EVENT_LAUNCH_BEGIN:
        begin_launch(progress, event);
        break;
    case EVENT_TASK_END:
        __atomic_store_n(&progress->tasks, progress->tasks + 1, __ATOMIC_RELAXED);
        break;
    case EVENT_LOG:
        make_way(progress, false);
        break;
    case EVENT_STOP:
    case EVENT_LAUNCH_END:
        make_way(progress, true);
        break;
    default:
        break;
    }
}

struct progress *progress_open(struct chip_state *chip, FILE *out)
{
    struct progress *progress = calloc(1, sizeof(*progress));
    pthread_condattr_t monotonic;

    if (!progress)
        return NULL;
    progress->chip = chip;
    progress->out = out;
    progress->sink.event = on_event;
    pthread_mutex_init(&progress->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    chip_listen(chip, &progress->sink);
    return progress;
}

void progress_close(struct progress *progress)
{
    if (!progress)
        return;
    make_way(progress, true);
    pthread_mutex_lock(&progress->mutex);
    progress->closing = true;
    pthread_cond_signal(&progress->changed);
    pthread_mutex_unlock(&progress->mutex);
    if (progress->has_drawer)
        pthread_join(progress->drawer, NULL);
    pthread_cond_destroy(&progress->changed);
    pthread_mutex_destroy(&progress->mutex);
    free(progress);
}
