/* davcc.c - the device compiler driver: one command for every part of the system, clang-19 underneath.
 *
 * A kernel (aic, aiv) becomes one relocation-free image, a module (aicpu, aicore) and the host's parts become shared
 * objects. Compiler options pass through; a compiler's failure is davcc's, with its exit status.
 */
#include "tools/davcc_compile.h"
#include "tools/davcc_device.h"
#include "tools/davcc_link.h"
#include "tools/davcc_run.h"
#include "tools/davcc_target.h"
#include "tools/davcc_text.h"
#include "tools/list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAD_USAGE 2

static const char help[] =
    "Usage: davcc --target=TARGET [OPTION...] SOURCE... -o OUT\n"
    "Compile code of a simulated chip with clang-19.\n"
    "\n"
    "  --target=aic|aiv        a kernel: one image that is copied to the device, entered at offset 0\n"
    "  --target=aicpu|aicore   a device module: the scheduler, the AICore worker\n"
    "  --target=host           a host library, linked with libdavsim\n"
    "  --target=orchestration  a library that builds task graphs, on the host or opened by an AICPU\n"
    "  --entry=NAME            the kernel, if its sources have several global functions\n"
    "  -o OUT                  where the result goes\n"
    "  -c                      compile one source and do not link; a kernel is linked all the same\n"
    "  -###                    print the commands and run none\n"
    "  -D -I -U -O -g -W -f -m -std -include -isystem -iquote -M... -w -pedantic   for the compiler\n"
    "  -l -L -Wl,              for the linker\n"
    "\n"
    "Sources: .c; .cpp .cc .cxx; objects and libraries: .o .a .so. Flags of davcc's own come first.\n"
    "DAVCC_DEBUG_PATH names the place the result will be moved to, where its debug information is then looked for.\n";

struct job {
    struct compilation how;
    bool compile_only, cxx;
    const char *entry, *output;
    struct list linker, inputs;
};

/* Takes the value of option @name from `-oVALUE` or `-o VALUE`. */
static const char *value_of(const char *name, char **argv, int *i)
{
    const char *joined = argv[*i] + strlen(name);
    if (*joined)
        return joined + (*joined == '=');
    return argv[*i + 1] ? argv[++*i] : NULL;
}

/* Compiler and linker options: passed on as they stand, with the next argument where they take one. */
static bool pass_option(struct job *job, char **argv, int *i)
{
    static const char *const with_value[] = {"-I",         "-D",  "-U",  "-isystem", "-include", "-iquote",
                                             "-idirafter", "-MF", "-MT", "-MQ",      NULL};
    static const char *const prefixes[] = {"-I", "-D", "-U", "-O", "-g", "-W", "-f", "-m", "-M", NULL};
    static const char *const exact[] = {"-w", "-pedantic", "-pthread", "-v", "-nostdinc", NULL};
    const char *option = argv[*i];

    if (!option)
        return false;
    if (text_starts(option, "-Wl,") || text_starts(option, "-l") || text_starts(option, "-L")) {
        list_add(&job->linker, "%s", option);
        if ((strcmp(option, "-l") == 0 || strcmp(option, "-L") == 0) && argv[*i + 1])
            list_add(&job->linker, "%s", argv[++*i]);
        return true;
    }
    if (text_starts(option, "-std=")) {
        list_add(strstr(option, "++") ? &job->how.cxx_std : &job->how.c_std, "%s", option);
        return true;
    }
    for (size_t k = 0; with_value[k]; k++)
        if (strcmp(option, with_value[k]) == 0 && argv[*i + 1]) {
            list_add(&job->how.compiler, "%s", option);
            list_add(&job->how.compiler, "%s", argv[++*i]);
            return true;
        }
    bool known = false;
    for (size_t k = 0; prefixes[k]; k++)
        known = known || text_starts(option, prefixes[k]);
    for (size_t k = 0; exact[k]; k++)
        known = known || strcmp(option, exact[k]) == 0;
    if (known)
        list_add(&job->how.compiler, "%s", option);
    return known;
}

