/* chipkey.h - the keys of a chip file: their names, what each may be, and where in struct chip each goes.
 *
 * For the reader (chipfile.c) alone; everybody else reads struct chip.
 */
#ifndef DAV_CHIPKEY_H
#define DAV_CHIPKEY_H

#include "model/chipfile.h"
#include "model/quantity.h"

enum { CHIPKEY_MAX = 160 }; /* at least the number of keys; checked when compiled */

struct chipkey {
    const char *name; /* the path of the field in struct chip, without its unit suffix */
    size_t offset, width;
    enum quantity quantity;
    const char *min, *max, *multiple; /* as a chip file writes them; NULL when there is none */
};

extern const struct chipkey chipkeys[];
extern const size_t chipkey_count;

/** chipkey_find - the key called @name, NULL when there is none. */
const struct chipkey *chipkey_find(const char *name);

/** chipkey_nearest - the known key that @name is most likely to mean. */
const char *chipkey_nearest(const char *name);

/** chipkey_allowed - what may stand as the value of @key: "0ps to 1us, in ps, ns, us, ms or cyc". */
void chipkey_allowed(const struct chipkey *key, char phrase[2 * QUANTITY_TEXT]);

/** chipkey_set - set the field of @key from @text.
 *  @amount: receives the amount; one in cycles (scale 0) is stored by chipkey_store, once the clock is known.
 *  @problem: receives what is wrong with the text. Return: 0, or -1 with @problem set. */
int chipkey_set(struct chip *chip, const struct chipkey *key, const char *text, struct amount *amount,
                char problem[QUANTITY_TEXT]);

/** chipkey_store - store @amount in the field of @key if it is in range, else return -1 with @problem set. */
int chipkey_store(struct chip *chip, const struct chipkey *key, const struct amount *amount,
                  char problem[QUANTITY_TEXT]);

#endif
