#!/bin/bash
# The page of davsim view in a real browser: zoom, search, details, arrows, tables, critical path, graph, Perfetto; and the pictures
# of the README. Skipped where Chromium, Node.js or the npm registry is missing.
. "$(dirname "$0")/common.sh"

CHROMIUM=$(command -v chromium) || { echo "no chromium"; exit 77; }
command -v node >/dev/null && command -v npm >/dev/null || { echo "no Node.js with npm (packages nodejs, npm)"; exit 77; }
NODE_MODULES=$("$SOURCE_DIR/tools/view/page/install.sh") || exit
export CHROMIUM NODE_MODULES HOME=$work # Chromium writes into it

trace=$work/graph.pftrace.gz
quietly "$DAVSIM" run -q --trace "$trace" "$SOURCE_DIR/examples/vector_graph" --tiles 20
decode_all "$trace" "$work/graph.txt"
python3 "$SOURCE_DIR/tests/e2e/view/expected.py" "$work/graph.txt" >"$work/expected.json" || die "no numbers"
"$DAVSIM" report --json "$trace" >"$work/report.json" || die "no report"

# start TRACE - a server; its address in $address, its process in $server.
start()
{
    : >"$work/address"
    "$DAVSIM" view --no-browser "$1" >"$work/address" &
    server=$!
    for _ in $(seq 200); do
        [ -s "$work/address" ] && break
        sleep 0.1
    done
    address=$(cat "$work/address")
}

start "$trace"
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
timeout 120 node "$SOURCE_DIR/tests/e2e/view/browser.mjs" "$address" "$work/expected.json" "$work/report.json" "$trace" \
    "$work" || die "the page does not show what the trace holds"
kill $server

python3 "$SOURCE_DIR/tests/e2e/view/many.py" "$work/many.json" 100000
start "$work/many.json"
timeout 120 node "$SOURCE_DIR/tests/e2e/view/many.mjs" "$address" 100000 "$work" || die "not a page of many slices"
kill $server

quietly "$DAVSIM" run -q --trace "$work/large.gz" "$SOURCE_DIR/examples/vector_graph" --tiles 1500
start "$work/large.gz"
timeout 120 node "$SOURCE_DIR/tests/e2e/view/large.mjs" "$address" 6000 "$work" || die "not the graph of a part"
kill $server
[ -z "${KEEP_PICTURES:-}" ] || cp "$work"/*.png "$KEEP_PICTURES"

# The pictures of the README; `make pictures` keeps them.
mkdir "$work/pictures"
trace=$work/transformer.pftrace.gz
quietly "$DAVSIM" run -q --trace "$trace" "$SOURCE_DIR/examples/transformer" --layers 1 --block-dim 4 --aicpu 1 --sequence 64
start "$trace"
timeout 120 node "$SOURCE_DIR/tests/e2e/view/pictures.mjs" "$address" "$work/pictures" || die "no pictures"
python3 "$SOURCE_DIR/tests/e2e/view/pictures.py" "$work/pictures" || die "not pictures of a timeline and a graph"
[ -z "${PICTURES:-}" ] || cp "$work"/pictures/*.png "$PICTURES"
