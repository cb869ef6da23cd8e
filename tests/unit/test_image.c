/* test_image.c - kernels compiled by davcc, cut out with objcopy and put anywhere in memory, run with their hooks. */
#include "image_fixture.h"
#include "model/embed/port_table.h"
#include "model/embed/symbol.h"

static void mixed_kernel_runs_anywhere_and_calls_its_hooks(void **state)
{
    (void)state;
    float in[8] = {2, 4, 6, 8, 10, 12, 14, 16}, out[10];
    int64_t args[3] = {(int64_t)in, (int64_t)out, 8};
    const float want[10] = {18, 9, 207, 4, 0, 10, 6, 7, 408, 1};

    void *kernel = load("--target=aiv", "kernel_mix.c", 77);
    enter(kernel, args);
    assert_memory_equal(out, want, sizeof(want));
    assert_true(port_calls.loads > 8 * 3 && port_calls.stores > 8 && port_calls.blocks > 16);
    assert_true(port_calls.block_ps >= 100 * port_calls.blocks);
    assert_int_equal(port_calls.stack_misaligned, 0);
    assert_int_equal(port_calls.begins, 1);
    assert_int_equal(port_calls.ends, 1);
    assert_int_equal(port_calls.begin_args, args);
    assert_int_equal(port_calls.begin_id, 77);
    assert_int_equal(port_calls.end_id, 77);

    enter(kernel, args); /* its statics live in the image */
    assert_float_equal(out[9], 2, 0);
}

static void two_copies_have_their_own_statics(void **state)
{
    (void)state;
    float in[1] = {1}, out[3];
    int64_t args[3] = {(int64_t)in, (int64_t)out, 1};

    void *one = load("--target=aiv", "kernel_mix.c", 1), *other = load("--target=aiv", "kernel_mix.c", 2);
    enter(one, args);
    enter(one, args);
    assert_float_equal(out[2], 2, 0);
    enter(other, args);
    assert_float_equal(out[2], 1, 0);
}

static void unoptimised_kernels_work_too(void **state)
{
    (void)state;
    float in[8] = {2, 4, 6, 8, 10, 12, 14, 16}, out[10];
    int64_t args[3] = {(int64_t)in, (int64_t)out, 8};

    enter(load("--target=aic -O0", "kernel_mix.c", 1), args);
    assert_float_equal(out[2], 207, 0);
    assert_float_equal(out[8], 408, 0);
}

static void half_precision_is_in_the_image(void **state)
{
    (void)state;
    float in[8] = {0.5f, 1, 2, 3, 1e-3f, 65504, -1, 3.0078125f};
    _Float16 half[8];
    uint16_t brain[8];
    static float copies[2][64];
    int64_t args[4] = {(int64_t)half, (int64_t)brain, (int64_t)in, (int64_t)copies};

    copies[0][63] = 5;
    enter(load("--target=aiv", "kernel_half.c", 1), args);
    assert_true(half[0] == (_Float16)1 && half[3] == (_Float16)6);
    assert_int_equal(brain[1], 0x3f80);
    assert_int_equal(brain[6], 0xbf80);
    assert_int_equal(brain[7], 0x4040); /* halfway: to even */
    assert_true(copies[1][63] == 5 && copies[0][63] == 0);
}

static void kernels_may_be_cxx(void **state)
{
    (void)state;
    float values[3] = {1, 2, 3};
    int64_t args[2] = {(int64_t)values, 3};

    enter(load("--target=aiv", "kernel_cxx.cpp", 1), args);
    assert_true(values[0] == 2 && values[1] == 5 && values[2] == 10);
    assert_true(port_calls.loads >= 3 && port_calls.stores >= 3);
}

static void entry_is_chosen_by_name(void **state)
{
    (void)state;
    int64_t args[1] = {0};

    assert_int_equal(fixture_compile("--target=aiv", "kernel_two.c", "k.o"), 1);
    assert_non_null(strstr(fixture_messages(), "second, first"));
    enter(load("--target=aiv --entry=first", "kernel_two.c", 1), args);
    assert_int_equal(args[0], 12);
    enter(load("--target=aiv --entry=second", "kernel_two.c", 1), args);
    assert_int_equal(args[0], 2);
}

static void refuse_to_link(const char *source, const char *want)
{
    int status = fixture_compile("--target=aiv", source, "refused.o");
    const char *messages = fixture_messages();
    size_t size;

    assert_int_equal(status, 1);
    if (!strstr(messages, want))
        fail_msg("expected \"%s\" in: %s", want, messages);
    assert_null(fixture_read("refused.o", &size));
}

static void what_the_device_has_not_is_refused_by_name(void **state)
{
    (void)state;
    refuse_to_link("kernel_bad_call.c", "kernel_bad_call.c: kernel calls expm1, which does not exist on the device\n");
    refuse_to_link("kernel_bad_call.c", "kernel calls no_such_function, which does not exist on the device\n");
    refuse_to_link("kernel_bad_table.c", "functions holds the address of");
    refuse_to_link("kernel_constructor.cpp", "has a static constructor");
}

