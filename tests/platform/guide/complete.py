"""Put the code blocks of the guide "Implementing a New Runtime" into the files it describes: complete.py GUIDE PROJECT.

Each block is taken as it stands. What has to be added, because the guide's text is abbreviated or leaves it to the
reader, is all here, in ADDED and FIXED; nothing else is.
"""
import re
import sys
from pathlib import Path

# Whole texts in front of the blocks of a file, or in place of what the guide describes in words.
ADDED = {
    # Headers, the limits that Step 2 uses and does not define.
    "runtime.h": """#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
constexpr int RUNTIME_MAX_ARGS = 16, RUNTIME_MAX_FANOUT = 64, RUNTIME_MAX_WORKER = 72;
constexpr int RUNTIME_MAX_TASKS = 256, RUNTIME_MAX_TENSOR_PAIRS = 16;
""",
    # "Runtime implementation": the bodies of the methods that Step 2 declares.
    "runtime.cpp": """#include "runtime.h"
#include <cstdio>
#include <cstring>
int Runtime::add_task(uint64_t* args, int arg_count, int func_id, int core_type)
{
    if (task_count == RUNTIME_MAX_TASKS || arg_count > RUNTIME_MAX_ARGS)
        return -1;
    Task& task = tasks[task_count];
    task.task_id = task_count;
    task.func_id = func_id;
    task.core_type = core_type;
    std::memcpy(task.args, args, sizeof(uint64_t) * arg_count);
    return task_count++;
}
void Runtime::add_successor(int from, int to)
{
    tasks[from].fanout[tasks[from].fanout_count++] = to;
    tasks[to].fanin.fetch_add(1);
}
void Runtime::RecordTensorPair(void* host, void* dev, size_t size)
{
    tensor_pairs[tensor_pair_count++] = TensorPair{host, dev, size};
}
int Runtime::get_task_count() const { return task_count; }
void Runtime::print_runtime() const { std::printf("%d tasks\\n", task_count); }
""",
    # Headers of the host, AICPU and AICore parts; GetRuntimePtr is "platform-specific".
    "runtimemaker.cpp": """#include "runtime.h"
#include <cstdio>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>
""",
    "runtimeexecutor.cpp": """#include "runtime.h"
#include "aicpu/runtime_ptr.h"
""",
    "aicore_executor.cpp": """#include "aicore/aicore.h"
#include "runtime.h"
""",
    # "Create an example": the kernel is the reader's.
    "my_kernel.cpp": """#include "aicore/aicore.h"
extern "C" __aicore__ void my_kernel(__gm__ int64_t* args)
{
    __gm__ float* in = reinterpret_cast<__gm__ float*>(args[0]);
    __gm__ float* out = reinterpret_cast<__gm__ float*>(args[1]);
    for (int64_t i = 0; i < args[2] / 4; i++)
        out[i] = in[i] + 1;
}
""",
}

# (file, the guide's text, what C++ asks for instead, why).
FIXED = [
    # uint64_t* does not become int64_t* by itself.
    ("aicore_executor.cpp", "kernel(task->args);", "kernel((__gm__ int64_t*)task->args);"),
]

# The DAG variant of Step 4: what surrounds the fragment that the guide shows. In place of the linear example's
# completion and of its choice of the next task; the ready queue and the initial tasks are the reader's.
DAG = [
    ("        int next_task = 0;\n", """        std::queue<Task*> ready_queue;
        for (int i = 0; i < runtime->task_count; i++)
            if (runtime->tasks[i].fanin.load() == 0)
                ready_queue.push(&runtime->tasks[i]);
"""),
    ("                    completed++;\n                    hs.task = nullptr;\n                    "
     "// Update successor fanin counts if using DAG\n",
     "@FRAGMENT@                    completed++;\n                    hs.task = nullptr;\n"),
    ("next_task < runtime->task_count", "!ready_queue.empty()"),
    ("Task& task = runtime->tasks[next_task++];", "Task& task = *ready_queue.front();\n"
     "                    ready_queue.pop();"),
]

# A graph for it: the guide's has one task. The first task needs what the second one makes.
DAG_GRAPH = [
    ("    runtime->add_task(task_args, 3, /*func_id=*/0, /*core_type=*/1);\n", """    void* dev_middle = runtime->host_api.DeviceMalloc(size);
    uint64_t first_args[3] = {task_args[0], reinterpret_cast<uint64_t>(dev_middle), size};
    task_args[0] = first_args[1];
    int second = runtime->add_task(task_args, 3, /*func_id=*/0, /*core_type=*/1);
    int first = runtime->add_task(first_args, 3, /*func_id=*/0, /*core_type=*/1);
    runtime->add_successor(first, second);
"""),
]


def blocks_of(text):
    return [block for _, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)]


def pick(blocks, mark):
    found = [block for block in blocks if mark in block]
    if len(found) != 1:
        sys.exit(f"complete.py: {len(found)} blocks with {mark!r}, not one")
    return found[0]


def replace(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"complete.py: {text.count(old)} times {old!r}, not once")
    return text.replace(old, new)


def main():
    blocks = blocks_of(Path(sys.argv[1]).read_text())
    project = Path(sys.argv[2])
    runtime = project / "src/runtime/my_runtime"
    example = project / "examples/my_runtime_example"
    files = {
        runtime / "build_config.py": [pick(blocks, "BUILD_CONFIG = {")],
        runtime / "runtime/runtime.h": [pick(blocks, mark) for mark in (
            "struct alignas(64) Handshake", "struct Task {", "struct HostApi {", "struct TensorPair {",
            "class Runtime {")],
        runtime / "runtime/runtime.cpp": [],
        runtime / "host/runtimemaker.cpp": [pick(blocks, "int InitRuntime("), pick(blocks, "int FinalizeRuntime(")],
        runtime / "aicore/aicore_executor.cpp": [pick(blocks, "void AicoreExecute(")],
        example / "kernels/kernel_config.py": [pick(blocks, "KERNELS = [")],
        example / "kernels/orchestration/my_orch.cpp": [pick(blocks, "int BuildMyGraph(")],
        example / "kernels/aiv/my_kernel.cpp": [],
        example / "main.py": [pick(blocks, "def main():")],
        project / "linear.cpp": [ADDED["runtimeexecutor.cpp"], pick(blocks, "class AicpuExecutor {")],
    }
    for path, parts in files.items():
        text = ADDED.get(path.name, "") + "\n".join(parts)
        for name, old, new in FIXED:
            if name == path.name:
                text = replace(text, old, new)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (runtime / "aicpu").mkdir(exist_ok=True)
    dag = "#include <queue>\n" + (project / "linear.cpp").read_text()
    for old, new in DAG:
        dag = replace(dag, old, new.replace("@FRAGMENT@", pick(blocks, "// On task completion")))
    (project / "dag.cpp").write_text(dag)
    orchestration = (example / "kernels/orchestration/my_orch.cpp").read_text()
    (project / "linear_orch.cpp").write_text(orchestration)
    for old, new in DAG_GRAPH:
        orchestration = replace(orchestration, old, new)
    (project / "dag_orch.cpp").write_text(orchestration)


main()
