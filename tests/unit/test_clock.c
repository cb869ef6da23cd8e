/* test_clock.c - the book of time: what happens in which order, and until when an agent may run on.
 *
 * Agents are coroutines with a body each; all they do and all effects are written into a log, "a@10" for agent a at
 * 10 ps, "!x@20" for effect x: a test is a script and the log it must leave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include <cmocka.h>

#include "model/clock.h"

enum { ACTORS = 4, STACK_BYTES = 65536, REACH_AICPU = 40, REACH_AICORE = 100 };

struct actor {
    struct agent agent; /* first: an agent is its actor */
    char name;
    void (*body)(struct actor *);
    ucontext_t context;
    char *stack;
};

static struct clock book;
static struct actor actors[ACTORS]; /* a, b: AICPU threads of rank 0 and 1; c, d: AICores of rank 2 and 3 */
static struct actor *const a = &actors[0], *const b = &actors[1], *const c = &actors[2], *const d = &actors[3];
static ucontext_t owner;
static char journal[4096];

static void note(const char *mark, char name, uint64_t at)
{
    size_t used = strlen(journal);

    snprintf(journal + used, sizeof(journal) - used, "%s%s%c@%llu", used ? " " : "", mark, name,
             (unsigned long long)at);
}

static void switch_to(void *ctx, struct agent *from, struct agent *to)
{
    assert_ptr_equal(ctx, &book);
    swapcontext(&((struct actor *)from)->context, to ? &((struct actor *)to)->context : &owner);
}

static void live(void)
{
    for (;;) { /* one program after the other */
        struct actor *self = NULL;

        for (int i = 0; i < ACTORS; i++)
            if (actors[i].agent.state == AGENT_RUNNING)
                self = &actors[i];
        self->body(self);
        clock_finish(&book, &self->agent);
    }
}

static void give_stack(struct actor *actor)
{
    getcontext(&actor->context);
    actor->context.uc_stack.ss_sp = actor->stack;
    actor->context.uc_stack.ss_size = STACK_BYTES;
    makecontext(&actor->context, live, 0);
}

static int start(void **state)
{
    const uint64_t reach[AGENT_CLASSES] = {[AGENT_AICPU] = REACH_AICPU, [AGENT_AICORE] = REACH_AICORE};

    (void)state;
    journal[0] = '\0';
    for (uint32_t i = 0; i < ACTORS; i++) {
        struct actor *actor = &actors[i];

        *actor = (struct actor){.agent = {.rank = i, .class_ = i < 2 ? AGENT_AICPU : AGENT_AICORE},
                                .name = (char)('a' + i),
                                .stack = malloc(STACK_BYTES)};
        give_stack(actor);
    }
    return clock_init(&book, reach, switch_to, &book);
}

static int stop(void **state)
{
    (void)state;
    clock_fini(&book);
    for (int i = 0; i < ACTORS; i++)
        free(actors[i].stack);
    return 0;
}

static void begin(struct actor *actor, void (*body)(struct actor *), uint64_t at)
{
    actor->body = body;
    clock_wake(&book, &actor->agent, at);
}

/* The owner's part: run until nobody can go on. */
static void go(void)
{
    struct agent *first = clock_next(&book);

    if (first)
        swapcontext(&owner, &((struct actor *)first)->context);
}

static void wait_until(struct actor *self, uint64_t until)
{
    clock_wait(&book, &self->agent, until);
    assert_int_equal(self->agent.state, AGENT_RUNNING);
    assert_int_equal(self->agent.now, until);
    note("", self->name, self->agent.now);
}

/* An effect that notes itself; with `wakes`, it also wakes an actor. */
struct marked {
    struct effect effect;
    char name;
    struct actor *wakes;
    uint64_t wake_at;
};

static void happen(struct effect *effect)
{
    const struct marked *marked = (const struct marked *)effect;

    assert_ptr_equal(book.applying, effect);
    note("!", marked->name, effect->at);
    if (marked->wakes)
        clock_wake(&book, &marked->wakes->agent, marked->wake_at);
}

static struct marked *schedule(struct actor *cause, char name, uint64_t at)
{
    struct marked *marked = clock_effect(&book);

    *marked = (struct marked){.effect.apply = happen, .name = name};
    clock_schedule(&book, &cause->agent, marked, at);
    return marked;
}

#define EXPECT_JOURNAL(text) assert_string_equal(journal, text)

/* ---- order ---- */

