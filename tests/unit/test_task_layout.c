/* test_task_layout.c - tasks are found in whatever way a runtime writes them down, and never where there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/embed/task_layout.h"
#include "tests/unit/task_fixture.h"

/* All of these describe this: */
struct as_in_memory {
    int64_t before;
    int32_t task_id, func_id;
    uint64_t args[4];
    int32_t core_type, fanout_count;
    int32_t fanout[5];
};

#define USE "long use(Task *task);\nlong use(Task *task) { return (long)task->args[0] + task->func_id; }\n"

static const struct {
    const char *what, *language, *options, *source;
} spellings[] = {
    {"a C structure", "c", "-g",
     "struct Task { long before; int task_id, func_id; unsigned long args[4]; int core_type, fanout_count; int "
     "fanout[5]; };\n"
     "typedef struct Task Task;\n" USE},
    {"a typedef of an unnamed one", "c", "-g",
     "typedef struct { long before; int task_id, func_id; unsigned long args[4]; int core_type, fanout_count;\n"
     "int fanout[5]; } Task;\n" USE},
    {"a typedef under another name", "c", "-g",
     "struct task_s { long before; int task_id, func_id; unsigned long args[4]; int core_type, fanout_count;\n"
     "int fanout[5]; }; typedef const struct task_s Task;\n" USE},
    {"qualifiers, typedefs and an atomic", "c", "-g",
     "typedef int id_type; typedef volatile id_type shared_id;\n"
     "typedef struct { long before; shared_id task_id; const int func_id; unsigned long args[4]; int core_type;\n"
     "_Atomic int fanout_count; volatile id_type fanout[5]; } Task;\n" USE},
    {"an unnamed structure and union inside", "c", "-g",
     "typedef struct { long before; struct { int task_id, func_id; }; union { unsigned long args[4]; char raw[32]; };\n"
     "int core_type, fanout_count, fanout[5]; } Task;\n" USE},
    {"a C++ class", "c++", "-g",
     "enum class CoreType : int { AIC, AIV };\n"
     "class Task { long before; public: static const int fanin = 3; int task_id, func_id; unsigned long args[4];\n"
     "CoreType core_type; int fanout_count; int fanout[5]; void run(); };\n" USE},
    {"a derived class in a namespace", "c++", "-g",
     "namespace a { namespace b { struct Base { long before; int task_id, func_id; };\n"
     "struct Task : Base { unsigned long args[4]; int core_type, fanout_count; int fanout[5]; }; } }\n"
     "using a::b::Task;\n" USE},
    {"DWARF 4", "c", "-gdwarf-4",
     "typedef struct { long before; int task_id, func_id; unsigned long args[4]; int core_type, fanout_count;\n"
     "int fanout[5]; } Task;\n" USE},
    {"compressed debug information", "c", "-g -gz=zlib",
     "typedef struct { long before; int task_id, func_id; unsigned long args[4]; int core_type, fanout_count;\n"
     "int fanout[5]; } Task;\n" USE},
};

static void expect_member(const struct task_member *member, size_t offset, uint32_t bytes, uint32_t count)
{
    assert_int_equal(member->offset, offset);
    assert_int_equal(member->bytes, bytes);
    assert_int_equal(member->count, count);
}

static void every_spelling_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        struct task_elf elf = task_compile(spellings[i].language, spellings[i].options, spellings[i].source);
        struct task_layout layout;
        if (!task_layout_find(elf.bytes, elf.size, &layout))
            fail_msg("%s: not found", spellings[i].what);
        print_message("%s\n", spellings[i].what);
        assert_int_equal(layout.size, sizeof(struct as_in_memory));
        expect_member(&layout.task_id, offsetof(struct as_in_memory, task_id), 4, 1);
        expect_member(&layout.func_id, offsetof(struct as_in_memory, func_id), 4, 1);
        expect_member(&layout.args, offsetof(struct as_in_memory, args), 8, 4);
        expect_member(&layout.core_type, offsetof(struct as_in_memory, core_type), 4, 1);
        expect_member(&layout.fanout_count, offsetof(struct as_in_memory, fanout_count), 4, 1);
        expect_member(&layout.fanout, offsetof(struct as_in_memory, fanout), 4, 5);
        assert_true(layout.task_id.is_signed);
        assert_false(layout.args.is_signed);
        free(elf.bytes);
    }
}

static const struct {
    const char *what, *language, *options, *source;
} others[] = {
    {"no task at all", "c", "-g", "int answer(void);\nint answer(void) { return 42; }\n"},
    {"another kind of task", "c", "-g",
     "typedef struct { int task_id; unsigned long args[4]; } Task;\n"
     "long use(Task *task);\nlong use(Task *task) { return (long)task->args[0]; }\n"},
    {"arguments elsewhere", "c", "-g", "typedef struct { int task_id, func_id; unsigned long *args; } Task;\n" USE},
    {"declared only", "c", "-g",
     "struct Task; void *same(struct Task *task);\n"
     "void *same(struct Task *task) { return task; }\n"},
    {"no debug information", "c", "-g0", "typedef struct { int task_id, func_id; unsigned long args[4]; } Task;\n" USE},
};

