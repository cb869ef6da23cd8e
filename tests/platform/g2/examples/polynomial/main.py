#!/usr/bin/env python3
"""A polynomial of many numbers on the chip, and its totals by tiles; checked against numpy.

One graph after the other, in the same device memory: the second launch has to see its own data.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

PROJECT_ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(PROJECT_ROOT / "python"))
sys.path.insert(0, str(Path(__file__).parent))

from runtime_builder import RuntimeBuilder
from bindings import bind_host_binary, set_device, launch_runtime
from bindings import ARG_SCALAR, ARG_INPUT_PTR, ARG_INOUT_PTR, ARG_OUTPUT_PTR
from elf_parser import extract_text_section
from kernels.kernel_config import KERNELS, ORCHESTRATION

RUNTIME = "policy_graph"
TILES, FLOATS, LINE_FLOATS = 8, 128, 16
THREADS = 4


class Case:
    """Data that depend on @seed, and what the chip makes of them."""

    def __init__(self, seed):
        self.coefficients = np.array([1, -2, seed], dtype=np.float32)
        self.x = ((np.arange(TILES * FLOATS) + seed) % 13 - 6).astype(np.float32)
        self.y = np.zeros_like(self.x)
        self.totals = np.full(TILES * LINE_FLOATS, -1, dtype=np.float32)
        self.report = np.zeros(THREADS + 1, dtype=np.int64)

    def is_right(self):
        wanted = np.polyval(self.coefficients, self.x)
        totals = wanted.reshape(TILES, FLOATS).sum(axis=1)
        return np.array_equal(self.y, wanted) and np.array_equal(self.totals[::LINE_FLOATS], totals)

    def arguments(self, policy, stray, empty):
        """What the orchestration is given: values, types and sizes."""
        args = [(self.x, ARG_INPUT_PTR), (self.y, ARG_INOUT_PTR), (self.totals, ARG_OUTPUT_PTR)]
        pointers = [(array.ctypes.data, kind, 0 if empty else array.nbytes) for array, kind in args]
        bits = [int(number) for number in self.coefficients.view(np.uint32)]
        scalars = [self.report.ctypes.data, TILES, FLOATS, policy, stray & 0xffffffffffffffff] + bits
        return zip(*(pointers + [(scalar, ARG_SCALAR, 0) for scalar in scalars]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-d", "--device", type=int, default=[0], nargs="+")
    parser.add_argument("-p", "--platform", default="a2a3")
    parser.add_argument("--policy", type=int, default=0, help="0: oldest first, 1: newest first")
    parser.add_argument("--stray", type=int, default=-1, help="a successor that does not exist")
    parser.add_argument("--empty", action="store_true", help="say that pointers point to nothing")
    options = parser.parse_args()

    builder = RuntimeBuilder(platform=options.platform, runtime_root=PROJECT_ROOT)
    compiler = builder.get_pto_compiler()
    host_binary, aicpu_binary, aicore_binary = builder.build(RUNTIME)
    Runtime = bind_host_binary(host_binary)
    orch_so_binary = compiler.compile_orchestration(
        ORCHESTRATION["source"],
        extra_include_dirs=[str(PROJECT_ROOT / "src" / "runtime" / RUNTIME / "runtime")]
        + compiler.get_platform_include_dirs())
    kernel_binaries = [
        (kernel["func_id"],
         extract_text_section(compiler.compile_incore(kernel["source"], core_type=kernel["core_type"])))
        for kernel in KERNELS]

    for device in options.device:
        set_device(device)
        for seed in (3, 8):
            case = Case(seed)
            func_args, arg_types, arg_sizes = case.arguments(options.policy, options.stray, options.empty)
            runtime = Runtime()
            runtime.initialize(orch_so_binary, ORCHESTRATION["function_name"], func_args, arg_types=arg_types,
                               arg_sizes=arg_sizes, kernel_binaries=kernel_binaries)
            launch_runtime(runtime, aicpu_thread_num=THREADS, block_dim=3, device_id=device,
                           aicpu_binary=aicpu_binary, aicore_binary=aicore_binary)
            runtime.finalize()
            print(f"device {device}, seed {seed}: {'right' if case.is_right() else 'WRONG'}; "
                  f"tasks by thread {case.report[:THREADS]}, {case.report[THREADS]} strays")
    return 0


if __name__ == "__main__":
    sys.exit(main())