static void waits_10_20_30(struct actor *self)
{
    wait_until(self, 10);
    wait_until(self, 20);
    wait_until(self, 30);
}

static void waits_15_20_25(struct actor *self)
{
    wait_until(self, 15);
    wait_until(self, 20);
    wait_until(self, 25);
}

static void test_agents_go_on_in_order_of_time(void **state)
{
    (void)state;
    begin(b, waits_15_20_25, 0);
    begin(a, waits_10_20_30, 0);
    go();
    EXPECT_JOURNAL("a@10 b@15 a@20 b@20 b@25 a@30");
    assert_int_equal(book.time, 30);
    assert_int_equal(a->agent.state, AGENT_IDLE);
}

static void waits_20(struct actor *self)
{
    wait_until(self, 20);
}

static void test_equal_resumes_are_ordered_by_rank_across_classes(void **state)
{
    (void)state;
    begin(d, waits_20, 3);
    begin(c, waits_20, 7);
    begin(a, waits_20, 9);
    begin(b, waits_20, 1);
    go();
    EXPECT_JOURNAL("a@20 b@20 c@20 d@20");
}

static void test_effects_come_before_resumes_of_the_same_time(void **state)
{
    (void)state;
    begin(a, waits_20, 0);
    schedule(d, 'x', 20); /* although d ranks behind a */
    go();
    EXPECT_JOURNAL("!x@20 a@20");
}

static void test_equal_effects_are_ordered_by_rank_then_by_making(void **state)
{
    (void)state;
    schedule(c, '1', 20);
    schedule(a, '2', 20);
    schedule(c, '3', 20);
    schedule(b, '4', 20);
    schedule(a, '5', 20);
    schedule(d, '6', 19);
    go();
    EXPECT_JOURNAL("!6@19 !2@20 !5@20 !4@20 !1@20 !3@20");
}

struct chain {
    struct effect effect;
    int left;
};

static void next_of_chain(struct effect *effect)
{
    struct chain *chain = (struct chain *)effect;

    note("!", (char)('0' + chain->left), effect->at);
    if (chain->left) {
        struct chain *next = clock_effect(&book);

        *next = (struct chain){.effect.apply = next_of_chain, .left = chain->left - 1};
        clock_schedule(&book, &a->agent, next, effect->at + (uint64_t)chain->left % 2);
    }
}

static void test_an_effect_may_cause_others_even_at_its_own_time(void **state)
{
    struct chain *chain = clock_effect(&book);

    (void)state;
    *chain = (struct chain){.effect.apply = next_of_chain, .left = 3};
    clock_schedule(&book, &a->agent, chain, 5);
    begin(a, waits_20, 0);
    go();
    EXPECT_JOURNAL("!3@5 !2@6 !1@6 !0@7 a@20");
}

/* ---- many, by lot ---- */

enum { MANY = 5000 };

static struct {
    uint64_t at, made;
    uint32_t rank;
} happened[MANY];
static int happened_count;

struct numbered {
    struct effect effect;
    uint64_t made;
    uint32_t rank;
};

static void record(struct effect *effect)
{
    const struct numbered *numbered = (const struct numbered *)effect;

    happened[happened_count].at = effect->at;
    happened[happened_count].rank = numbered->rank;
    happened[happened_count++].made = numbered->made;
}

static void test_many_effects_keep_the_order(void **state)
{
    uint32_t lot = 1;

    (void)state;
    happened_count = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        struct numbered *numbered = clock_effect(&book);
        uint32_t rank = (lot = lot * 1664525u + 1013904223u) >> 30;
        uint64_t at = (lot = lot * 1664525u + 1013904223u) >> 24;

        *numbered = (struct numbered){.effect.apply = record, .made = i, .rank = rank};
        clock_schedule(&book, &actors[rank].agent, numbered, at);
    }
    go();
    assert_int_equal(happened_count, MANY);
    assert_int_equal(book.effects_done, MANY);
    for (int i = 1; i < MANY; i++) {
        bool later = happened[i].at > happened[i - 1].at;
        bool same = happened[i].at == happened[i - 1].at;
        bool rank_later = happened[i].rank > happened[i - 1].rank;

        assert_true(later || (same && (rank_later || (happened[i].rank == happened[i - 1].rank &&
                                                      happened[i].made > happened[i - 1].made))));
    }
}

/* ---- the horizon ---- */

static uint64_t horizons[8];
static int horizon_count;

