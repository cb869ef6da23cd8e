/* shapes.h - the shapes of the table (struct isa_shape): each is defined beside the bodies of its family. */
#ifndef DAV_ISA_SHAPES_H
#define DAV_ISA_SHAPES_H

#include "isa/isa.h"

/* vector.c */
extern const struct isa_shape isa_shape_vector_binary, isa_shape_vector_ternary, isa_shape_vector_unary,
    isa_shape_vector_axpy, isa_shape_vector_copy, isa_shape_vector_dup;

/* move.c, move_l1.c */
extern const struct isa_shape isa_shape_gm_to_ub_align, isa_shape_ub_to_gm_align;
extern const struct isa_shape isa_shape_gm_to_ub, isa_shape_ub_to_gm, isa_shape_ub_to_ub;
extern const struct isa_shape isa_shape_gm_to_l1, isa_shape_l1_to_gm, isa_shape_nd2nz, isa_shape_l1_fill;

/* gather.c, transpose.c, compact.c, sort.c */
extern const struct isa_shape isa_shape_vbrcb, isa_shape_vgather, isa_shape_vgatherb;
extern const struct isa_shape isa_shape_set_va, isa_shape_transpose, isa_shape_vreducev2;
extern const struct isa_shape isa_shape_vbitsort, isa_shape_vmrgsort4;

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

/* load.c, load_image.c */
extern const struct isa_shape isa_shape_load_fractals;
extern const struct isa_shape isa_shape_load_squares;
extern const struct isa_shape isa_shape_load_image;
extern const struct isa_shape isa_shape_load_bias;
extern const struct isa_shape isa_shape_load_scales;

/* cube.c, fix.c */
extern const struct isa_shape isa_shape_mad;
extern const struct isa_shape isa_shape_fix;

#endif
