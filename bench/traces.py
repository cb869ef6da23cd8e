"""traces.py BUILD - what a trace of a million tasks costs: writing it, its size, and each command that reads it.

Times are CPU time (user and system) of one run each, memory is the most that was resident. A run is set against the same
run without a trace. BENCH_TASKS in the environment asks for another number of tasks.
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
A_LAUNCH = 250_000  # vector_graph makes no more than 262,144 at once
MIB = 1 << 20


def heading(text):
    print(f"\n{text}")


def line(label, value, unit, detail=""):
    print(f"  {label:<46} {value:>11} {unit:<16} {detail}".rstrip(), flush=True)


def run(*command):
    """Standard output, CPU seconds and MiB of a command; its own words on standard error, if it fails, are shown."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([DAVSIM, *command], stdout=output, env={**os.environ, "BENCH_DIR": PARTS})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command)} ended with status {process.returncode}")
        output.seek(0)
        return output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cost(label, seconds, mib, detail=""):
    line(label, f"{seconds:.1f}", "s", f"{mib:,.0f} MiB{', ' + detail if detail else ''}")


def graph(*options):
    launches = max(1, round(TASKS / A_LAUNCH))
    tiles = max(1, TASKS // launches // 4)
    return run("run", "--quiet", *options, os.path.join(PARTS, "vector_graph"), "--tiles", str(tiles), "--launches",
               str(launches))


def written(directory):
    """The same run with and without a trace, in each format."""
    _, plain, mib = graph()
    cost("no trace", plain, mib)
    paths = {}
    for name in ("pftrace", "pftrace.gz", "json", "json.gz"):
        path = paths[name] = os.path.join(directory, "t." + name)
        format = "json" if "json" in name else "perfetto"
        _, seconds, mib = graph("--trace", path, "--trace-format", format)
        cost(name, seconds, mib, f"{seconds / plain:.2f} times the run without")
    return paths


def sizes(paths):
    text = run("trace", "check", paths["pftrace"])[0]
    slices, arrows, samples = (int(n) for n in re.search(r"(\d+) slices.* (\d+) arrows?, (\d+) samples", text).groups())
    print(f"  {slices:,} slices and instants, {arrows:,} arrows, {samples:,} samples of curves; an event is a slice's "
          "begin or end, an instant or a sample")
    for name, path in paths.items():
        size = os.path.getsize(path)
        line(name, f"{size / MIB:,.0f}", "MiB", f"{size:,} bytes, {size / (2 * slices + samples):.1f} bytes an event, "
             f"{size / TASKS:.0f} a task")


def served(path):
    """Seconds on the wall until the address is told, and until the page has its data; bytes of these; MiB."""
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
    return ready, first, size, last, usage.ru_maxrss / 1024


def read(paths, directory):
    for name in ("pftrace", "pftrace.gz", "json.gz"):
        _, seconds, mib = run("report", paths[name])
        cost(f"report, {name}", seconds, mib)
    _, seconds, mib = run("report", "--json", "--by", "task", paths["pftrace"])
    cost("report --json --by task", seconds, mib)
    _, seconds, mib = run("compare", paths["pftrace"], paths["pftrace.gz"])
    cost("compare, pftrace with pftrace.gz", seconds, mib)
    _, seconds, mib = run("trace", "check", paths["pftrace"])
    cost("trace check", seconds, mib)
    _, seconds, mib = run("view", "--png", os.path.join(directory, "t.png"), paths["pftrace"])
    cost("view --png", seconds, mib)
    ready, first, size, last, mib = served(paths["pftrace"])
    line("view: until its address is told, on the wall", f"{ready:.1f}", "s")
    line("view: until page and timeline are served", f"{first:.1f}", "s", f"{size / MIB:,.0f} MiB of data")
    cost("view: until the critical path is served", last, mib)


def main():
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:
        heading(f"A run of {TASKS:,} tasks (examples/vector_graph, 16 floats a tile, 72 cores), CPU time")
        paths = written(directory)
        heading("Its trace, level task")
        sizes(paths)
        heading("Reading it, CPU time")
        read(paths, directory)


main()
