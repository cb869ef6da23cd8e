/* shapes.h - the shapes of the table (struct isa_shape): each is defined beside the bodies of its family. */
#ifndef DAV_ISA_SHAPES_H
#define DAV_ISA_SHAPES_H

#include "isa/isa.h"

/* vector.c */
extern const struct isa_shape isa_shape_vector_binary;

/* convert.c */
extern const struct isa_shape isa_shape_convert;
extern const struct isa_shape isa_shape_convert_relu;

/* reduce.c */
extern const struct isa_shape isa_shape_reduce_add;
extern const struct isa_shape isa_shape_reduce_extreme;
extern const struct isa_shape isa_shape_reduce_group;
extern const struct isa_shape isa_shape_reduce_pair;

/* compare.c */
extern const struct isa_shape isa_shape_compare;
extern const struct isa_shape isa_shape_compare_scalar;
extern const struct isa_shape isa_shape_compare_mask;
extern const struct isa_shape isa_shape_select;
extern const struct isa_shape isa_shape_set_cmpmask;
extern const struct isa_shape isa_shape_get_cmpmask;

#endif
