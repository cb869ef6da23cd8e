"""A host program that does one thing wrong: `bad_input_python.py CASE [RUNTIME or KERNEL]`, where bad_input_python.sh is.

Nothing is caught: the exception that ends the program is what the user sees.
"""

import os
import random
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "python"))

import runtime_bindings as davsim
from elf_parser import extract_text_section
from pto_compiler import PTOCompiler
from runtime_builder import RuntimeBuilder

WRONG = sys.argv[1]
JUNK = random.Random(1).randbytes(4096)
ASSEMBLY = ".text\n.skip 4096, 0x90\n"


def part(name, wrong, right):
    """@wrong in the case called @name, else @right."""
    return wrong if WRONG == name else right


def run(runtime_name="host_build_graph"):
    """What a host program does, with one thing of it replaced."""
    builder = RuntimeBuilder()
    host, aicpu, aicore = builder.build(runtime_name)
    host = part("host-cut", host[: len(host) // 2], host)
    host = part("host-cut-little", host[:-64], host)
    host = part("host-junk", JUNK, host)
    host = part("host-empty", b"", host)
    host = part("host-aicpu", aicpu, host)
    Runtime = davsim.load_runtime(part("host-absent", "absent.so", host))
    davsim.set_device(part("device-16", 16, part("device-negative", -1, 0)))

    compiler = PTOCompiler()
    kernel = compiler.compile_incore(part("kernel-absent", "absent.c", part("kernel-named", sys.argv[-1], "good.c")),
                                     core_type=part("core-type", "aix", "aiv"))
    text = extract_text_section(kernel)
    text = part("kernel-junk", JUNK, part("kernel-empty", b"", part("kernel-cut", text[:-8], text)))
    text = part("kernel-of-another-machine", other_machine(assembled(ASSEMBLY)), text)
    text = part("kernel-str", "text", part("kernel-number", 7, text))
    davsim.register_kernel(part("kernel-id", -1, part("kernel-id-large", 1 << 32, 0)), text)
    orchestration = compiler.compile_orchestration(
        part("orchestration-broken", "broken.c", part("orchestration-absent", "absent.c", "orchestration.c")))
    orchestration = part("orchestration-junk", JUNK, part("orchestration-cut", orchestration[:4000], orchestration))
    orchestration = part("orchestration-kernel", kernel, orchestration)

    runtime = Runtime()
    aicpu, aicore = part("parts-swapped", (aicore, aicpu), (aicpu, aicore))
    launch = [runtime, part("no-threads", 0, part("many-threads", 100, 1)),
              part("block-dim-25", 25, part("block-dim-0", 0, 1)), part("launch-device-16", 16, 0),
              part("aicpu-junk", JUNK, part("aicpu-empty", b"", part("aicpu-cut", aicpu[: len(aicpu) // 2], aicpu))),
              part("aicore-junk", JUNK, part("aicore-empty", b"", aicore))]
    if WRONG == "launch-first":
        davsim.launch_runtime(*launch)
    if WRONG == "finalize-first":
        runtime.finalize()
    argument = part("no-such-kernel", 99, part("argument-float", 0.5, part("argument-large", 1 << 64, 0)))
    runtime.initialize(orchestration, part("no-such-function", "missing", "build_one_task"), [argument],
                       arg_types=part("arg-types", [0, 0, 0], None))
    davsim.launch_runtime(part("launch-none", None, launch[0]), *launch[1:])
    runtime.finalize()
    if WRONG == "finalize-twice":
        runtime.finalize()


def throwing(name):
    """Runtimes in C++ may throw, and so may their orchestrations."""
    host, _, _ = RuntimeBuilder().build(name)
    orchestration = PTOCompiler().compile_orchestration("throw.cpp")
    davsim.load_runtime(host)().initialize(orchestration, "build_throwing", [])


def assembled(source):
    """An object file that no davcc has seen."""
    subprocess.run(["cc", "-c", "-x", "assembler", "-", "-o", "made.o"], input=source.encode(), check=True)
    with open("made.o", "rb") as file:
        return file.read()


def other_machine(elf):
    """The ELF file for a machine with the other byte order, as far as the header of the file and its sections go."""
    header, sections = list(struct.unpack_from("<16sHHIQQQIHHHHHH", elf)), []
    for i in range(header[12]):
        sections.append(struct.unpack_from("<IIQQQQIIQQ", elf, header[6] + i * 64))
    header[0] = header[0][:5] + b"\2" + header[0][6:]
    header[2] = 22  # s390
    out = bytearray(elf)
    struct.pack_into(">16sHHIQQQIHHHHHH", out, 0, *header)
    for i, section in enumerate(sections):
        struct.pack_into(">IIQQQQIIQQ", out, header[6] + i * 64, *section)
    return bytes(out)


def elf(name):
    """What elf_parser is given."""
    if name == "elf-absent":
        extract_text_section("absent.o")
    if name == "elf-directory":
        extract_text_section(".")
    whole = assembled(ASSEMBLY)
    made = {"elf-junk": JUNK, "elf-empty": b"", "elf-cut": whole[:-1], "elf-cut-in-text": whole[:2000],
            "elf-text-empty": assembled(".data\n.long 1\n"),
            "elf-32": whole[:4] + b"\1" + whole[5:]}
    if name in made:
        extract_text_section(made[name])
    if name == "elf-no-text":
        subprocess.run(["objcopy", "--rename-section", ".text=.other", "made.o"], check=True)
        extract_text_section("made.o")


def memory():
    """Device memory, wrongly used."""
    host, _, _ = RuntimeBuilder().build("host_build_graph")
    davsim.load_runtime(host)
    address = davsim.device_malloc(64)
    buffer = bytes(64)
    if WRONG == "memory-copy-to-host":
        davsim.copy_to_device(id(buffer), address, 64)
    if WRONG == "memory-copy-too-much":
        davsim.copy_from_device(address, address, 1 << 60)
    if WRONG == "memory-free-twice":
        davsim.device_free(address)
        davsim.device_free(address)
    if WRONG == "memory-free-wild":
        davsim.device_free(16)


def nothing_loaded():
    """Before load_runtime."""
    if WRONG == "unloaded-class":
        davsim.Runtime()
    if WRONG == "unloaded-device":
        davsim.set_device(0)
    davsim.register_kernel(0, b"kernel")


def builder():
    """What RuntimeBuilder and PTOCompiler are made with."""
    if WRONG == "builder-platform":
        RuntimeBuilder(platform="a9")
    if WRONG == "builder-root":
        RuntimeBuilder("/nowhere/at/all")
    if WRONG == "builder-compiler":
        PTOCompiler(platform="a9")
    PTOCompiler().compile_orchestration("orchestration.c")


def main():
    name = sys.argv[2] if len(sys.argv) > 2 and WRONG != "kernel-named" else "host_build_graph"
    kinds = {"elf": lambda: elf(WRONG), "memory": memory, "unloaded": nothing_loaded, "builder": builder,
             "throw": lambda: throwing(name)}
    kinds.get(WRONG.split("-")[0], lambda: run(name))()
    print("done")


if __name__ == "__main__":
    main()
