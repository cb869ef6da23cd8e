"""Compile kernels and orchestration functions for the simulated chip.

    compiler = PTOCompiler()
    orchestration = compiler.compile_orchestration("kernels/orchestration/my_orch.cpp")
    kernel = compiler.compile_incore("kernels/aiv/my_kernel.cpp", core_type="aiv")

Results are kept in the user's cache under a key of everything that went into them.
"""

import os
from ctypes import byref, pointer
from pathlib import Path
from typing import Any, List, Optional, Sequence

import runtime_builder
from davsim_library import (PLATFORMS, Blob, CompileOptions, PathLike, check_platform, check_source, encode,
                            library_call, texts)

CORE_TYPES = ("aic", "aiv")


class PTOCompiler:
    """Compiles single sources. No vendor toolkit is needed: what would name one is taken and left aside."""

    def __init__(self, platform: Optional[str] = None, ascend_home_path: Optional[PathLike] = None) -> None:
        """
        Args:
            platform: "a2a3" or "a2a3sim", which are one here
            ascend_home_path: not used; in older sources it is the first argument

        Raises:
            ValueError: the platform is another one
        """
        if platform is not None and platform not in PLATFORMS and os.sep in os.fspath(platform):
            platform, ascend_home_path = None, platform
        self.platform = check_platform(platform) or PLATFORMS[0]
        self.ascend_home_path = ascend_home_path
        self._builder: Optional["runtime_builder.RuntimeBuilder"] = None

    @classmethod
    def _of(cls, builder: "runtime_builder.RuntimeBuilder") -> Any:
        """A compiler that looks for runtimes where @builder does."""
        compiler = cls(builder.platform)
        compiler._builder = builder
        return compiler

    def get_platform_include_dirs(self) -> List[str]:
        """Directories of the platform's headers; every compilation has them anyway."""
        return []

    def get_orchestration_include_dirs(self, runtime_name: str) -> List[str]:
        """Where the headers of a runtime are, and those of the platform."""
        builder = self._builder or runtime_builder.RuntimeBuilder(platform=self.platform)
        return [str(Path(builder.runtime_dir_of(runtime_name)) / "runtime")] + self.get_platform_include_dirs()

    def compile_orchestration(self, source_path: PathLike, extra_include_dirs: Optional[Sequence[PathLike]] = None,
                              runtime_name: Optional[str] = None) -> bytes:
        """A shared library that holds an orchestration function, `int name(Runtime *, uint64_t *args, int arg_count)`.

        Args:
            source_path: a C or C++ file
            extra_include_dirs: searched before the runtime's own, which need not be given
            runtime_name: the runtime that it is for; the one built last if not given

        Raises:
            FileNotFoundError: there is no such source
            RuntimeError: it does not compile, or no runtime was built
        """
        source = check_source(source_path)
        runtimes = None
        if runtime_name is not None and self._builder is not None:
            runtimes = pointer(self._builder.options())
        options = CompileOptions(texts(extra_include_dirs), None, runtimes)
        return self._compile("pto_compile_orchestration_with", source, encode(runtime_name), options)

    def compile_incore(self, source_path: PathLike, core_type: str = "aiv", pto_isa_root: Optional[PathLike] = None,
                       extra_include_dirs: Optional[Sequence[PathLike]] = None,
                       macros: Optional[Sequence[str]] = None) -> bytes:
        """A kernel as an ELF file; its .text (elf_parser) is what is registered.

        Args:
            source_path: a C or C++ file
            core_type: "aic" (cube) or "aiv" (vector)
            pto_isa_root: the tile library, if the kernel includes it; where there is none, $PTO_ISA_ROOT counts
            extra_include_dirs: searched first
            macros: "NAME" or "NAME=VALUE" each

        Raises:
            FileNotFoundError: there is no such source
            ValueError: there is no such core type
            RuntimeError: it does not compile
        """
        if core_type not in CORE_TYPES:
            raise ValueError(f"'{core_type}' is not a core type: aic (cube) or aiv (vector)")
        source = check_source(source_path)
        include_dirs = list(extra_include_dirs or []) + _tile_library(pto_isa_root)
        options = CompileOptions(texts(include_dirs), texts(macros), None)
        return self._compile("pto_compile_incore_with", source, encode(core_type), options)

    @staticmethod
    def _compile(function: str, source: bytes, kind: Optional[bytes], options: CompileOptions) -> bytes:
        out = Blob()
        library_call(function, source, kind, byref(options), byref(out))
        return out.take()


def _tile_library(pto_isa_root: Optional[PathLike]) -> List[str]:
    """The include directories of the tile library. Sources name places of other machines: only what is here counts."""
    for root in (pto_isa_root, os.environ.get("PTO_ISA_ROOT")):
        if root and os.path.isdir(os.path.join(root, "include")):
            return [os.path.join(root, "include"), os.path.join(root, "include", "pto")]
    return []
