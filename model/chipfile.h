/* chipfile.h - the parameters of one chip, read from an .ini file in which every value has a unit and a source.
 *
 * Fields are in base units: ps, bytes, Hz, bytes a second. The file's section.key is the path of the field here, less
 * the suffix that names its unit: `[aicore] writeback = 900ns` sets aicore.writeback_ps, `[aicore.dcache] size = 32KiB`
 * sets aicore.dcache.size_bytes; `name` above all is chip.name. All keys: chipkey.def and docs/chip-files.md.
 */
#ifndef DAV_CHIPFILE_H
#define DAV_CHIPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/cost.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A set-associative cache of 64 B lines. */
struct cache_geometry {
    uint64_t size_bytes;
    uint32_t ways;
};

/* What instructions cost on a core, by class; in ps once read (the file says cycles). */
struct instruction_costs {
    uint32_t simple_ps;   /* moves, integer add, logic, compare */
    uint32_t branch_ps;   /* jumps, calls, returns */
    uint32_t multiply_ps; /* integer multiply */
    uint32_t divide_ps;   /* integer divide */
    uint32_t float_ps;    /* floating-point add, multiply, convert */
    uint32_t fdivide_ps;  /* floating-point divide, square root */
    uint32_t load_ps;     /* issue of a load or store; what the memory adds is counted by the cache */
};

struct chip {
    char name[64];

    struct {
        uint32_t clusters;        /* AICore clusters a die; one AIC each */
        uint32_t aiv_per_cluster; /* AIVs beside each AIC */
        uint64_t sys_cnt_hz;      /* the system counter */
        uint32_t devices;         /* device ids a host may choose from */
    } chip;

    struct {
        uint64_t size_bytes;
        uint64_t service_ps; /* time GM (L2 and HBM) takes to answer one line */
        bool zeroed;         /* true: allocations read as zero; a2a3: false */
    } gm;

    struct {
        uint64_t size_bytes;
        uint32_t ways;
        uint64_t sector_bytes;          /* what is looked up, filled and evicted as one */
        uint64_t bandwidth_bytes_per_s; /* of all cores together */
        uint64_t miss_ps;               /* what a miss adds to a transfer's latency */
    } l2;

    struct {
        uint64_t bandwidth_bytes_per_s;
    } hbm;

    struct {
        uint64_t port_bytes_per_s;  /* bandwidth of one core's port onto the bus */
        uint64_t aicore_request_ps; /* AICore -> GM, one way */
        uint64_t aicore_reply_ps;   /* GM -> AICore, one way */
        uint64_t aicpu_request_ps;
        uint64_t aicpu_reply_ps;
    } bus;

    struct {
        uint64_t clock_hz;
        struct cache_geometry dcache;
        uint64_t hit_ps;          /* a data-cache hit, beyond the load's issue */
        uint64_t writeback_ps;    /* start of the dcci, or eviction -> the line stands in GM */
        uint64_t dcci_clean_ps;   /* dcci of a line that is absent or clean: time the core spends */
        uint64_t dcci_dirty_ps;   /* dcci of a dirty line: time the core spends, for the first line */
        uint64_t dcci_next_ps;    /* and for each further dirty line of the same dcci */
        bool dcci_two_args_clean; /* the two-argument form cleans too (sources disagree) */
        uint64_t sys_cnt_ps;      /* get_sys_cnt */
        uint64_t stack_bytes;     /* device stack */
        uint64_t ub_bytes, l1_bytes, l0a_bytes, l0b_bytes, l0c_bytes, bt_bytes, fb_bytes;
        struct instruction_costs cost;
    } aicore;

    struct {              /* the AICore's pipes */
        uint32_t depth;   /* entries of a pipe's queue */
        uint64_t flag_ps; /* set_flag completes -> the pipe that waits sees it */
        uint64_t ub_ps;   /* one scalar access of UB, beyond its issue */
        uint64_t sync_ps; /* the scalar unit resumes after a wait_flag or pipe_barrier, beyond what it waits for */
    } pipe;

    struct {
        uint64_t latency_ps; /* cross-core sync -> the flag stands at the other core */
    } ffts;

    struct isa_linear isa[ISA_COST_CLASSES]; /* what instructions cost on a pipe, in millionths of a cycle */

