"""findings.py FINDINGS.json SOURCE CASE [KIND...] - do the findings say what the source's marks say?

With kinds: there is a finding of one of them which names, for each label (CAUSE, EFFECT) that marks lines of the source,
one of these lines. Without: there is no finding at all. A mark may name the cases that it is about; then it counts for
them only. With a case there may be no finding of any other kind beside.
"""

import json
import os
import re
import sys


def marked_lines(source, case):
    """Label -> the "FILE:LINE"s that carry it."""
    marks = {}
    with open(source, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            found = re.search(r"/\* (CAUSE|EFFECT)((?: \w+)*) \*/\s*$", line)
            if found and (not found[2] or case in found[2].split()):
                marks.setdefault(found[1], set()).add(f"{os.path.basename(source)}:{number}")
    return marks


def named_places(finding):
    """The "FILE:LINE"s of a finding's sides, inlined calls included, and of its chain of who waits for what."""
    frames = [frame for side in finding["sides"] for frame in (side, *side.get("inlined", ()))]
    places = {f"{os.path.basename(frame['file'])}:{frame['line']}" for frame in frames if frame.get("file")}
    return places.union(*(re.findall(r"[\w.]+:\d+", link) for link in finding["chain"]))


def describe(finding):
    return f"  {finding['kind']}: {', '.join(sorted(named_places(finding)))}"


def main(path, source, case, *kinds):
    with open(path, encoding="utf-8") as file:
        findings = json.load(file)["findings"]
    marks = marked_lines(source, case)
    if kinds:
        right = any(
            finding["kind"] in kinds and all(lines & named_places(finding) for lines in marks.values())
            for finding in findings
        ) and not (case and any(finding["kind"] not in kinds for finding in findings))
    else:
        right = not findings
    if right:
        return 0
    print(f"{os.path.basename(source)} {case}: expected", f"{' or '.join(kinds)}" if kinds else "no finding")
    for label, lines in marks.items() if kinds else ():
        print(f"  at {label}: one of {', '.join(sorted(lines))}")
    print("found:", *map(describe, findings), sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
