/* pack.h - from the fractals of L0A and L0B to the operands of gemm.h. */
#ifndef DAV_ISA_PACK_H
#define DAV_ISA_PACK_H

#include "isa/fractal.h"

enum isa_hf32 { ISA_HF32_OFF, ISA_HF32_EVEN, ISA_HF32_AWAY };

/** isa_packed - floats of a packed operand of @rows rows (or columns) and @k elements along k. */
size_t isa_packed(uint32_t rows, uint32_t k);

/** isa_pack_left - @f in @buffer to chunks; isa_pack_left_row: one row, its elements one after the other.
 *  isa_pack_right - to panels. @type: F16, BF16, F32 or S8; @hf32: how F32 is rounded first.
 *  Padding of the fractals becomes padding of the operand, of any value. */
void isa_pack_left(float *to, const uint8_t *buffer, const struct isa_fractals *f, enum isa_type type,
                   enum isa_hf32 hf32);
void isa_pack_left_row(float *to, const uint8_t *row, uint32_t k, enum isa_type type, enum isa_hf32 hf32);
void isa_pack_right(float *to, const uint8_t *buffer, const struct isa_fractals *f, enum isa_type type,
                    enum isa_hf32 hf32);

/** isa_moderate, isa_moderate_fractals - whether all of these bf16 elements are 0 or of a size from 2^-62 to 2^63, so
 * that their products are exact in fp32. Padding of the fractals may make it false. */
bool isa_moderate(const uint16_t *from, size_t count);
bool isa_moderate_fractals(const uint8_t *buffer, const struct isa_fractals *f);

/** isa_hf32_round - @value with 11 bits of fraction. */
float isa_hf32_round(float value, enum isa_hf32 hf32);

#endif
