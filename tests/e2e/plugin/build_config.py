# A runtime whose graph is built on the AICPU, by a library that thread 3 opens there.

BUILD_CONFIG = {
    "aicore": {"include_dirs": ["runtime"], "source_dirs": ["aicore"]},
    "aicpu": {"include_dirs": ["runtime"], "source_dirs": ["aicpu"]},
    "host": {"include_dirs": ["runtime"], "source_dirs": ["host"]},
}
