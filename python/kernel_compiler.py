"""The name under which newer sources import their compiler, which takes the runtime's name first."""

from typing import Optional, Sequence

from davsim_library import PathLike
from pto_compiler import PTOCompiler


class KernelCompiler(PTOCompiler):
    """PTOCompiler, with compile_orchestration as newer sources call it."""

    def compile_orchestration(  # type: ignore[override]
            self, runtime_name: str, source_path: PathLike,
            extra_include_dirs: Optional[Sequence[PathLike]] = None) -> bytes:
        """PTOCompiler.compile_orchestration for the runtime @runtime_name."""
        return super().compile_orchestration(source_path, extra_include_dirs, runtime_name)
