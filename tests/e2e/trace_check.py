"""Check a trace of examples/vector_graph that protoc has decoded: trace_check.py DECODED TASKS [LAUNCHES].

A slice for each task of each launch, on an AIV's row, named after its kernel; an arrow for each dependency of the graph,
with both ends, from the end of the one task to the start of the other. For each task also a dispatch and a completion
on a scheduler's row, within its phase `schedule`, with arrows to the task and from it; and what the arguments say of
times below a nanosecond, of cycles and of waiting fits what the slices show.
"""
import re
import sys

KERNELS = ["kernel_add", "kernel_add_scalar", "kernel_add_scalar", "kernel_mul"]
EDGES = [(0, 1), (0, 2), (1, 3), (2, 3)]


def parse(lines):
    """protoc's text: a message is a dict of lists."""
    message = {}
    for line in lines:
        line = line.strip()
        if line == "}":
            break
        if line.endswith(" {"):
            message.setdefault(line[:-2], []).append(parse(lines))
        else:
            name, value = line.split(": ", 1)
            message.setdefault(name, []).append(value.strip('"'))
    return message


def one(message, name):
    values = message[name]
    assert len(values) == 1, (name, values)
    return values[0]


class Reader:
    """What a viewer makes of the packets: rows with their slices, and the two ends of each arrow."""

    def __init__(self):
        self.names = {}  # (kind, iid) -> name
        self.rows = {}  # uuid -> name
        self.parents = {}  # uuid -> uuid
        self.open = {}  # uuid -> stack of slices
        self.slices, self.instants = [], []
        self.starts, self.ends = {}, {}  # arrow -> (time, slice)

    def read(self, packet):
        for kind, entries in packet.get("interned_data", [{}])[0].items():
            for entry in entries:
                assert (kind, one(entry, "iid")) not in self.names, entry
                self.names[kind, one(entry, "iid")] = one(entry, "str" if "string_values" in kind else "name")
        for track in packet.get("track_descriptor", []):
            self.rows[one(track, "uuid")] = one(track, "name")
            self.parents[one(track, "uuid")] = track.get("parent_uuid", [None])[0]
        for event in packet.get("track_event", []):
            self.event(event, int(one(packet, "timestamp")))

    def event(self, event, time):
        row = one(event, "track_uuid")
        stack = self.open.setdefault(row, [])
        assert row in self.rows, row
        if event["type"] == ["TYPE_SLICE_BEGIN"]:
            stack.append(self.slice(event, time, row))
            self.slices.append(stack[-1])
        at = stack[-1] if stack else None
        if event["type"] == ["TYPE_INSTANT"]:
            at = self.slice(event, time, row)
            at["end"] = time
            self.instants.append(at)
        for name, ends in (("flow_ids", self.starts), ("terminating_flow_ids", self.ends)):
            for flow in event.get(name, []):
                assert flow not in ends, ("arrow used twice", flow)
                ends[flow] = (time, at)
        if event["type"] == ["TYPE_SLICE_END"]:
            assert stack and stack[-1]["begin"] <= time, (time, stack)
            ended = stack.pop()
            ended["end"] = time
            ended["args"].update(self.arguments(event))

    def slice(self, event, time, row):
        return {"name": self.names["event_names", one(event, "name_iid")], "row": self.rows[row], "uuid": row,
                "begin": time, "category": self.names["event_categories", one(event, "category_iids")],
                "args": self.arguments(event)}

    def arguments(self, event):
        args = {}
        for arg in event.get("debug_annotations", []):
            value = [v[0] for k, v in arg.items() if k.endswith("_value")]
            if "string_value_iid" in arg:
                value = [self.names["debug_annotation_string_values", one(arg, "string_value_iid")]]
            args[self.names["debug_annotation_names", one(arg, "name_iid")]] = value[0]
        return args


def read(path):
    reader = Reader()
    for packet in parse(iter(open(path)))["packet"]:
        reader.read(packet)
    assert not any(reader.open.values()), "slices that never end"
    return reader


