/* rows.c - see rows.h. `low` to `high` is what silicon gave ("about" is one value), and a row is met when the model
 * lies within it or not more than `tolerance` percent outside. A row that is known to be missed says why, and the test
 * fails when it is met after all: then the table of docs/fidelity.md is out of date. */
#include "tests/fidelity/rows.h"

#include <math.h>

/* Instead of a tolerance: silicon was measured in another way, so there is no verdict. */
#define COMPARED (-1)

static const struct row {
    const char *id, *what, *unit;
    double low, high;
    int tolerance;      /* percent */
    const char *missed; /* why, or NULL */
    bool fitted;        /* a value of the chip file was chosen from it: that it is met proves nothing more */
} rows[ROW_COUNT] = {
    [A01] = {"A01", "AICPU: one posted store to DATA_MAIN_BASE", "ns", 0, 20, 0, NULL, false},
    [A02] = {"A02", "AICPU: 1,000 of them back to back", "us", 5, 5, 10, NULL, true},
    [A04_1] = {"A04", "AICPU: load of COND, same core", "ns", 95, 105, 3, NULL, true},
    [A04_3] = {"A04", "- rotating over 3 cores", "ns", 95, 105, 3, NULL, false},
    [A04_9] = {"A04", "- rotating over 9 cores", "ns", 95, 105, 3, NULL, false},
    [A09] = {"A09", "AICPU: store, then load", "ns", 240, 300, 3, NULL, true},
    [A10] = {"A10", "AICPU stores DATA_MAIN_BASE -> AICore sees it, mean", "ns", 140, 140, 10, NULL, true},
    [A11_MIN] = {"A11", "AICore sets COND -> AICPU sees it, least", "ns", 180, 180, 5, NULL, true},
    [A11_MEAN] = {"A11", "- mean", "ns", 600, 600, 10, "nothing in the model spreads it", false},
    [A12_MIN] = {"A12", "AICore store + dcci -> AICPU sees the word, least", "ns", 980, 980, 5, NULL, true},
    [A12_MEAN] = {"A12", "- mean", "ns", 1040, 1040, 5, NULL, true},
    [A13] = {"A13", "AICPU: load of an unchanged word", "ns", 3, 3, 10, NULL, true},
    [A16] = {"A16", "AICore: set COND", "ns", 5, 10, 3, NULL, true},
    [A17] = {"A17", "AICore: store + dcci, the core's own time", "ns", 150, 300, 3, NULL, true},
    [A19_AIC] = {"A19", "AIC: set COND, read DATA_MAIN_BASE", "ns", 9.7, 9.7, 5, NULL, true},
    [A19_AIV] = {"A19", "AIV: the same", "ns", 9.7, 9.7, 5, NULL, false},
    [A28] = {"A28", "AICore: read the system counter", "ns", 100, 200, 3, NULL, true},
    [A29] = {"A29", "AICPU: idle turn of a scheduler, 24 cores", "ns", 115, 115, 10, NULL, true},
    [A34] = {"A34", "AICore: volatile delay loop of 50 turns", "us", 1, 1, 10,
             "contradicts J03; costs know no dependences", false},
    [B07] = {"B07", "dispatch -> kernel start, 72 cores, mean", "us", 0.2, 0.5, 3, NULL, false},
    [B07_BARE] = {"B07", "- less the reading of the counter", "us", 0.2, 0.5, COMPARED, NULL, false},
    [B07_GRAPH] = {"B07", "- host_build_graph, 4,000 tiny tasks", "us", 0.2, 0.5, COMPARED, NULL, false},
    [B08] = {"B08", "- five tiny tasks, warm cores", "us", 0.16, 0.34, 3, NULL, false},
    [B08_BARE] = {"B08", "- less the reading of the counter", "us", 0.16, 0.34, COMPARED, NULL, false},
    [B08_GRAPH] = {"B08", "- host_build_graph, a graph of four", "us", 0.16, 0.34, COMPARED, NULL, false},
    [D07] = {"D07", "AICPU: memset of 256 KB of GM", "us", 52, 52, 10, "stores have no bandwidth", false},
    [D12_PACKED] = {"D12", "AICPU: classify 65,792 tasks of 4 B, a task", "ns", 34, 34, 10,
                    "silicon's layout of a task is unknown", false},
    [D12_LINES] = {"D12", "- of 64 B", "ns", 34, 34, 10, "one miss at a time, no prefetch; layout unknown", false},
    [G01] = {"G01", "host to device, 256 MB (silicon: 2.15 GB)", "GB/s", 20.7, 22.8, 3, NULL, true},
    [G03] = {"G03", "host to device, 2.24 MB", "GB/s", 3.85, 3.85, 10, "contradicts G01 and G04", false},
    [G04] = {"G04", "device malloc and a copy of 64 B", "us", 17, 17, 10, NULL, true},
    [F23] = {"F23", "GM read once by 48 AIVs, 384 MB", "TB/s", 1.05, 1.4, 3, NULL, true},
    [J04A] = {"J04a", "GEMM of fp16 on 24 AICs, m = k = n = 1536", "us", 38.8, 38.8, 5,
              "a constant of some 10 us in silicon's time", false},
    [J04A_CUBE] = {"J04a", "- cube busy", "%", 54.5, 54.5, 5, "a constant of some 10 us in silicon's time", true},
    [J04A_LOAD] = {"J04a", "- loads from GM busy", "%", 72.2, 72.2, 5, "a constant of some 10 us in silicon's time",
                   false},
    [J04C] = {"J04c", "GEMM of fp16 on 24 AICs, m = k = n = 3072", "us", 206.7, 206.7, 5, NULL, false},
    [J04C_GROWTH] = {"J04c", "- its time less J04a's, so without a constant", "us", 167.9, 167.9, 5, NULL, false},
    [J04C_CUBE] = {"J04c", "- cube busy", "%", 79, 79, 5, NULL, false},
    [J04C_LOAD] = {"J04c", "- loads from GM busy", "%", 90.9, 90.9, 5, NULL, false},
    [J04B] = {"J04b", "GEMM of fp16 on 24 AICs, m = k = n = 6144", "us", 1506, 1506, 5, NULL, true},
    [J04B_CUBE] = {"J04b", "- cube busy", "%", 86.7, 86.7, 5, NULL, true},
    [J04B_LOAD] = {"J04b", "- loads from GM busy", "%", 95.2, 95.2, 5, NULL, false},
    [J04B_EXTRACT] = {"J04b", "- loads from L1 busy", "%", 68.1, 68.1, 5,
                      "what each of them costs beyond its bytes is not known", false},
    [J04B_STORE] = {"J04b", "- stores to GM busy", "%", 3.1, 3.1, 5, "they share L2 with the loads, and get less of it",
                    true},
    [J04D] = {"J04d", "GEMM of fp16 on 24 AICs, m = k = n = 7680", "us", 3168, 3168, 5,
              "silicon's loads are slower than in J04b", false},
    [J04D_CUBE] = {"J04d", "- cube busy", "%", 80.6, 80.6, 5, "silicon's loads are slower than in J04b", false},
    [J04D_LOAD] = {"J04d", "- loads from GM busy", "%", 98.4, 98.4, 5, NULL, false},
};

