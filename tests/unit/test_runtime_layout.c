/* test_runtime_layout.c - the members that the platform fills in are found under the names of each generation, in C and
 * in C++, private or inherited; and a module's entry as C or C++ names it. */
#include "davcc_fixture.h"
#include "model/embed/entry.h"
#include "model/platform_members.h"

/* The guide: handshakes, scheCpuNum, functionBinAddr, CamelCase functions; no worker_count. */
static const char guide[] =
    "#include <atomic>\n#include <cstddef>\n#include <cstdint>\n"
    "struct alignas(64) Handshake { volatile int aicpu_ready; volatile int aicore_done; volatile void *task;\n"
    "volatile int task_status; volatile int control; int core_type; };\n"
    "struct Task { int task_id; int func_id; uint64_t args[4]; uint64_t functionBinAddr; int core_type;\n"
    "std::atomic<int> fanin; };\n"
    "struct HostApi { void *(*DeviceMalloc)(size_t); void (*DeviceFree)(void *);\n"
    "void (*CopyToDevice)(void *, const void *, size_t); void (*CopyFromDevice)(void *, const void *, size_t); };\n"
    "class Runtime { public: int scheCpuNum; int block_dim; Handshake handshakes[72]; Task tasks[8]; int task_count;\n"
    "HostApi host_api; };\n"
    "extern \"C\" void AicoreExecute(char *r, int, int) { ((Runtime *)r)->block_dim = 0; }\n";

/* Newer: private members, a base class, enum class, next_task_id; the entry is C++'s own. */
static const char newer[] =
    "#include <cstdint>\n#include <cstddef>\nenum class CoreType : int32_t { AIC, AIV };\n"
    "struct Handshake { volatile uint32_t aicpu_ready, aicore_done; volatile uint64_t task; volatile int32_t\n"
    "task_status, control; volatile CoreType core_type; } __attribute__((aligned(64)));\n"
    "typedef struct { int task_id, func_id; uint64_t args[4]; uint64_t function_bin_addr; CoreType core_type; } Task;\n"
    "struct Counts { int worker_count; int sche_cpu_num; };\n"
    "struct HostApi { void *(*device_malloc)(size_t); uint64_t (*upload_kernel_binary)(int, const uint8_t *, size_t); "
    "};\n"
    "class Runtime : public Counts { public: Handshake workers[72]; private: Task tasks[16]; int next_task_id;\n"
    "public: HostApi host_api; friend void use(Runtime &); };\n"
    "void use(Runtime &r) { r.next_task_id = 0; }\n"
    "__attribute__((weak)) void aicore_execute(Runtime *r, int, CoreType) { use(*r); }\n";

/* In C, with tasks behind a pointer, which are the runtime's own business; and task_count a bit-field is none. */
static const char plain[] =
    "#include <stdint.h>\n#include <stddef.h>\n"
    "typedef struct { int func_id; uint64_t function_bin_addr; } Task;\n"
    "typedef struct Runtime { int worker_count, block_dim, sche_cpu_num; unsigned task_count : 7; Task *tasks;\n"
    "struct { int aicpu_ready[2]; int control; } workers[4];\n"
    "struct { uint64_t (*get_kernel_addr)(int); int device_malloc; } host_api; } Runtime;\n"
    "int aicore_execute(Runtime *runtime, int a, int b) { return runtime->tasks[a].func_id + b; }\n";

struct compiled {
    uint8_t *bytes;
    size_t size;
    struct runtime_layout layout;
};

static struct compiled compile(const char *name, const char *source)
{
    struct compiled result;

    result.bytes = fixture_module(name, source, &result.size);
    assert_true(runtime_layout_read(result.bytes, result.size, &result.layout));
    return result;
}

#define AT(member, where, bytes)                                                                                       \
    do {                                                                                                               \
        assert_int_equal((member).offset, where);                                                                      \
        assert_int_equal((member).size, bytes);                                                                        \
    } while (0)
#define ABSENT(member) AT(member, 0, 0)

static void the_guides_names(void **state)
{
    (void)state;
    struct compiled it = compile("guide.cpp", guide);
    const struct runtime_layout *layout = &it.layout;

    AT(layout->sche_cpu_num, 0, 4);
    AT(layout->block_dim, 4, 4);
    ABSENT(layout->worker_count);
    AT(layout->workers, 64, 72 * 64);
    assert_int_equal(layout->workers.element, 64);
    assert_int_equal(layout->workers.elements, 72);
    AT(layout->task, 64 + 8, 8);
    AT(layout->core_type, 64 + 24, 4);
    AT(layout->func_id, 64 + 72 * 64 + 4, 4);
    AT(layout->function_bin_addr, 64 + 72 * 64 + 40, 8);
    AT(layout->task_count, layout->tasks.offset + layout->tasks.size, 4);
    assert_int_equal(layout->copy_from_device.offset, layout->device_malloc.offset + 24);
    ABSENT(layout->upload_kernel_binary);
    assert_int_equal(layout->size % 64, 0);
    free(it.bytes);
}

