/* interrupt.c - see interrupt.h. The handler only leaves a note where the clock looks before anybody goes on. */
#include "model/interrupt.h"

#include <signal.h>
#include <stddef.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static bool taken[NUMBERS];
static struct clock *volatile watched;
static volatile sig_atomic_t came;

static void on_signal(int number)
{
    struct clock *clock = watched;

    came = number;
    if (!clock)
        return;
    *(volatile bool *)&clock->stopped = true;
    if (clock->running)
        *(volatile uint64_t *)&clock->running->horizon = 0; /* until which it would not ask the clock */
}

void interrupt_watch(struct clock *clock)
{
    struct sigaction ours = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART | (int)SA_RESETHAND}, old;

    came = 0;
    watched = clock;
    for (int i = 0; i < NUMBERS; i++) {
        taken[i] = sigaction(numbers[i], NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL;
        if (taken[i])
            sigaction(numbers[i], &ours, NULL);
    }
}

int interrupt_release(void)
{
    struct sigaction now;

    watched = NULL;
    for (int i = 0; i < NUMBERS; i++)
        if (taken[i] && sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler == on_signal)
            signal(numbers[i], SIG_DFL);
    return came;
}

int interrupt_came(void)
{
    return came;
}
