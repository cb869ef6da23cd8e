/* test_type_path.c - an offset into a structure is told as its source would, in C and in C++. */
#include "davcc_fixture.h"
#include "model/embed/type_path.h"

static const char c_source[] =
    "#include <stdint.h>\n"
    "enum state { IDLE, BUSY };\n"
    "typedef uint32_t word;\n"
    "typedef struct { volatile word aicpu_ready, aicore_done; uint64_t task; enum state task_status; } Handshake;\n"
    "typedef struct Task { int id; const char *const name; uint16_t grid[2][3]; union { int64_t whole; double real;\n"
    "struct { uint16_t low, high; } half; uint8_t raw[8]; }; unsigned flag : 3, more : 13; } Task;\n"
    "typedef struct Runtime { Handshake workers[72] __attribute__((aligned(64))); int count; struct { uint8_t tag;\n"
    "uint32_t at; } inner; Task tasks[4]; void (*call)(int); float tail[]; } Runtime;\n"
    "int aicore_execute(Runtime *runtime);\n"
    "int aicore_execute(Runtime *runtime) { return runtime->count + runtime->tasks[0].id; }\n";

static const char cxx_source[] =
    "#include <array>\n#include <atomic>\n#include <cstdint>\n"
    "namespace space { struct Base { long first; static int shared; int second; };\n"
    "class Middle { public: virtual ~Middle() {} int third; };\n"
    "enum class Kind : uint8_t { A, B };\n"
    "class Runtime : public Base, public Middle { public: struct Slot { Kind kind; std::atomic<int> ready; };\n"
    "  std::array<Slot, 5> slots; private: mutable const volatile int *where; struct { Kind kind; } deep[2][2];\n"
    "  friend int use(Runtime &); };\n"
    "int use(Runtime &r) { return r.second + r.third + r.slots[1].ready.load() + *r.where; } }\n"
    "namespace other { struct Runtime { int alone; }; int use(Runtime &r) { return r.alone; } }\n"
    "extern \"C\" int aicore_execute(space::Runtime *r) { return space::use(*r); }\n";

struct module_types {
    uint8_t *bytes;
    struct type_path *types;
};

static struct module_types compile(const char *name, const char *source)
{
    size_t size;
    struct module_types module;

    module.bytes = fixture_module(name, source, &size);
    module.types = type_path_open(module.bytes, size);
    assert_non_null(module.types);
    return module;
}

static void forget(struct module_types *module)
{
    type_path_close(module->types);
    free(module->bytes);
}

struct row {
    const char *type;
    uint64_t offset;
    uint32_t bytes;
    const char *path; /* NULL: there is nothing */
};

static void expect(struct type_path *types, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[256] = "before";
        bool found = type_path_find(types, rows[i].type, rows[i].offset, rows[i].bytes, text, sizeof(text));
        if (strcmp(text, rows[i].path ? rows[i].path : "") != 0)
            print_message("%s+%d of %u bytes:\n", rows[i].type, (int)rows[i].offset, rows[i].bytes);
        assert_int_equal(found, rows[i].path != NULL);
        assert_string_equal(text, rows[i].path ? rows[i].path : "");
    }
}

#define EXPECT(types, rows) expect(types, rows, sizeof(rows) / sizeof(*(rows)))

