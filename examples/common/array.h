/* array.h - arrays of floats or halves, for host programs. */
#ifndef EXAMPLES_COMMON_ARRAY_H
#define EXAMPLES_COMMON_ARRAY_H

#include "example.h"

enum { ARRAY_F32, ARRAY_F16 };

static const char *const array_types[] = {"f32", "f16"};
static const char *const array_elements[] = {"ELEMENT=float", "ELEMENT=half"};

struct array {
    int type;
    void *data;
};

static inline size_t array_bytes(int type)
{
    return type == ARRAY_F32 ? 4 : 2;
}

static inline double array_get(const struct array *array, size_t i)
{
    return array->type == ARRAY_F32 ? (double)((const float *)array->data)[i]
                                    : (double)((const _Float16 *)array->data)[i];
}

static inline void array_set(const struct array *array, size_t i, float value)
{
    if (array->type == ARRAY_F32)
        ((float *)array->data)[i] = value;
    else
        ((_Float16 *)array->data)[i] = (_Float16)value;
}

/* Random numbers from @middle - @width to @middle + @width. */
static inline bool array_make(struct array *array, int type, size_t count, uint32_t seed, float middle, float width)
{
    *array = (struct array){type, malloc(count * array_bytes(type))};
    for (size_t i = 0; array->data && i < count; i++)
        array_set(array, i, middle + width * example_random(&seed));
    return array->data;
}

/* How far the nearest element of the type may be from @value: half of its last place. */
static inline double array_rounding(int type, double value)
{
    if (type == ARRAY_F32)
        return fabs(value) * 0x1p-24;
    return fabs(value) * 0x1p-11 + 0x1p-25;
}

#endif
