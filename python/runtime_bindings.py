"""Load the host part of a runtime and launch it on the simulated chip.

    Runtime = load_runtime(host_binary)
    set_device(0)
    register_kernel(0, kernel_text)

    runtime = Runtime()
    runtime.initialize(orchestration, "build_my_graph", [input.ctypes.data, output.ctypes.data, input.nbytes])
    launch_runtime(runtime, aicpu_thread_num=3, block_dim=24, device_id=0,
                   aicpu_binary=aicpu_binary, aicore_binary=aicore_binary)
    runtime.finalize()

Whatever fails raises a RuntimeError with the one line that says why; its `status` is one of enum dav_status.
"""

import ctypes
import operator
import os
import signal
import sys
import threading
from contextlib import contextmanager
from ctypes import POINTER, byref, c_int, c_size_t, c_uint8, c_uint64, c_void_p
from typing import Any, Iterator, Optional, Sequence, Tuple, Type, Union

from davsim_library import (Blob, BytesLike, DavsimError, Host, Init, PathLike, as_bytes, call, host_function,
                            library_call, listen, told, whole)
from elf_parser import extract_text_section
from toolchain import ToolchainType

__all__ = [
    "ARG_SCALAR", "ARG_INPUT_PTR", "ARG_OUTPUT_PTR", "ARG_INOUT_PTR", "DavsimError", "Runtime", "ToolchainType",
    "bind_host_binary", "copy_from_device", "copy_to_device", "device_computes", "device_free", "device_malloc",
    "get_incore_compiler", "get_orchestration_compiler", "launch_runtime", "load_runtime", "register_kernel",
    "set_device",
]

# What an argument of an orchestration function is; runtimes that ask for it move the memory behind pointers themselves.
ARG_SCALAR = 0
ARG_INPUT_PTR = 1
ARG_OUTPUT_PTR = 2
ARG_INOUT_PTR = 3

_host: Optional[Host] = None  # the one loaded last, which the functions of this module mean


def _the_host() -> Host:
    if _host is None:
        raise RuntimeError("no runtime is loaded: call load_runtime first")
    return _host


