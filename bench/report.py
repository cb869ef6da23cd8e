"""report.py BUILD - run the bench's parts and print what they took.

Times are CPU time of the one thread that simulates (user and system), so that other work on the machine disturbs them
less than it would a clock on the wall. Each figure is the least of several runs; where it says so, the median too.
What a launch costs anyway is taken off: the same launch with 0 rounds, or with almost no tasks. Ratios are printed with
the figures they come from. valgrind, where it is installed, counts instructions: these are the same on every run.
"""
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = sys.argv[1]
PARTS = os.path.join(BUILD, "bench")
DAVSIM = os.path.join(BUILD, "tools", "davsim")
GRAPH = os.path.join(PARTS, "vector_graph")
LOADS = 2048  # accesses a round, loops.c
RUNS = 7
PIPES_RUNS = 3


def heading(text):
    print(f"\n{text}")


def line(label, value, unit, detail=""):
    print(f"  {label:<46} {value:>11} {unit:<16} {detail}".rstrip())


def run(command, errors=None, **environment):
    """The command's standard output and its CPU seconds; its environment is ours with @environment."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=errors,
                                   env={**os.environ, "BENCH_DIR": PARTS, **environment})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command)} ended with status {process.returncode}")
        output.seek(0)
        return output.read(), usage.ru_utime + usage.ru_stime


def with_result(command, **environment):
    """As run, and the simulator's own counts."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "result")
        output, seconds = run(command, DAVSIM_RESULT=path, DAVSIM_VERBOSE="2", **environment)
        with open(path, encoding="utf-8") as file:
            return output, seconds, json.load(file)["simulator"]


# ---- tasks ----

def graph_command(tiles):
    return [DAVSIM, "run", "--quiet", GRAPH, "--tiles", str(tiles)]


def graph(tiles):
    """CPU seconds of RUNS runs, of their launches alone, both sorted."""
    whole, launch = [], []
    for _ in range(RUNS):
        with tempfile.NamedTemporaryFile("r") as times:
            whole.append(run(graph_command(tiles), LD_PRELOAD=os.path.join(PARTS, "launch_time.so"),
                             LAUNCH_TIMES=times.name)[1])
            launch.append(int(times.read()) / 1e9)
    return sorted(whole), sorted(launch)


def report_tasks():
    heading("Tiny tasks on 72 cores (examples/vector_graph, 16 floats a tile, 3 AICPU threads)")
    run(graph_command(1))  # compiles what is not in the cache yet
    empty = graph(1)
    per_task = {}
    for tiles in (1000, 4000):
        tasks = 4 * tiles
        for name, times, base in zip(("whole process", "launch alone"), graph(tiles), empty):
            least, median = times[0], statistics.median(times)
            line(f"{tasks:,} tasks, {name}", f"{tasks / least:,.0f}", "tasks/s",
                 f"min {least:.3f} s, median {median:.3f} s")
            per_task[name, tasks] = (least - base[0]) / (tasks - 4)
    for name in ("whole process", "launch alone"):
        few, many = per_task[name, 4000], per_task[name, 16000]
        line(f"growth of a task, {name}", f"{many / few:.2f}", "x",
             f"{many * 1e6:.2f} us at 16,000 / {few * 1e6:.2f} us at 4,000, less a run of 4 tasks")
    print(f"  (a run of 4 tasks: {empty[0][0]:.3f} s whole process, {empty[1][0]:.3f} s launch alone)")


# ---- the checker, and explorations ----

def report_check():
    heading("davsim check against davsim run, the same program (examples/vector_graph, whole process)")
    for what, options in (("the example as it stands", []), ("4,000 tasks", ["--tiles", "1000"]),
                          ("16,000 tasks", ["--tiles", "4000"])):
        times = {"run": [], "check": []}
        for _ in range(RUNS):  # in turns: the same moods of the machine for both
            for command, taken in times.items():
                taken.append(run([DAVSIM, command, "--quiet", GRAPH, *options], errors=subprocess.DEVNULL)[1])
        checked, plain = (min(times[command]) for command in ("check", "run"))
        line(what, f"{checked / plain:.2f}", "x", f"{checked:.3f} s / {plain:.3f} s" +
             ("; aim: 1.5" if not options else ""))


