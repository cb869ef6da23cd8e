"""The orchestration and the kernels of this example."""

from pathlib import Path

_HERE = Path(__file__).parent

ORCHESTRATION = {"source": str(_HERE / "orchestration" / "squares_orch.cpp"), "function_name": "BuildSquares"}

KERNELS = [
    {"func_id": 0, "source": str(_HERE / "aiv" / "kernel_add.cpp"), "core_type": "aiv"},
    {"func_id": 1, "source": str(_HERE / "aiv" / "kernel_sub.cpp"), "core_type": "aiv"},
    {"func_id": 2, "source": str(_HERE / "aiv" / "kernel_mul.cpp"), "core_type": "aiv"},
    {"func_id": 3, "source": str(_HERE / "aic" / "kernel_sum.cpp"), "core_type": "aic"},
]
