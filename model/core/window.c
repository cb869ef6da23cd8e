/* window.c - see window.h. */
#include "model/core/window.h"

#include <stddef.h>

void window_reset(struct window *window)
{
    window->data_main_base[0] = 0;
    window->data_main_base[1] = 0;
}

static uint32_t *find(struct window *window, uint32_t offset)
{
    switch (offset) {
    case WINDOW_CTRL:
        return &window->ctrl;
    case WINDOW_FAST_PATH_ENABLE:
        return &window->fast_path;
    case WINDOW_DATA_MAIN_BASE:
        return &window->data_main_base[0];
    case WINDOW_DATA_MAIN_BASE + 4:
        return &window->data_main_base[1];
    case WINDOW_COND:
        return &window->cond[0];
    case WINDOW_COND + 4:
        return &window->cond[1];
    default:
        return NULL;
    }
}

bool window_get(const struct window *window, uint32_t offset, uint32_t *value)
{
    const uint32_t *reg = find((struct window *)window, offset);

    if (reg)
        *value = *reg;
    return reg != NULL;
}

bool window_set(struct window *window, uint32_t offset, uint32_t value)
{
    uint32_t *reg = find(window, offset);

    if (!reg)
        return false;
    if ((offset & ~4u) != WINDOW_DATA_MAIN_BASE || window->fast_path == WINDOW_FAST_PATH_OPEN)
        *reg = value;
    return true;
}