def report_explore():
    heading("davsim explore (vector_graph, 100 tasks on 72 cores a run; time on the wall)")
    runs = 200
    for jobs in sorted({1, os.cpu_count()}):
        begin = time.monotonic()
        run([DAVSIM, "explore", "--quiet", "--runs", str(runs), "--jobs", str(jobs), GRAPH, "--tiles", "25"])
        line(f"{jobs} job{'s' if jobs > 1 else ''}", f"{runs / (time.monotonic() - begin):.1f}", "runs/s")


# ---- pipes ----

def pipes(kernel, rounds, cores, compute):
    """Host seconds of a launch, the least of some, and the seconds for which its AICores were in kernels."""
    least, result = math.inf, {}
    for _ in range(PIPES_RUNS):
        with tempfile.TemporaryDirectory() as directory:
            times, path = os.path.join(directory, "times"), os.path.join(directory, "result")
            run([os.path.join(PARTS, "pipes"), kernel, str(rounds), str(cores)], LAUNCH_TIMES=times,
                LD_PRELOAD=os.path.join(PARTS, "launch_time.so"), DAVSIM_RESULT=path, DAVSIM_COMPUTE=compute)
            with open(times, encoding="utf-8") as file:
                least = min(least, int(file.read()) / 1e9)
            with open(path, encoding="utf-8") as file:
                result = json.load(file)
    return least, sum(result["cores"][kind]["busy_ps"] for kind in ("AIC", "AIV")) / 1e12


