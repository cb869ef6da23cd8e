"""my_example: out = in + 1 on the chip, by the runtime my_runtime, checked. The same as main.c, in Python.

    davsim run examples/my_example/main.py
"""

import sys
from array import array
from pathlib import Path

# The modules are in python/ beside examples/, or where PYTHONPATH says; `davsim run` says where its own are.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "python"))

from elf_parser import extract_text_section
from kernels.kernel_config import KERNELS, ORCHESTRATION
from pto_compiler import PTOCompiler
from runtime_bindings import launch_runtime, load_runtime, register_kernel, set_device
from runtime_builder import RuntimeBuilder

COUNT = 1024


def compute(data_in, data_out):
    """Build the runtime, the orchestration and the kernels; launch."""
    host_binary, aicpu_binary, aicore_binary = RuntimeBuilder().build("my_runtime")
    Runtime = load_runtime(host_binary)
    set_device(0)

    compiler = PTOCompiler()
    orchestration = compiler.compile_orchestration(ORCHESTRATION["source"])
    for kernel in KERNELS:
        elf = compiler.compile_incore(kernel["source"], core_type=kernel["core_type"])
        register_kernel(kernel["func_id"], extract_text_section(elf))

    # With numpy: data_in.ctypes.data, data_out.ctypes.data, data_in.nbytes.
    args = [data_in.buffer_info()[0], data_out.buffer_info()[0], len(data_in) * data_in.itemsize]
    runtime = Runtime()
    runtime.initialize(orchestration, ORCHESTRATION["function_name"], args)
    launch_runtime(runtime, aicpu_thread_num=1, block_dim=4, device_id=0,
                   aicpu_binary=aicpu_binary, aicore_binary=aicore_binary)
    runtime.finalize()


def main():
    data_in = array("f", range(COUNT))
    data_out = array("f", [0] * COUNT)
    compute(data_in, data_out)
    for i in range(COUNT):
        if data_out[i] != data_in[i] + 1:
            sys.exit(f"my_example: WRONG: out[{i}] is {data_out[i]:g}, not {data_in[i] + 1:g}")
    print(f"my_example: correct: {COUNT} floats")


if __name__ == "__main__":
    main()
