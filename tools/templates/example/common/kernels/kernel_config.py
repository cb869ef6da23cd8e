# What my_example is made of.

from pathlib import Path

_KERNELS_ROOT = Path(__file__).parent

ORCHESTRATION = {
    "source": str(_KERNELS_ROOT / "orchestration" / "my_example_orch.c"),
    "function_name": "build_my_example",
}

KERNELS = [
    {"func_id": 0, "source": str(_KERNELS_ROOT / "aiv" / "my_example_kernel.c"), "core_type": "aiv"},
]
