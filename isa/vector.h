/* vector.h - what the files of the elementwise vector instructions share.
 *
 * An instruction is a *kernel*, a loop over arrays without gaps, and what vector_run() makes of it: it finds the arrays
 * that the instruction's masks and strides leave, or gathers lanes into such arrays and puts the results back. Kernels
 * are vector_<name>_<suffix>; vector_float.c and vector_int.c define them, vector.c makes the bodies of them.
 */
#ifndef DAV_ISA_VECTOR_H
#define DAV_ISA_VECTOR_H

#include "isa/lanes.h"

/* What an instruction reads. */
enum vector_reads { VECTOR_READS_A = 1, VECTOR_READS_B = 2, VECTOR_READS_DST = 4 };

/* @count elements: @a and @b are the sources, each either @dst itself or apart from it, or NULL. @scalar: the low 32
 * bits of the scalar operand, with the instruction's mode (a bool) above them. */
typedef void vector_kernel(void *dst, const void *a, const void *b, uint64_t scalar, size_t count);

enum { VECTOR_MODE_SHIFT = 32 };

/** vector_run - execute @x: @kernel on the lanes that act. @reads: of enum vector_reads. */
void vector_run(const struct isa_exec *x, vector_kernel *kernel, uint32_t reads);

/** vector_run_rows - the same for an instruction that repeats rows of as many elements as count mode says. */
void vector_run_rows(const struct isa_exec *x, vector_kernel *kernel, uint32_t reads);

/** vector_row - @operand of row @r of such an instruction: a row's own repeats follow each other. */
static inline struct isa_operand vector_row(struct isa_operand operand, uint64_t r)
{
    operand.addr += r * operand.rpt * ISA_BLOCK_BYTES;
    operand.rpt = operand.blk * (ISA_REPEAT_BYTES / ISA_BLOCK_BYTES);
    return operand;
}

/** vector_lanes - of a repeat: as many as 256 B hold of the wider elements. */
static inline uint32_t vector_lanes(const struct isa_exec *x)
{
    uint32_t to = isa_bytes(x->entry->type), from = isa_bytes(x->entry->from);

    return ISA_REPEAT_BYTES / (to > from ? to : from);
}

/* Kernels are compiled for several generations of the host; their results are the same, since nothing is contracted or
 * reordered. Lanes of a loop do not depend on each other, also when a source is the destination. */
#ifdef __x86_64__
#define VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_CLONES
#endif
#ifdef __clang__
#define VECTOR_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define VECTOR_LOOP _Pragma("GCC ivdep")
#endif

#endif