static void notes_horizon(struct actor *self)
{
    wait_until(self, 20);
    horizons[horizon_count++] = self->agent.horizon;
}

static void sleeps_long(struct actor *self)
{
    clock_wait(&book, &self->agent, 1000);
}

/* As above, and every third effect is taken back, whatever its place in the book. */
static void test_a_cancelled_effect_does_not_happen(void **state)
{
    struct numbered *made[MANY];
    uint32_t lot = 1;

    (void)state;
    happened_count = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        made[i] = clock_effect(&book);
        *made[i] = (struct numbered){.effect.apply = record, .made = i};
        clock_schedule(&book, &a->agent, made[i], (lot = lot * 1664525u + 1013904223u) >> 24);
    }
    for (uint64_t i = 0; i < MANY; i += 3)
        clock_cancel(&book, made[i]);
    go();
    assert_int_equal(happened_count, MANY - (MANY + 2) / 3);
    for (int i = 0; i < happened_count; i++) {
        assert_int_not_equal(happened[i].made % 3, 0);
        assert_true(i == 0 || happened[i].at > happened[i - 1].at ||
                    (happened[i].at == happened[i - 1].at && happened[i].made > happened[i - 1].made));
    }
}

static void test_an_agent_alone_has_no_horizon(void **state)
{
    (void)state;
    horizon_count = 0;
    begin(a, notes_horizon, 0);
    go();
    assert_int_equal(horizons[0], CLOCK_NEVER);
}

static void test_the_horizon_is_the_next_effect(void **state)
{
    (void)state;
    horizon_count = 0;
    begin(a, notes_horizon, 0);
    schedule(b, 'y', 60);
    schedule(b, 'x', 50);
    go();
    assert_int_equal(horizons[0], 50);
}

static void test_the_horizon_is_another_agents_resume_and_its_reach(void **state)
{
    (void)state;
    horizon_count = 0;
    begin(a, notes_horizon, 0);
    begin(b, sleeps_long, 0);
    go();
    assert_int_equal(horizons[0], 1000 + REACH_AICPU);
}

static void test_the_horizon_is_the_least_of_all(void **state)
{
    (void)state;
    horizon_count = 0;
    begin(c, sleeps_long, 0); /* an AICore at 1000 reaches 1100 */
    begin(b, sleeps_long, 0); /* an AICPU thread 1040 */
    begin(a, notes_horizon, 0);
    schedule(b, 'x', 1030);
    go();
    assert_int_equal(horizons[0], 1030);
}

static void waits_20_and_schedules(struct actor *self)
{
    wait_until(self, 20);
    assert_int_equal(self->agent.horizon, 100);
    schedule(self, 'x', 70);
    horizons[horizon_count++] = self->agent.horizon;
    schedule(self, 'y', 200);
    horizons[horizon_count++] = self->agent.horizon;
    schedule(self, 'w', 30);
    horizons[horizon_count++] = self->agent.horizon;
    wait_until(self, 30);
    horizons[horizon_count++] = self->agent.horizon;
}

static void test_what_the_running_agent_schedules_shrinks_its_horizon(void **state)
{
    (void)state;
    horizon_count = 0;
    schedule(b, 'z', 100);
    begin(a, waits_20_and_schedules, 0);
    go();
    assert_int_equal(horizons[0], 70);
    assert_int_equal(horizons[1], 70); /* and never extends it */
    assert_int_equal(horizons[2], 30);
    assert_int_equal(horizons[3], 70); /* w has happened */
    EXPECT_JOURNAL("a@20 !w@30 a@30 !x@70 !z@100 !y@200");
}

static void runs_beside(struct actor *self)
{
    note("", self->name, self->agent.now);
}

static void wakes_another(struct actor *self)
{
    wait_until(self, 20);
    assert_int_equal(self->agent.horizon, CLOCK_NEVER);
    begin(b, runs_beside, 25);
    horizons[horizon_count++] = self->agent.horizon;
    wait_until(self, 50);
}

static void test_whom_the_running_agent_wakes_shrinks_its_horizon(void **state)
{
    (void)state;
    horizon_count = 0;
    begin(a, wakes_another, 0);
    go();
    assert_int_equal(horizons[0], 25 + REACH_AICPU);
    EXPECT_JOURNAL("a@20 b@25 a@50");
}

/* ---- waiting without others ---- */

