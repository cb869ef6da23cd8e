/* linear.c - activations times weights, or attention times values. See product.h. */
#include "product.h"

__aicore__ void linear(__gm__ int64_t *args)
{
    do_product(args);
}
