/* random.c - programs by lot, for what must hold of any program. */
#include <string.h>

#include "isa/core_port.h"
#include "tests/litmus/litmus.h"

enum { FIRST_PLACES = 4, LAST_DELAY_NS = 15000 };

static uint64_t lot;

static uint32_t draw(uint32_t below)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (uint32_t)(lot >> 32) % below;
}

/* The places that are watched. */
static enum place draw_place(void)
{
    return (enum place)draw(FIRST_PLACES);
}

/* x may stand across two lines, where no atomic works. */
static enum place draw_aligned_place(void)
{
    return (enum place)(1 + draw(FIRST_PLACES - 1));
}

static struct step aicpu_step(void)
{
    switch (draw(9)) {
    case 0:
    case 1:
        return (struct step)STORE(draw_place(), 1 + draw(3));
    case 2:
        return (struct step)RMW_ADD(draw_aligned_place(), draw(2), none);
    case 3:
        return (struct step)LOAD((enum place)draw(done), none);
    case 4:
        return (struct step)INVALIDATE(draw_place());
    case 5:
        return (struct step){OP_FENCE, x, none, draw(3)};
    case 6:
        return (struct step)STORE(aiv0_data_main_base, 1 + draw(3));
    default:
        return (struct step)DELAY(draw(4) ? draw(300) : draw(3000));
    }
}

static struct step aicore_step(void)
{
    switch (draw(8)) {
    case 0:
    case 1:
        return (struct step)STORE(draw_place(), 1 + draw(3));
    case 2:
    case 3:
        return (struct step)DCCI(draw_place());
    case 4:
        return (struct step)DCCI_ALL;
    case 5:
        return (struct step)DSB;
    case 6:
        return (struct step)LOAD(draw_place(), none);
    default:
        return (struct step)DELAY(draw(4) ? draw(300) : draw(3000));
    }
}

static void fill(struct thread *thread, enum agent_name agent, struct step (*by_lot)(void), uint32_t count)
{
    thread->agent = agent;
    for (uint32_t i = 0; i < count; i++)
        thread->steps[i] = by_lot();
}

static void watcher(struct thread *thread, enum agent_name agent, uint32_t how, enum reg reg)
{
    thread->agent = agent;
    thread->steps[0] = (struct step)DELAY(draw(500));
    thread->steps[1] = (struct step)WATCH(how, reg);
}

/* All watch but two, which write; AICPU0 ends it. */
static void make_launch(struct phase *phase, int first_reg)
{
    struct thread *threads = phase->threads;

    fill(&threads[0], AGENT_AICPU0, aicpu_step, STEPS - 2);
    threads[0].steps[0] = (struct step)STORE(aiv0_fast_path, 0xE);
    threads[0].steps[STEPS - 2] = (struct step)DELAY(LAST_DELAY_NS + draw(1000));
    threads[0].steps[STEPS - 1] = (struct step)STORE(done, 1);
    fill(&threads[1], AGENT_AIV1, aicore_step, STEPS);
    watcher(&threads[2], AGENT_AIV0, draw(64), (enum reg)first_reg);
    watcher(&threads[3], AGENT_AIC0, draw(32), (enum reg)(first_reg + 1));
    watcher(&threads[4], AGENT_AICPU1, 0, (enum reg)(first_reg + 2));
}

void litmus_by_lot(struct litmus *test, uint64_t seed)
{
    memset(test, 0, sizeof(*test));
    lot = seed * 0x9e3779b97f4a7c15ull | 1;
    for (int i = 0; i < 10; i++)
        draw(2);
    test->name = "by_lot";
    test->says = "program ";
    test->layout = (enum layout)draw(5);
    make_launch(&test->phases[0], r0);
    test->phases[1].threads[0] =
        (struct thread){HOST_CPU, {WRITE(done, 0), WRITE(draw_place(), draw(4)), WRITE(draw_place(), draw(4))}};
    make_launch(&test->phases[2], r3);
}