static void test_nothing_moves_while_an_agent_is_the_earliest(void **state)
{
    (void)state;
    begin(b, sleeps_long, 0);
    begin(a, waits_10_20_30, 1);
    go();
    EXPECT_JOURNAL("a@10 a@20 a@30");
    assert_int_equal(book.switches, 3); /* b to a, a's end to b, b's end to the owner */
    assert_int_equal(book.time, 1000);
}

/* ---- blocking ---- */

static void blocks(struct actor *self)
{
    note("", self->name, self->agent.now);
    clock_block(&book, &self->agent);
    note("", self->name, self->agent.now);
}

static void test_a_blocked_agent_goes_on_when_woken(void **state)
{
    struct marked *marked;

    (void)state;
    begin(a, blocks, 5);
    begin(b, waits_10_20_30, 0);
    marked = schedule(b, 'x', 12);
    marked->wakes = a;
    marked->wake_at = 25;
    go();
    EXPECT_JOURNAL("a@5 b@10 !x@12 b@20 a@25 b@30");
}

static void test_nobody_wakes_a_blocked_agent_control_returns(void **state)
{
    (void)state;
    begin(a, blocks, 5);
    begin(b, waits_20, 0);
    go();
    EXPECT_JOURNAL("a@5 b@20");
    assert_int_equal(a->agent.state, AGENT_BLOCKED);
    assert_false(book.expired);
    clock_wake(&book, &a->agent, 40);
    go();
    EXPECT_JOURNAL("a@5 b@20 a@40");
}

static void test_an_agent_that_relives_time_runs_next(void **state)
{
    struct marked *marked;

    (void)state;
    begin(a, blocks, 5);
    begin(b, waits_10_20_30, 0);
    marked = schedule(b, 'x', 20);
    marked->wakes = a;
    marked->wake_at = 7;
    go();
    EXPECT_JOURNAL("a@5 b@10 !x@20 a@7 b@20 b@30");
    assert_int_equal(book.time, 30); /* the book's time did not go back */
}

/* ---- programs ---- */

static void test_an_idle_agent_takes_one_program_after_the_other(void **state)
{
    (void)state;
    begin(a, waits_20, 0);
    go();
    begin(a, sleeps_long, 30);
    begin(b, runs_beside, 60);
    go();
    EXPECT_JOURNAL("a@20 b@60");
    assert_int_equal(a->agent.now, 1000);
    assert_int_equal(a->agent.state, AGENT_IDLE);
}

/* ---- the deadline ---- */

static void test_nothing_past_the_deadline_happens(void **state)
{
    (void)state;
    clock_set_deadline(&book, 20);
    begin(a, waits_10_20_30, 0);
    schedule(b, 'x', 20);
    schedule(b, 'y', 21);
    go();
    EXPECT_JOURNAL("a@10 !x@20 a@20"); /* what is due at the deadline does */
    assert_true(book.expired);
    assert_int_equal(book.time, 20);
    book.expired = false;
    clock_set_deadline(&book, CLOCK_NEVER); /* the rest stayed in the book */
    go();
    EXPECT_JOURNAL("a@10 !x@20 a@20 !y@21 a@30");
    assert_false(book.expired);
}

static void test_a_lone_agent_does_not_run_past_the_deadline(void **state)
{
    (void)state;
    clock_set_deadline(&book, 25);
    begin(a, waits_10_20_30, 0);
    go();
    EXPECT_JOURNAL("a@10 a@20");
    assert_true(book.expired);
    assert_int_equal(a->agent.state, AGENT_READY);
}

/* ---- ticks ---- */

static void tick_each_20(void *ctx, uint64_t at)
{
    assert_ptr_equal(ctx, &book);
    note("tick", '<', at);
    clock_set_tick(&book, (at / 20 + 1) * 20);
}

static void test_a_tick_comes_before_what_is_due(void **state)
{
    (void)state;
    book.tick = tick_each_20;
    book.tick_ctx = &book;
    clock_set_tick(&book, 20);
    begin(a, waits_10_20_30, 0);
    schedule(b, 'x', 20);
    schedule(b, 'y', 75);
    go();
    EXPECT_JOURNAL("a@10 tick<@20 !x@20 a@20 a@30 tick<@75 !y@75");
    clock_set_tick(&book, CLOCK_NEVER);
    schedule(b, 'z', 100);
    go();
    EXPECT_JOURNAL("a@10 tick<@20 !x@20 a@20 a@30 tick<@75 !y@75 !z@100");
}