def report_pipes():
    heading("Kernels that keep one pipe busy: host seconds for a simulated second of an AICore (bench/pipes)")
    for kernel, rounds, all_cores, what in (("vector", 12000, 48, "V, 16 KiB"),
                                            ("cube", 9000, 24, "M, 128 x 64 x 256"),
                                            ("mte", 6000, 48, "MTE, 16 KiB")):
        for cores in (1, all_cores):
            for compute in ("on", "off"):
                few, many = (pipes(kernel, count, cores, compute) for count in (0, rounds // cores))
                host, simulated = many[0] - few[0], many[1] - few[1]
                line(f"{what}, {cores} core{'s' if cores > 1 else ''}{', not computed' if compute == 'off' else ''}",
                     f"{host / simulated:.1f}", "x", f"{host:.3f} s / {simulated * 1e3:.1f} ms")


# ---- loops ----

def loop_ns(side, loop, rounds, cores=1):
    """Nanoseconds of @rounds: the least of some launches, less that of empty ones."""
    times = []
    for wanted in (rounds, 0):
        output, _ = run([os.path.join(PARTS, "run_loop"), side, loop, str(wanted), str(RUNS), str(cores)])
        times.append(min(int(word) for word in output.split()))
    return times[0] - times[1]


def report_hits():
    heading("A hooked cache hit (one AICore; loads of 8 bytes in a loop that is not unrolled)")
    rounds = 4000
    count = rounds * LOADS
    bare = loop_ns("chip", "registers", rounds) / count
    native = loop_ns("native", "registers", rounds) / count
    for loop, what in (("hits_same", "the line of the access before"), ("hits_next", "next double word"),
                       ("hits_far", "another line each time")):
        load = loop_ns("chip", loop, rounds) / count
        line(f"hit, {what}", f"{load - bare:.2f}", "ns", f"{load:.2f} ns a turn, {bare:.2f} ns without the load")
    line("the loop's own basic-block hooks", f"{bare - native:.2f}", "ns a turn",
         f"{bare:.2f} ns a turn, natively {native:.2f} ns")


def fill(loop, cores, rounds):
    """Nanoseconds and switches of a missing load."""
    switches = []
    for wanted in (rounds, 0):
        _, _, counts = with_result([os.path.join(PARTS, "run_loop"), "chip", loop, str(wanted), "1", str(cores)])
        switches.append(counts["switches"])
    count = rounds * LOADS * cores
    return loop_ns("chip", loop, rounds, cores) / count, (switches[0] - switches[1]) / count


def report_switches():
    heading("A core switch (cores whose every load misses: an effect, a resume, a switch where others run too)")
    alone, _ = fill("misses_set", 1, 100)
    line("fill on one core, nobody to switch to", f"{alone:.1f}", "ns")
    for loop, what in (("misses_set", "8 lines a core"), ("misses_sweep", "1,024 lines a core")):
        for cores in (2, 72):
            ns, switches = fill(loop, cores, 200 // cores + 1)
            line(f"{cores} cores, {what}: fill and switch", f"{ns / switches:.1f}", "ns a switch",
                 f"{ns:.1f} ns a load, {switches:.2f} switches a load")
            if loop == "misses_set":
                line(f"{cores} cores: the switch alone", f"{(ns - alone) / switches:.1f}", "ns",
                     f"({ns:.1f} - {alone:.1f} ns) / {switches:.2f} switches")


def report_slowdown():
    heading("A scalar kernel on one AICore, against the same source compiled natively (clang-19 -O2, not vectorized)")
    ratios = []
    for loop, rounds, what in (("saxpy_cache", 2000, "saxpy, 16 KiB, fits the data cache"),
                               ("saxpy_memory", 40, "saxpy, 512 KiB, misses each line"),
                               ("integer", 2000, "integer: records, strings, branches, calls"),
                               ("matmul", 100, "matrix product, 32 x 32 floats")):
        # In turns, and natively for ten times as long: the same moods of the machine for both.
        pairs = [(loop_ns("chip", loop, rounds), loop_ns("native", loop, 10 * rounds) / 10) for _ in range(3)]
        chip, native = (min(times) / rounds / 1e3 for times in zip(*pairs))
        ratios.append(chip / native)
        line(what, f"{ratios[-1]:.2f}", "x", f"{chip:.2f} us / {native:.2f} us a round")
    line("geometric mean", f"{math.exp(statistics.fmean(map(math.log, ratios))):.2f}", "x", "aim: 3")


# ---- instructions ----

def instructions(command, **environment):
    """Instructions that callgrind counts; GM is made small, for valgrind's sake."""
    process = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                             env={**os.environ, "BENCH_DIR": PARTS, "DAVSIM_SET": "gm.size=1GiB", **environment})
    counted = re.search(r"Collected : (\d+)", process.stdout)
    return int(counted[1]) if process.returncode == 0 and counted else None


def report_instructions():
    heading("Host instructions (callgrind; the same on every run)")
    if not shutil.which("valgrind"):
        print("  valgrind is not installed")
        return

    def loop(name, cores, rounds):
        command = [os.path.join(PARTS, "run_loop"), "chip", name]
        few, many = (instructions([*command, str(n), "1", str(cores)]) for n in (0, rounds))
        return (many - few) / (rounds * LOADS * cores)

    try:
        bare = loop("registers", 1, 50)
        for name, what in (("hits_same", "hit, same line"), ("hits_far", "hit, another line")):
            line(what, f"{loop(name, 1, 50) - bare:.1f}", "instructions")
        line("basic-block hooks of a loop's turn", f"{bare:.1f}", "instructions", "with the loop itself")
        line("fill, one core", f"{loop('misses_set', 1, 5):.0f}", "instructions")
        line("fill and switch, 72 cores", f"{loop('misses_set', 72, 1):.0f}", "instructions")
        few, many = (instructions([GRAPH, "--tiles", str(tiles)]) for tiles in (100, 600))
        line("a task", f"{(many - few) / 2000:,.0f}", "instructions", "of the whole process")
        few, many = (instructions([GRAPH, "--tiles", str(tiles)], DAVSIM_CHECK="1") for tiles in (100, 600))
        line("a task under the checker", f"{(many - few) / 2000:,.0f}", "instructions", "of the whole process")
    except TypeError:
        print("  valgrind does not cope with the simulator here")


def report_products():
    heading("Matrix products: mad as kernels issue it, beside OpenBLAS's sgemm on one thread (m x k x n)")
    cube = os.path.join(PARTS, "cube")
    if not os.path.exists(cube):
        print("  OpenBLAS is not installed (libopenblas-dev)")
        return
    for text in run([cube])[0].splitlines():
        print(f"  {text}")


def main():
    print("davsim bench: figures, not tests; CPU time of one thread, the least of several runs. "
          f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    report_tasks()
    report_check()
    report_explore()
    report_hits()
    report_switches()
    report_slowdown()
    report_pipes()
    report_instructions()
    report_products()


main()
