/* scores.c - queries times transposed keys. See product.h. */
#define TRANSPOSED
#include "product.h"

__aicore__ void scores(__gm__ int64_t *args)
{
    do_product(args);
}
