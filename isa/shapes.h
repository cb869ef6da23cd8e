/* shapes.h - the shapes of the table (struct isa_shape): each is defined beside the bodies of its family. */
#ifndef DAV_ISA_SHAPES_H
#define DAV_ISA_SHAPES_H

#include "isa/isa.h"

/* vector.c */
extern const struct isa_shape isa_shape_vector_binary, isa_shape_vector_ternary, isa_shape_vector_unary,
    isa_shape_vector_axpy, isa_shape_vector_copy, isa_shape_vector_dup;

#endif
