/* opcode.h - the numbers of the instructions, in the order of instructions.def. Kernel images depend on them: append.
 */
#ifndef DAV_ISA_OPCODE_H
#define DAV_ISA_OPCODE_H

enum isa_opcode {
#define INSTRUCTION(name, suffix, ...) ISA_OP_##name##_##suffix,
#include "instructions.def"
#undef INSTRUCTION
    ISA_OPCODES
};

#endif