static void test_nothing_ticks_past_the_deadline(void **state)
{
    (void)state;
    book.tick = tick_each_20;
    book.tick_ctx = &book;
    clock_set_tick(&book, 30);
    clock_set_deadline(&book, 25);
    begin(a, waits_10_20_30, 0);
    go();
    EXPECT_JOURNAL("a@10 a@20");
    assert_true(book.expired);
}

/* ---- stop and reset ---- */

static void stops_all(struct actor *self)
{
    wait_until(self, 20);
    clock_stop(&book);
    wait_until(self, 25);
}

static void test_a_stop_returns_control_and_leaves_all_as_it_is(void **state)
{
    (void)state;
    begin(a, stops_all, 0);
    begin(b, waits_10_20_30, 0);
    schedule(b, 'x', 22);
    go();
    EXPECT_JOURNAL("b@10 a@20");
    assert_int_equal(a->agent.state, AGENT_READY);
    assert_int_equal(b->agent.state, AGENT_READY);
    assert_null(clock_next(&book)); /* stopped is stopped */
    EXPECT_JOURNAL("b@10 a@20");
}

static void waits_40(struct actor *self)
{
    wait_until(self, 40);
}

static void test_a_reset_book_is_empty_and_goes_on(void **state)
{
    (void)state;
    begin(a, stops_all, 0);
    begin(b, waits_10_20_30, 0);
    schedule(b, 'x', 22);
    go();
    clock_reset(&book);
    assert_false(book.stopped);
    assert_null(clock_next(&book));
    assert_int_equal(book.time, 20); /* time stays */
    begin(c, waits_40, 30);
    schedule(c, 'z', 26);
    go();
    EXPECT_JOURNAL("b@10 a@20 !z@26 c@40");
}

/* ---- effects and their room ---- */

static void test_effects_are_reused(void **state)
{
    void *first = clock_effect(&book), *second = clock_effect(&book);

    (void)state;
    assert_ptr_not_equal(first, second);
    clock_effect_free(&book, first);
    assert_ptr_equal(clock_effect(&book), first);
    memset(first, 0xa5, EFFECT_BYTES); /* all of it is the effect's */
    memset(second, 0x5a, EFFECT_BYTES);
    assert_int_equal(*(uint8_t *)first, 0xa5);
    clock_effect_free(&book, first);
    clock_effect_free(&book, second);
    for (uint64_t i = 1; i <= 100000; i++) {
        schedule(a, 'x', i);
        clock_next(&book);
        journal[0] = '\0';
    }
    assert_int_equal(book.chunk_count, 1);
}

static void test_dropped_effects_are_given_back(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++) {
        for (uint64_t i = 0; i < 200; i++)
            schedule(a, 'x', i);
        clock_reset(&book);
    }
    assert_int_equal(book.chunk_count, 1);
    EXPECT_JOURNAL("");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_agents_go_on_in_order_of_time),
        TEST(test_equal_resumes_are_ordered_by_rank_across_classes),
        TEST(test_effects_come_before_resumes_of_the_same_time),
        TEST(test_equal_effects_are_ordered_by_rank_then_by_making),
        TEST(test_an_effect_may_cause_others_even_at_its_own_time),
        TEST(test_many_effects_keep_the_order),
        TEST(test_a_cancelled_effect_does_not_happen),
        TEST(test_an_agent_alone_has_no_horizon),
        TEST(test_the_horizon_is_the_next_effect),
        TEST(test_the_horizon_is_another_agents_resume_and_its_reach),
        TEST(test_the_horizon_is_the_least_of_all),
        TEST(test_what_the_running_agent_schedules_shrinks_its_horizon),
        TEST(test_whom_the_running_agent_wakes_shrinks_its_horizon),
        TEST(test_nothing_moves_while_an_agent_is_the_earliest),
        TEST(test_a_blocked_agent_goes_on_when_woken),
        TEST(test_nobody_wakes_a_blocked_agent_control_returns),
        TEST(test_an_agent_that_relives_time_runs_next),
        TEST(test_an_idle_agent_takes_one_program_after_the_other),
        TEST(test_nothing_past_the_deadline_happens),
        TEST(test_a_lone_agent_does_not_run_past_the_deadline),
        TEST(test_a_tick_comes_before_what_is_due),
        TEST(test_nothing_ticks_past_the_deadline),
        TEST(test_a_stop_returns_control_and_leaves_all_as_it_is),
        TEST(test_a_reset_book_is_empty_and_goes_on),
        TEST(test_effects_are_reused),
        TEST(test_dropped_effects_are_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
