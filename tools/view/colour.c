/* colour.c - see colour.h. Hue and lightness follow from the name's hash, so that nobody has to keep a list of kernels.
 */
#include "tools/view/colour.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct {
    const char *category;
    uint32_t rgb;
} fixed[] = {
    {"program", 0xd5dbe1}, {"wait", 0xe9e4da}, {"dispatch", 0x5b8fd6}, {"completion", 0x64b58a}, {"copy", 0xc79bd1},
};

static const char *const pale[] = {"phase", "launch", "host"};

/* FNV-1a. */
static uint32_t hash(const char *name)
{
    uint32_t value = 0x811c9dc5;
    for (; *name; name++)
        value = (value ^ (unsigned char)*name) * 0x01000193;
    return value;
}

/* As CSS defines hsl(). */
static double channel(double n, double hue, double saturation, double lightness)
{
    double k = fmod(n + hue / 30, 12);
    double most = fmin(fmin(k - 3, 9 - k), 1);
    return lightness - saturation * fmin(lightness, 1 - lightness) * fmax(-1, most);
}

static struct colour hsl(double hue, double saturation, double lightness)
{
    return (struct colour){channel(0, hue, saturation, lightness), channel(8, hue, saturation, lightness),
                           channel(4, hue, saturation, lightness)};
}

static bool is_pale(const char *category)
{
    for (size_t i = 0; i < sizeof(pale) / sizeof(pale[0]); i++)
        if (strcmp(category, pale[i]) == 0)
            return true;
    return false;
}

struct colour colour_of(const char *name, const char *category)
{
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (strcmp(category, fixed[i].category) == 0) {
            uint32_t rgb = fixed[i].rgb;
            return (struct colour){(rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0};
        }
    uint32_t value = hash(name);
    double hue = value % 360;
    return is_pale(category) ? hsl(hue, 0.30, 0.84) : hsl(hue, 0.58, (54 + 7 * (value / 360 % 4)) / 100.0);
}
