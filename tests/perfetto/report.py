"""Compare what the queries of report.md gave with what davsim says: report.py ROWS.json REPORT.json RUN.json DECODED CHECKED.

REPORT.json: `davsim report --json --by core` of the trace. RUN.json: `davsim run --report` of the run that wrote it.
DECODED: the trace as protoc's text. CHECKED: what `davsim trace check` said of it.
"""
import collections
import json
import math
import re
import sys

import check


def spread(row, reported, count):
    """A distribution; without samples the report has none."""
    others = row.pop("others", 0)
    assert not others, f"{others} arguments are not what the slices say"
    assert row["count"] == count, (row, count)
    if count:
        assert row == reported, (row, reported)
    else:
        assert reported is None, reported


def whole(rows, davsim):
    row, = rows
    report, run = davsim["report"], davsim["run"]
    assert row == {"launches": len(report["launches"]), "launch_ps": report["launch_ps"],
                   "simulated_ps": report["simulated_ps"], "tasks": report["tasks"]}, row
    assert [row[k] for k in ("launches", "launch_ps", "tasks")] == [run[k] for k in ("launches", "launch_ps", "tasks")], run
    assert row["launch_ps"] > 0 and row["tasks"] > 0, row


def kernels(rows, davsim):
    reported = {kernel["kernel"]: kernel["time_ps"] for kernel in davsim["report"]["kernels"]}
    assert [row["kernel"] for row in rows] == sorted(reported), rows
    for row in rows:
        name = row.pop("kernel")
        spread(row, reported[name], reported[name]["count"])


def cores(rows, davsim):
    busy = collections.Counter()
    reported = {core["core"]: core for core in davsim["report"]["each_core"]}
    assert [row["core"] for row in rows] == sorted(reported), rows
    for row in rows:
        core = reported[row["core"]]
        assert (row["tasks"], row["program"]) == (core["tasks"], core["program_ps"]), (row, core)
        if core["type"] == "AICPU":
            assert core["busy_ps"] == row["program"], (row, core)
        else:  # whose utilisation is the one divided by the other
            assert (row["busy"], row["launches"]) == (core["busy_ps"], core["launch_ps"]), (row, core)
        busy[core["type"]] += core["busy_ps"]
    for name, time in busy.items():
        assert time == davsim["report"]["cores"][name]["busy_ps"] == davsim["run"]["cores"][name]["busy_ps"], name


def overhead(name):
    def compare(rows, davsim):
        row, = rows
        reported = davsim["report"]["overhead"].get(name)
        spread(row, reported, reported["count"] if reported else 0)
        run = davsim["run"]["overhead"].get(name, {})
        assert all(row[key] == run[key] for key in run if reported and reported["count"] == davsim["run"]["tasks"]), run
    return compare


def scheduler(rows, davsim):
    reported = sorted(davsim["report"]["scheduler"], key=lambda phase: (phase["phase"], phase["category"]))
    assert rows == reported, (rows, reported)


def arrows(rows, davsim):
    got = {row["kind"]: row["count"] for row in rows}
    of = davsim["report"]["overhead"]
    expected = {"task -> task": sum(launch["edges"] for launch in davsim["report"]["launches"]),
                "dispatch -> task": of.get("dispatch_to_start_ps", {"count": 0})["count"],
                "task -> completion": of.get("end_to_seen_ps", {"count": 0})["count"]}
    assert got == {kind: count for kind, count in expected.items() if count}, (got, expected)


def copies(rows, davsim):
    counters = davsim["run"]["counters"]
    assert rows == [{"name": "copy from device", "bytes": counters["dma_d2h_bytes"]},
                    {"name": "copy to device", "bytes": counters["dma_h2d_bytes"]}], (rows, counters)


def running_cores(rows, davsim):
    reported = davsim["report"]["cores"]
    assert {row["type"] for row in rows} == {name for name, cores in reported.items() if cores["tasks"]}, rows
    for row in rows:
        cores = reported[row["type"]]
        points = davsim["trace"].reader.curves["running " + row["type"]]
        assert (row["wrong"], row["untold"], row["points"]) == (0, 0, len(points)), (row, len(points))
        assert row["busy"] == sum(value * (later - time) for (time, value), (later, _) in zip(points, points[1:])), row
        # A begin or an end may be told a microsecond late, a task that lies between two points not at all.
        assert abs(row["busy"] - cores["busy_ps"] / 1000) <= 1000 * cores["tasks"], (row, cores)


def bandwidth(rows, davsim):
    reported = {rate["name"]: rate for rate in davsim["report"]["bandwidth"]}
    assert [row["name"] for row in rows] == sorted(reported), (rows, reported)
    for row in rows:
        rate = reported[row["name"]]
        for key in ("average", "highest"):
            assert math.isclose(row[key], rate[key + "_gb_per_s"], rel_tol=1e-9), (row, rate)


def everything(rows, davsim):
    row, = rows
    reader = davsim["trace"].reader
    assert row == {"slices": len(reader.slices) + len(reader.instants), "arrows": len(reader.starts),
                   "samples": sum(map(len, reader.curves.values()))}, row
    said = re.search(r": \d+ rows, (\d+) slices, (\d+) instants, (\d+) arrows, (\d+) samples: no faults$", davsim["checked"])
    slices, instants, arrows_said, samples = map(int, said.groups())
    assert [slices + instants, arrows_said, samples] == list(row.values()), (davsim["checked"], row)


COMPARISONS = {"Whole": whole, "Kernels": kernels, "Cores": cores,
               "Dispatch to start": overhead("dispatch_to_start_ps"), "End to seen": overhead("end_to_seen_ps"),
               "Scheduler": scheduler, "Arrows": arrows, "Copies": copies, "Running cores": running_cores,
               "Bandwidth": bandwidth, "Everything": everything}


def main(rows_path, report_path, run_path, decoded_path, checked_path):
    rows = json.load(open(rows_path))
    davsim = {"report": json.load(open(report_path)), "run": json.load(open(run_path)),
              "trace": check.Trace(decoded_path), "checked": open(checked_path).read().strip()}
    assert rows.pop("stats") == [], "the trace processor found the trace faulty"
    assert list(rows) == list(COMPARISONS), list(rows)
    for heading, compare in COMPARISONS.items():
        try:
            compare(rows[heading], davsim)
        except AssertionError as error:
            sys.exit(f"{heading}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
