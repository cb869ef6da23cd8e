/* test_module.c - device modules compiled by davcc and loaded from their bytes. */
#include "davcc_fixture.h"
#include "fake_port.h"
#include "model/embed/module.h"
#include "model/embed/symbol.h"

#include <time.h>

/* The device's C library: the host's. */
#define WRAP(name)                                                                                                     \
    __asm__(".globl __wrap_" #name "\n.weak " #name "\n__wrap_" #name ": jmp *" #name "@GOTPCREL(%rip)\n");
#include "model/embed/wrap.def"
#undef WRAP

static struct module_set modules;
static const struct instruction_costs costs = {100, 200, 300, 400, 500, 600, 700};
static char error[512];

static uint8_t *compile(const char *options, const char *source, size_t *size)
{
    if (fixture_compile(options, source, "module.so") != 0)
        fail_msg("%s", fixture_messages());
    return fixture_read("module.so", size);
}

static struct module *load(const char *options, const char *source)
{
    size_t size;
    uint8_t *bytes = compile(options, source, &size);
    struct module *module = module_load(&modules, bytes, size, "the module", &costs, error, sizeof(error));
    free(bytes); /* the loader keeps its own */
    if (!module)
        fail_msg("%s", error);
    return module;
}

static void *symbol(struct module *module, const char *name)
{
    return module_symbol(module, (const char *const[]){name, NULL});
}

static int count_call(struct module *module, int by)
{
    int (*call)(int) = (int (*)(int))(uintptr_t)symbol(module, "count_call");
    assert_non_null(call);
    return call(by);
}

static void hooks_lead_to_the_port(void **state)
{
    (void)state;
    const int values[4] = {1, 2, 3, 4};
    int atom = 3;
    struct module *module = load("--target=aicpu", "module_plain.c");
    int (*work)(const int *) = (int (*)(const int *))(uintptr_t)symbol(module, "work");
    int (*atomic_add)(int *) = (int (*)(int *))(uintptr_t)symbol(module, "atomic_add");

    memset(&port_calls, 0, sizeof(port_calls));
    assert_int_equal(work(values), 4321);
    assert_true(port_calls.loads >= 4 && port_calls.blocks >= 1);
    assert_true(port_calls.block_ps >= 100 * port_calls.blocks);
    assert_int_equal(atomic_add(&atom), 3);
    assert_int_equal(port_calls.atomics, 1);
    assert_int_equal(atom, 8);
    assert_int_equal(port_calls.stack_misaligned, 0);
}

static void statics_survive_a_second_load_of_the_same_bytes(void **state)
{
    (void)state;
    struct module *first = load("--target=aicore", "module_statics.c");
    assert_int_equal(count_call(first, 1), 1);
    struct module *again = load("--target=aicore", "module_statics.c");
    assert_ptr_equal(first, again);
    assert_int_equal(count_call(again, 1), 2);
}

static void each_core_has_its_own_statics(void **state)
{
    (void)state;
    struct module *module = load("--target=aicore -DFRESH", "module_statics.c");
    struct module *copies[40];

    for (unsigned core = 0; core < 40; core++) {
        copies[core] = module_for_core(module, core, error, sizeof(error));
        assert_non_null(copies[core]);
        assert_int_equal(count_call(copies[core], (int)core + 1), core + 1);
    }
    assert_int_equal(count_call(copies[7], 100), 108);
    assert_ptr_equal(module_for_core(module, 7, error, sizeof(error)), copies[7]);
    assert_int_equal(count_call(copies[8], 0), 9);
}

static void copies_have_the_same_places_in_code(void **state)
{
    (void)state;
    struct module *module = load("--target=aicore", "module_statics.c");
    struct module *copies[2] = {module_for_core(module, 0, error, sizeof(error)),
                                module_for_core(module, 1, error, sizeof(error))};
    uint64_t pcs[] = {(uintptr_t)symbol(copies[0], "count_call") + 9, (uintptr_t)symbol(copies[1], "count_call") + 9};
    struct symbol_key key = symbol_key(pcs[0]), same = symbol_key(pcs[1]), next = symbol_key(pcs[1] + 1);

    assert_int_not_equal(pcs[0], pcs[1]);
    assert_int_not_equal(key.file, 0);
    assert_int_equal(key.file, same.file);
    assert_int_equal(key.offset, same.offset);
    assert_int_equal(next.offset, same.offset + 1);
    struct module *other = load("--target=aicore", "module_plain.c");
    assert_int_not_equal(symbol_key((uintptr_t)symbol(other, "work") + 9).file, key.file);
    assert_int_equal(symbol_key(16).file, 0);
    assert_int_equal(symbol_key(16).offset, 16);
    assert_int_equal(symbol_key(0).file, 0);
}

static void modules_without_statics_are_shared(void **state)
{
    (void)state;
    size_t size;
    struct module *module = load("--target=aicore", "module_plain.c");
    assert_ptr_equal(module_for_core(module, 5, error, sizeof(error)), module);

    uint8_t *bytes = compile("--target=aicore", "module_plain.c", &size);
    assert_false(module_has_statics(bytes, size));
    free(bytes);
    bytes = compile("--target=aicore", "module_statics.c", &size);
    assert_true(module_has_statics(bytes, size));
    free(bytes);
}

static void thread_locals_are_asked_from_the_port(void **state)
{
    (void)state;
    struct module *module = load("--target=aicore", "module_statics.c");
    int *(*variable)(void) = (int *(*)(void))(uintptr_t)symbol(module, "core_variable");
    assert_int_equal(*variable(), 40);
}

static void cxx_statics_are_constructed(void **state)
{
    (void)state;
    struct module *module = load("--target=aicpu", "module_cxx.cpp");
    int (*execute)(void *) = (int (*)(void *))(uintptr_t)symbol(module, "aicpu_execute");
    assert_int_equal(execute(NULL), 42);
    assert_int_equal(execute(NULL), 43);
}

static void the_first_known_name_is_taken(void **state)
{
    (void)state;
    struct module *module = load("--target=aicpu", "module_plain.c");
    assert_ptr_equal(module_symbol(module, (const char *const[]){"no", "work", "atomic_add", NULL}),
                     symbol(module, "work"));
    assert_null(symbol(module, "printf")); /* of a library it uses, not its own */
    assert_null(symbol(module, "no"));
}

static void refuse(const void *bytes, size_t size, const char *want)
{
    error[0] = '\0';
    assert_null(module_load(&modules, bytes, size, "AICPU binary", &costs, error, sizeof(error)));
    if (!strstr(error, want) || strchr(error, '\n') || strncmp(error, "AICPU binary: ", 14) != 0)
        fail_msg("expected \"%s\" in: %s", want, error);
}

static void missing_symbols_are_named(void **state)
{
    (void)state;
    size_t size;
    uint8_t *bytes = compile("--target=aicpu", "module_missing.c", &size);
    refuse(bytes, size, "needs no_such_function, which nothing on the device defines");
    free(bytes);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    size_t size;
    static const char text[200] = "#!/bin/sh\necho this is not a module\n";

    refuse(NULL, 0, "not an ELF file");
    refuse(text, sizeof(text), "not an ELF file");
    uint8_t *bytes = compile("--target=aicpu", "module_plain.c", &size);
    refuse(bytes, 40, "not an ELF file");
    for (size_t cut = 64; cut < size; cut += size / 50)
        refuse(bytes, cut, "is ");
    bytes[18] = 183; /* e_machine: aarch64 */
    refuse(bytes, size, "another machine");
    free(bytes);
    bytes = compile("--target=aicpu -c", "module_plain.c", &size);
    refuse(bytes, size, "not a shared object");
    free(bytes);
}

static void addresses_lead_back_to_inlined_lines(void **state)
{
    (void)state;
    struct module *module = load("--target=aicpu", "module_plain.c");
    uint64_t start = (uintptr_t)symbol(module, "work");
    bool inlined = false;

    for (uint64_t pc = start; pc < start + 120; pc++) {
        struct symbol found;
        assert_true(symbol_find(pc, &found));
        assert_string_equal(found.place, "the module");
        if (found.depth < 2 || inlined)
            continue;
        inlined = true;
        assert_string_equal(found.frames[0].function, "weigh");
        assert_int_equal(found.frames[0].line, 6);
        assert_string_equal(found.frames[1].function, "work");
        assert_int_equal(found.frames[1].line, 13);
        assert_non_null(strstr(found.frames[1].file, "module_plain.c"));
    }
    assert_true(inlined);
    struct symbol none;
    assert_false(symbol_find(16, &none));
}

/* A module of 2,000 blocks, in the time of a blink. */
static void large_modules_load_fast(void **state)
{
    (void)state;
    char path[PATH_MAX];
    struct timespec before, after;
    size_t size;

    snprintf(path, sizeof(path), "%s/large.c", fixture_dir);
    FILE *file = fopen(path, "we");
    for (int i = 0; i < 500; i++)
        fprintf(file, "int f%d(int *a) { for (int i = 0; i < a[1]; i++) if (a[i] > %d) a[2] += i; return a[0]; }\n", i,
                i);
    fclose(file);
    assert_int_equal(fixture_run("--target=aicpu", path, "large.so"), 0);
    uint8_t *bytes = fixture_read("large.so", &size);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    struct module *module = module_load(&modules, bytes, size, "large", &costs, error, sizeof(error));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    assert_non_null(module);
    assert_true(module_blocks(module) >= 2000);
    double ms = (double)(after.tv_sec - before.tv_sec) * 1e3 + (double)(after.tv_nsec - before.tv_nsec) / 1e6;
    print_message("%zu blocks: %.1f ms\n", module_blocks(module), ms);
    assert_true(ms < 1000);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hooks_lead_to_the_port),
        cmocka_unit_test(statics_survive_a_second_load_of_the_same_bytes),
        cmocka_unit_test(each_core_has_its_own_statics),
        cmocka_unit_test(copies_have_the_same_places_in_code),
        cmocka_unit_test(modules_without_statics_are_shared),
        cmocka_unit_test(thread_locals_are_asked_from_the_port),
        cmocka_unit_test(cxx_statics_are_constructed),
        cmocka_unit_test(the_first_known_name_is_taken),
        cmocka_unit_test(missing_symbols_are_named),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(addresses_lead_back_to_inlined_lines),
        cmocka_unit_test(large_modules_load_fast),
    };
    return cmocka_run_group_tests_name("module", tests, fixture_group_setup, fixture_group_teardown);
}
