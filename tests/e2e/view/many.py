"""Write a trace of another program's: many.py FILE SLICES. One long slice, and within it short ones, one a microsecond."""
import json
import sys


def main(path, slices):
    def event(name, begin, length):
        return json.dumps({"ph": "X", "pid": 1, "tid": 1, "name": name, "ts": begin, "dur": length})

    inner = slices - 1
    with open(path, "w") as file:
        file.write('{"traceEvents":[\n' + event("outer", 0, inner + 1))
        for i in range(inner - 1):
            file.write(",\n" + event(f"inner {i % 7}", i, 0.4))
        file.write(",\n" + event('<img src=x onerror="window.harm=1"> the last', inner - 1, 0.4) + "\n]}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