class Runtime:
    """A graph of tasks from its building to its results. load_runtime makes the class for a host part."""

    _host: Host

    def __init__(self) -> None:
        if getattr(self, "_host", None) is None:
            raise TypeError("this Runtime has no host part: use the class that load_runtime returns")
        size = call("get_runtime_size", self._host.get_runtime_size, failed=operator.not_)
        self._memory = ctypes.create_string_buffer(size + 64)  # at a cache line, as the host would lay it
        self._handle = c_void_p((ctypes.addressof(self._memory) + 63) // 64 * 64)

    def initialize(self, orch_so_binary: BytesLike, orch_func_name: str, func_args: Optional[Sequence[Any]] = None,
                   arg_types: Optional[Sequence[int]] = None, arg_sizes: Optional[Sequence[int]] = None,
                   kernel_binaries: Optional[Sequence[Tuple[int, BytesLike]]] = None) -> None:
        """Let a function of the orchestration build the graph.

        Args:
            orch_so_binary: what compile_orchestration returned
            orch_func_name: the function
            func_args: its arguments: addresses, sizes, whole numbers; what they point to must live until finalize
            arg_types: ARG_SCALAR or another, one an argument, for runtimes that ask for it
            arg_sizes: the bytes behind each argument that is a pointer
            kernel_binaries: pairs of func_id and kernel, instead of calls of register_kernel

        Raises:
            RuntimeError: the orchestration is none, has no such function, or the runtime refuses
            TypeError, ValueError: an argument is no whole number of 64 bits; lists differ in length
        """
        orchestration, name = Blob.of(orch_so_binary, "the orchestration"), orch_func_name.encode()
        what = Init(orchestration.data, orchestration.size, name)
        args = [whole(value, f"func_args[{i}]") for i, value in enumerate(func_args or [])]
        kernels = [(whole(func_id, "func_id", 32), _kernel_text(kernel)) for func_id, kernel in kernel_binaries or []]
        for given, label in ((arg_types, "arg_types"), (arg_sizes, "arg_sizes")):
            if given and len(given) != len(args):
                raise ValueError(f"{label} must have one item an argument: {len(given)} for {len(args)}")
        what.args, what.arg_count = _array(c_uint64, args), len(args)
        what.arg_types, what.arg_sizes = _array(c_int, arg_types), _array(c_uint64, arg_sizes)
        what.kernel_ids = _array(c_int, [func_id for func_id, _ in kernels])
        texts = [Blob.of(text, "the kernel") for _, text in kernels]
        what.kernels = _array(POINTER(c_uint8), [text.data for text in texts])
        what.kernel_sizes, what.kernel_count = _array(c_size_t, [text.size for text in texts]), len(texts)
        call("init_runtime", self._host.init_runtime_from, self._handle, byref(what))
        self._kept = (what, orchestration, texts)  # a runtime may hold on to them

    def finalize(self) -> None:
        """Copy the results to the host and free all device memory of the graph.

        Raises:
            RuntimeError: the runtime refuses, or there is no graph
        """
        call("finalize_runtime", self._host.finalize_runtime, self._handle)

    def enable_profiling(self, enabled: bool = True) -> None:
        """Turn the runtime's own profiling on, if it has any; `davsim run --trace FILE` profiles every run.

        Raises:
            RuntimeError: it has none
        """
        function = host_function(self._host, "enable_runtime_profiling", ctypes.CFUNCTYPE(c_int, c_void_p, c_int))
        if function:
            call("enable_runtime_profiling", function, self._handle, int(enabled))
        elif enabled:
            raise RuntimeError("this runtime has no profiling of its own; `davsim run --trace FILE` writes a trace")


def _array(kind: Any, items: Optional[Sequence[Any]]) -> Any:
    return (kind * len(items))(*items) if items else None


def _kernel_text(kernel: BytesLike) -> bytes:
    """A kernel's .text; newer sources hand over the whole ELF file."""
    text = as_bytes(kernel, "the kernel")
    if not text:
        raise ValueError("the kernel is empty: give its .text section (elf_parser.extract_text_section)")
    return extract_text_section(text) if text.startswith(b"\x7fELF") else text


def load_runtime(lib_path: Union[PathLike, BytesLike]) -> Type[Runtime]:
    """Load the host part of a runtime, from memory or from a file.

    Returns:
        a class; its objects are runtimes of this kind

    Raises:
        OSError: there is no such file (FileNotFoundError), or it cannot be read
        RuntimeError: this is no host part
    """
    global _host
    if not isinstance(lib_path, (bytes, bytearray, memoryview)):
        if not os.path.exists(lib_path):
            raise FileNotFoundError(f"cannot read host part {os.fspath(lib_path)}: there is no such file")
        with open(lib_path, "rb") as file:
            lib_path = file.read()
    loaded = library_call("pto_load_host", byref(Blob.of(lib_path, "the host part")), failed=operator.not_).contents
    listen(loaded)
    _host = loaded
    return type("Runtime", (Runtime,), {"_host": loaded, "__doc__": Runtime.__doc__})


bind_host_binary = load_runtime  # its name in newer sources


def set_device(device_id: int) -> None:
    """Choose the device that the next calls mean. Raises RuntimeError if there is none of this number."""
    call("set_device", _the_host().set_device, whole(device_id, "device_id", 32))


def register_kernel(func_id: int, binary_data: BytesLike) -> None:
    """Load a kernel to the device under @func_id, before a graph with it is built.

    Args:
        func_id: the number that tasks call it by
        binary_data: its .text section, or the ELF file that holds it

    Raises:
        ValueError: it is empty, or an ELF file without .text
        RuntimeError: davcc has not built it; nothing else is ever executed
    """
    text, host = _kernel_text(binary_data), _the_host()
    call("register_kernel", host.register_kernel, whole(func_id, "func_id", 32), text, len(text))


@contextmanager
def _interruptible() -> Iterator[None]:
    """Python looks at signals between its own steps only, and a launch is one of them: let Ctrl-C end the process."""
    if (threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler):
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def launch_runtime(runtime: Runtime, aicpu_thread_num: int, block_dim: int, device_id: int, aicpu_binary: BytesLike,
                   aicore_binary: BytesLike) -> None:
    """Execute a graph on the chip, to the end.

    Args:
        runtime: what initialize has filled
        aicpu_thread_num: AICPU threads that schedule
        block_dim: clusters of AICores to use (one AIC and two AIVs each)
        device_id: as for set_device
        aicpu_binary, aicore_binary: the other two parts that RuntimeBuilder.build returned

    Raises:
        RuntimeError: a bad argument (status 2), a device exception (4), a deadlock (5), no progress (6)
    """
    if not isinstance(runtime, Runtime):
        raise TypeError(f"launch_runtime: {type(runtime).__name__} is not a Runtime of load_runtime")
    aicpu, aicore = as_bytes(aicpu_binary, "aicpu_binary"), as_bytes(aicore_binary, "aicore_binary")
    threads = whole(aicpu_thread_num, "aicpu_thread_num", 32)
    blocks, device = whole(block_dim, "block_dim", 32), whole(device_id, "device_id", 32)
    with _interruptible():
        call("launch_runtime", runtime._host.launch_runtime, runtime._handle, threads, blocks, device, aicpu,
             len(aicpu), aicore, len(aicore), capture=False)


def device_malloc(size: int) -> Optional[int]:
    """The address of @size bytes of device memory; None, after a line on stderr, if there is no room."""
    host = _the_host()
    try:
        return call("device_malloc", host.device_malloc, whole(size, "size"), failed=operator.not_)
    except DavsimError as error:
        print(f"davsim: {error}", file=sys.stderr)
        return None


def device_free(dev_ptr: int) -> None:
    """Give device memory back. Raises RuntimeError if this is no start of an allocation."""
    call("device_free", _the_host().device_free, dev_ptr, failed=told)


def copy_to_device(dev_ptr: int, host_ptr: int, size: int) -> None:
    """Copy @size bytes from the host. Raises RuntimeError if they do not lie in device memory."""
    call("copy_to_device", _the_host().copy_to_device, dev_ptr, host_ptr, size)


def copy_from_device(host_ptr: int, dev_ptr: int, size: int) -> None:
    """Copy @size bytes to the host. Raises RuntimeError if they do not lie in device memory."""
    call("copy_from_device", _the_host().copy_from_device, host_ptr, dev_ptr, size)


def device_computes() -> bool:
    """False under `davsim run --compute=off`: results are then not worth checking. The simulator's own."""
    return bool(_the_host().device_computes())


def get_incore_compiler() -> ToolchainType:
    """What kernels are compiled with: their .text is registered."""
    _the_host()
    return ToolchainType.CCEC


def get_orchestration_compiler() -> ToolchainType:
    """What orchestrations are compiled with: a library for the machine that davsim runs on."""
    _the_host()
    return ToolchainType.HOST_GXX