static int parse_option(struct job *job, char **argv, int *i)
{
    const char *option = argv[*i], *value;

    if (strcmp(option, "-###") == 0) {
        job->how.show = true;
    } else if (strcmp(option, "-c") == 0) {
        job->compile_only = true;
    } else if (text_starts(option, "--target")) {
        value = value_of("--target", argv, i);
        job->how.target = value ? target_parse(value) : TARGET_NONE;
        if (job->how.target == TARGET_NONE)
            return complain(BAD_USAGE, "no such target: %s; there are %s", value ? value : "(none given)",
                            target_names());
    } else if (text_starts(option, "--entry")) {
        job->entry = value_of("--entry", argv, i);
    } else if (text_starts(option, "-o")) {
        job->output = value_of("-o", argv, i);
    } else if (!pass_option(job, argv, i)) {
        return complain(BAD_USAGE, "unknown option %s; davcc --help lists them", option);
    }
    return 0;
}

static int parse(struct job *job, int argc, char **argv)
{
    size_t sources = 0;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1]) {
            int status = parse_option(job, argv, &i);
            if (status != 0)
                return status;
            continue;
        }
        enum language language = language_of(argv[i]);
        if (language == NO_SOURCE)
            return complain(BAD_USAGE, "%s: not a source that davcc knows: .c .cpp .cc .cxx .o .a .so", argv[i]);
        job->cxx |= language == CXX;
        sources += language != OBJECT;
        list_add(&job->inputs, "%s", argv[i]);
    }
    if (job->how.target == TARGET_NONE)
        return complain(BAD_USAGE, "no target: give --target= one of %s", target_names());
    if (job->inputs.count == 0)
        return complain(BAD_USAGE, "nothing to compile: give a source file");
    if (!job->output || !*job->output)
        return complain(BAD_USAGE, "no output: give -o FILE");
    if (job->compile_only && !target_is_kernel(job->how.target) && (sources != 1 || job->inputs.count != 1))
        return complain(BAD_USAGE, "-c compiles one source, %zu files were given", job->inputs.count);
    return 0;
}

/* Where the linked result will be when somebody asks for its debug information. */
static void find_debug_path(const struct job *job, char *path, size_t size)
{
    const char *told = getenv("DAVCC_DEBUG_PATH");
    const char *wanted = told && *told ? told : job->output;
    char here[PATH_MAX];

    if (wanted[0] == '/' || !getcwd(here, sizeof(here)))
        snprintf(path, size, "%s", wanted);
    else
        snprintf(path, size, "%s/%s", here, wanted);
}

/* Makes the object with the port's stubs, and the kernel's entry and footer. */
static int make_port(const struct job *job, const struct link_parts *parts, const char *object)
{
    char text[PATH_MAX + 16], debug_path[2 * PATH_MAX], *entry = NULL;
    struct list command = {0};
    int status = 0;

    snprintf(text, sizeof(text), "%s/port.s", job->how.dir);
    if (!job->how.show) {
        find_debug_path(job, debug_path, sizeof(debug_path));
        if (target_is_kernel(job->how.target)) {
            status = link_check_parts(parts);
            if (status == 0 && !(entry = link_find_entry(parts, job->entry)))
                status = 1;
        }
        if (status == 0)
            status = link_write_port(text, job->how.target, entry, debug_path, parts);
        free(entry);
    }
    if (status != 0)
        return status;
    list_add(&command, "clang-19");
    list_add(&command, "-c");
    list_add(&command, "%s", text);
    list_add(&command, "-o");
    list_add(&command, "%s", object);
    return command_step(&command, job->how.show);
}

static int link_all(const struct job *job, const struct link_parts *parts)
{
    bool device = target_is_kernel(job->how.target) || target_is_module(job->how.target);
    char port[PATH_MAX + 16];
    struct list command = {0};

    snprintf(port, sizeof(port), "%s/port.o", job->how.dir);
    int status = device ? make_port(job, parts, port) : 0;
    if (status != 0)
        return status;
    target_link(job->how.target, job->cxx, &command);
    list_add_all(&command, &parts->objects);
    if (device)
        list_add(&command, "%s", port);
    list_add_all(&command, &job->linker);
    target_libraries(job->how.target, job->cxx, &command);
    list_add(&command, "-o");
    list_add(&command, "%s", job->output);
    status = command_step(&command, job->how.show);
    if (status == 0 && target_is_kernel(job->how.target) && !job->how.show) {
        status = link_check(job->output, parts);
        if (status != 0)
            unlink(job->output);
    }
    return status;
}

static int add_device_part(const struct job *job, struct link_parts *parts);

