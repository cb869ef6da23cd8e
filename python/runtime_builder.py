"""Find runtimes by their build_config.py, and build them.

    host, aicpu, aicore = RuntimeBuilder().build("my_runtime")

A runtime is looked for in the project given, in those that DAVSIM_RUNTIME_PATH names, in the project that the program
stands in, in that of this folder, in the working directory, and among those that come with davsim. In a project the
folders runtime/, src/runtime/ and src/ARCH/runtime/ hold runtimes.
"""

import os
import sys
from ctypes import POINTER, byref, c_char_p, c_void_p, string_at
from pathlib import Path
from typing import TYPE_CHECKING, List, Optional, Sequence, Tuple, Type, Union

import davsim_library
from davsim_library import Binaries, BuildOptions, DavsimError, PathLike, build_options, check_platform, library_call

if TYPE_CHECKING:
    from kernel_compiler import KernelCompiler
    from pto_compiler import PTOCompiler


class RuntimeBuilder:
    """Builds runtimes; `RuntimeBuilder()`, `(root)`, `("a2a3sim")` and `("a2a3", root)` are all understood."""

    def __init__(self, runtime_root: Optional[PathLike] = None, platform: Optional[PathLike] = None) -> None:
        """
        Args:
            runtime_root: a project, or a folder of runtimes, that is searched first
            platform: "a2a3" or "a2a3sim", which are one here

        Raises:
            ValueError: the platform is another one, or the root is no directory
        """
        if runtime_root in davsim_library.PLATFORMS or platform is not None and os.sep in os.fspath(platform):
            runtime_root, platform = platform, runtime_root
        if runtime_root is not None and not os.path.isdir(runtime_root):
            if platform is None and os.sep not in os.fspath(runtime_root):
                check_platform(str(runtime_root))
            raise ValueError(f"'{os.fspath(runtime_root)}' is not a directory to look for runtimes in")
        self.platform = check_platform(None if platform is None else str(platform))
        self.runtime_root = Path(runtime_root) if runtime_root is not None else Path(__file__).parent.parent
        self._roots = _roots(runtime_root)

    def options(self, aicpu_include_dirs: Optional[Sequence[PathLike]] = None,
                aicpu_source_dirs: Optional[Sequence[PathLike]] = None) -> BuildOptions:
        """What the C library is told of this builder."""
        return build_options(self._roots, self.platform, aicpu_include_dirs, aicpu_source_dirs)

    def list_runtimes(self) -> List[str]:
        """The names of the runtimes that can be built, sorted."""
        names = POINTER(c_char_p)()
        library_call("pto_list_runtimes", byref(self.options()), byref(names), error=ValueError)
        found = []
        for name in names:
            if name is None:
                break
            found.append(os.fsdecode(name))
        library_call("pto_list_free", names)
        return found

    def runtime_dir_of(self, name: str) -> str:
        """The directory of a runtime. Raises ValueError if there is none of this name."""
        directory = c_void_p()
        library_call("pto_runtime_dir", os.fsencode(name), byref(self.options()), byref(directory), error=ValueError)
        found = os.fsdecode(string_at(directory.value or 0))
        davsim_library.free(directory)
        return found

    def build(self, name: str, extra_aicpu_source_dirs: Optional[Sequence[PathLike]] = None,
              extra_aicpu_include_dirs: Optional[Sequence[PathLike]] = None) -> Tuple[bytes, bytes, bytes]:
        """Compile the three parts of a runtime, or find them in the cache.

        Returns:
            the host, AICPU and AICore binaries

        Raises:
            ValueError: no runtime has this name; the text lists those there are
            RuntimeError: its build_config.py or a source is wrong
        """
        error: Type[Exception] = DavsimError if name in self.list_runtimes() else ValueError
        out = Binaries()
        library_call("pto_build_runtime_with", os.fsencode(name),
                     byref(self.options(extra_aicpu_include_dirs, extra_aicpu_source_dirs)), byref(out), error=error)
        return out.host.take(), out.aicpu.take(), out.aicore.take()

    def get_pto_compiler(self) -> "PTOCompiler":
        """A compiler for the runtimes of this builder."""
        from pto_compiler import PTOCompiler

        return PTOCompiler._of(self)

    def get_kernel_compiler(self) -> "KernelCompiler":
        """The same, as newer sources call it."""
        from kernel_compiler import KernelCompiler

        return KernelCompiler._of(self)


def _holds_runtimes(project: Path) -> bool:
    folders = ("runtime", "src/runtime", "src/*/runtime")
    return any(any(project.glob(f"{folder}/*/build_config.py")) for folder in folders)


def _project_of(path: Path) -> Optional[Path]:
    """The nearest directory above @path that holds runtimes."""
    return next((project for project in path.parents if _holds_runtimes(project)), None)


def _roots(given: Union[None, PathLike]) -> List[str]:
    """Where to look, beside what the library knows: the given root before DAVSIM_RUNTIME_PATH, the others behind."""
    roots = [os.fspath(given)] if given is not None else []
    roots += [root for root in os.environ.get("DAVSIM_RUNTIME_PATH", "").split(":") if os.path.isdir(root)]
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    # Not resolved: the folder may be a link in the user's project, which then is the project.
    for path in ([Path(os.path.abspath(script))] if script else []) + [Path(os.path.abspath(__file__))]:
        project = _project_of(path)
        if project is not None and str(project) not in roots:
            roots.append(str(project))
    return roots