static void what_is_no_task_is_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        struct task_elf elf = task_compile(others[i].language, others[i].options, others[i].source);
        struct task_layout layout, nothing = {0};
        if (task_layout_find(elf.bytes, elf.size, &layout))
            fail_msg("%s: found", others[i].what);
        assert_memory_equal(&layout, &nothing, sizeof(layout));
        free(elf.bytes);
    }
}

static void the_rest_of_a_task_may_be_missing(void **state)
{
    (void)state;
    struct task_elf elf = task_compile(
        "c", "-g",
        "typedef struct { short func_id; void *args[3]; unsigned char task_id; int fanout[2]; } Task;\n" USE);
    struct task_layout layout;
    assert_true(task_layout_find(elf.bytes, elf.size, &layout));
    assert_int_equal(layout.func_id.bytes, 2);
    assert_int_equal(layout.task_id.bytes, 1);
    assert_false(layout.task_id.is_signed);
    assert_int_equal(layout.args.offset, 8);
    assert_int_equal(layout.core_type.bytes, 0);
    assert_int_equal(layout.fanout.bytes, 0); /* without a count it means nothing */
    free(elf.bytes);
}

static void what_is_no_whole_elf_is_borne(void **state)
{
    (void)state;
    struct task_elf elf = task_compile("c", "-g", spellings[0].source);
    struct task_layout layout;
    assert_false(task_layout_find(NULL, 0, &layout));
    assert_false(task_layout_find("no ELF", 6, &layout));
    for (size_t size = 0; size < elf.size; size += 97)
        task_layout_find(elf.bytes, size, &layout);
    free(elf.bytes);
}

/* ---- reading ---- */

enum { BASE = 0x10000 };
static struct as_in_memory tasks[3];

static bool read_tasks(void *ctx, uint64_t addr, void *out, uint64_t size)
{
    (void)ctx;
    if (addr < BASE || addr - BASE > sizeof(tasks) || size > sizeof(tasks) - (addr - BASE))
        return false;
    memcpy(out, (const uint8_t *)tasks + (addr - BASE), size);
    return true;
}

static const struct task_memory memory = {.read = read_tasks};

static uint64_t args_of(int task)
{
    return BASE + (uint64_t)task * sizeof(*tasks) + offsetof(struct as_in_memory, args);
}

static void a_task_is_read_from_its_arguments(void **state)
{
    struct task_layout *layout = *state;
    struct task_info info;
    int64_t successor;
    tasks[1] = (struct as_in_memory){.task_id = 7, .func_id = 2, .core_type = 1, .fanout_count = 2, .fanout = {8, 9}};
    assert_true(task_layout_read(layout, &memory, args_of(1), &info));
    assert_int_equal(info.addr, BASE + sizeof(*tasks));
    assert_int_equal(info.task_id, 7);
    assert_int_equal(info.func_id, 2);
    assert_int_equal(info.core_type, 1);
    assert_int_equal(info.fanout_count, 2);
    assert_true(task_layout_successor(layout, &memory, &info, 0, &successor));
    assert_int_equal(successor, 8);
    assert_true(task_layout_successor(layout, &memory, &info, 1, &successor));
    assert_int_equal(successor, 9);
    assert_false(task_layout_successor(layout, &memory, &info, 2, &successor));
}

static void impossible_tasks_are_refused(void **state)
{
    struct task_layout *layout = *state;
    struct task_layout unknown = {0};
    struct task_info info;
    int64_t successor;
    tasks[0] = (struct as_in_memory){.task_id = -1};
    assert_false(task_layout_read(layout, &memory, args_of(0), &info));
    tasks[0] = (struct as_in_memory){.func_id = -5};
    assert_false(task_layout_read(layout, &memory, args_of(0), &info));
    tasks[0] = (struct as_in_memory){.fanout_count = 6};
    assert_false(task_layout_read(layout, &memory, args_of(0), &info));
    tasks[0] = (struct as_in_memory){.fanout_count = 1, .fanout = {-3}};
    assert_true(task_layout_read(layout, &memory, args_of(0), &info));
    assert_false(task_layout_successor(layout, &memory, &info, 0, &successor));
    assert_false(task_layout_read(layout, &memory, args_of(3), &info)); /* behind the last */
    assert_false(task_layout_read(layout, &memory, BASE, &info));       /* the task would begin before memory */
    assert_false(task_layout_read(layout, &memory, 3, &info));
    assert_false(task_layout_read(layout, &memory, UINT64_MAX, &info));
    assert_false(task_layout_read(&unknown, &memory, args_of(0), &info));
}

static int find_layout(void **state)
{
    static struct task_layout layout;
    struct task_elf elf = task_compile("c", "-g", spellings[0].source);
    bool found = task_layout_find(elf.bytes, elf.size, &layout);
    free(elf.bytes);
    *state = &layout;
    return found ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_is_found),
        cmocka_unit_test(what_is_no_task_is_not_found),
        cmocka_unit_test(the_rest_of_a_task_may_be_missing),
        cmocka_unit_test(what_is_no_whole_elf_is_borne),
        cmocka_unit_test_setup(a_task_is_read_from_its_arguments, find_layout),
        cmocka_unit_test_setup(impossible_tasks_are_refused, find_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
