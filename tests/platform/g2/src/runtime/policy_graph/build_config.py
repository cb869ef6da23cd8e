# Runtime policy_graph: which directories make which part.

BUILD_CONFIG = {
    "aicore": {"include_dirs": ["runtime"], "source_dirs": ["aicore", "runtime"]},
    "aicpu": {"include_dirs": ["runtime"], "source_dirs": ["aicpu", "runtime"]},
    "host": {"include_dirs": ["runtime"], "source_dirs": ["host", "runtime"]},
}
