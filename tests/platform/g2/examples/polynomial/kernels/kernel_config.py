"""The orchestration and the kernels of this example."""

from pathlib import Path

_HERE = Path(__file__).parent

ORCHESTRATION = {"source": str(_HERE / "orchestration" / "polynomial_orch.cpp"), "function_name": "build_polynomial"}

KERNELS = [
    {"func_id": 2, "source": str(_HERE / "aiv" / "kernel_step.cpp"), "core_type": "aiv"},
    {"func_id": 5, "source": str(_HERE / "aic" / "kernel_total.cpp"), "core_type": "aic"},
]
