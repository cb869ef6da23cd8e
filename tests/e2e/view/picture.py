"""A picture of `davsim view --png` against the trace that protoc has decoded: picture.py PNG DECODED.

How many pixels each kernel's colour has must follow from how long it ran; and the rows of cores must have the colours of
their tasks in the order of the tasks.
"""
import colorsys
import collections
import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import trace_check  # noqa: E402


def read_png(path):
    """Width, height, and lines of bytes with three a pixel."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", body)
            assert (depth, colour) == (8, 2), (depth, colour)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    raw = zlib.decompress(packed)
    stride = 3 * width
    lines, before = [], bytes(stride)
    for y in range(height):
        start = y * (stride + 1)
        before = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), before)
        lines.append(bytes(before))
    return width, height, lines


def unfilter(kind, line, above):
    for i in range(len(line)):
        left = line[i - 3] if i >= 3 else 0
        corner = above[i - 3] if i >= 3 else 0
        if kind == 1:
            add = left
        elif kind == 2:
            add = above[i]
        elif kind == 3:
            add = (left + above[i]) // 2
        elif kind == 4:
            guess = left + above[i] - corner
            add = min((left, above[i], corner), key=lambda value: abs(guess - value))
        else:
            return line
        line[i] = (line[i] + add) & 0xff
    return line


def colour_of(name):
    value = 0x811c9dc5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xffffffff
    light = (54 + 7 * (value // 360 % 4)) / 100
    # cairo keeps 16 bits of a colour, and draws the upper 8.
    return tuple(int(c * 65535 + 0.5) >> 8 for c in colorsys.hls_to_rgb(value % 360 / 360, light, 0.58))


def runs(line, names):
    """The names whose colours stand in a line, each run once."""
    found, last = [], None
    for x in range(0, len(line), 3):
        name = names.get(tuple(line[x:x + 3]))
        if name and name != last:
            found.append(name)
        last = name
    return found


def main(path, decoded):
    reader = trace_check.read(decoded)
    tasks = [s for s in reader.slices if s["category"] == "task"]
    width, height, lines = read_png(path)
    names = {colour_of(s["name"]): s["name"] for s in tasks}
    times, pixels = collections.Counter(), collections.Counter()
    for task in tasks:
        times[task["name"]] += task["end"] - task["begin"]
    legend = 3 * 11 * 11  # and the boxes of the legend
    for line in lines:
        for x in range(0, width * 3, 3):
            pixels[names.get(tuple(line[x:x + 3]))] += 1
    whole = max(s["end"] for s in reader.slices) - min(s["begin"] for s in reader.slices)
    for name, time in times.items():
        wanted = time / whole * 1440 * 14  # pixels that are time, and height of a task
        assert abs(pixels[name] - wanted) < 0.04 * wanted + legend, (name, pixels[name], wanted)

    # Each core's tasks, where they do not touch: some line of the picture has just this order of colours.
    orders = {tuple(runs(line, names)) for line in lines}
    by_row = collections.defaultdict(list)
    for task in sorted(tasks, key=lambda s: s["begin"]):
        by_row[task["row"]].append(task["name"])
    for row, order in by_row.items():
        assert tuple(order) in orders, (row, order)


if __name__ == "__main__":
    main(*sys.argv[1:3])
