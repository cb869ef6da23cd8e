"""main.py RUNTIME [THREADS [PROFILE]]: two launches with other data and another number of tiles; are the results right?"""

import os
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "kernels"), os.environ.get("G3_PYTHON", str(HERE.parent.parent / "python"))]

from bindings import (ARG_INPUT_PTR, ARG_OUTPUT_PTR, bind_host_binary, launch_runtime, set_device)  # noqa: E402
from elf_parser import extract_text_section  # noqa: E402
from kernel_config import KERNELS, ON_DEVICE, ON_HOST  # noqa: E402
from runtime_builder import RuntimeBuilder  # noqa: E402

TILE = 16


def compile_all(name):
    """The runtime's parts, its orchestration, the kernels."""
    builder = RuntimeBuilder(platform="a2a3")
    kernel_compiler = builder.get_kernel_compiler()
    binaries = builder.build(name)
    orchestration = ON_DEVICE if name.startswith("orchestrated") else ON_HOST
    library = kernel_compiler.compile_orchestration(name, orchestration["source"])
    kernels = []
    for kernel in KERNELS:
        elf = kernel_compiler.compile_incore(kernel["source"], core_type=kernel["core_type"],
                                             pto_isa_root=os.environ.get("PTO_ISA_ROOT"))
        kernels.append((kernel["func_id"], extract_text_section(elf)))
    return binaries, (library, orchestration["function_name"]), kernels


def launch(runtime, orchestration, kernels, parts, threads, number, profile):
    """Whether launch @number, from 1, gives what numpy does."""
    tiles = np.array([20 - 8 * number], dtype=np.int32)
    a = np.arange(TILE * tiles[0], dtype=np.int32) * number
    b = a[::-1] % 7 + number
    out, total = np.zeros_like(a), np.zeros(1, dtype=np.int32)
    tensors = [tiles, a, np.ascontiguousarray(b), out, total]
    types = [ARG_INPUT_PTR, ARG_INPUT_PTR, ARG_INPUT_PTR, ARG_OUTPUT_PTR, ARG_OUTPUT_PTR]
    runtime.initialize(*orchestration, [tensor.ctypes.data for tensor in tensors], arg_types=types,
                       arg_sizes=[tensor.nbytes for tensor in tensors], kernel_binaries=kernels)
    if profile:
        runtime.enable_profiling(True)
    aicpu_binary, aicore_binary = parts
    launch_runtime(runtime, aicpu_thread_num=threads, block_dim=4, device_id=0, aicpu_binary=aicpu_binary,
                   aicore_binary=aicore_binary)
    runtime.finalize()
    d = a - b
    expected = d * d + 3 * d + a
    return bool(np.array_equal(out, expected)) and int(total[0]) == int(expected.sum())


def main():
    name, threads, profile = sys.argv[1], int((sys.argv[2:] or ["4"])[0]), len(sys.argv) > 3
    (host_binary, *parts), orchestration, kernels = compile_all(name)
    Runtime = bind_host_binary(host_binary)
    set_device(0)
    status = 0
    for number in (1, 2):
        right = launch(Runtime(), orchestration, kernels, parts, threads, number, profile)
        print(f"launch {number}: {'right' if right else 'WRONG'}", flush=True)
        status |= not right
    return status


sys.exit(main())
