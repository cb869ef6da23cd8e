/* test_sync.c - what the scalar side's intrinsics ask of the port: events, flags, special registers, GM past the
 * cache. */
#include "cce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/isa/machine.h"

/* The latest call of the port, as text. */
static char told[128];
static uint64_t memory;

static int reset(void **state)
{
    (void)state;
    machine_reset();
    told[0] = 0;
    return 0;
}

void dav_set_flag(int from, int to, int id)
{
    snprintf(told, sizeof(told), "set %d %d %d", from, to, id);
}

void dav_wait_flag(int from, int to, int id)
{
    snprintf(told, sizeof(told), "wait %d %d %d", from, to, id);
}

void dav_cross_core_sync(int pipe, uint64_t config)
{
    snprintf(told, sizeof(told), "sync %d %#lx", pipe, config);
}

void dav_cross_core_wait(int64_t id)
{
    snprintf(told, sizeof(told), "sync wait %ld", id);
}

uint64_t dav_ld_dev(const volatile void *addr, uint32_t size)
{
    snprintf(told, sizeof(told), "load %ld %u", (const volatile char *)addr - (char *)&memory, size);
    return memory;
}

void dav_st_dev(volatile void *addr, uint64_t value, uint32_t size)
{
    snprintf(told, sizeof(told), "store %ld %#lx %u", (volatile char *)addr - (char *)&memory, value, size);
}

void dav_st_atomic(volatile void *addr, uint64_t value, uint32_t size)
{
    snprintf(told, sizeof(told), "atomic %ld %#lx %u", (volatile char *)addr - (char *)&memory, value, size);
}

static void events_and_flags(void **state)
{
    (void)state;
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID3);
    assert_string_equal(told, "set 4 1 3");
    wait_flag(PIPE_FIX, PIPE_S, (event_t)7);
    assert_string_equal(told, "wait 10 0 7");
    ffts_cross_core_sync(PIPE_MTE3, 1 | 2 << 4 | 12 << 8);
    assert_string_equal(told, "sync 5 0xc21");
    wait_flag_dev(12);
    assert_string_equal(told, "sync wait 12");
}

static void special_registers(void **state)
{
    (void)state;
    set_ctrl(1);
    set_ctrl(sbitset1(get_ctrl(), 59));
    assert_int_equal(get_ctrl(), 1 | UINT64_C(1) << 59);
    set_ctrl(sbitset0(get_ctrl(), 0));
    assert_int_equal(machine.state.spr[ISA_SPR_CTRL], UINT64_C(1) << 59);
    set_nd_para(7);
    assert_int_equal(machine.state.spr[ISA_SPR_ND_PARA], 7);
    set_fmatrix(1);
    set_fmatrix_b(2);
    assert_true(machine.state.spr[ISA_SPR_FMATRIX] == 1 && machine.state.spr[ISA_SPR_FMATRIX_B] == 2);
    set_deqscale((half)1.5);
    assert_int_equal(machine.state.spr[ISA_SPR_DEQSCALE], 0x3e00);
    set_deqscale(0.5f);
    assert_int_equal(machine.state.spr[ISA_SPR_DEQSCALE], 0x3800);
    machine.v.rsvd_cnt = 41;
    machine.v.vms4_sr = 42;
    assert_true(get_rsvd_cnt() == 41 && get_vms4_sr() == 42);
}

static void the_vector_mask(void **state)
{
    (void)state;
    set_vector_mask(5, 6);
    assert_true(machine.state.mask[1] == 5 && machine.state.mask[0] == 6);
    set_mask_count();
    assert_true(machine.state.count_mode);
    set_mask_norm();
    assert_false(machine.state.count_mode);
}

static void atomic_stores(void **state)
{
    (void)state;
    set_atomic_f32();
    set_atomic_add();
    assert_int_equal(machine.state.atomic, ISA_ATOMIC_F32);
    set_atomic_none();
    assert_int_equal(machine.state.atomic, ISA_ATOMIC_NONE);
    set_st_atomic_cfg(ATOMIC_S32, ATOMIC_SUM);
    assert_int_equal(machine.state.spr[ISA_SPR_ST_ATOMIC], ISA_ATOMIC_S32);
    st_atomic((int32_t)-2, (__gm__ int32_t *)&memory);
    assert_string_equal(told, "atomic 0 0xfffffffffffffffe 4");
}

static void gm_past_the_cache(void **state)
{
    (void)state;
    memory = 0xc0000000fffffff0; /* the port may leave what it likes above the value */
    assert_int_equal(ld_dev((__gm__ int32_t *)&memory, 4), -16);
    assert_string_equal(told, "load 4 4");
    assert_int_equal(ld_dev((const volatile __gm__ uint8_t *)&memory, 0), 0xf0);
    assert_string_equal(told, "load 0 1");
    memory = 0x3fc00000;
    assert_true(ld_dev((__gm__ float *)&memory, 0) == 1.5f);
    st_dev(2.0f, (__gm__ float *)&memory, -4);
    assert_string_equal(told, "store -4 0x40000000 4");
    st_dev((uint64_t)7, (__gm__ uint64_t *)&memory, 8);
    assert_string_equal(told, "store 8 0x7 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(events_and_flags, reset),  cmocka_unit_test_setup(special_registers, reset),
        cmocka_unit_test_setup(the_vector_mask, reset),   cmocka_unit_test_setup(atomic_stores, reset),
        cmocka_unit_test_setup(gm_past_the_cache, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
