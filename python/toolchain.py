"""The names of toolchains that newer sources ask for; here davcc compiles everything."""

from enum import IntEnum


class ToolchainType(IntEnum):
    """What a platform compiles kernels and orchestrations with."""

    CCEC = 0  # kernels: their .text is registered
    HOST_GXX_15 = 1
    HOST_GXX = 2  # orchestrations that the host loads
    AARCH64_GXX = 3
