#!/bin/bash
# davsim view serves a trace to this machine only: what it says over HTTP, how it ends, and what it refuses.
. "$(dirname "$0")/common.sh"

trace=$work/v.pftrace.gz
quietly "$DAVSIM" run -q --trace "$trace" "$SOURCE_DIR/examples/vector_graph" --tiles 10
decode_all "$trace" "$work/v.txt"

# start OPTION... - a server; its address in $address, its process in $server.
start()
{
    : >"$work/address"
    "$DAVSIM" view --no-browser "$@" >"$work/address" 2>"$work/stderr" &
    server=$!
    for _ in $(seq 200); do
        address=$(cat "$work/address")
        [ -z "$address" ] || return 0
        kill -0 $server 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/stderr" >&2
    die "no address from davsim view $*"
}

for signal in INT TERM; do
    start "$trace"
    [[ $address =~ ^http://127\.0\.0\.1:[0-9]+/$ ]] || die "not an address: $address"
    python3 "$SOURCE_DIR/tests/e2e/view/served.py" "$address" "$trace" "$work/v.txt" || die "not what the server should say"
    kill -$signal $server
    wait $server || die "status $? after SIG$signal"
    [ ! -s "$work/stderr" ] || die "complaints: $(cat "$work/stderr")"
done

start "$trace"
port=${address##*:}
port=${port%/}
expect 2 "^davsim: view: cannot listen on port $port of 127.0.0.1: Address already in use; without --port one is chosen$" \
    "$DAVSIM" view --no-browser --port "$port" "$trace"
kill $server
wait $server

gzip -dc "$trace" | head -c 1000 >"$work/cut.pftrace"
expect 2 'which trace\?' "$DAVSIM" view
expect 2 'one trace too many' "$DAVSIM" view "$trace" "$trace"
expect 2 'no-such-file' "$DAVSIM" view no-such-file
expect 2 'cut' "$DAVSIM" view --no-browser "$work/cut.pftrace"
expect 2 "port takes a number from 1 to 65535, not '65536'" "$DAVSIM" view --port 65536 "$trace"
expect 2 "port takes a number from 1 to 65535, not 'x'" "$DAVSIM" view --port x "$trace"
gives 0 'no-browser' "$DAVSIM" view --help
finish
