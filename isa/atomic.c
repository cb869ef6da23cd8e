/* atomic.c - see atomic.h. */
#include "isa/atomic.h"

#include <inttypes.h>
#include <string.h>

#include "isa/format.h"
#include "isa/refusal.h"

static const struct {
    const char *name;
    uint32_t bytes;
} types[] = {
    [ISA_ATOMIC_NONE] = {"none", 1}, [ISA_ATOMIC_F32] = {"f32", 4}, [ISA_ATOMIC_F16] = {"f16", 2},
    [ISA_ATOMIC_BF16] = {"bf16", 2}, [ISA_ATOMIC_S32] = {"s32", 4}, [ISA_ATOMIC_S16] = {"s16", 2},
    [ISA_ATOMIC_S8] = {"s8", 1},
};

/* Which NaN an addition gives is the host's choice; here it is always the same. */
static float sum(float a, float b)
{
    float s = a + b;

    return s == s ? s : isa_f32_of(0x7fc00000);
}

#define ADD(name, ctype, expression)                                                                                   \
    static void name(uint8_t *gm, const uint8_t *stage, size_t bytes)                                                  \
    {                                                                                                                  \
        for (size_t i = 0; i < bytes; i += sizeof(ctype)) {                                                            \
            ctype a, b;                                                                                                \
                                                                                                                       \
            memcpy(&a, gm + i, sizeof(a));                                                                             \
            memcpy(&b, stage + i, sizeof(b));                                                                          \
            a = (ctype)(expression);                                                                                   \
            memcpy(gm + i, &a, sizeof(a));                                                                             \
        }                                                                                                              \
    }
ADD(apply_f32, float, sum(a, b))
ADD(apply_bf16, uint16_t, isa_f32_to_bf16(sum(isa_bf16_to_f32(a), isa_bf16_to_f32(b))))
ADD(apply_32, uint32_t, a + b)
ADD(apply_16, uint16_t, a + b)
ADD(apply_8, uint8_t, a + b)

/* As for bf16, a float holds the exact sum or enough of it: rounding twice gives the same as once (24 >= 2 * 11 + 2
 * bits). In chunks, for the host's conversion instructions. */
static void apply_f16(uint8_t *gm, const uint8_t *stage, size_t bytes)
{
    enum { CHUNK = 64 };
    uint16_t in[CHUNK];
    float a[CHUNK], b[CHUNK];

    for (size_t i = 0; i < bytes; i += sizeof(in)) {
        size_t size = bytes - i < sizeof(in) ? bytes - i : sizeof(in), count = size / sizeof(in[0]);

        memcpy(in, gm + i, size);
        isa_f16_to_f32_n(a, in, count);
        memcpy(in, stage + i, size);
        isa_f16_to_f32_n(b, in, count);
        for (size_t k = 0; k < count; k++)
            a[k] = sum(a[k], b[k]);
        isa_f32_to_f16_n(in, a, count);
        memcpy(gm + i, in, size);
    }
}

uint32_t isa_atomic_bytes(enum isa_atomic op)
{
    return types[op].bytes;
}

void isa_atomic_apply(enum isa_atomic op, uint8_t *gm, const uint8_t *stage, size_t bytes)
{
    switch (op) {
    case ISA_ATOMIC_NONE:
        memcpy(gm, stage, bytes);
        break;
    case ISA_ATOMIC_F32:
        apply_f32(gm, stage, bytes);
        break;
    case ISA_ATOMIC_F16:
        apply_f16(gm, stage, bytes);
        break;
    case ISA_ATOMIC_BF16:
        apply_bf16(gm, stage, bytes);
        break;
    case ISA_ATOMIC_S32:
        apply_32(gm, stage, bytes);
        break;
    case ISA_ATOMIC_S16:
        apply_16(gm, stage, bytes);
        break;
    case ISA_ATOMIC_S8:
        apply_8(gm, stage, bytes);
        break;
    }
}

const char *isa_atomic_refuse(const struct isa_exec *x, uint64_t addr, uint64_t burst, uint64_t step)
{
    uint32_t bytes = isa_atomic_bytes(x->state.atomic);

    if (addr % bytes)
        return isa_refusal("dst is 0x%" PRIx64 "; an atomic store of %s needs a multiple of %u bytes", addr,
                           types[x->state.atomic].name, bytes);
    if (burst % bytes || step % bytes)
        return isa_refusal("bursts of %" PRIu64 " bytes every %" PRIu64 "; an atomic store of %s needs multiples of %u",
                           burst, step, types[x->state.atomic].name, bytes);
    return NULL;
}
