"""Pictures that the README shows have something on them, and are not too large for it: pictures.py FOLDER."""
import collections
import os
import sys

from picture import read_png

HEIGHTS = {"timeline.png": 640, "graph.png": 420}
MOST_BYTES = 200000


def main(folder):
    for name, height in HEIGHTS.items():
        path = os.path.join(folder, name)
        wide, high, lines = read_png(path)
        assert (wide, high) == (1200, height), (name, wide, high)
        assert os.path.getsize(path) < MOST_BYTES, (name, os.path.getsize(path))
        pixels = collections.Counter(line[x:x + 3] for line in lines for x in range(0, 3 * 850, 3))  # left of the details
        colours = [tuple(c) for c, count in pixels.items() if count > 500 and max(c) - min(c) > 60]
        assert len(colours) >= 4, (name, "few colours", colours)


if __name__ == "__main__":
    main(sys.argv[1])
