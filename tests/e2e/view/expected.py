"""What the page must show, counted in the trace that protoc has decoded: expected.py DECODED prints it as JSON."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import trace_check  # noqa: E402


def described(slice_):
    return {"name": slice_["name"], "row": slice_["row"], "category": slice_["category"], "begin": slice_["begin"],
            "end": slice_["end"], "args": slice_["args"]}


def main(path):
    reader = trace_check.read(path)
    tasks = [s for s in reader.slices if s["category"] == "task"]
    last = max(tasks, key=lambda s: int(s["args"]["task"]))
    producers, dispatches = [], []
    for flow, (_, from_) in reader.starts.items():
        if reader.ends[flow][1] is last:
            (producers if from_["category"] == "task" else dispatches).append(described(from_))
    kernels = {}
    for task in tasks:
        count, total = kernels.get(task["name"], (0, 0))
        kernels[task["name"]] = (count + 1, total + task["end"] - task["begin"])
    edges = sum(from_["category"] == "task" and reader.ends[flow][1]["category"] == "task"
                for flow, (_, from_) in reader.starts.items())
    seen_last = max((s for s in reader.slices if s["category"] == "completion"),
                    key=lambda s: s["end"] * 1000 + int(s["args"]["end ps"]))["args"]["task"]
    finish, = [s for s in tasks if s["args"]["task"] == seen_last]
    slowest = min(tasks, key=lambda s: (s["begin"] - s["end"], s["begin"]))
    print(json.dumps({"slices": len(reader.slices) + len(reader.instants), "last": described(last), "finish": described(finish),
                      "producers": producers, "dispatches": dispatches, "kernels": kernels, "edges": edges,
                      "tasks": len(tasks), "longest": slowest["end"] - slowest["begin"],
                      "cores": len({s["row"] for s in tasks})}))


if __name__ == "__main__":
    main(sys.argv[1])
