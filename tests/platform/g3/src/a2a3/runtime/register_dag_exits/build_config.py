# register_dag with the later form of the register protocol: an AICore side and a protocol.h of its own, all else as there.

BUILD_CONFIG = {
    "aicore": {"include_dirs": ["runtime", "../register_dag/runtime"],
               "source_dirs": ["aicore", "../register_dag/runtime"]},
    "aicpu": {"include_dirs": ["runtime", "../register_dag/runtime"],
              "source_dirs": ["../register_dag/aicpu", "../register_dag/runtime"]},
    "host": {"include_dirs": ["runtime", "../register_dag/runtime"],
             "source_dirs": ["../register_dag/host", "../register_dag/runtime"]},
}
