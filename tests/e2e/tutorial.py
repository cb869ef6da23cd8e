#!/usr/bin/env python3
"""tutorial.py [--update] TUTORIAL.md - do what a tutorial says, in an empty directory, and compare.

Each fenced block of the tutorial has a comment of one line above it that says what it is:

    <!-- run -->  <!-- run: 3 -->   commands for bash, all of which end with status 0; the last one with the status given
    <!-- output -->                 exactly what the commands above have printed, on stdout and stderr
    <!-- output: part -->           lines of that, without a gap
    <!-- file: PATH -->             exactly the file
    <!-- part: PATH -->             lines of the file, without a gap
    <!-- edit: PATH -->             a change of the file: lines that begin with ' ', '-' or '+', as in a diff

`<!-- undo -->`, alone, takes the latest change back. Only the time that a run takes on the host may differ, and, built
with the sanitizers (DAV_ASAN), the depth of stacks, on which the simulator's own first frames are deeper then. --update
writes files and whole outputs into the tutorial, as they are.
"""
import os
import re
import subprocess
import sys
import tempfile

HOSTS_OWN = re.compile(r"[0-9.]+ s on the host"
                       + (r"|^    AICPU +[0-9,]+    AICORE +[0-9,]+$" if os.environ.get("DAV_ASAN") else ""))


class Block:
    def __init__(self, kind, argument, line, text):
        self.kind, self.argument, self.line, self.text = kind, argument, line, text


def read_blocks(lines, path):
    """The blocks in order; each knows the lines [first, end) of its text."""
    blocks, comment, i = [], None, 0
    while i < len(lines):
        match = re.fullmatch(r"<!-- (\w+)(?:: (.*?))? -->", lines[i])
        if match and match[1] == "undo":
            blocks.append(Block("undo", None, i, []))
        elif match:
            comment = match
        elif lines[i].startswith("```"):
            if not comment:
                sys.exit(f"{path}:{i + 1}: nothing says what this block is")
            end = lines.index("```", i + 1)
            blocks.append(Block(comment[1], comment[2], i + 1, lines[i + 1:end]))
            comment, i = None, end
        elif comment:
            sys.exit(f"{path}:{i}: no block follows")
        i += 1
    return blocks


def inner(text, whole):
    """Where in @whole the lines @text stand; None unless it is one place."""
    places = [i for i in range(len(whole) - len(text) + 1) if whole[i:i + len(text)] == text]
    return places[0] if len(places) == 1 else None


class Tutorial:
    def __init__(self, path, directory):
        self.path, self.directory = path, directory
        self.output, self.edits = [], []

    def fail(self, block, what, got=None):
        print(f"{self.path}:{block.line + 1}: {what}", file=sys.stderr)
        if got is not None:
            print("\n".join(got), file=sys.stderr)
        sys.exit(1)

    def read(self, path):
        with open(os.path.join(self.directory, path)) as file:
            return file.read().splitlines()

    def write(self, path, lines):
        with open(os.path.join(self.directory, path), "w") as file:
            file.write("".join(line + "\n" for line in lines))

    def run(self, block):
        commands = "\n".join(block.text)
        done = subprocess.run(["bash", "-e", "-c", commands], cwd=self.directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output = done.stdout.splitlines()
        if done.returncode != int(block.argument or 0):
            self.fail(block, f"status {done.returncode} from: {commands}", self.output)

    def replace(self, block, path, old, new):
        lines = self.read(path)
        at = inner(old, lines)
        if at is None:
            self.fail(block, f"what is changed stands not exactly once in {path}")
        self.write(path, lines[:at] + new + lines[at + len(old):])

    def edit(self, block):
        old = [line[1:] for line in block.text if line[:1] in (" ", "-", "")]
        new = [line[1:] for line in block.text if line[:1] in (" ", "+", "")]
        self.replace(block, block.argument, old, new)
        self.edits.append((block.argument, old, new))

    def compare(self, block, whole, update):
        """What a block shows, against what is there. Returns what it should show."""
        if block.argument == "part" or block.kind == "part":
            if inner(block.text, whole) is None:
                self.fail(block, "these lines are not, or not once, in:", whole)
            return block.text
        if [HOSTS_OWN.sub("", line) for line in whole] == [HOSTS_OWN.sub("", line) for line in block.text]:
            return block.text
        if not update:
            self.fail(block, "not as shown, but:", whole)
        return whole

    def do(self, block, update):
        if block.kind == "run":
            self.run(block)
        elif block.kind == "edit":
            self.edit(block)
        elif block.kind == "undo":
            path, old, new = self.edits.pop()
            self.replace(block, path, new, old)
        elif block.kind == "output":
            block.text = self.compare(block, self.output, update)
        elif block.kind in ("file", "part"):
            block.text = self.compare(block, self.read(block.argument), update)
        else:
            self.fail(block, f"'{block.kind}' is no kind of block")


def main():
    update = sys.argv[1] == "--update"
    path = sys.argv[-1]
    with open(path) as file:
        lines = file.read().splitlines()
    blocks = read_blocks(lines, path)
    with tempfile.TemporaryDirectory() as directory:
        tutorial = Tutorial(path, directory)
        for block in blocks:
            block.count = len(block.text)
            tutorial.do(block, update)
    if update:
        for block in reversed(blocks):
            lines[block.line:block.line + block.count] = block.text
        with open(path, "w") as file:
            file.write("".join(line + "\n" for line in lines))
    print(f"{len(blocks)} blocks")


main()
