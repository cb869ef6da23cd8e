"""Check a trace of tests/e2e/pipes at level pipe: pipes_check.py DECODED CORES TILES ROUNDS.

Below each core's row one for each pipe that it used, with its instructions one after the other, and an arrow for each
set_flag of the kernel, to what waited for it.
"""
import sys
from collections import Counter

sys.dont_write_bytecode = True
from trace_check import read  # noqa: E402

TILE_BYTES = 64 * 64 * 4


def check_slices(slices, names, bytes_):
    assert [s["name"] for s in slices] == names, ([s["name"] for s in slices], names)
    for before, after in zip(slices, slices[1:]):
        assert before["end"] <= after["begin"], (before, after)
    for slice_ in slices:
        assert slice_["category"] == "pipe" and int(slice_["args"]["bytes"]) == bytes_, slice_
        assert 0 < int(slice_["args"]["cycles"]) < int(slice_["args"]["cycles until done"]), slice_


def expected_arrows(tiles, rounds):
    """From what to what: (pipe, number of the slice) or an instant's name with its id and its row."""
    arrows = Counter()
    for i in range(tiles):
        arrows[("MTE2", 2 * i + 1), ("V", rounds * i)] += 1
        arrows[("V", rounds * (i + 1) - 1), ("MTE3", i)] += 1
        last = i + 2 >= tiles
        arrows[("V", rounds * (i + 1) - 1), ("wait_flag", i % 2, "MTE2") if last else ("MTE2", 2 * (i + 2))] += 1
        arrows[("MTE3", i), ("wait_flag", i % 2, "V") if last else ("V", rounds * (i + 2))] += 1
    for i in range(2):
        arrows[("set_flag", i, "V"), ("MTE2", 2 * i)] += 1
        arrows[("set_flag", i, "MTE3"), ("V", rounds * i)] += 1
    arrows[("MTE3", tiles - 1), ("wait_flag", 7, "S")] += 1
    return arrows


def check_core(reader, core, tiles, rounds):
    rows = {name: uuid for uuid, name in reader.rows.items() if reader.parents[uuid] == core}
    assert sorted(rows) == ["MTE2", "MTE3", "V"], rows
    slices = {name: [s for s in reader.slices if s["uuid"] == uuid] for name, uuid in rows.items()}
    check_slices(slices["MTE2"], ["copy_gm_to_ubuf"] * 2 * tiles, TILE_BYTES)
    check_slices(slices["V"], ["vadd"] * rounds * tiles, TILE_BYTES)
    check_slices(slices["MTE3"], ["copy_ubuf_to_gm"] * tiles, TILE_BYTES)
    places = {id(s): (name, i) for name in slices for i, s in enumerate(slices[name])}
    row_names = {uuid: name for name, uuid in rows.items()} | {core: "S"}
    for instant in reader.instants:
        if instant["uuid"] in row_names:
            places[id(instant)] = (instant["name"], int(instant["args"]["id"]), row_names[instant["uuid"]])

    arrows = Counter()
    for flow, (start, from_) in reader.starts.items():
        end, to = reader.ends[flow]
        if id(from_) not in places and id(to) not in places:
            continue
        assert from_["end"] == start <= end == to["begin"], (from_, to)
        arrows[places[id(from_)], places[id(to)]] += 1
    assert arrows == expected_arrows(tiles, rounds), (arrows - expected_arrows(tiles, rounds),
                                                      expected_arrows(tiles, rounds) - arrows)


def main(path, cores, tiles, rounds):
    reader = read(path)
    assert reader.starts.keys() == reader.ends.keys(), "arrows with one end"
    parents = {reader.parents[s["uuid"]] for s in reader.slices if s["category"] == "pipe"}
    assert len(parents) == cores and all(reader.rows[p].startswith("AIV_") for p in parents), parents
    for core in parents:
        check_core(reader, core, tiles, rounds)


main(sys.argv[1], *map(int, sys.argv[2:]))
