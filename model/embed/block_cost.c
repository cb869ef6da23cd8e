/* block_cost.c - see block_cost.h.
 *
 * Blocks are taken in address order. A block's instructions run from its pc to the next block's, or to the jump or
 * return that ends it; a conditional jump does not end it, for the compiler may make one inside a block. What the
 * hooks cost the host is left out: the call to a port stub, the moves that set its arguments, and vector registers
 * saved around it on the stack (no vector register survives a call on x86-64, whereas the chip would have kept the
 * value where it was).
 */
#include "model/embed/block_cost.h"

#include "model/embed/port_table.h"

#include <capstone/capstone.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MAX = 3 };

enum class { SIMPLE, NOTHING, BRANCH, MULTIPLY, DIVIDE, FLOAT, FLOAT_DIVIDE };

#define CLASS_OF_NAMED                                                                                                 \
    [X86_INS_NOP] = NOTHING, [X86_INS_ENDBR64] = NOTHING, [X86_INS_INT3] = NOTHING, [X86_INS_CALL] = BRANCH,           \
    [X86_INS_RET] = BRANCH, [X86_INS_JMP] = BRANCH, [X86_INS_JAE] = BRANCH, [X86_INS_JA] = BRANCH,                     \
    [X86_INS_JBE] = BRANCH, [X86_INS_JB] = BRANCH, [X86_INS_JE] = BRANCH, [X86_INS_JGE] = BRANCH,                      \
    [X86_INS_JG] = BRANCH, [X86_INS_JLE] = BRANCH, [X86_INS_JL] = BRANCH, [X86_INS_JNE] = BRANCH,                      \
    [X86_INS_JNO] = BRANCH, [X86_INS_JNP] = BRANCH, [X86_INS_JNS] = BRANCH, [X86_INS_JO] = BRANCH,                     \
    [X86_INS_JP] = BRANCH, [X86_INS_JS] = BRANCH, [X86_INS_JRCXZ] = BRANCH, [X86_INS_JECXZ] = BRANCH,                  \
    [X86_INS_LOOP] = BRANCH, [X86_INS_IMUL] = MULTIPLY, [X86_INS_MUL] = MULTIPLY, [X86_INS_MULX] = MULTIPLY,           \
    [X86_INS_PMULLW] = MULTIPLY, [X86_INS_PMULUDQ] = MULTIPLY, [X86_INS_DIV] = DIVIDE, [X86_INS_IDIV] = DIVIDE

#define CLASS_OF_FLOAT                                                                                                 \
    [X86_INS_ADDSS] = FLOAT, [X86_INS_ADDSD] = FLOAT, [X86_INS_ADDPS] = FLOAT, [X86_INS_ADDPD] = FLOAT,                \
    [X86_INS_SUBSS] = FLOAT, [X86_INS_SUBSD] = FLOAT, [X86_INS_SUBPS] = FLOAT, [X86_INS_SUBPD] = FLOAT,                \
    [X86_INS_MULSS] = FLOAT, [X86_INS_MULSD] = FLOAT, [X86_INS_MULPS] = FLOAT, [X86_INS_MULPD] = FLOAT,                \
    [X86_INS_MINSS] = FLOAT, [X86_INS_MINSD] = FLOAT, [X86_INS_MINPS] = FLOAT, [X86_INS_MINPD] = FLOAT,                \
    [X86_INS_MAXSS] = FLOAT, [X86_INS_MAXSD] = FLOAT, [X86_INS_MAXPS] = FLOAT, [X86_INS_MAXPD] = FLOAT,                \
    [X86_INS_COMISS] = FLOAT, [X86_INS_COMISD] = FLOAT, [X86_INS_UCOMISS] = FLOAT, [X86_INS_UCOMISD] = FLOAT,          \
    [X86_INS_CMPSS] = FLOAT, [X86_INS_CMPSD] = FLOAT, [X86_INS_CVTSI2SS] = FLOAT, [X86_INS_CVTSI2SD] = FLOAT,          \
    [X86_INS_CVTTSS2SI] = FLOAT, [X86_INS_CVTTSD2SI] = FLOAT, [X86_INS_CVTSS2SI] = FLOAT, [X86_INS_CVTSD2SI] = FLOAT,  \
    [X86_INS_CVTSS2SD] = FLOAT, [X86_INS_CVTSD2SS] = FLOAT, [X86_INS_CVTDQ2PS] = FLOAT, [X86_INS_CVTTPS2DQ] = FLOAT,   \
    [X86_INS_FADD] = FLOAT, [X86_INS_FMUL] = FLOAT, [X86_INS_FSUB] = FLOAT, [X86_INS_DIVSS] = FLOAT_DIVIDE,            \
    [X86_INS_DIVSD] = FLOAT_DIVIDE, [X86_INS_DIVPS] = FLOAT_DIVIDE, [X86_INS_DIVPD] = FLOAT_DIVIDE,                    \
    [X86_INS_SQRTSS] = FLOAT_DIVIDE, [X86_INS_SQRTSD] = FLOAT_DIVIDE, [X86_INS_SQRTPS] = FLOAT_DIVIDE,                 \
    [X86_INS_SQRTPD] = FLOAT_DIVIDE, [X86_INS_FDIV] = FLOAT_DIVIDE, [X86_INS_FSQRT] = FLOAT_DIVIDE