void row_print_head(FILE *out)
{
    fprintf(out,
            "| row | quantity | silicon | model | deviation | used to | verdict |\n|---|---|---|---|---|---|---|\n");
}

/* The silicon's value as text. */
static const char *show_silicon(const struct row *row, char *text, size_t size)
{
    if (row->low == row->high)
        snprintf(text, size, "%g %s", row->low, row->unit);
    else if (row->low == 0)
        snprintf(text, size, "< %g %s", row->high, row->unit);
    else
        snprintf(text, size, "%g-%g %s", row->low, row->high, row->unit);
    return text;
}

bool row_print(FILE *out, enum row_id id, double value)
{
    const struct row *row = &rows[id];
    double bound = value < row->low ? row->low : row->high;
    double deviation = value < row->low || value > row->high ? (value - bound) / bound * 100 : 0;
    bool met = isfinite(value) && fabs(deviation) <= row->tolerance;
    char silicon[64], verdict[160];

    if (row->tolerance == COMPARED)
        snprintf(verdict, sizeof(verdict), "for comparison");
    else if (met)
        snprintf(verdict, sizeof(verdict), "met");
    else
        snprintf(verdict, sizeof(verdict), "**missed**%s%s", row->missed ? ": " : "", row->missed ? row->missed : "");
    fprintf(out, "| %s | %s | %s | %.*f %s | %.0f %% | %s | %s |\n", row->id, row->what,
            show_silicon(row, silicon, sizeof(silicon)),
            value < 10    ? 2
            : value < 100 ? 1
                          : 0,
            value, row->unit, fabs(deviation) < 0.5 ? 0 : deviation,
            row->tolerance == COMPARED ? "-"
            : row->fitted              ? "fit"
                                       : "check",
            verdict);
    return row->tolerance == COMPARED ? value > 0 : met == !row->missed;
}
