"""f = (a + b + 1)(a + b + 2) on the chip, checked against numpy: main.c, step by step, in Python.

`python3 main.py` runs it; `davsim run main.py` also reports. The numbers, times and traces are those of main.c.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "python"))

from elf_parser import extract_text_section
from kernels.kernel_config import KERNELS, ORCHESTRATION
from pto_compiler import PTOCompiler
from runtime_bindings import launch_runtime, load_runtime, register_kernel, set_device
from runtime_builder import RuntimeBuilder

VECTOR_FLOATS = 16384  # split into the tiles, unless their size is given
LINE_FLOATS = 16  # of a 64 B cache line
MAX_FLOATS = 1 << 28  # 1 GiB an array, six arrays


def count(most):
    """A number from 1 to @most, for argparse."""

    def parse(text):
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"'{text}'; allowed is a number from 1 to {most}")
        return int(text)

    return parse


def parse_options():
    parser = argparse.ArgumentParser(
        description="Compute f = (a + b + 1)(a + b + 2) on the chip as a graph of tasks, and check it.")
    add = parser.add_argument
    add("--tiles", metavar="N", type=count(65536), default=1, help="split the vector into N tiles of four tasks each (1)")
    add("--floats", metavar="M", type=count(1 << 24), help="floats of a tile (16384 / N, at least 16)")
    add("--block-dim", metavar="N", type=count(1000), default=24, help="clusters of AICores to use (24)")
    add("--aicpu", metavar="N", type=count(1000), default=3, help="AICPU threads that schedule (3)")
    add("--launches", metavar="N", type=count(1000000), default=1, help="build, launch and check N times (1)")
    options = parser.parse_args()
    if options.floats is None:
        options.floats = max(VECTOR_FLOATS // options.tiles // LINE_FLOATS * LINE_FLOATS, LINE_FLOATS)
    options.stride = -(-options.floats // LINE_FLOATS) * LINE_FLOATS
    if options.stride * options.tiles > MAX_FLOATS:
        parser.error(f"{options.tiles} tiles of {options.floats} floats are more than the {MAX_FLOATS} floats allowed")
    return options


def make_vectors(options, launch):
    """Values that differ from launch to launch: a result left over from the one before is a wrong one."""
    i = np.arange(options.tiles * options.stride)
    a = (i % 1021).astype(np.float32) * np.float32(0.25) + np.float32(launch)
    b = (i % 509).astype(np.float32) * np.float32(0.5) - np.float32(100)
    return a, b, np.full(i.size, -1, dtype=np.float32)


def check(options, launch, a, b, f):
    """True when every float is what numpy makes of it; else False, after a line on the first that is not."""
    total = a + b
    wanted = (total + np.float32(1)) * (total + np.float32(2))
    used = np.arange(f.size) % options.stride < options.floats
    wrong = np.flatnonzero(used & (f != wanted))
    if wrong.size:
        first = wrong[0]
        print(f"vector_graph: WRONG in launch {launch + 1}: f[{first}] is {f[first]:.9g}, not {wanted[first]:.9g}; "
              f"{wrong.size} of {options.tiles * options.floats} floats are wrong")
    return wrong.size == 0


def main():
    options = parse_options()

    # Build the runtime, and load its host part
    builder = RuntimeBuilder()
    host_binary, aicpu_binary, aicore_binary = builder.build("host_build_graph")
    Runtime = load_runtime(host_binary)
    set_device(0)

    # Compile the orchestration; compile and register the kernels
    compiler = PTOCompiler()
    orch_binary = compiler.compile_orchestration(ORCHESTRATION["source"])
    for kernel in KERNELS:
        kernel_o = compiler.compile_incore(kernel["source"], core_type=kernel["core_type"])
        register_kernel(kernel["func_id"], extract_text_section(kernel_o))

    # Build the graph, run it, take the result: as often as wanted
    runtime = Runtime()
    for launch in range(options.launches):
        a, b, f = make_vectors(options, launch)
        func_args = [a.ctypes.data, b.ctypes.data, f.ctypes.data, options.tiles, options.floats, options.stride]
        runtime.initialize(orch_binary, ORCHESTRATION["function_name"], func_args)
        launch_runtime(runtime, aicpu_thread_num=options.aicpu, block_dim=options.block_dim, device_id=0,
                       aicpu_binary=aicpu_binary, aicore_binary=aicore_binary)
        runtime.finalize()
        if not check(options, launch, a, b, f):
            return 1
    print(f"vector_graph: correct: {options.tiles * options.floats} floats in {4 * options.tiles} tasks, "
          f"{options.launches} launch{'' if options.launches == 1 else 'es'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
