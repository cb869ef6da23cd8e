# What each of the three binaries of this runtime is built from; paths are relative to this file.

BUILD_CONFIG = {
    "aicore": {
        "include_dirs": ["runtime"],
        "source_dirs": ["aicore", "runtime"],
    },
    "aicpu": {
        "include_dirs": ["runtime"],
        "source_dirs": ["aicpu", "runtime"],
    },
    "host": {
        "include_dirs": ["runtime"],
        "source_dirs": ["host", "runtime"],
    },
}
