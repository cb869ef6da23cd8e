/* test_block_cost.c - the costs of small pieces of machine code, in the units of the classes they are made of.
 *
 * A piece is a byte string with the port's stub at its end, as davcc lays it out; calls name it by its distance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/embed/block_cost.h"
#include "model/embed/port_table.h"

#define CODE_BYTES 256
#define HOOK_AT    240 /* jmp *slot of __tsan_read4 */
#define PORT_AT    248 /* jmp *slot of dav_sys_cnt, which is no hook */
#define UB_AT      232 /* jmp *slot of dav_ub, a hook with three arguments */

/* Digits that cannot be confused: simple 1, branch 10, multiply 100, ..., load 1000000. */
static const struct instruction_costs costs = {1, 10, 100, 1000, 10000, 100000, 1000000};

static uint8_t code[CODE_BYTES];
static size_t length;

static int start(void **state)
{
    (void)state;
    const uint8_t jump[3] = {0xff, 0x24, 0x25};
    uint32_t hook = port_slot_addr(PORT_SLOT___tsan_read4), plain = port_slot_addr(PORT_SLOT_dav_sys_cnt);
    uint32_t ub = port_slot_addr(PORT_SLOT_dav_ub);

    memset(code, 0xcc, sizeof(code));
    memcpy(code + HOOK_AT, jump, 3);
    memcpy(code + HOOK_AT + 3, &hook, 4);
    memcpy(code + PORT_AT, jump, 3);
    memcpy(code + PORT_AT + 3, &plain, 4);
    memcpy(code + UB_AT, jump, 3);
    memcpy(code + UB_AT + 3, &ub, 4);
    length = 0;
    return 0;
}

static void put(const char *bytes, size_t size)
{
    memcpy(code + length, bytes, size);
    length += size;
}
#define PUT(bytes) put(bytes, sizeof(bytes) - 1)

static void put_call(size_t target)
{
    int32_t distance = (int32_t)(target - (length + 5));
    PUT("\xe8");
    memcpy(code + length, &distance, sizeof(distance));
    length += sizeof(distance);
}

/* Costs of the blocks that start at these offsets. */
static void cost(const uint64_t *starts, size_t count, uint32_t *result)
{
    const uint64_t base = 0x7f0000001000;
    struct block_pc pcs[8];
    char error[128];

    for (size_t i = 0; i < count; i++)
        pcs[i] = (struct block_pc){base + starts[i], 0};
    const struct block_table table = {code, sizeof(code), base, pcs, result, count};
    assert_int_equal(block_cost_fill(&table, &costs, error, sizeof(error)), 0);
}

static uint32_t cost_of_all(void)
{
    uint32_t result;
    cost((uint64_t[]){0}, 1, &result);
    return result;
}

static void classes_are_told_apart(void **state)
{
    (void)state;
    PUT("\x01\xd8");         /* add eax, ebx */
    PUT("\x0f\xaf\xc3");     /* imul eax, ebx */
    PUT("\xf7\xf9");         /* idiv ecx */
    PUT("\xf3\x0f\x58\xc1"); /* addss xmm0, xmm1 */
    PUT("\xf3\x0f\x5e\xc1"); /* divss xmm0, xmm1 */
    PUT("\xf2\x0f\x51\xc1"); /* sqrtsd xmm0, xmm1 */
    PUT("\xc3");             /* ret */
    assert_int_equal(cost_of_all(), 1 + 100 + 1000 + 10000 + 2 * 100000 + 10);
}

static void memory_operands_cost_one_access(void **state)
{
    (void)state;
    PUT("\x8b\x07");         /* mov eax, [rdi]: the access */
    PUT("\x03\x47\x04");     /* add eax, [rdi + 4]: the access and an addition */
    PUT("\x89\x07");         /* mov [rdi], eax */
    PUT("\x8d\x47\x08");     /* lea eax, [rdi + 8]: no access */
    PUT("\x55");             /* push rbp */
    PUT("\xf3\x0f\x59\x07"); /* mulss xmm0, [rdi] */
    PUT("\xc3");
    assert_int_equal(cost_of_all(), 5 * 1000000 + 2 * 1 + 10000 + 10);
}

