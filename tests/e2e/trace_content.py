"""Hold a trace in Chrome's JSON against what else is known of its run.

trace_content.py curves TRACE REPORT       curves sum up to the report's counters, and agree with the trace's own slices
trace_content.py levels REPORT TASK PHASE PIPE INSTR MEM
                                           each level has what those before it have; details sum up to the report's counters
trace_content.py fault TRACE CORE          one fault, on the row of a core whose name matches, as the host's row tells it
trace_content.py finding TRACE ROW...      the marks of a finding stand on these rows, and arrows lead from each to the next
"""
import collections
import json
import re
import sys


class Trace:
    def __init__(self, path):
        self.groups, self.rows, self.curves = {}, {}, collections.defaultdict(list)
        self.slices, self.instants, self.arrows = [], [], collections.defaultdict(dict)
        open_ = collections.defaultdict(list)
        events = json.load(open(path))["traceEvents"]
        for event in (e for e in events if e["ph"] == "M"):
            name = event["args"].get("name")
            if event["name"] == "process_name":
                self.groups[event["pid"]] = name
            elif event["name"] == "thread_name":
                self.rows[event["pid"], event["tid"]] = name
        for event in (e for e in events if e["ph"] == "C"):  # in the file's order
            self.curves[event["name"]].append((event["ts"], next(iter(event["args"].values()))))
        for event in sorted((e for e in events if e["ph"] in "BEisf"), key=lambda e: e["ts"]):
            key = event["pid"], event.get("tid")
            if event["ph"] == "E":
                slice_ = open_[key].pop()
                slice_["end"] = event["ts"]
                slice_["args"].update(event.get("args", {}))
            elif event["ph"] in "sf":
                self.arrows[event["id"]][event["ph"]] = (event["ts"], key)
            else:
                what = {"row": self.rows.get(key), "key": key, "name": event["name"], "category": event.get("cat"),
                        "begin": event["ts"], "end": event["ts"], "args": dict(event.get("args", {}))}
                (open_[key] if event["ph"] == "B" else self.instants).append(what)
                self.slices += [what] if event["ph"] == "B" else []
        assert not any(open_.values()), "slices that never end"

    def of(self, category, name=None):
        return [s for s in self.slices + self.instants
                if s["category"] == category and (name is None or s["name"] == name)]


def exactly(slice_, end):
    """Picoseconds."""
    return round(slice_[end] * 1000) * 1000 + slice_["args"][end + " ps"]


def integral(points):
    return sum(value * (after - at) for (at, value), (after, _) in zip(points, points[1:]))


def check_shape(trace, launches):
    """A point only where the value is another, in the order of time, at most one a microsecond."""
    borders = {t for launch in launches for t in (launch["begin"], launch["end"])}
    for name, points in trace.curves.items():
        for (at, value), (after, other) in zip(points, points[1:]):
            assert at < after and value != other, (name, at, after)
            assert after - at > 0.999 or at in borders or after in borders, (name, at, after)
        assert points[-1][1] == 0 or name == "L2 hit rate, %", (name, points[-1])
        if not name.startswith("running"):
            assert all(at == int(at) or at in borders for at, _ in points), name
    assert all(0 <= value <= 100 for _, value in trace.curves.get("L2 hit rate, %", []))


def check_sums(trace, report, launches):
    counters = report["counters"]
    mte = [pipes[pipe]["busy_ps"] for pipes in report.get("pipes", {}).values() for pipe in pipes
           if pipe in ("MTE2", "MTE3", "FIX")]
    for name, expected, scale in (
            ("GM read, GB/s", counters["bus_bytes_read"] + counters.get("mte_bytes_read", 0), 1000),
            ("GM write, GB/s", counters["bus_bytes_written"] + counters.get("mte_bytes_written", 0), 1000),
            ("dcci, 1/us", counters["dcci"], 1), ("outstanding DMA", sum(mte) / 1e6, 1)):
        points = trace.curves.get(name, [(0, 0)])
        # the file has nanoseconds, and the borders of a launch are not at whole ones
        rounding = max(value for _, value in points) * 0.001 * 2 * len(launches) * scale + 1e-6 * expected
        assert abs(integral(points) * scale - expected) <= rounding, (name, integral(points) * scale, expected)


def check_running(trace, report):
    """A point is the number of tasks that are open; the rest is right within the microsecond that may be left out."""
    for kind in ("AIC", "AIV"):
        tasks = [s for s in trace.of("task") if s["row"].startswith(kind)]
        points = trace.curves.get("running " + kind, [])
        assert bool(points) == bool(tasks)
        for at, value in points:
            least = sum(s["begin"] < at < s["end"] for s in tasks)
            most = sum(s["begin"] <= at <= s["end"] for s in tasks)
            assert least <= value <= most, (kind, at, value, least, most)
        busy = report["cores"][kind]["busy_ps"] / 1e6
        assert not tasks or abs(integral(points) - busy) <= 0.05 * busy + len(points), (kind, integral(points), busy)


