#!/usr/bin/env python3
"""The sum over all tiles of (x + y)(x - y), on the chip, for two sets of data; checked against numpy.

Both graphs exist before the first is launched, so that each has memory of its own: nothing in this generation lets the
AICPU forget what it has read of the first.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

project = Path(__file__).parent.parent.parent
sys.path.insert(0, str(project / "python"))
sys.path.insert(0, str(Path(__file__).parent))

from runtime_builder import RuntimeBuilder
from runtime_bindings import load_runtime, register_kernel, set_device, launch_runtime
from pto_compiler import PTOCompiler
from elf_parser import extract_text_section
from kernels.kernel_config import KERNELS, ORCHESTRATION

FLOATS = 64  # of a tile


def make_graph(Runtime, orch_so_binary, tiles, factor):
    """A graph on data that depend on @factor: the runtime, the output, and what has to be in it."""
    x = (np.arange(tiles * FLOATS) % 61 * factor).astype(np.float32)
    y = (np.arange(tiles * FLOATS) % 7 - factor).astype(np.float32)
    out = np.full(FLOATS, -1, dtype=np.float32)
    func_args = [x.ctypes.data, y.ctypes.data, out.ctypes.data, FLOATS * 4, tiles]
    runtime = Runtime()
    runtime.initialize(orch_so_binary, ORCHESTRATION["function_name"], func_args)
    return runtime, out, (x * x - y * y).reshape(tiles, FLOATS).sum(axis=0)


def is_right(device, out, wanted):
    wrong = np.flatnonzero(out != wanted)
    if wrong.size:
        print(f"device {device}: WRONG: out[{wrong[0]}] is {out[wrong[0]]}, not {wanted[wrong[0]]}")
    return wrong.size == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-d", "--device", type=int, default=[0], nargs="+")
    parser.add_argument("--tiles", type=int, default=[9], nargs="+")
    parser.add_argument("--threads", type=int, default=3)
    parser.add_argument("--blocks", type=int, default=3)
    options = parser.parse_args()

    host_binary, aicpu_binary, aicore_binary = RuntimeBuilder().build("task_graph")
    Runtime = load_runtime(host_binary)
    compiler = PTOCompiler()
    orch_so_binary = compiler.compile_orchestration(
        ORCHESTRATION["source"],
        extra_include_dirs=[str(project / "src" / "runtime" / "task_graph" / "runtime")])

    for device in options.device:
        set_device(device)
        for kernel in KERNELS:
            kernel_o = compiler.compile_incore(kernel["source"], core_type=kernel["core_type"],
                                               pto_isa_root="/opt/pto-isa")
            register_kernel(kernel["func_id"], extract_text_section(kernel_o))
        for tiles in options.tiles:
            try:
                graphs = [make_graph(Runtime, orch_so_binary, tiles, factor) for factor in (1, 3)]
            except RuntimeError as error:
                print(f"device {device}: {tiles} tiles refused: {error}")
                continue
            for runtime, _, _ in graphs:
                launch_runtime(runtime, aicpu_thread_num=options.threads, block_dim=options.blocks, device_id=device,
                               aicpu_binary=aicpu_binary, aicore_binary=aicore_binary)
            for runtime, out, wanted in graphs:
                runtime.finalize()
                if not is_right(device, out, wanted):
                    return 1
            print(f"device {device}: {tiles} tiles right, twice: {graphs[0][1][:2]}, {graphs[1][1][:2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