static void hooks_cost_nothing(void **state)
{
    (void)state;
    PUT("\x48\x8d\x7b\x08"); /* lea rdi, [rbx + 8]: only for the hook */
    put_call(HOOK_AT);
    PUT("\x8b\x43\x08");             /* mov eax, [rbx + 8] */
    PUT("\xf3\x0f\x11\x44\x24\x08"); /* movss [rsp + 8], xmm0: saved around the hook */
    PUT("\x48\x89\xdf");             /* mov rdi, rbx */
    put_call(HOOK_AT);
    PUT("\xf3\x0f\x10\x44\x24\x08"); /* movss xmm0, [rsp + 8] */
    PUT("\xc3");
    assert_int_equal(cost_of_all(), 1000000 + 10);
}

static void an_access_to_ub_costs_one_access(void **state)
{
    (void)state;
    PUT("\x48\x89\xdf");         /* mov rdi, rbx: the offset */
    PUT("\xbe\x04\x00\x00\x00"); /* mov esi, 4: the size */
    PUT("\x31\xd2");             /* xor edx, edx: a load */
    put_call(UB_AT);
    PUT("\xf3\x0f\x58\x00"); /* addss xmm0, [rax]: the access and an addition */
    PUT("\xc3");
    assert_int_equal(cost_of_all(), 1000000 + 10000 + 10);
}

static void other_calls_cost_a_branch(void **state)
{
    (void)state;
    PUT("\x48\x89\xdf"); /* mov rdi, rbx: an argument of the program's own */
    put_call(PORT_AT);
    put_call(HOOK_AT);
    PUT("\xc3");
    assert_int_equal(cost_of_all(), 1 + 10 + 10);
}

static void blocks_end_where_the_next_begins(void **state)
{
    (void)state;
    uint32_t result[3];
    PUT("\xff\xc0\xff\xc0");     /* 0: inc eax twice */
    PUT("\xff\xc0\x74\xfa");     /* 4: inc eax; je */
    PUT("\xff\xc0\xeb\xf8\x90"); /* 8: inc eax; jmp; then padding */
    PUT("\x66\x90");
    cost((uint64_t[]){8, 0, 4}, 3, result); /* in the table's order, whatever it is */
    assert_int_equal(result[0], 11);
    assert_int_equal(result[1], 2);
    assert_int_equal(result[2], 11);
}

static void code_after_a_conditional_jump_belongs_to_the_block(void **state)
{
    (void)state;
    PUT("\x74\x02");     /* je, made by the compiler inside a block */
    PUT("\xff\xc0");     /* inc eax */
    PUT("\xff\xc0\xc3"); /* inc eax; ret */
    assert_int_equal(cost_of_all(), 10 + 2 + 10);
}

static void every_block_costs_something(void **state)
{
    (void)state;
    uint32_t result[3];
    PUT("\x90\xc3");
    cost((uint64_t[]){0, 1, 1}, 3, result);
    assert_int_equal(result[0], 1); /* only padding */
    assert_int_equal(result[1], 10);
    assert_int_equal(result[2], 10); /* two blocks at one place */
    cost((uint64_t[]){100000, (uint64_t)-5, 1}, 3, result);
    assert_int_equal(result[0], 1); /* removed by the compiler */
    assert_int_equal(result[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(classes_are_told_apart, start),
        cmocka_unit_test_setup(memory_operands_cost_one_access, start),
        cmocka_unit_test_setup(hooks_cost_nothing, start),
        cmocka_unit_test_setup(an_access_to_ub_costs_one_access, start),
        cmocka_unit_test_setup(other_calls_cost_a_branch, start),
        cmocka_unit_test_setup(blocks_end_where_the_next_begins, start),
        cmocka_unit_test_setup(code_after_a_conditional_jump_belongs_to_the_block, start),
        cmocka_unit_test_setup(every_block_costs_something, start),
    };
    return cmocka_run_group_tests_name("block_cost", tests, NULL, NULL);
}
