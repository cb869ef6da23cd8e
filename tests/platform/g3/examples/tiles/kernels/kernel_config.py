"""What main.py compiles: kernels, and an orchestration for each kind of runtime."""

from pathlib import Path

_ROOT = Path(__file__).parent

KERNELS = [
    {"func_id": 0, "source": str(_ROOT / "aiv" / "kernel_axpy.cpp"), "core_type": "aiv"},
    {"func_id": 1, "source": str(_ROOT / "aic" / "kernel_multiply.cpp"), "core_type": "aic"},
    {"func_id": 2, "source": str(_ROOT / "aiv" / "kernel_sum.cpp"), "core_type": "aiv"},
]

ON_HOST = {"source": str(_ROOT / "orchestration" / "on_host.cpp"), "function_name": "build_tiles"}
ON_DEVICE = {"source": str(_ROOT / "orchestration" / "on_device.cpp"), "function_name": "build_tiles"}
