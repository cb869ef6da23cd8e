/* shapes.h - the shapes of the table (struct isa_shape): each is defined beside the bodies of its family. */
#ifndef DAV_ISA_SHAPES_H
#define DAV_ISA_SHAPES_H

#include "isa/isa.h"

/* vector.c */
extern const struct isa_shape isa_shape_vector_binary;

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
