# A graph that an AICPU thread builds while the others schedule it. The AICore side is that of register_dag.

BUILD_CONFIG = {
    "aicore": {"include_dirs": ["runtime", "../register_dag/runtime"], "source_dirs": ["../register_dag/aicore"]},
    "aicpu": {"include_dirs": ["runtime", "../register_dag/runtime", "../register_dag/aicpu"],
              "source_dirs": ["aicpu"]},
    "host": {"include_dirs": ["runtime", "../register_dag/runtime", "../register_dag/host"], "source_dirs": ["host"]},
}
