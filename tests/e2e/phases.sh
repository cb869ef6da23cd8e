#!/bin/bash
# Phases that device code tells of are slices of its own in the trace, nested as they were; they take no simulated time
# but the code's own, and without a trace they are not there. Where cores poll in vain is shown from level phase on.
. "$SOURCE_DIR/tests/harness/parts.sh"
source=$SOURCE_DIR/tests/e2e/phases/phases.c
cd "$work" || exit 1
build phases

for level in task phase pipe; do
    quietly "$DAVSIM" run -q --report $level.json --trace $level.gz --trace-level $level ./phases
    decode_all $level.gz $level.txt
    python3 - $level.txt $level <<'END' || die "$level: not the phases expected"
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["SOURCE_DIR"] + "/tests/e2e")
from trace_check import exactly, read
reader = read(sys.argv[1])
user = [s for s in reader.slices if s["category"] == "user"]
on = lambda row: [s["name"] for s in user if s["row"] == row]
assert on("Sched_0") == ["serve"] + ["ask", "await"] * 3 + ["left open"], on("Sched_0")
assert on("AIC_0") == ["sum", "until the end"] * 3, on("AIC_0")
inside = lambda a, b: exactly(b, "begin") <= exactly(a, "begin") <= exactly(a, "end") <= exactly(b, "end")
serve = next(s for s in user if s["name"] == "serve")
assert all(inside(s, serve) for s in user if s["name"] in ("ask", "await"))
tasks = [s for s in reader.slices if s["category"] == "task"]
assert len(tasks) == 3 and all(sum(inside(s, t) for s in user) == 2 for t in tasks)
phases = {s["name"]: s for s in reader.slices if s["category"] == "phase"}
assert inside(serve, phases["schedule"]) and exactly(serve, "end") == exactly(phases["shutdown"], "begin"), phases
for kind, from_, to in (("dispatch", "dispatch", "task"), ("completion", "task", "completion")):
    slices = [s for s in reader.slices if s["category"] == kind]
    assert len(slices) == 3, slices
    around = "ask" if kind == "dispatch" else "await"
    assert all(any(inside(s, u) for u in user if u["name"] == around) for s in slices), (slices, user)
parked = [s for s in reader.slices if s["name"] == "parked"]
assert bool(parked) == (sys.argv[2] != "task") and all(s["category"] == "wait" for s in parked), parked
END
done
quietly "$DAVSIM" run -q --report none.json ./phases
cmp none.json task.json || die "a trace changes the run"
cmp none.json phase.json || die "a trace changes the run"

# The header alone, as in a tree that davsim is no part of.
cp "$SOURCE_DIR/isa/include/common/phase.h" .
printf '#include "phase.h"\nint main(void) { dav_phase_begin("a"); dav_phase_end(); return 0; }\n' | tee alone.c >alone.cpp
quietly cc -Wall -Wextra -Werror alone.c -o alone
quietly c++ -Wall -Wextra -Werror alone.cpp -o alone
finish