static void compile_errors_pass_through(void **state)
{
    (void)state;
    assert_int_equal(fixture_compile("--target=aiv", "syntax_error.c", "k.o"), 1);
    assert_non_null(strstr(fixture_messages(), "syntax_error.c:3:"));
    assert_int_equal(fixture_compile("--target=gpu", "kernel_mix.c", "k.o"), 2);
    assert_int_equal(fixture_compile("", "kernel_mix.c", "k.o"), 2);
    assert_int_equal(fixture_compile("--target=aiv --no-such-option", "kernel_mix.c", "k.o"), 2);
}

static void commands_can_be_shown(void **state)
{
    (void)state;
    size_t size;
    assert_int_equal(fixture_compile("-### --target=aicpu", "module_plain.c", "shown.so"), 0);
    assert_non_null(strstr(fixture_messages(), "-fsanitize-coverage=bb,trace-pc-guard,pc-table,no-prune"));
    assert_non_null(strstr(fixture_messages(), "--wrap=usleep"));
    assert_null(fixture_read("shown.so", &size));
}

static void refuse_image(const uint8_t *bytes, size_t size, const char *want)
{
    struct image_info info;
    uint8_t *exact = malloc(size ? size : 1); /* so that a read past the end is seen */
    if (size)
        memcpy(exact, bytes, size);
    error[0] = '\0';
    assert_int_equal(image_check(exact, size, &info, error, sizeof(error)), -1);
    if (!strstr(error, want))
        fail_msg("expected \"%s\" in: %s", want, error);
    free(exact);
}

static void damaged_images_are_refused(void **state)
{
    (void)state;
    size_t size;
    if (fixture_compile("--target=aiv", "kernel_mix.c", "k.o") != 0)
        fail_msg("%s", fixture_messages());
    uint8_t *image = fixture_image("k.o", &size);
    struct image_footer *footer = (struct image_footer *)(image + size - sizeof(*footer));
    const struct image_footer good = *footer;

    refuse_image(image, 0, "too short");
    refuse_image(image, 20, "too short");
    refuse_image(image, size - 8, "not built by davcc");
    refuse_image(image + 16, size - 16, "bytes given");
    footer->version++;
    refuse_image(image, size, "version 2");
    for (size_t field = 0; field < 9; field++) { /* every offset, far away and one off */
        *footer = good;
        ((uint64_t *)footer)[field] = UINT64_MAX - 3;
        if (field != 7) /* the stamp may be anything */
            refuse_image(image, size, "contradicts");
        *footer = good;
        ((uint64_t *)footer)[field] += 1;
        if (field >= 1 && field <= 4)
            refuse_image(image, size, "contradicts");
    }
    free(image);
}

static void addresses_lead_back_to_lines(void **state)
{
    (void)state;
    struct symbol symbol;
    char text[256];
    uint8_t *kernel = load("--target=aiv", "kernel_mix.c", 5);
    bool found_dot = false;

    for (uint64_t offset = IMAGE_HEADER_BYTES; offset < IMAGE_HEADER_BYTES + 1024; offset++) {
        assert_true(symbol_find((uintptr_t)kernel + offset, &symbol));
        if (strcmp(symbol.frames[0].function, "dot") != 0 || found_dot)
            continue;
        found_dot = true;
        symbol_format(&symbol, text, sizeof(text));
        assert_non_null(strstr(text, "kernel_mix.c:"));
        assert_in_range(symbol.frames[0].line, 8, 15);
    }
    assert_true(found_dot);
    assert_string_equal(symbol.place, "kernel_mix");
    /* What was left out of the image is not found in it. */
    uint8_t *second = load("--target=aiv --entry=second", "kernel_two.c", 7);
    uint64_t entry = (uintptr_t)second + IMAGE_HEADER_BYTES;
    for (uint64_t pc = entry; pc < entry + 64; pc++)
        if (symbol_find(pc, &symbol) && symbol.frames[0].file)
            assert_in_range(symbol.frames[0].line, 4, 7);
    image_unload(second);
    uint8_t *copy = load("--target=aiv", "kernel_mix.c", 6);
    struct symbol_key key = symbol_key((uintptr_t)kernel + 700), same = symbol_key((uintptr_t)copy + 700);
    assert_int_not_equal(key.file, 0);
    assert_true(key.file == same.file && key.offset == same.offset);
    image_unload(copy);
    assert_int_equal(symbol_key((uintptr_t)copy + 700).file, 0);
    image_unload(kernel);
    assert_false(symbol_find((uintptr_t)kernel + 600, &symbol));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixed_kernel_runs_anywhere_and_calls_its_hooks),
        cmocka_unit_test(two_copies_have_their_own_statics),
        cmocka_unit_test(unoptimised_kernels_work_too),
        cmocka_unit_test(half_precision_is_in_the_image),
        cmocka_unit_test(kernels_may_be_cxx),
        cmocka_unit_test(entry_is_chosen_by_name),
        cmocka_unit_test(what_the_device_has_not_is_refused_by_name),
        cmocka_unit_test(compile_errors_pass_through),
        cmocka_unit_test(commands_can_be_shown),
        cmocka_unit_test(damaged_images_are_refused),
        cmocka_unit_test(addresses_lead_back_to_lines),
    };
    return cmocka_run_group_tests_name("image", tests, setup, teardown);
}
