/* sizes.h - the sizes that host, orchestration and kernels agree upon; see attention.h. */
#ifndef SIZES_H
#define SIZES_H

#define ROWS 128 /* queries of an item */
#define KEYS 128 /* of a step */
#define DIM  128 /* of a head, at most */

#define AHEAD  2 /* steps */
#define PLACES (AHEAD + 1)

/* Of a struct meeting. */
#define MEETING_BYTES (PLACES * (ROWS * KEYS * 4 + ROWS * DIM * 4 + ROWS * KEYS * 2))

#endif