static void newer_names_private_and_inherited(void **state)
{
    (void)state;
    struct compiled it = compile("newer.cpp", newer);
    const struct runtime_layout *layout = &it.layout;

    AT(layout->worker_count, 0, 4);
    AT(layout->sche_cpu_num, 4, 4);
    ABSENT(layout->block_dim);
    AT(layout->control, 64 + 20, 4);
    assert_int_equal(layout->tasks.elements, 16);
    AT(layout->task_count, layout->tasks.offset + layout->tasks.size, 4);
    AT(layout->task_core_type, layout->tasks.offset + 48, 4);
    AT(layout->upload_kernel_binary, layout->device_malloc.offset + 8, 8);
    free(it.bytes);
}

static void what_does_not_suit_is_left_alone(void **state)
{
    (void)state;
    struct compiled it = compile("plain.c", plain);
    const struct runtime_layout *layout = &it.layout;

    AT(layout->block_dim, 4, 4);
    ABSENT(layout->tasks);
    ABSENT(layout->func_id);
    ABSENT(layout->task_count);
    ABSENT(layout->aicpu_ready);
    assert_int_equal(layout->control.size, 4);
    assert_int_equal(layout->get_kernel_addr.size, 8);
    ABSENT(layout->device_malloc);
    free(it.bytes);
}

static void a_launch_sets_what_is_there(void **state)
{
    (void)state;
    struct compiled it = compile("guide.cpp", guide);
    const struct runtime_layout *layout = &it.layout;
    uint8_t *runtime = malloc(layout->size), *before = malloc(layout->size);
    const struct dav_launch launch = {.aicpu_threads = 2, .block_dim = 3, .only = DAV_ONLY_AIV};
    int value;

    memset(runtime, 0x55, layout->size);
    memset(runtime + layout->task_count.offset, 0, 4);
    memcpy(before, runtime, layout->size);
    assert_int_equal(members_only(layout, runtime), DAV_ONLY_AIC); /* no task asks for AIVs */
    assert_int_equal(members_prepare(layout, runtime, &launch, 3), DAV_OK);
    memcpy(&value, runtime + layout->block_dim.offset, 4);
    assert_int_equal(value, 3);
    memcpy(&value, runtime + layout->sche_cpu_num.offset, 4);
    assert_int_equal(value, 2);
    for (int i = 0; i < 3; i++) {
        memcpy(&value, runtime + layout->task_status.offset + i * 64, 4);
        assert_int_equal(value, 0);
        memcpy(&value, runtime + layout->core_type.offset + i * 64, 4);
        assert_int_equal(value, 1);
    }
    /* The fourth mailbox, and all behind it, are as they were. */
    uint64_t behind = layout->workers.offset + 3 * 64;
    assert_memory_equal(runtime + behind, before + behind, layout->size - behind);
    free(runtime);
    free(before);
    free(it.bytes);
}

static void entries_of_c_and_cxx(void **state)
{
    (void)state;
    const char *const names[] = {"aicore_execute", "AicoreExecute", NULL};
    struct compiled first = compile("guide.cpp", guide), second = compile("newer.cpp", newer);
    char symbol[128];

    assert_true(entry_find(first.bytes, first.size, names, symbol, sizeof(symbol)));
    assert_string_equal(symbol, "AicoreExecute");
    assert_true(entry_find(second.bytes, second.size, names, symbol, sizeof(symbol)));
    assert_string_equal(symbol, "_Z14aicore_executeP7Runtimei8CoreType");
    const char *const others[] = {"aicore_exec", "execute", NULL};
    assert_false(entry_find(second.bytes, second.size, others, symbol, sizeof(symbol)));
    for (size_t part = 0; part < second.size; part += second.size / 97 + 1)
        entry_find(second.bytes, part, names, symbol, sizeof(symbol));
    free(first.bytes);
    free(second.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guides_names),
        cmocka_unit_test(newer_names_private_and_inherited),
        cmocka_unit_test(what_does_not_suit_is_left_alone),
        cmocka_unit_test(a_launch_sets_what_is_there),
        cmocka_unit_test(entries_of_c_and_cxx),
    };
    return cmocka_run_group_tests(tests, fixture_group_setup, fixture_group_teardown);
}
