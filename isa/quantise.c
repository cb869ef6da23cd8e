/* quantise.c - see quantise.h. */
#include "isa/quantise.h"

static const struct isa_quantiser modes[] = {
    {ISA_QUANT_NONE, ISA_F32, ISA_F32, ISA_HOW_COPIED, false},
    {ISA_QUANT_NONE, ISA_S32, ISA_S32, ISA_HOW_COPIED, false},
    {ISA_QUANT_F32_F16, ISA_F32, ISA_F16, ISA_HOW_CAST, false},
    {ISA_QUANT_F32_BF16, ISA_F32, ISA_BF16, ISA_HOW_CAST, false},
    {ISA_QUANT_REQ8, ISA_S32, ISA_S8, ISA_HOW_BYTES, false},
    {ISA_QUANT_VREQ8, ISA_S32, ISA_S8, ISA_HOW_BYTES, true},
    {ISA_QUANT_F32_B8, ISA_F32, ISA_S8, ISA_HOW_BYTES, false},
    {ISA_QUANT_VF32_B8, ISA_F32, ISA_S8, ISA_HOW_BYTES, true},
    {ISA_QUANT_DEQF16, ISA_S32, ISA_F16, ISA_HOW_SCALED, false},
    {ISA_QUANT_VDEQF16, ISA_S32, ISA_F16, ISA_HOW_SCALED, true},
    {ISA_QUANT_SHIFT_S16, ISA_S32, ISA_S16, ISA_HOW_SHIFTED, false},
    {ISA_QUANT_VSHIFT_S16, ISA_S32, ISA_S16, ISA_HOW_SHIFTED, true},
    {ISA_QUANT_F32_F16_SCALED, ISA_F32, ISA_F16, ISA_HOW_SCALED, false},
    {ISA_QUANT_VF32_F16_SCALED, ISA_F32, ISA_F16, ISA_HOW_SCALED, true},
    {ISA_QUANT_F32_BF16_SCALED, ISA_F32, ISA_BF16, ISA_HOW_SCALED, false},
    {ISA_QUANT_VF32_BF16_SCALED, ISA_F32, ISA_BF16, ISA_HOW_SCALED, true},
    {ISA_QUANT_S32_BF16_SCALED, ISA_S32, ISA_BF16, ISA_HOW_SCALED, false},
    {ISA_QUANT_VS32_BF16_SCALED, ISA_S32, ISA_BF16, ISA_HOW_SCALED, true},
};

const struct isa_quantiser *isa_quantiser(uint32_t quant, enum isa_type from, enum isa_type to)
{
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
        if (modes[i].quant == quant && modes[i].from == from && modes[i].to == (to == ISA_U8 ? ISA_S8 : to))
            return &modes[i];
    return NULL;
}
