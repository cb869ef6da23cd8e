#!/bin/bash
# Several devices in one process: each has its own memory, caches, kernels and statics, and everything that is told of
# a run says which device it means.
. "$SOURCE_DIR/tests/harness/parts.sh"
source=$SOURCE_DIR/tests/e2e/devices/devices.c
cd "$work" || exit 1
build fresh -DFRESH
build stale
run=("$DAVSIM" run --quiet --max-time 1ms)

# Right results; and a device's second launch sees old data if and only if it does not see to its caches.
for form in fresh stale; do
    gives 0 '^right$' "${run[@]}" ./$form interleave
    gives 0 '^right$' "${run[@]}" --no-park ./$form interleave
done
gives 0 '^right$' "${run[@]}" ./fresh all
gives 0 '^right$' "${run[@]}" --chip minimal ./fresh all

# Memory of another device, given to a call. Nobody takes it for memory of this one.
other='0x210000[0-9a-f]+ is memory of device 1, but device 0 is set'
expect 2 "copy_to_device: $other: call set_device\(1\) first" "${run[@]}" ./fresh foreign to
expect 2 "copy_from_device: $other: call set_device\(1\) first" "${run[@]}" ./fresh foreign from
expect 2 "device_free: $other: call set_device\(1\) first" "${run[@]}" ./fresh foreign free
expect 2 "launch: the Runtime at $other: launch it on device 1" "${run[@]}" ./fresh foreign launch

# Device code that reaches for it meets what it would meet on silicon.
theirs='bad address 0x200000[0-9a-f]+: that is memory of device 0, and this is device 1'
expect 4 "dev1.AICPU_0: $theirs, in aicpu_execute at .*devices.c:" "${run[@]}" ./fresh reach aicpu
expect 4 "dev1.AIC_0: $theirs, in aicore_execute at .*devices.c:" "${run[@]}" ./fresh reach aicore
expect 4 "dev1.AIC_0: $theirs, in square" "${run[@]}" ./fresh reach kernel

# A chip file may have fewer; what was right before stays.
expect 2 'set_device: device 1 does not exist: chip ascend910b has devices 0 to 0' \
    "${run[@]}" --set chip.devices=1 ./fresh interleave

# Reports and traces repeat, and tell devices apart; those of a process with one device say nothing of devices.
repeats ./fresh all
repeats ./fresh interleave
python3 - "$work/1.json" <<'EOF' || die "the report does not tell the devices apart"
import json, sys
report = json.load(open(sys.argv[1]))
devices = report["devices"]
assert [d["device"] for d in devices] == [0, 1], devices
assert [d["launches"] for d in devices] == [4, 3], devices
for key in "launches", "launch_ps", "tasks":
    assert report[key] == sum(d[key] for d in devices), key
for kind in "AIC", "AIV", "AICPU":
    for key in "count", "used", "busy_ps", "program_ps":
        assert report["cores"][kind][key] == sum(d["cores"][kind][key] for d in devices), (kind, key)
for key in report["counters"]:
    assert report["counters"][key] == sum(d["counters"][key] for d in devices), key
assert report["tasks"] == 3 * 7 and report["simulated_ps"] == max(d["simulated_ps"] for d in devices)
EOF
decode_all 1.gz trace.txt
for name in 'dev1 AICPU Scheduler' 'dev1 Cluster 0' dev0.AIC_0 dev1.AIC_0 dev1.AIV_1 dev1.Sched_0; do
    grep -q "\"$name\"" trace.txt || die "no row of the trace is called $name"
done
"$DAVSIM" report --json --by core 1.gz >report.json && python3 - 1.json report.json <<'EOF' || die "davsim report is wrong"
import json, sys
run, report = (json.load(open(path)) for path in sys.argv[1:])
for key in "launch_ps", "tasks":
    assert report[key] == run[key], key
for device in run["devices"]:
    launches = [launch for launch in report["launches"] if launch["device"] == device["device"]]
    assert len(launches) == device["launches"], device
    cores = [core for core in report["each_core"] if core["device"] == device["device"]]
    for kind in "AIC", "AIV", "AICPU":
        for key in "busy_ps", "program_ps":
            sum_ps = sum(core[key] for core in cores if core["type"] == kind)
            assert sum_ps == device["cores"][kind][key], (device["device"], kind, key, sum_ps)
    for core in cores:
        assert core.get("launch_ps", 0) <= device["launch_ps"], core
EOF
quietly "${run[@]}" --report one.json --trace one.gz "$SOURCE_DIR/examples/vector_graph"
decode_all one.gz one.txt
if grep -Eq 'dev0|"device"' one.txt one.json; then
    die "a run on one device speaks of devices"
fi

# The checker has an eye on each device.
gives 0 '^davsim: no findings' "$DAVSIM" check --quiet ./fresh interleave
"$DAVSIM" check --quiet --json found.json ./stale interleave >/dev/null 2>found.txt
[ $? = 3 ] || die "the checker finds nothing in launches that read old data"
grep -q 'dev1.AICPU_0 read a cached copy of Runtime.input' found.txt || die "no finding names its device"
python3 - found.json <<'EOF' || die "the checker has not seen all cores of both devices"
import json, sys
assert {f["kind"]: f["agents"] for f in json.load(open(sys.argv[1]))["findings"]} == {
    "dma-not-invalidated": 2, "residual-line": 6}
EOF
finish
