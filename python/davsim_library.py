"""The C library below the other modules of this folder: finding it, its structures, calls that fail with an exception.

libdavpto builds, compiles and loads (tools/pto.h says what each function does); these modules only bring it to Python.
A call that fails hands its one line to a callback instead of printing it, and what the user's own host code or a
compiler writes to stderr in that time is kept: both end up in the exception, nothing of it on the terminal.
"""

import ctypes
import ctypes.util
import operator
import os
import re
import shutil
import sys
import threading
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint8, c_uint64, c_void_p
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Sequence, Type, Union

PathLike = Union[str, "os.PathLike[str]"]
BytesLike = Union[bytes, bytearray, memoryview]

PLATFORMS = ("a2a3", "a2a3sim")  # one and the same here: the simulated chip

_TELL = ctypes.CFUNCTYPE(None, c_char_p)


class DavsimError(RuntimeError):
    """A call into the simulator failed; the text is its one line. `status` is one of enum dav_status (davsim.h)."""

    status: int = 2


class Blob(Structure):
    """struct pto_blob."""

    _fields_ = [("data", POINTER(c_uint8)), ("size", c_size_t)]

    @classmethod
    def of(cls, data: BytesLike, name: str) -> "Blob":
        """The bytes of @data, which the blob keeps alive and does not copy if it need not."""
        kept = as_bytes(data, name)
        blob = cls(ctypes.cast(c_char_p(kept), POINTER(c_uint8)), len(kept))
        blob._kept = kept  # type: ignore[attr-defined]
        return blob

    def take(self) -> bytes:
        """The bytes, which the library then gets back."""
        data = ctypes.string_at(self.data, self.size) if self.size else b""
        _library().pto_blob_free(byref(self))
        return data


class Binaries(Structure):
    """struct pto_runtime_binaries."""

    _fields_ = [("host", Blob), ("aicpu", Blob), ("aicore", Blob)]


class BuildOptions(Structure):
    """struct pto_build_options."""

    _fields_ = [("roots", POINTER(c_char_p)), ("platform", c_char_p),
                ("aicpu_include_dirs", POINTER(c_char_p)), ("aicpu_source_dirs", POINTER(c_char_p))]


class CompileOptions(Structure):
    """struct pto_compile_options."""

    _fields_ = [("include_dirs", POINTER(c_char_p)), ("macros", POINTER(c_char_p)), ("runtimes", POINTER(BuildOptions))]


class Init(Structure):
    """struct dav_init (model/platform.h)."""

    _fields_ = [("orchestration", POINTER(c_uint8)), ("size", c_size_t), ("function", c_char_p),
                ("args", POINTER(c_uint64)), ("arg_count", c_int), ("arg_types", POINTER(c_int)),
                ("arg_sizes", POINTER(c_uint64)), ("kernel_ids", POINTER(c_int)),
                ("kernels", POINTER(POINTER(c_uint8))), ("kernel_sizes", POINTER(c_size_t)), ("kernel_count", c_int)]


class Host(Structure):
    """struct pto_host: the functions of a loaded host part."""

    _fields_ = [
        ("handle", c_void_p),
        ("get_runtime_size", ctypes.CFUNCTYPE(c_size_t)),
        ("init_runtime", c_void_p),
        ("init_runtime_from", ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(Init))),
        ("launch_runtime",
         ctypes.CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, c_char_p, c_size_t, c_char_p, c_size_t)),
        ("finalize_runtime", ctypes.CFUNCTYPE(c_int, c_void_p)),
        ("set_device", ctypes.CFUNCTYPE(c_int, c_int)),
        ("register_kernel", ctypes.CFUNCTYPE(c_int, c_int, c_char_p, c_size_t)),
        ("device_malloc", ctypes.CFUNCTYPE(c_void_p, c_size_t)),
        ("device_free", ctypes.CFUNCTYPE(None, c_void_p)),
        ("copy_to_device", ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)),
        ("copy_from_device", ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)),
        ("device_computes", ctypes.CFUNCTYPE(c_int)),
    ]


