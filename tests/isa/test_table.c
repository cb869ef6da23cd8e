/* test_table.c - what the table says of each instruction's pipe, core and cost, against rules on its name.
 *
 * The pipes are those of the facts in docs/isa.md; the rules are written from the intrinsics' names, not from the
 * table.
 */
#include "isa/isa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct rule {
    const char *prefix;
    enum isa_pipe pipe;
    enum isa_core cores;
};

/* The first that fits. */
static const struct rule rules[] = {
    {"copy_ubuf_to_ubuf", ISA_V, ISA_AIV},
    {"copy_ubuf_to_gm", ISA_MTE3, ISA_AIV},
    {"copy_gm_to_ubuf", ISA_MTE2, ISA_AIV},
    {"copy_gm_to_cbuf", ISA_MTE2, ISA_AIC},
    {"create_cbuf_matrix", ISA_MTE2, ISA_AIC},
    {"copy_cbuf_to_gm", ISA_MTE3, ISA_AIC},
    {"copy_cbuf_to_bt", ISA_MTE1, ISA_AIC},
    {"copy_cbuf_to_fbuf", ISA_FIX, ISA_AIC},
    {"copy_matrix_cc_to_", ISA_FIX, ISA_AIC},
    {"load_cbuf_to_c", ISA_MTE1, ISA_AIC},
    {"img2colv2_cbuf_to_c", ISA_MTE1, ISA_AIC},
    {"mad", ISA_M, ISA_AIC},
    {"set_", ISA_V, ISA_AIV},
    {"get_", ISA_V, ISA_AIV},
    {"scatter_vnchwconv", ISA_V, ISA_AIV},
    {"v", ISA_V, ISA_AIV},
};

static const struct rule *rule_of(const char *name)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (strncmp(name, rules[i].prefix, strlen(rules[i].prefix)) == 0)
            return &rules[i];
    fail_msg("%s: no rule says what pipe it belongs to", name);
    return NULL;
}

static void each_instruction_is_on_the_pipe_of_its_kind(void **state)
{
    (void)state;
    for (uint32_t opcode = 0; opcode < ISA_OPCODES; opcode++) {
        const struct isa_entry *entry = isa_entry_of(opcode);
        const struct rule *rule = rule_of(entry->name);

        if (entry->pipe != rule->pipe || entry->cores != rule->cores)
            fail_msg("%s %s is on pipe %s", entry->name, entry->types, isa_pipe_name(entry->pipe));
        assert_non_null(entry->body);
        assert_non_null(entry->shape->spans);
        assert_non_null(entry->shape->units);
    }
    assert_null(isa_entry_of(ISA_OPCODES));
}

/* A measured intrinsic has the class of its own name; what shares a class is listed in cost.def. */
static void measured_instructions_cost_what_was_measured(void **state)
{
    static const struct {
        const char *name;
        enum isa_cost_class cost;
    } measured[] = {
        {"vadd", ISA_COST_vadd},
        {"vsub", ISA_COST_vadd},
        {"vmul", ISA_COST_vmul},
        {"vdiv", ISA_COST_vdiv},
        {"vmax", ISA_COST_vmax},
        {"vmin", ISA_COST_vmax},
        {"vand", ISA_COST_vlogic},
        {"vor", ISA_COST_vlogic},
        {"vexp", ISA_COST_vexp},
        {"vln", ISA_COST_vln},
        {"vsqrt", ISA_COST_vsqrt},
        {"vrsqrt", ISA_COST_vrsqrt},
        {"vabs", ISA_COST_vabs},
        {"vrelu", ISA_COST_vrelu},
        {"vadds", ISA_COST_vadds},
        {"vmuls", ISA_COST_vmuls},
        {"vmaxs", ISA_COST_vmaxs},
        {"vlrelu", ISA_COST_vlrelu},
        {"vcadd", ISA_COST_vcadd},
        {"vcgadd", ISA_COST_vcgadd},
        {"vmrgsort4", ISA_COST_vmrgsort4},
        {"vsel", ISA_COST_vsel},
        {"vector_dup", ISA_COST_vector_dup},
        {"vreducev2", ISA_COST_vreducev2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(measured) / sizeof(*measured); i++) {
        int found = 0;

        for (uint32_t opcode = 0; opcode < ISA_OPCODES; opcode++)
            if (strcmp(isa_entry_of(opcode)->name, measured[i].name) == 0) {
                assert_int_equal(isa_entry_of(opcode)->cost, measured[i].cost);
                assert_int_equal(isa_entry_of(opcode)->unit, ISA_REPEAT);
                found++;
            }
        if (!found)
            fail_msg("%s is not in the table", measured[i].name);
    }
}

/* What moves between GM and the core is timed by the memory system, and nothing else is. */
static void transfers_are_counted_in_bytes_of_gm(void **state)
{
    (void)state;
    for (uint32_t opcode = 0; opcode < ISA_OPCODES; opcode++) {
        const struct isa_entry *entry = isa_entry_of(opcode);
        bool gm = strstr(entry->name, "_gm") != NULL;

        if ((entry->unit == ISA_GMBYTE) != gm)
            fail_msg("%s is counted in %s", entry->name, isa_unit_name(entry->unit));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instruction_is_on_the_pipe_of_its_kind),
        cmocka_unit_test(measured_instructions_cost_what_was_measured),
        cmocka_unit_test(transfers_are_counted_in_bytes_of_gm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
