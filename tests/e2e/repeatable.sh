#!/bin/bash
# The same run gives the same bytes: again, on a busy host, and with every poll simulated.
. "$(dirname "$0")/common.sh"
cd "$SOURCE_DIR" || exit 1

# run NAME [OPTION...]
run()
{
    local name=$1
    shift
    quietly "$DAVSIM" run "$@" --trace "$work/$name.pftrace.gz" --report "$work/$name.json" examples/vector_graph \
        --tiles 50
}

run first
run second
(while :; do :; done) &
one=$!
(while :; do :; done) &
two=$!
run busy
kill $one $two
wait 2>/dev/null
run polling --no-park

for name in second busy; do
    cmp "$work/first.pftrace.gz" "$work/$name.pftrace.gz" || die "the traces of the first and the $name run differ"
    cmp "$work/first.json" "$work/$name.json" || die "the reports of the first and the $name run differ"
done
cmp "$work/first.pftrace.gz" "$work/polling.pftrace.gz" || die "parking idle cores changes the trace"
echo "four runs, one trace"
