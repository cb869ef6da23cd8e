/* table.c - the rows of the instruction table, made of instructions.def. */
#include "isa/isa.h"
#include "isa/shapes.h"

#define INSTRUCTION(name, suffix, ...) void isa_body_##name##_##suffix(const struct isa_exec *x);
#include "isa/instructions.def"
#undef INSTRUCTION

static const struct isa_entry entries[] = {
#define INSTRUCTION(name_, suffix, types_, pipe_, cores_, cost_, unit_, type_, from_, shape_)                          \
    {.name = #name_,                                                                                                   \
     .types = types_,                                                                                                  \
     .pipe = ISA_##pipe_,                                                                                              \
     .cores = ISA_##cores_,                                                                                            \
     .cost = ISA_COST_##cost_,                                                                                         \
     .unit = ISA_##unit_,                                                                                              \
     .type = ISA_##type_,                                                                                              \
     .from = ISA_##from_,                                                                                              \
     .shape = &isa_shape_##shape_,                                                                                     \
     .body = isa_body_##name_##_##suffix},
#include "isa/instructions.def"
#undef INSTRUCTION
};

const struct isa_entry *isa_entry_of(uint32_t opcode)
{
    return opcode < ISA_OPCODES ? &entries[opcode] : NULL;
}

uint32_t isa_bytes(enum isa_type type)
{
    static const uint8_t bytes[ISA_TYPES] = {
        [ISA_F16] = 2, [ISA_BF16] = 2, [ISA_F32] = 4, [ISA_S8] = 1,  [ISA_U8] = 1, [ISA_S16] = 2,
        [ISA_U16] = 2, [ISA_S32] = 4,  [ISA_U32] = 4, [ISA_S64] = 8, [ISA_S4] = 1};

    return bytes[type];
}

const char *isa_unit_name(enum isa_unit unit)
{
    static const char *const names[] = {[ISA_REPEAT] = "repeats",          [ISA_TILE] = "tiles",   [ISA_BYTE] = "bytes",
                                        [ISA_BLOCK] = "blocks + 5 bursts", [ISA_GMBYTE] = "bytes", [ISA_ONCE] = ""};

    return names[unit];
}

const char *isa_cost_name(enum isa_cost_class class_)
{
    static const char *const names[] = {
#define COST_CLASS(name, unit) #name,
#include "isa/cost.def"
#undef COST_CLASS
    };

    return names[class_];
}

const char *isa_pipe_name(enum isa_pipe pipe)
{
    static const char *const names[ISA_PIPES] = {"S", "V", "M", "MTE1", "MTE2", "MTE3", "ALL", NULL, NULL, NULL, "FIX"};

    return (uint32_t)pipe < ISA_PIPES && names[pipe] ? names[pipe] : "?";
}

const char *isa_space_name(enum isa_space space)
{
    static const char *const names[] = {"UB", "L1", "L0A", "L0B", "L0C", "BT", "FB", "GM"};

    return names[space];
}