static int build(const struct job *job, struct link_parts *parts)
{
    if (job->compile_only && !target_is_kernel(job->how.target))
        return compile_source(&job->how, job->inputs.items[0], job->output);
    for (size_t i = 0; i < job->inputs.count; i++) {
        const char *input = job->inputs.items[i];
        list_add(&parts->sources, "%s", input);
        if (language_of(input) == OBJECT) {
            list_add(&parts->objects, "%s", input);
            continue;
        }
        list_add(&parts->objects, "%s/%zu.o", job->how.dir, i);
        int status = compile_source(&job->how, input, parts->objects.items[i]);
        if (status != 0)
            return status;
    }
    int status = job->how.target == TARGET_ORCHESTRATION ? add_device_part(job, parts) : 0;
    return status == 0 ? link_all(job, parts) : status;
}

static void remove_intermediates(const struct job *job)
{
    static const char *const others[] = {"port.s",   "port.o",   "device.so",          "device.packed",
                                         "device.s", "device.o", COMPILE_INTERMEDIATES};
    char path[PATH_MAX + 32];

    for (size_t i = 0; i < job->inputs.count; i++) {
        snprintf(path, sizeof(path), "%s/%zu.o", job->how.dir, i);
        unlink(path);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", job->how.dir, others[i]);
        unlink(path);
    }
    rmdir(job->how.dir);
}

/* Makes the object @object that holds the AICPU module @module. */
static int make_device_object(const struct job *job, const char *module, const char *object)
{
    char packed[PATH_MAX + 32], text[PATH_MAX + 32];
    struct list command = {0};

    snprintf(packed, sizeof(packed), "%s/device.packed", job->how.dir);
    snprintf(text, sizeof(text), "%s/device.s", job->how.dir);
    if (!job->how.show && device_part_write(module, packed, text) != 0)
        return 1;
    list_add(&command, "clang-19");
    list_add(&command, "-c");
    list_add(&command, "%s", text);
    list_add(&command, "-o");
    list_add(&command, "%s", object);
    return command_step(&command, job->how.show);
}

/* The orchestration once more, for the AICPU; what the sources are warned of has been said by now. Objects were not
 * compiled for it: a library that has any is the host's alone. */
static int add_device_part(const struct job *job, struct link_parts *parts)
{
    struct job device = {.how = job->how, .cxx = job->cxx, .inputs = job->inputs};
    struct link_parts device_parts = {0};
    char module[PATH_MAX + 32];
    size_t room = sizeof(device.how.dir);

    for (size_t i = 0; i < job->inputs.count; i++)
        if (language_of(job->inputs.items[i]) == OBJECT)
            return 0;
    if ((size_t)snprintf(device.how.dir, room, "%s/device", job->how.dir) >= room ||
        (!job->how.show && mkdir(device.how.dir, 0700) != 0))
        return complain(1, "cannot make the directory %s for intermediate files", device.how.dir);
    snprintf(module, sizeof(module), "%s/device.so", job->how.dir);
    device.output = module;
    device.how.target = TARGET_AICPU;
    device.how.compiler = (struct list){0};
    compile_add_all_but_rules(&device.how.compiler, &job->how.compiler);
    list_add(&device.how.compiler, "-w");
    list_add(&device.how.compiler, "-fno-standalone-debug"); /* the Runtime's type is described in the AICPU binary */
    int status = build(&device, &device_parts);
    if (!job->how.show)
        remove_intermediates(&device);
    list_add(&parts->objects, "%s/device.o", job->how.dir);
    if (status == 0)
        status = make_device_object(job, module, parts->objects.items[parts->objects.count - 1]);
    list_free(&device.how.compiler);
    list_free(&device_parts.sources);
    list_free(&device_parts.objects);
    return status;
}

/* Does what the command line asks for, between making and removing the directory for intermediate files. */
static int run(struct job *job)
{
    struct link_parts parts = {0};
    const char *tmp = getenv("TMPDIR");

    snprintf(job->how.dir, sizeof(job->how.dir), "%s/davcc-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!job->how.show && !mkdtemp(job->how.dir))
        return complain(1, "cannot make a directory like %s for intermediate files", job->how.dir);
    int status = build(job, &parts);
    if (!job->how.show)
        remove_intermediates(job);
    list_free(&parts.sources);
    list_free(&parts.objects);
    return status;
}

int main(int argc, char **argv)
{
    struct job job = {.how.target = TARGET_NONE};

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return fputs(help, stdout) < 0;
    int status = parse(&job, argc, argv);
    if (status == 0)
        status = run(&job);
    list_free(&job.how.compiler);
    list_free(&job.how.c_std);
    list_free(&job.how.cxx_std);
    list_free(&job.linker);
    list_free(&job.inputs);
    return status;
}