def exactly(slice_, end):
    """Picoseconds."""
    return slice_[end] * 1000 + int(slice_["args"][end + " ps"])


def check_scheduling(kind, from_, to):
    task, other = (to, from_) if kind[1] == "task" else (from_, to)
    assert other["row"].startswith("Sched_") and other["name"] == other["category"], other
    assert [task["args"][a] for a in ("task", "core")] == [other["args"][a] for a in ("task", "core")], (task, other)
    assert task["args"]["core"] == task["row"], task
    if kind[0] == "dispatch":
        assert exactly(task, "begin") - exactly(other, "begin") == int(other["args"]["dispatch to start, ps"]), other
    else:
        assert exactly(other, "end") - exactly(task, "end") == int(other["args"]["end to seen, ps"]), other


def check_phases(reader):
    """A scheduler's phases follow one another and fill its program; what it does for tasks is in `schedule`."""
    for row in {s["uuid"] for s in reader.slices if s["category"] == "dispatch"}:
        slices = [s for s in reader.slices if s["uuid"] == row]
        for program in (s for s in slices if s["category"] == "program"):
            phases = [s for s in slices if s["category"] == "phase" and
                      exactly(program, "begin") <= exactly(s, "begin") < exactly(program, "end")]
            if not any(s["name"] == "schedule" for s in phases):
                continue
            assert [s["name"] for s in phases] == ["init", "handshake", "schedule", "shutdown"], phases
            borders = [exactly(s, e) for s in phases for e in ("begin", "end")]
            assert borders[1:-1:2] == borders[2::2] and borders == sorted(borders), borders
            assert borders[0] == exactly(program, "begin") and borders[-1] == exactly(program, "end"), program
        schedules = [s for s in slices if s["name"] == "schedule"]
        for slice_ in (s for s in slices if s["category"] in ("dispatch", "completion")):
            assert any(exactly(s, "begin") <= exactly(slice_, "begin") and exactly(slice_, "end") <= exactly(s, "end")
                       for s in schedules), slice_


def main(path, tasks, launches):
    reader = read(path)
    slices = [s for s in reader.slices if s["category"] == "task"]
    assert len(slices) == tasks * launches, (len(slices), tasks, launches)
    for number, slice_ in enumerate(sorted(slices, key=lambda s: int(s["args"]["task"]))):
        task = number // launches
        assert int(slice_["args"]["task"]) == task, (slice_, task)
        assert slice_["name"] == KERNELS[task % 4], slice_
        assert re.fullmatch(r"AIV_\d+", slice_["row"]), slice_
        assert reader.rows[reader.parents[slice_["uuid"]]] == f"Cluster {int(slice_['row'][4:]) // 2}", slice_
        cycles, long = int(slice_["args"]["cycles"]), exactly(slice_, "end") - exactly(slice_, "begin")
        assert abs(long - cycles * 1000 / 1.8) < 1000 / 1.8 + 1, slice_  # of the default chip

    assert reader.starts.keys() == reader.ends.keys(), "arrows with one end"
    edges, kinds = [], {}
    for flow, (start, from_) in reader.starts.items():
        end, to = reader.ends[flow]
        kind = from_["category"], to["category"]
        kinds[kind] = kinds.get(kind, 0) + 1
        assert start == from_["begin" if kind[0] == "dispatch" else "end"] and start <= end == to["begin"], (from_, to)
        if kind == ("task", "task"):
            edges.append((int(from_["args"]["task"]), int(to["args"]["task"])))
        else:
            check_scheduling(kind, from_, to)
    assert kinds == {("task", "task"): tasks * launches, ("dispatch", "task"): tasks * launches,
                     ("task", "completion"): tasks * launches}, kinds
    check_phases(reader)
    expected = [(tile + a, tile + b) for tile in range(0, tasks, 4) for a, b in EDGES]
    assert sorted(edges) == sorted(expected * launches), (len(edges), len(expected) * launches)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