# ---- finding the library ----

def _places() -> Iterator[Path]:
    """Where libdavpto may be: where `davsim run` says, near this file (installed, or in a build tree), near davsim."""
    here = Path(__file__).resolve().parent
    told = os.environ.get("DAVSIM_LIBDIR")
    if told:
        yield Path(told)
    for lib in ("lib", "lib/x86_64-linux-gnu", "lib64"):  # here is PREFIX/share/davsim/python
        yield here.parents[2] / lib if len(here.parents) > 2 else here / lib
    for preset in ("release", "debug", "asan"):
        yield here.parent / "build" / preset / "lib"
    command = shutil.which("davsim")
    if command:
        bin_dir = Path(command).resolve().parent
        for lib in ("lib", "lib/x86_64-linux-gnu", "lib64"):
            yield bin_dir.parent / lib


def _find_library() -> str:
    for place in _places():
        if (place / "libdavpto.so").is_file():
            return str(place / "libdavpto.so")
    found = ctypes.util.find_library("davpto")
    if found:
        return found
    raise ImportError("cannot find libdavpto.so: build davsim with `make build`, or set DAVSIM_LIBDIR to its directory")


_lock = threading.RLock()  # the library is not thread-safe; callers compile from several threads
_loaded: Optional[ctypes.CDLL] = None
_lines: List[str] = []


@_TELL
def _tell(line: bytes) -> None:
    _lines.append(line.decode(errors="replace"))