    struct {
        uint64_t clock_hz;
        uint32_t threads;            /* AICPU cores a runtime may use */
        struct cache_geometry cache; /* of the cluster, shared by its threads */
        uint64_t hit_ps;             /* a hit, beyond the load's issue */
        uint64_t drain_ps;           /* store -> visible to every other agent */
        uint64_t rmw_ps;             /* an atomic read-modify-write, an uncontended lock */
        uint64_t fence_ps;           /* a barrier with nothing to wait for */
        uint64_t invalidate_line_ps; /* `dc civac` of one line */
        bool dma_snooped;            /* host DMA is seen by the AICPU caches (a5: yes, a2a3: no) */
        uint64_t sys_cnt_ps;
        uint64_t libc_call_ps; /* a call into the device's C library */
        uint64_t stack_bytes;
        struct instruction_costs cost;
    } aicpu;

    struct {
        uint64_t store_issue_ps;   /* one posted store, for the thread */
        uint64_t store_post_ps;    /* store -> the AICore sees DATA_MAIN_BASE */
        uint64_t load_ps;          /* one load, round trip */
        uint64_t load_sample_ps;   /* part of it before the register is sampled */
        uint64_t drain_ps;         /* what a load adds when posted stores are outstanding */
        uint64_t cond_ps;          /* the AICore sets COND -> the window holds it */
        uint64_t spr_read_ps;      /* the AICore reads its own DATA_MAIN_BASE */
        uint64_t spr_write_ps;     /* the AICore writes its COND */
        uint64_t stride_bytes;     /* between clusters' windows */
        uint64_t sub_stride_bytes; /* between the AIC's and the AIVs' windows of a cluster */
    } window;

    struct {
        uint64_t latency_ps; /* a host copy's fixed cost */
        uint64_t h2d_bytes_per_s;
        uint64_t d2h_bytes_per_s;
        uint64_t malloc_ps;
        uint64_t launch_ps; /* host launch call -> the device cores start */
    } host;

    struct {                  /* how far a run may deviate where it is asked to: vary.h */
        uint64_t drain_ps;    /* longest extra time until an AICPU store is visible */
        uint64_t load_ps;     /* after a load of a window: how long an AICPU load may still be satisfied before it */
        uint64_t noc_ps;      /* longest extra way of a core to GM, one way */
        uint32_t dma_percent; /* a host copy takes up to so much more or less */
        uint64_t evict_ps;    /* mean time between two evictions of an AICore */
        uint64_t start_ps;    /* longest delay of a core's start */
    } vary;
};

/** chip_load - read the chip file @path, then apply @overrides.
 *  @path: a file name, or the bare name of a shipped chip ("ascend910b"), looked up in @chips_dir.
 *  @overrides: newline-separated "section.key=value", or NULL.
 *  @error: receives one line naming file, line, key and what is allowed.
 *  A file may begin with `include = NAME`, to say only how it differs from another.
 *  Return: 0, or -1 with @error set. A key that no file gives is an error: no defaults hide in code. */
int chip_load(struct chip *chip, const char *path, const char *chips_dir, const char *overrides, char *error,
              size_t error_size);

/** chip_dump - every parameter as section.key=value in base units, a line each, in the order of chipkey.def. The lines
 *  are overrides that chip_load takes. */
void chip_dump(const struct chip *chip, void (*line)(void *ctx, const char *text), void *ctx);

/** chip_cores - AICores of the chip: AICs and AIVs. */
static inline uint32_t chip_cores(const struct chip *chip)
{
    return chip->chip.clusters * (1 + chip->chip.aiv_per_cluster);
}

/** chip_cluster / chip_subblock - where AICore @number stands: the AICs come first, then the AIVs cluster by cluster. */
static inline uint32_t chip_cluster(const struct chip *chip, uint32_t number)
{
    return number < chip->chip.clusters ? number : (number - chip->chip.clusters) / chip->chip.aiv_per_cluster;
}
static inline uint32_t chip_subblock(const struct chip *chip, uint32_t number)
{
    return number < chip->chip.clusters ? 0 : (number - chip->chip.clusters) % chip->chip.aiv_per_cluster;
}

#ifdef __cplusplus
}
#endif
#endif
