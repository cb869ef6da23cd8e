#!/bin/bash
# Ways for a run to end that are not the device's fault: the program stops early or is stopped, what is to be written
# cannot be. One line tells; a trace file is a valid one or is not there.
. "$(dirname "$0")/common.sh"
make_faulty
cd "$work" || exit 1
compile_host "$SOURCE_DIR/tests/e2e/ends.c" "$work/ends"
quietly "$DAVSIM" run --quiet ./ends well "$faulty"

# ends_case STATUS PATTERN CASE - and no trace with it.
ends_case()
{
    rm -f t.gz*
    expect "$1" "$2" "$DAVSIM" run --quiet --trace t.gz ./ends "$3" "$faulty"
    compgen -G 't.gz*' >/dev/null && die "$3: left $(echo t.gz*)"
}

# ends_with_trace STATUS CASE - the program ends as it likes, and what it did on the chip is told all the same.
ends_with_trace()
{
    local status
    rm -f t.gz* r.json
    "$DAVSIM" run --quiet --trace t.gz --report r.json ./ends "$2" "$faulty" >stdout 2>stderr
    status=$?
    [ $status = "$1" ] && [ ! -s stderr ] || die "$2: status $status: $(cat stderr)"
    decode t.gz >trace.txt || die "$2: protoc cannot decode the trace"
    grep -q '"launches": 1' r.json || die "$2: no launch in the report"
}

ends_case 1 'ends ended with status 0 without launching anything' exit_at_once
ends_case 3 'ends ended with status 3 without launching anything' exit_3_at_once
ends_case 134 'ends was ended by signal 6 .* before it launched anything' abort_at_once
ends_case 139 'ends was ended by signal 11 .* before it launched anything' crash_before
ends_case 137 'ends was ended by signal 9 .* in or after a launch' kill_after
ends_case 139 'ends was ended by signal 11 .* in or after a launch' crash_after
ends_case 3 'ends ended with status 3 past exit' exit_past_exit
ends_case 142 'ends was ended by signal 14 .* in or after a launch' alarm_in_launch
ends_with_trace 0 well
ends_with_trace 3 exit_3_after
ends_with_trace 9 exit_in_launch

# A signal to davsim in the middle of a launch ends the program.
mkdir tmp
TMPDIR=$work/tmp "$DAVSIM" run --quiet --trace t.gz ./ends endless "$faulty" >/dev/null 2>stderr &
pid=$!
until grep -qs unfinished tmp/davsim-result-*; do sleep 0.02; done # the launch has begun
kill -TERM $pid
wait $pid
[ $? = 143 ] || die "SIGTERM in a launch: $(cat stderr)"
grep -q 'launch: ended by signal 15' stderr || die "SIGTERM in a launch: $(cat stderr)"
compgen -G 't.gz*.tmp-*' >/dev/null && die "SIGTERM in a launch: left $(echo t.gz*)"

# Files that cannot be written.
well=(./ends well "$faulty")
mkdir folder locked
rm -f t.gz
expect 2 "trace: cannot write into the directory nowhere" "$DAVSIM" run --trace nowhere/t.gz "${well[@]}"
expect 2 "report: cannot write into the directory nowhere" "$DAVSIM" run --report nowhere/r.json "${well[@]}"
expect 2 "trace '$work/folder': exists and is not a regular file" "$DAVSIM" run --quiet --trace folder "${well[@]}"
expect 2 "trace '/dev/full': exists and is not a regular file" "$DAVSIM" run --quiet --trace /dev/full "${well[@]}"
"$DAVSIM" run --quiet --report folder "${well[@]}" >/dev/null 2>stderr
[ $? = 7 ] && grep -q 'folder' stderr || die "--report into a folder: $(cat stderr)"
if [ "$(id -u)" != 0 ]; then # root may write anywhere
    chmod a-w locked
    expect 2 "cannot write into the directory locked" "$DAVSIM" run --trace locked/t.gz "${well[@]}"
fi

# A disk that fills up; the limit on the size of a file stands for it where nothing can be mounted.
if mkdir disk && mount -t tmpfs -o size=16k davsim-test disk 2>/dev/null; then
    trap 'umount "$work/disk"; rm -rf "$work"' EXIT
    full='No space left on device'
    fill() { "$@"; }
else
    full='File too large'
    fill() { (trap '' XFSZ && ulimit -f 16 && exec "$@"); }
fi
fill "$DAVSIM" run --quiet --trace disk/t.pftrace "$SOURCE_DIR/examples/vector_graph" --tiles 200 >/dev/null 2>stderr
status=$?
[ $status = 7 ] || die "full disk: status $status: $(cat stderr)"
grep -Eq "^davsim: trace '.*disk/t.pftrace': not written: $full" stderr || die "full disk: $(cat stderr)"
[ "$(wc -l <stderr)" = 1 ] || die "full disk: $(cat stderr)"
compgen -G 'disk/*' >/dev/null && die "full disk: left $(echo disk/*)"

# Nobody to read what is said.
"$DAVSIM" run "${well[@]}" >/dev/full 2>&1
status=$?
[ $status = 0 ] || die "output to a full device: status $status"
finish
