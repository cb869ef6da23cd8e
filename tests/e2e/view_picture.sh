#!/bin/bash
# davsim view --png: the picture has what the trace has, the same bytes each time; what cannot be written is said.
. "$(dirname "$0")/common.sh"

trace=$work/v.pftrace.gz
quietly "$DAVSIM" run -q --trace "$trace" "$SOURCE_DIR/examples/vector_graph" --tiles 100
decode_all "$trace" "$work/v.txt"
for time in 1 2; do
    quietly "$DAVSIM" view --png "$work/$time.png" "$trace"
    [ ! -s "$work/output" ] || die "it says something: $(cat "$work/output")"
done
cmp "$work/1.png" "$work/2.png" || die "two pictures of one trace differ"
python3 "$SOURCE_DIR/tests/e2e/view/picture.py" "$work/1.png" "$work/v.txt" || die "not a picture of the trace"

# Rows with pipes below them, and a trace with next to nothing.
quietly "$DAVSIM" run -q --trace-level pipe --trace "$work/pipes.pftrace" "$SOURCE_DIR/tests/e2e/pipes" 5 7 3
quietly "$DAVSIM" view --png "$work/pipes.png" "$work/pipes.pftrace"
echo '{"traceEvents":[{"ph":"X","name":"a","ts":1,"dur":0,"pid":1,"tid":1}]}' >"$work/little.json"
quietly "$DAVSIM" view --png "$work/little.png" "$work/little.json"

# A clock that counts from 1970, slices in slices in slices, and a moment alone.
python3 - "$work" <<'EOF'
import json
import sys
deep = 50000
events = {"late": [{"ph": "X", "name": "a", "ts": 1.7e15 + i, "dur": 0.5, "pid": 1, "tid": 1} for i in range(9)],
          "deep": [{"ph": "B", "name": "a", "ts": i, "pid": 1, "tid": 1} for i in range(deep)] +
                  [{"ph": "E", "ts": 2 * deep + i, "pid": 1, "tid": 1} for i in range(deep)],
          "moment": [{"ph": "i", "name": "a", "ts": 9e12, "pid": 1, "tid": 1}]}
for name, list_ in events.items():
    with open(f"{sys.argv[1]}/{name}.json", "w") as file:
        json.dump(list_, file)
EOF
for name in late deep moment; do
    quietly timeout 60 "$DAVSIM" view --png "$work/$name.png" "$work/$name.json"
done

expect 2 'cannot write into the directory' "$DAVSIM" view --png "$work/no/such.png" "$trace"
mkdir "$work/taken.png"
expect 7 "cannot write $work/taken.png: " "$DAVSIM" view --png "$work/taken.png" "$trace"
[ -z "${KEEP_PICTURES:-}" ] || cp "$work"/*.png "$KEEP_PICTURES"
finish
