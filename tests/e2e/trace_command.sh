#!/bin/bash
# `davsim trace`: every example's trace passes the check; converting there and back changes nothing that a reader sees;
# cut and merged traces are traces; what cannot be done is told in one line.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
compare=$SOURCE_DIR/tests/e2e/trace_same.py

for folder in "$SOURCE_DIR"/examples/*/; do
    name=$(basename "$folder")
    [ -e "$folder/main.c" ] || continue
    for format in perfetto json; do
        "$DAVSIM" run --quiet --trace "$name.gz" --trace-level pipe --trace-format $format "examples/$name" \
            >output 2>&1 || die "$name: $(cat output)"
        gives 0 ' [1-9][0-9]* slices.*: no faults' "$DAVSIM" trace check "$name.gz"
    done
done
[ -e vector_graph.gz ] || die "no examples"

# There and back.
quietly "$DAVSIM" run --quiet --trace v.pftrace --trace-level pipe examples/vector_graph
quietly "$DAVSIM" run --quiet --trace direct.json --trace-level pipe --trace-format json examples/vector_graph
quietly "$DAVSIM" trace convert v.pftrace v.json
quietly "$DAVSIM" trace convert v.json back.pftrace.gz
quietly "$DAVSIM" trace convert back.pftrace.gz again.json.gz
gzip -dc again.json.gz | cmp - v.json || die "converted back, a trace is another one"
quietly python3 "$compare" v.json direct.json

# A part, clipped.
quietly "$DAVSIM" trace cut --from 150us --to 0.2ms v.pftrace part.json
gives 0 'no faults' "$DAVSIM" trace check part.json
quietly python3 "$compare" --within 150 200 part.json

# Side by side.
cp v.pftrace other.pftrace
quietly "$DAVSIM" trace merge --align start both.json v.pftrace other.pftrace
gives 0 'no faults' "$DAVSIM" trace check both.json
for group in 'v: Host' 'other: Host'; do
    grep -q "\"name\":\"$group\"" both.json || die "both.json has no group '$group'"
done

# A clock that counts from 1970: what is read begins at 0.
late='"pid":1,"tid":1,"ts":17000000000000'
echo "[{\"ph\":\"X\",${late}00,\"dur\":2,\"name\":\"a\"},{\"ph\":\"i\",${late}64,\"name\":\"b\"}]" >late.json
quietly "$DAVSIM" trace convert late.json early.json
grep -q '"ts":0.000,"name":"a"' early.json && grep -q '"ts":64.000,"name":"b"' early.json || die "$(cat early.json)"
expect 2 "'late.json': its times are too late to stay as they are: merge needs --align start" \
    "$DAVSIM" trace merge both.json late.json v.pftrace
quietly "$DAVSIM" trace merge --align start both.json late.json v.pftrace

# Ids that are names, and large ones, are of rows of their own.
echo '[{"ph":"X","pid":"one","tid":"two","ts":1,"dur":5,"name":"a"},{"ph":"X","pid":1,"tid":"two","ts":2,"dur":5,"name":"b"},
    {"ph":"X","pid":1,"tid":1073741826,"ts":3,"dur":5,"name":"c"}]' >ids.json
gives 0 ': 5 rows, 3 slices, .*: no faults' "$DAVSIM" trace check ids.json

# Faults that a trace may have, each a line.
head='{"traceEvents":['
row='"pid":1,"tid":1'
echo "$head{\"ph\":\"B\",$row,\"ts\":1,\"name\":\"a\"},{\"ph\":\"E\",$row,\"ts\":2},{\"ph\":\"E\",$row,\"ts\":3}]}" >f.json
gives 1 "'thread 1': a slice ends at 3000 ns, but none has begun" "$DAVSIM" trace check f.json
echo "$head{\"ph\":\"B\",$row,\"ts\":1,\"name\":\"a\"}]}" >f.json
gives 1 "the slice 'a' that begins at 1000 ns never ends" "$DAVSIM" trace check f.json
echo "$head{\"ph\":\"X\",$row,\"ts\":1,\"dur\":4,\"name\":\"a\"},{\"ph\":\"X\",$row,\"ts\":3,\"dur\":4,\"name\":\"b\"}]}" >f.json
gives 1 "the slice '.' at .000 ns overlaps another one" "$DAVSIM" trace check f.json
echo "$head{\"ph\":\"X\",$row,\"ts\":1,\"dur\":4,\"name\":\"a\"},{\"ph\":\"s\",$row,\"ts\":2,\"id\":7}]}" >f.json
gives 1 "arrow .* from 'a' at 1000 ns has no other end" "$DAVSIM" trace check f.json
for number in $(seq 30); do
    printf '%s{"ph":"B",%s,"ts":%d,"name":"a"}' "${comma:-$head}" "$row" "$number" && comma=,
done >f.json
echo ']}' >>f.json
gives 1 'and 10 more' "$DAVSIM" trace check f.json
[ "$(wc -l <"$work/output")" = 21 ] || die "not 20 lines and one"
quietly "$DAVSIM" trace convert v.pftrace v.pftrace.gz
head -c 3000 v.pftrace >f && expect 1 "trace 'f': it is cut off at byte" "$DAVSIM" trace check f
head -c 900 v.pftrace.gz >f && expect 1 "trace 'f': its compressed data is cut off" "$DAVSIM" trace check f
head -c 3000 v.json >f && expect 1 "trace 'f': its JSON is cut off at byte" "$DAVSIM" trace check f
echo hello >f && expect 1 "trace 'f': it is neither a Perfetto trace nor Chrome JSON" "$DAVSIM" trace check f
: >f && expect 1 "trace 'f': it is empty" "$DAVSIM" trace check f

# What cannot be done.
expect 2 'trace: say what' "$DAVSIM" trace
expect 2 "trace: 'fold' is nothing that can be done" "$DAVSIM" trace fold v.pftrace
expect 2 'trace: convert takes IN OUT' "$DAVSIM" trace convert v.pftrace
expect 2 "'v.txt' does not tell the format" "$DAVSIM" trace convert v.pftrace v.txt
expect 2 'trace: cannot read nothing.gz' "$DAVSIM" trace check nothing.gz
expect 2 "trace 'nothing.gz': cannot be read" "$DAVSIM" trace convert nothing.gz v.json
expect 2 "trace 'nowhere/v.json': cannot create a file there" "$DAVSIM" trace convert v.pftrace nowhere/v.json
expect 2 'takes a time with its unit' "$DAVSIM" trace cut --from 3 v.pftrace v.json
expect 2 'nothing lies between' "$DAVSIM" trace cut --from 3us --to 1us v.pftrace v.json
expect 2 'are for `davsim trace cut`' "$DAVSIM" trace convert --to 1us v.pftrace v.json
expect 2 'align is start, not' "$DAVSIM" trace merge --align end v.json v.pftrace
finish
