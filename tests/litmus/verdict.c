/* verdict.c - what the checker says of a run. It is made once; each watched run has findings of its own. */
#include "tests/litmus/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/check/state.h"

static struct check *check;

int verdict_open(struct chip_state *chip)
{
    static struct kernels none;
    char error[64];
    struct findings *unused = findings_new(NULL, false, error, sizeof(error));

    check = unused ? check_new(chip, &none, unused, false) : NULL;
    chip->watch = NULL;
    findings_free(unused);
    return check ? 0 : -1;
}

void verdict_begin(struct chip_state *chip, const void *block, uint64_t size)
{
    char error[64];

    check->findings = findings_new(NULL, false, error, sizeof(error));
    if (!check->findings)
        abort();
    chip->watch = &check->watch;
    WATCH(chip, allocated, NULL, (void *)(uintptr_t)block, size);
    WATCH(chip, host_writes, (uintptr_t)block, NULL, size);
}

void verdict_launch(struct chip_state *chip, bool begins)
{
    if (begins)
        WATCH(chip, launched);
    else
        WATCH(chip, ended);
}

void verdict_copy(struct chip_state *chip, uint64_t addr, const void *bytes, uint64_t size)
{
    if (bytes)
        WATCH(chip, host_writes, addr, bytes, size);
    else
        WATCH(chip, host_reads, addr, size);
}

static void add_kind(void *ctx, const struct finding *found)
{
    *(uint32_t *)ctx |= 1u << found->kind;
}

uint32_t verdict_end(struct chip_state *chip)
{
    uint32_t kinds = 0;

    findings_each(check->findings, add_kind, &kinds);
    findings_free(check->findings);
    check->findings = NULL;
    chip->watch = NULL;
    return kinds;
}

void verdict_close(void)
{
    check_free(check);
}

void verdict_text(uint32_t kinds, char *text, size_t size)
{
    snprintf(text, size, "%s", kinds ? "" : "nothing");
    for (int kind = 0; kind < FINDING_KINDS; kind++)
        if (kinds >> kind & 1)
            snprintf(text + strlen(text), size - strlen(text), "%s%s", text[0] ? " " : "",
                     findings_name((enum finding_kind)kind));
}
