# A graph that the host builds; all AICPU threads schedule it through the register windows.

BUILD_CONFIG = {
    "aicore": {"include_dirs": ["runtime"], "source_dirs": ["aicore", "runtime"]},
    "aicpu": {"include_dirs": ["runtime"], "source_dirs": ["aicpu", "runtime"]},
    "host": {"include_dirs": ["runtime"], "source_dirs": ["host", "runtime"]},
}