def check_ready(trace):
    tasks = [s for s in trace.of("task") if "ready to start, ps" in s["args"]]
    changes = collections.Counter()
    for task in tasks:
        begin = exactly(task, "begin")
        changes[-(-(begin - task["args"]["ready to start, ps"]) // 1000000)] += 1
        changes[-(-begin // 1000000)] -= 1
    value, expected = 0, []
    for at in sorted(changes):
        value += changes[at]
        if changes[at]:
            expected.append((at, value))
    assert trace.curves.get("ready tasks", []) == expected, (trace.curves.get("ready tasks", [])[:9], expected[:9])
    return len(tasks)


def curves(path, report):
    trace, report = Trace(path), json.load(open(report))
    launches = trace.of("launch")
    assert len(launches) == report["launches"]
    check_shape(trace, launches)
    check_sums(trace, report, launches)
    check_running(trace, report)
    print(f"{len(trace.curves)} curves, {check_ready(trace)} tasks that were ready")


def comparable(trace, categories):
    """What a level has, but for arguments."""
    return collections.Counter((s["row"], s["name"], s["category"], s["begin"], s["end"])
                               for s in trace.slices + trace.instants if s["category"] in categories)


def check_parked(trace):
    """Cores poll in vain in their programs, and not in a task."""
    parked = trace.of("wait", "parked")
    spans = collections.defaultdict(list)
    for slice_ in trace.of("program") + trace.of("task"):
        spans[slice_["category"], slice_["key"]].append(slice_)
    for slice_ in parked:
        assert any(p["begin"] <= slice_["begin"] and slice_["end"] <= p["end"]
                   for p in spans["program", slice_["key"]]), slice_
        assert not any(t["begin"] < slice_["end"] and slice_["begin"] < t["end"]
                       for t in spans["task", slice_["key"]]), slice_
    return len(parked)


def check_instr(trace, report):
    pipes = {s["row"].split()[-1] for s in trace.of("pipe")}  # "AIV_3 V"
    counters = report["counters"]
    for pipe in pipes:
        found = [s for s in trace.of("pipe") if s["row"].split()[-1] == pipe]
        said = [kind[pipe] for kind in report["pipes"].values() if pipe in kind]
        assert len(found) == sum(p["instructions"] for p in said), pipe
        assert all("operands" in s["args"] and "cycles in queue" in s["args"] for s in found), pipe
    for what, other, key in (("reads", "writes", "mte_bytes_read"), ("writes", "reads", "mte_bytes_written")):
        moved = [s for s in trace.of("pipe") if "GM 0x" in s["args"].get(what, "")]
        assert sum(s["args"]["bytes"] for s in moved) == counters[key], what
        for slice_ in moved:
            low, high = (int(x, 16) for x in re.search("GM (0x[0-9a-f]+) to (0x[0-9a-f]+)",
                                                       slice_["args"][what]).groups())
            assert high - low + 1 >= slice_["args"]["bytes"] and slice_["args"][other], slice_


def check_mem(trace, report):
    counters = report["counters"]
    on_aicpu = {s["key"][0] for s in trace.of("program", "aicpu_execute")}
    count = collections.Counter()
    for event in trace.of("cache"):
        count[event["name"].split(",")[0], event["key"][0] in on_aicpu] += 1
        assert "where" in event["args"] or event["name"].startswith("dcci"), event
    for event, aicpu, counter in (("fill", False, "aicore_misses"), ("fill", True, "aicpu_misses"),
                                  ("write-back", False, "aicore_writebacks"), ("dcci", False, "dcci")):
        assert count[event, aicpu] == counters[counter], (event, count, counters[counter])
    moves = [s for s in trace.of("pipe") if "GM pieces" in s["args"]]
    assert sum(s["args"]["HBM, bytes"] for s in moves) == counters["mte_bytes_hbm"]


def levels(report, *paths):
    """The traces are of a run in which no core was parked, but for that of level phase."""
    report = json.load(open(report))
    task, phase, pipe, instr, mem = (Trace(path) for path in paths)
    common = {"host", "copy", "launch", "program", "phase", "dispatch", "completion", "task", "user", "log"}
    for trace in (phase, pipe, instr, mem):
        assert comparable(trace, common) == comparable(task, common)
        assert trace.curves == task.curves
    assert not task.of("wait", "parked") and check_parked(phase)
    assert not task.of("pipe") and not phase.of("pipe") and pipe.of("pipe")
    assert comparable(pipe, {"pipe", "flag"}) == comparable(instr, {"pipe", "flag"}) == comparable(mem, {"pipe", "flag"})
    assert not pipe.of("instr") and not instr.of("cache") and comparable(instr, {"instr"}) == comparable(mem, {"instr"})
    check_instr(instr, report)
    check_mem(mem, report)
    print(f"{len(instr.of('instr'))} of level instr, {len(mem.of('cache'))} of level mem")


def fault(path, core):
    trace = Trace(path)
    faults, stops = trace.of("fault"), trace.of("stop")
    assert len(faults) == 1 and len(stops) == 1, (faults, stops)
    assert re.fullmatch(core, faults[0]["row"]), faults
    assert stops[0]["row"] == "host" and stops[0]["name"] == faults[0]["name"], stops
    told = re.search(r" at (\d+) ns", faults[0]["name"])
    assert not told or int(told[1]) == round(faults[0]["begin"] * 1000), faults


def finding(path, *rows):
    """To each mark an arrow leads from one of the moment before."""
    trace = Trace(path)
    found = sorted(trace.of("finding"), key=lambda f: f["begin"])
    assert sorted(f["row"] for f in found) == sorted(rows), found
    marks = {(f["begin"], f["key"]) for f in found}
    arrows = sorted((a["s"][0], *a["f"]) for a in trace.arrows.values() if a["s"] in marks and a["f"] in marks)
    expected = sorted((max(at for at, _ in marks if at < f["begin"]), f["begin"], f["key"]) for f in found
                      if f["begin"] > found[0]["begin"])
    assert expected and arrows == expected, (arrows, expected)


if __name__ == "__main__":
    {"curves": curves, "levels": levels, "fault": fault, "finding": finding}[sys.argv[1]](*sys.argv[2:])