/* Whatever is not named is a simple instruction. */
static const uint8_t class_of[X86_INS_ENDING] = {CLASS_OF_NAMED, CLASS_OF_FLOAT};

static uint32_t class_ps(enum class class, const struct instruction_costs *costs)
{
    switch (class) {
    case NOTHING:
        return 0;
    case BRANCH:
        return costs->branch_ps;
    case MULTIPLY:
        return costs->multiply_ps;
    case DIVIDE:
        return costs->divide_ps;
    case FLOAT:
        return costs->float_ps;
    case FLOAT_DIVIDE:
        return costs->fdivide_ps;
    case SIMPLE:
        break;
    }
    return costs->simple_ps;
}

/* How many arguments are set for the hook whose stub the call or jump at @insn leads to; 0 if it leads to none. */
static int hook_arguments(const struct block_table *table, const cs_insn *insn)
{
    static const uint8_t jump_through[3] = {0xff, 0x24, 0x25}; /* jmp *disp32, absolute */
    int32_t displacement;
    uint32_t slot_addr;

    if (insn->size != 5 || (insn->bytes[0] != 0xe8 && insn->bytes[0] != 0xe9))
        return 0;
    memcpy(&displacement, insn->bytes + 1, sizeof(displacement));
    uint64_t offset = insn->address + 5 + (int64_t)displacement - table->code_pc;
    if (table->code_size < 7 || offset > table->code_size - 7)
        return 0;
    if (memcmp(table->code + offset, jump_through, sizeof(jump_through)) != 0)
        return 0;
    memcpy(&slot_addr, table->code + offset + 3, sizeof(slot_addr));
    uint32_t slot = (slot_addr - DAV_PORT_TABLE_ADDR) / DAV_PORT_SLOT_BYTES;
    if (slot_addr < DAV_PORT_TABLE_ADDR || slot >= PORT_SLOTS || !port_slot_is_hook(slot))
        return 0;
    return slot == PORT_SLOT_dav_ub ? ARGUMENTS_MAX : 1;
}

/* Which argument of a call @insn sets; -1 if none. */
static int argument_set(const cs_insn *insn)
{
    static const char *const registers[ARGUMENTS_MAX] = {"di,", "si,", "dx,"};
    const bool clears = insn->id == X86_INS_XOR && strncmp(insn->op_str, insn->op_str + strlen("edi, "), 3) == 0;

    if (insn->id != X86_INS_LEA && insn->id != X86_INS_MOV && !clears)
        return -1;
    if (*insn->op_str != 'r' && *insn->op_str != 'e')
        return -1;
    for (int i = 0; i < ARGUMENTS_MAX; i++)
        if (strncmp(insn->op_str + 1, registers[i], 3) == 0)
            return i;
    return -1;
}

static bool saves_vector_register(const cs_insn *insn)
{
    switch (insn->id) {
    case X86_INS_MOVSS:
    case X86_INS_MOVSD:
    case X86_INS_MOVAPS:
    case X86_INS_MOVUPS:
    case X86_INS_MOVDQA:
        return strstr(insn->op_str, "[rsp") != NULL;
    default:
        return false;
    }
}

