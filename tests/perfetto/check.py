"""Compare what queries gave with numbers counted in the trace: check.py ROWS.json DECODED.

ROWS.json: {heading of a query in docs/traces.md: rows}. DECODED: the same trace as protoc's text. There must be a function below
for every heading, and a heading for every function.
"""
import collections
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import trace_check  # noqa: E402


class Reader(trace_check.Reader):
    """Also curves."""

    def __init__(self):
        super().__init__()
        self.curves = collections.defaultdict(list)  # row -> (time, value)

    def event(self, event, time):
        super().event(event, time)
        for name in ("counter_value", "double_counter_value"):
            for value in event.get(name, []):
                self.curves[self.rows[trace_check.one(event, "track_uuid")]].append((time, float(value)))


class Trace:
    def __init__(self, path):
        self.reader = Reader()
        for packet in trace_check.parse(iter(open(path)))["packet"]:
            self.reader.read(packet)
        self.slices = self.reader.slices
        self.tasks = self.of("task")
        # Arrows as pairs of slices.
        self.arrows = [(from_, self.reader.ends[flow][1]) for flow, (_, from_) in self.reader.starts.items()]

    def of(self, *categories):
        return [s for s in self.slices if s["category"] in categories]

    def between(self, from_, to):
        return [(a, b) for a, b in self.arrows if a["category"] == from_ and b["category"] == to]


def length(slice_):
    return slice_["end"] - slice_["begin"]


def grouped(things, key):
    groups = collections.defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups


def average(values):
    return sum(values) // len(values)


def number(slice_, name):
    return int(slice_["args"][name])


def kernels(trace):
    rows = []
    for name, tasks in grouped(trace.tasks, lambda s: s["name"]).items():
        times = [length(s) for s in tasks]
        rows.append({"name": name, "tasks": len(tasks), "total": sum(times), "shortest": min(times),
                     "average": average(times), "longest": max(times)})
    return sorted(rows, key=lambda r: (-r["total"], r["name"]))


def slowest_tasks(trace):
    slowest = sorted(trace.tasks, key=lambda s: (-length(s), s["begin"], s["row"]))[:20]
    return [{"task": number(s, "task"), "name": s["name"], "core": s["row"], "ts": s["begin"], "dur": length(s),
             "cycles": number(s, "cycles")} for s in slowest]


def exact_lengths(trace):
    totals = collections.Counter()
    for s in trace.tasks:
        totals[s["name"]] += length(s) * 1000 + number(s, "end ps") - number(s, "begin ps")
    return [{"name": name, "total_ps": totals[name]} for name in sorted(totals)]


def busy_cores(trace):
    launches = trace.of("launch")
    whole = max(s["end"] for s in launches) - min(s["begin"] for s in launches)
    rows = []
    for core, tasks in grouped(trace.tasks, lambda s: s["row"]).items():
        busy = sum(map(length, tasks))
        rows.append({"core": core, "tasks": len(tasks), "busy": busy, "percent": round(100.0 * busy / whole, 3)})
    return sorted(rows, key=lambda r: (-r["busy"], r["core"]))


def from_dispatch_to_start(trace):
    rows = []
    for name, arrows in grouped(trace.between("dispatch", "task"), lambda a: a[1]["name"]).items():
        times = [task["begin"] - dispatch["begin"] for dispatch, task in arrows]
        rows.append({"name": name, "arrows": len(times), "shortest": min(times), "average": average(times),
                     "longest": max(times)})
    return sorted(rows, key=lambda r: r["name"])


def from_end_to_seen(trace):
    rows = []
    for row, arrows in grouped(trace.between("task", "completion"), lambda a: a[1]["row"]).items():
        times = [seen["end"] - task["end"] for task, seen in arrows]
        rows.append({"scheduler": row, "completions": len(times), "longest": max(times), "average": average(times)})
    return sorted(rows, key=lambda r: r["scheduler"])


def what_the_scheduler_does(trace):
    rows = []
    slices = trace.of("phase", "dispatch", "completion", "wait", "user")
    for (row, category, name), group in grouped(slices, lambda s: (s["row"], s["category"], s["name"])).items():
        rows.append({"scheduler": row, "category": category, "name": name, "times": len(group),
                     "total": sum(map(length, group))})
    return sorted(rows, key=lambda r: (r["scheduler"], -r["total"], r["name"]))


def ready_but_not_running(trace):
    name = "ready to start, ps"
    tasks = [s for s in trace.tasks if name in s["args"]]
    tasks.sort(key=lambda s: (-number(s, name), s["begin"], number(s, "task")))
    return [{"task": number(s, "task"), "name": s["name"], "waited_ps": number(s, name)} for s in tasks[:20]]


def the_chain_that_ended_last(trace):
    before = collections.defaultdict(list)
    for a, b in trace.between("task", "task"):
        before[number(b, "task")].append(a)
    task = max(trace.tasks, key=lambda s: s["end"])
    rows = []
    while task:
        rows.append({"task": number(task, "task"), "name": task["name"], "ts": task["begin"], "dur": length(task)})
        task = max(before[number(task, "task")], key=lambda s: s["end"], default=None)
    return rows


def cores_at_work(trace):
    points = trace.reader.curves["running AIV"]
    total = sum(value * (later - time) for (time, value), (later, _) in zip(points, points[1:]))
    return [{"points": len(points), "most": max(value for _, value in points),
             "average": round(total / (points[-1][0] - points[0][0]), 6)}]


def copies(trace):
    rows = []
    for name, group in grouped(trace.of("copy"), lambda s: s["name"]).items():
        rows.append({"name": name, "copies": len(group), "bytes": sum(number(s, "bytes") for s in group),
                     "total": sum(map(length, group))})
    return sorted(rows, key=lambda r: r["name"])


QUERIES = [kernels, slowest_tasks, exact_lengths, busy_cores, from_dispatch_to_start, from_end_to_seen,
           what_the_scheduler_does, ready_but_not_running, the_chain_that_ended_last, cores_at_work, copies]


def main(rows_path, decoded_path):
    rows = json.load(open(rows_path))
    trace = Trace(decoded_path)
    assert rows.pop("stats") == [], "the trace processor found the trace faulty"
    expected = {query.__name__: query for query in QUERIES}
    names = [heading.lower().replace(",", "").replace(" ", "_") for heading in rows]
    assert names == list(expected), (names, list(expected))
    for name, got in zip(names, rows.values()):
        wanted = expected[name](trace)
        assert wanted, (name, "nothing to compare with")
        assert got == wanted, f"{name}:\n got    {got}\n wanted {wanted}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