static void members_of_c(void **state)
{
    (void)state;
    const uint64_t worker = 24, after = 72 * worker, tasks = after + 16, task = 48;
    const struct row rows[] = {
        {"Runtime", 0, 4, "workers[0].aicpu_ready"},
        {"Runtime", 3 * worker + 4, 4, "workers[3].aicore_done"},
        {"Runtime", 3 * worker + 16, 4, "workers[3].task_status"},
        {"Runtime", 3 * worker + 18, 1, "workers[3].task_status+2"},
        {"Runtime", 3 * worker + 20, 4, "workers[3]+20"},
        {"Runtime", 3 * worker, 24, "workers[3]"},
        {"Runtime", 3 * worker, 64, "workers[3].aicpu_ready"},
        {"Runtime", 0, 72 * 24, "workers"},
        {"Runtime", after, 4, "count"},
        {"Runtime", after + 4, 1, "inner.tag"},
        {"Runtime", after + 5, 1, "inner+1"},
        {"Runtime", after + 8, 4, "inner.at"},
        {"Runtime", after + 12, 4, "+1740"},
        {"Runtime", tasks + task, 4, "tasks[1].id"},
        {"Runtime", tasks + 8, 8, "tasks[0].name"},
        {"Runtime", tasks + 16 + 2 * 4, 2, "tasks[0].grid[1][1]"},
        {"Runtime", tasks + task * 4, 8, "call"},
        {"Runtime", tasks + task * 4 + 8 + 4 * 9, 4, "tail[9]"},
        {"Task", 28, 4, "+28"},
        {"Task", 32, 8, "whole"},
        {"Task", 32, 2, "half.low"},
        {"Task", 34, 2, "half.high"},
        {"Task", 34, 1, "raw[2]"},
        {"Task", 36, 4, "raw[4]"},
        {"Task", 40, 1, "flag"},
        {"Task", 41, 1, "more"},
        {"Task", 42, 2, "+42"},
        {"Handshake", 8, 8, "task"},
        {"Handshake", 24, 1, NULL},
        {"Nothing", 0, 4, NULL},
    };
    struct module_types module = compile("types.c", c_source);

    assert_int_equal(type_path_size(module.types, "Task"), task);
    assert_int_equal(type_path_size(module.types, "Nothing"), 0);
    EXPECT(module.types, rows);
    forget(&module);
}

static void members_of_cxx(void **state)
{
    (void)state;
    const struct row rows[] = {
        {"other::Runtime", 0, 4, "alone"},
        {"space::Runtime", 8, 4, "third"},
        {"space::Runtime", 12, 4, "+12"},
        {"space::Runtime", 16, 8, "first"},
        {"space::Runtime", 24, 4, "second"},
        {"space::Runtime", 28, 4, "+28"},
        {"space::Runtime", 32, 40, "slots"},
        {"space::Runtime", 40, 1, "slots[1].kind"},
        {"space::Runtime", 41, 1, "slots[1]+1"},
        {"space::Runtime", 44, 4, "slots[1].ready"},
        {"space::Runtime", 72, 8, "where"},
        {"space::Runtime", 83, 1, "deep[1][1].kind"},
        {"space::Runtime", 84, 1, "+84"},
        {"space::Runtime", 88, 1, NULL},
        {"space::Nothing", 0, 1, NULL},
        {"nowhere::Runtime", 0, 1, NULL},
        {"Base", 8, 4, "second"},
        {"Runtime::Slot", 4, 4, "ready"},
    };
    struct module_types module = compile("types.cpp", cxx_source);

    assert_int_equal(type_path_size(module.types, "space::Runtime"), 88);
    EXPECT(module.types, rows);
    forget(&module);
}

static void what_is_no_whole_elf_is_borne(void **state)
{
    (void)state;
    char text[8] = "before";
    size_t size;

    assert_null(type_path_open(NULL, 0));
    assert_null(type_path_open("no ELF", 6));
    assert_false(type_path_find(NULL, "Runtime", 0, 4, text, sizeof(text)));
    assert_string_equal(text, "");
    type_path_close(NULL);
    struct module_types module = compile("types.c", c_source);
    type_path_find(module.types, "Runtime", 0, 4, text, sizeof(text)); /* longer than there is room */
    assert_string_equal(text, "workers");
    forget(&module);
    uint8_t *bytes = fixture_read("types.so", &size);
    for (size_t part = 0; part < size; part += 311) {
        struct type_path *types = type_path_open(bytes, part);
        type_path_find(types, "Runtime", 100, 4, text, sizeof(text));
        type_path_close(types);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_c),
        cmocka_unit_test(members_of_cxx),
        cmocka_unit_test(what_is_no_whole_elf_is_borne),
    };
    return cmocka_run_group_tests(tests, fixture_group_setup, fixture_group_teardown);
}