static bool accesses_memory(const cs_insn *insn)
{
    switch (insn->id) {
    case X86_INS_LEA:
    case X86_INS_NOP:
    case X86_INS_CALL:
        return false;
    case X86_INS_PUSH:
    case X86_INS_POP:
        return true;
    default:
        return strchr(insn->op_str, '[') != NULL;
    }
}

static uint32_t instruction_ps(const cs_insn *insn, const struct instruction_costs *costs)
{
    enum class class = insn->id < X86_INS_ENDING ? class_of[insn->id] : SIMPLE;
    if (saves_vector_register(insn))
        return 0;
    if (!accesses_memory(insn))
        return class_ps(class, costs);
    /* A move to or from memory is the access itself; arithmetic on memory is an access and the arithmetic. */
    bool move = strncmp(insn->mnemonic, "mov", 3) == 0 || insn->id == X86_INS_PUSH || insn->id == X86_INS_POP;
    return costs->load_ps + (move ? 0 : class_ps(class, costs));
}

/* Cost of the instructions from @pc up to @end or the block's last one. */
static uint64_t block_ps(csh capstone, const struct block_table *table, cs_insn *insn, uint64_t pc, uint64_t end,
                         const struct instruction_costs *costs)
{
    const uint8_t *code = table->code + (pc - table->code_pc);
    size_t left = end - pc;
    uint64_t total = 0, arguments[ARGUMENTS_MAX] = {0};

    while (left && cs_disasm_iter(capstone, &code, &left, &pc, insn)) {
        bool leaves = insn->id == X86_INS_RET || insn->id == X86_INS_JMP || insn->id == X86_INS_UD2;
        int hook = hook_arguments(table, insn), argument = argument_set(insn);
        for (int i = 0; i < hook; i++)
            total -= arguments[i];
        if (!hook) {
            uint32_t cost = instruction_ps(insn, costs);
            total += cost;
            if (argument >= 0)
                arguments[argument] = cost;
        }
        if (hook || insn->id == X86_INS_CALL)
            memset(arguments, 0, sizeof(arguments));
        if (leaves)
            break;
    }
    return total;
}

struct start {
    uint64_t pc;
    size_t index;
};

static int compare_starts(const void *a, const void *b)
{
    const struct start *x = a, *y = b;
    return x->pc < y->pc ? -1 : x->pc > y->pc;
}

static void fill(csh capstone, cs_insn *insn, const struct block_table *table, const struct start *starts,
                 const struct instruction_costs *costs)
{
    const uint64_t code_end = table->code_pc + table->code_size;

    for (size_t i = 0; i < table->count; i++) {
        uint64_t pc = starts[i].pc, cost = 0, end = code_end;
        /* A block that the compiler removed keeps a pc table entry outside the code. */
        if (pc >= table->code_pc && pc < code_end) {
            for (size_t next = i + 1; next < table->count; next++)
                if (starts[next].pc != pc) {
                    end = starts[next].pc < code_end ? starts[next].pc : code_end;
                    break;
                }
            cost = block_ps(capstone, table, insn, pc, end, costs);
        }
        if (cost < costs->simple_ps)
            cost = costs->simple_ps;
        table->guards[starts[i].index] = cost < UINT32_MAX ? (uint32_t)cost : UINT32_MAX;
    }
}

int block_cost_fill(const struct block_table *table, const struct instruction_costs *costs, char *error,
                    size_t error_size)
{
    csh capstone;
    if (table->count == 0)
        return 0;
    struct start *starts = calloc(table->count, sizeof(*starts));
    if (!starts || cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK) {
        free(starts);
        snprintf(error, error_size, "no memory to cost %zu basic blocks", table->count);
        return -1;
    }
    for (size_t i = 0; i < table->count; i++)
        starts[i] = (struct start){table->pcs[i].pc, i};
    qsort(starts, table->count, sizeof(*starts), compare_starts);
    cs_insn *insn = cs_malloc(capstone);
    fill(capstone, insn, table, starts, costs);
    cs_free(insn, 1);
    cs_close(&capstone);
    free(starts);
    return 0;
}
