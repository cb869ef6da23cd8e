"""Compare two Chrome traces, event by event as a viewer sees them; or see that one is within a part of time.

trace_same.py A B; trace_same.py --within FROM_US TO_US A
"""
import collections
import json
import sys


def slices(path):
    """(group, row, begin, end, name, category, arguments) of each slice and instant; and how many arrows there are."""
    events = json.load(open(path))["traceEvents"]
    groups, rows, found, open_, arrows = {}, {}, [], collections.defaultdict(list), collections.Counter()
    for event in events:
        key = event["pid"], event["tid"]
        if event["ph"] == "M":
            name = event["args"].get("name")
            if event["name"] == "process_name":
                groups[event["pid"]] = name
            elif event["name"] == "thread_name":
                rows[key] = name
    # equal times keep the file's order
    for event in sorted((e for e in events if e["ph"] != "M"), key=lambda e: e["ts"]):
        key = event["pid"], event["tid"]
        if event["ph"] == "B" or event["ph"] == "i":
            slice_ = [groups[event["pid"]], rows[key], event["ts"], event["ts"], event["name"], event.get("cat"),
                      dict(event.get("args", {}))]
            found.append(slice_)
            if event["ph"] == "B":
                open_[key].append(slice_)
        elif event["ph"] == "E":
            slice_ = open_[key].pop()
            slice_[3] = event["ts"]
            slice_[6].update(event.get("args", {}))
        elif event["ph"] in "sf":
            assert open_[key], event
            arrows[event["ph"]] += 1
    assert not any(open_.values())
    return found, arrows


def main(args):
    if args[0] == "--within":
        first, last = float(args[1]), float(args[2])
        found, arrows = slices(args[3])
        assert found and arrows["s"] == arrows["f"]
        for slice_ in found:
            assert first <= slice_[2] <= slice_[3] <= last, slice_
            assert slice_[2] != first or "begin" in slice_[6].get("clipped", ""), slice_
        assert any("clipped" in s[6] for s in found) and any("clipped" not in s[6] for s in found)
        return
    (a, arrows_a), (b, arrows_b) = slices(args[0]), slices(args[1])
    assert arrows_a == arrows_b and arrows_a["s"], (arrows_a, arrows_b)
    a.sort(key=repr)
    b.sort(key=repr)
    assert a == b, next((x, y) for x, y in zip(a, b) if x != y)


main(sys.argv[1:])
