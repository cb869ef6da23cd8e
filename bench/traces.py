"""traces.py BUILD - what a trace of a million tasks costs: writing it, its size, and each command that reads it.

Times are CPU time (user and system) and time on the wall, each the least of several runs; memory is the most that was
resident. A trace is compressed by a thread of its own, so with a second core the wall tells less than CPU time. A run is
set against the same run without a trace, the runs in turns. BENCH_TASKS in the environment asks for another number of
tasks, BENCH_RUNS for another number of runs.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = sys.argv[1]
DAVSIM = os.path.join(BUILD, "tools", "davsim")
PARTS = os.path.join(BUILD, "bench")
TASKS = int(os.environ.get("BENCH_TASKS", "1000000"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
A_LAUNCH = 250_000  # vector_graph makes no more than 262,144 at once
MIB = 1 << 20


def heading(text):
    print(f"\n{text}")


def line(label, value, unit, detail=""):
    print(f"  {label:<46} {value:>11} {unit:<16} {detail}".rstrip(), flush=True)


def once(*command):
    """Standard output, CPU seconds, seconds on the wall and MiB of a command; its own words on standard error, if it
    fails, are shown."""
    with tempfile.TemporaryFile("w+") as output:
        begin = time.monotonic()
        process = subprocess.Popen([DAVSIM, *command], stdout=output, env={**os.environ, "BENCH_DIR": PARTS})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command)} ended with status {process.returncode}")
        output.seek(0)
        return output.read(), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def least(costs):
    """Of several runs' (CPU, wall, MiB), each by itself."""
    return tuple(map(min, zip(*costs)))


def cost(label, cpu, wall, mib, detail=""):
    line(label, f"{cpu:.1f}", "s CPU", f"{wall:.1f} s wall, {mib:,.0f} MiB{', ' + detail if detail else ''}")


def reading(label, *command):
    cost(label, *least([once(*command)[1:] for _ in range(RUNS)]))


def graph(*options):
    launches = max(1, round(TASKS / A_LAUNCH))
    tiles = max(1, TASKS // launches // 4)
    return once("run", "--quiet", *options, os.path.join(PARTS, "vector_graph"), "--tiles", str(tiles), "--launches",
                str(launches))[1:]


def written(directory):
    """The same run with and without a trace, in each format."""
    names = ("pftrace", "pftrace.gz", "json", "json.gz")
    paths = {name: os.path.join(directory, "t." + name) for name in names}
    plain, traced = [], {name: [] for name in names}
    for _ in range(RUNS):
        plain.append(graph())
        for name, path in paths.items():
            traced[name].append(graph("--trace", path, "--trace-format", "json" if "json" in name else "perfetto"))
    base = least(plain)
    cost("no trace", *base)
    for name in names:
        cpu, wall, mib = least(traced[name])
        cost(name, cpu, wall, mib, f"{cpu / base[0]:.2f} and {wall / base[1]:.2f} times the run without")
    return paths


def sizes(paths):
    text = once("trace", "check", paths["pftrace"])[0]
    slices, instants, arrows, samples = map(
        int, re.search(r"(\d+) slices, (\d+) instants, (\d+) arrows, (\d+) samples", text).groups())
    events = 2 * slices + instants + samples
    print(f"  {slices:,} slices, {instants:,} instants, {arrows:,} arrows, {samples:,} samples of curves; an event is a "
          "slice's begin or end, an instant or a sample")
    for name, path in paths.items():
        size = os.path.getsize(path)
        line(name, f"{size / MIB:,.0f}", "MiB", f"{size:,} bytes, {size / events:.1f} bytes an event, "
             f"{size / TASKS:.0f} a task")


def served(path):
    """Seconds on the wall until the address is told, until the page has its data, and until it has the critical path; CPU
    seconds; MiB; bytes of the data."""
    begin = time.monotonic()
    with subprocess.Popen([DAVSIM, "view", "--no-browser", path], stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            if not address:
                sys.exit("bench: davsim view does not serve")
            ready = time.monotonic() - begin
            size = len(urllib.request.urlopen(address).read())
            size += len(urllib.request.urlopen(address + "timeline").read())
            first = time.monotonic() - begin
            urllib.request.urlopen(address + "critical").read()
            last = time.monotonic() - begin
        finally:
            server.terminate()
            _, _, usage = os.wait4(server.pid, 0)
            server.returncode = 0
    return ready, first, last, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, size


def read(paths, directory):
    for name in ("pftrace", "pftrace.gz", "json.gz"):
        reading(f"report, {name}", "report", paths[name])
    reading("report --json --by task", "report", "--json", "--by", "task", paths["pftrace"])
    reading("compare, pftrace with pftrace.gz", "compare", paths["pftrace"], paths["pftrace.gz"])
    reading("trace check", "trace", "check", paths["pftrace"])
    reading("view --png", "view", "--png", os.path.join(directory, "t.png"), paths["pftrace"])
    ready, first, last, cpu, mib, size = least([served(paths["pftrace"]) for _ in range(RUNS)])
    line("view: until its address is told", f"{ready:.1f}", "s wall")
    line("view: until page and timeline are served", f"{first:.1f}", "s wall", f"{size / MIB:,.0f} MiB of data")
    cost("view: until the critical path is served", cpu, last, mib)


def main():
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:
        once("run", "--quiet", os.path.join(PARTS, "vector_graph"), "--tiles", "1")  # compiles what is not in the cache yet
        heading(f"A run of {TASKS:,} tasks (examples/vector_graph, 16 floats a tile, 72 cores), least of {RUNS}")
        paths = written(directory)
        heading("Its trace, level task")
        sizes(paths)
        heading(f"Reading it, least of {RUNS}")
        read(paths, directory)


main()