def _declare(library: ctypes.CDLL) -> None:
    options, compile_options = POINTER(BuildOptions), POINTER(CompileOptions)
    blob, text, texts = POINTER(Blob), c_char_p, POINTER(c_char_p)
    for name, result, arguments in (
        ("pto_tell_errors", None, [_TELL]),
        ("pto_capture_begin", c_int, []),
        ("pto_capture_end", None, [blob]),
        ("pto_blob_free", None, [blob]),
        ("pto_build_runtime_with", c_int, [text, options, POINTER(Binaries)]),
        ("pto_list_runtimes", c_int, [options, POINTER(texts)]),
        ("pto_list_free", None, [texts]),
        ("pto_runtime_dir", c_int, [text, options, POINTER(c_void_p)]),
        ("pto_compile_orchestration_with", c_int, [text, text, compile_options, blob]),
        ("pto_compile_incore_with", c_int, [text, text, compile_options, blob]),
        ("pto_extract_text", c_int, [blob, blob]),
        ("pto_load_host", POINTER(Host), [blob]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _library() -> ctypes.CDLL:
    global _loaded
    with _lock:
        if _loaded is None:
            path = _find_library()
            try:
                library = ctypes.CDLL(path)
                _declare(library)
            except (OSError, AttributeError) as error:
                raise ImportError(f"cannot use {path}: {error}") from None
            library.pto_tell_errors(_tell)
            _loaded = library
        return _loaded


def host_function(host: Host, name: str, prototype: Any) -> Optional[Any]:
    """A function that a host part, or the simulator below it, exports; None if neither does."""
    lookup = ctypes.CDLL(None).dlsym
    lookup.restype, lookup.argtypes = c_void_p, [c_void_p, c_char_p]
    address = lookup(host.handle, name.encode())
    return prototype(address) if address else None


def listen(host: Host) -> None:
    """The simulator below a host part hands its lines to us, too."""
    tell_errors = host_function(host, "dav_tell_errors", ctypes.CFUNCTYPE(None, _TELL))
    if tell_errors:
        tell_errors(_tell)


def free(memory: c_void_p) -> None:
    """Give back what the library has allocated for its caller."""
    ctypes.CDLL(None).free(memory)


# ---- calls ----

def _failure(error: Type[Exception], name: str, status: int, messages: str) -> Exception:
    """The exception of a call that failed: its lines as one; what else was written is noted below it."""
    written = messages.splitlines()
    lines = list(dict.fromkeys(_lines))
    if not lines and written:
        lines = [written.pop()]  # the host part of a runtime has told it itself
        lines[0] = lines[0][8:] if lines[0].startswith("davsim: ") else lines[0]
    lines = [re.sub(r"^pto_\w+: ", "", line) for line in lines]  # functions that the user has not called
    failed = error("; ".join(lines) or f"{name} failed with status {status}, and did not say why")
    if isinstance(failed, DavsimError):
        failed.status = status
    if written and hasattr(failed, "add_note"):  # Python 3.11
        failed.add_note("\n".join(written))
    elif written:
        print("\n".join(written), file=sys.stderr)
    return failed


def call(name: str, function: Callable[..., Any], *arguments: Any, error: Type[Exception] = DavsimError,
         failed: Callable[[Any], bool] = bool, capture: bool = True) -> Any:
    """Call @function, and raise @error with the line it told if @failed(result).

    @capture: keep what is written to stderr meanwhile. Not for what runs for long: its progress would not be seen.
    """
    library = _library()
    with _lock:
        _lines.clear()
        written = Blob()
        sys.stderr.flush() if sys.stderr else None
        captured = capture and library.pto_capture_begin() == 0
        try:
            result = function(*arguments)
        finally:
            if captured:
                library.pto_capture_end(byref(written))
        messages = written.take().decode(errors="replace")
        if failed(result):
            raise _failure(error, name, result if isinstance(result, int) else 2, messages)
        if messages:
            os.write(2, messages.encode())
        return result


def told(_result: Any) -> bool:
    """For functions that return nothing: whether a line was told."""
    return bool(_lines)


def library_call(name: str, *arguments: Any, error: Type[Exception] = DavsimError,
                 failed: Callable[[Any], bool] = bool) -> Any:
    """The same for a function of libdavpto."""
    return call(name, getattr(_library(), name), *arguments, error=error, failed=failed)


# ---- arguments ----

def as_bytes(data: BytesLike, name: str) -> bytes:
    """@data, or TypeError: bytes() itself would make zeros of a number."""
    try:
        return data if isinstance(data, bytes) else bytes(memoryview(data))
    except TypeError:
        raise TypeError(f"{name} is of type {type(data).__name__}: give bytes") from None


def whole(value: Any, name: str, bits: int = 64) -> int:
    """@value, or TypeError; what does not fit into @bits is a ValueError: ctypes would cut it."""
    if isinstance(value, ctypes._SimpleCData):
        value = value.value or 0
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is of type {type(value).__name__}: give a whole number"
                        " (of an array its address: array.ctypes.data)") from None
    if not -1 << bits - 1 <= number < 1 << (bits if bits == 64 else bits - 1):
        raise ValueError(f"{name} is {number}, which is more than {bits} bits hold")
    return number


def encode(text: Optional[PathLike]) -> Optional[bytes]:
    """A name as the library takes it."""
    return None if text is None else os.fsencode(text)


def texts(items: Optional[Sequence[PathLike]]) -> Any:
    """A NULL-terminated array of names, or NULL."""
    if not items:
        return None
    return (c_char_p * (len(items) + 1))(*[encode(item) for item in items], None)


def build_options(roots: Sequence[PathLike] = (), platform: Optional[str] = None,
                  aicpu_include_dirs: Optional[Sequence[PathLike]] = None,
                  aicpu_source_dirs: Optional[Sequence[PathLike]] = None) -> BuildOptions:
    """A filled struct pto_build_options."""
    return BuildOptions(texts(roots), encode(platform), texts(aicpu_include_dirs), texts(aicpu_source_dirs))


def check_platform(platform: Optional[str]) -> Optional[str]:
    """@platform, if the simulated chip is of it, else ValueError."""
    if platform is not None and platform not in PLATFORMS:
        raise ValueError(f"platform '{platform}' is not simulated; there is: {', '.join(PLATFORMS)}")
    return platform


def check_source(source: PathLike) -> bytes:
    """The name of a source file that is there, else FileNotFoundError."""
    if not os.path.isfile(source):
        raise FileNotFoundError(f"cannot read source file {os.fspath(source)}: there is no such file")
    return os.fsencode(source)
