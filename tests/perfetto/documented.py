"""Everything that traces hold has its place in the document: documented.py DOCUMENT DECODED...

Names of groups, rows and curves, of arguments, and categories in brackets, must stand in DOCUMENT between backquotes (numbers
as `n` or `0`). DECODED are traces as protoc's text.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import trace_check  # noqa: E402


def named(path):
    reader = trace_check.Reader()
    for packet in trace_check.parse(iter(open(path)))["packet"]:
        reader.read(packet)
    for (kind, _), name in reader.names.items():
        if kind == "debug_annotation_names":
            yield "argument", f"`{name}`"
        elif kind == "event_categories":
            yield "category", f"[{name}]"
    for uuid, name in reader.rows.items():
        if reader.parents[uuid] in reader.rows and reader.rows[reader.parents[uuid]].startswith("AI"):
            continue  # a pipe's, or of a core's data
        yield "row", "`" + re.sub(r"\d+$", "0" if name[0] in "SC" else "n", name) + "`"


def main(document, paths):
    text = open(document).read()
    missing = sorted({(kind, name) for path in paths for kind, name in named(path) if name not in text})
    assert not missing, missing


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
