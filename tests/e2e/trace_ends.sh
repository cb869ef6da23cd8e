#!/bin/bash
# However a run ends, its trace is one that `davsim trace check` passes, or is not there; and a line says which.
. "$(dirname "$0")/common.sh"
make_faulty
cd "$work" || exit 1
compile_host "$SOURCE_DIR/tests/e2e/ends.c" "$work/ends"
mkdir tmp out

# checked TRACE - it is whole, and what began has an end.
checked()
{
    quietly "$DAVSIM" trace check "$1"
    compgen -G "$1.tmp-*" >/dev/null && die "left $(echo "$1".tmp-*)"
}

# stopped SIGNAL NAME OPTION... - a signal to davsim in the middle of a launch: the trace has what happened until then.
stopped()
{
    local number=$1 trace=$2 pid status
    shift 2
    rm -f tmp/* out/*
    TMPDIR=$work/tmp "$DAVSIM" run --quiet --trace "$trace" --report out/report.json "$@" ./ends endless "$faulty" \
        >/dev/null 2>stderr &
    pid=$!
    until grep -qs unfinished tmp/davsim-result-*; do sleep 0.02; done # the launch has begun
    sleep 0.2
    kill -"$number" $pid
    wait $pid
    status=$?
    [ $status = $((128 + number)) ] || die "signal $number: status $status: $(cat stderr)"
    [ "$(wc -l <stderr)" = 1 ] && grep -q "launch: ended by signal $number .*; the trace '.*$trace' has what" stderr ||
        die "signal $number: $(cat stderr)"
    grep -q "\"interrupted\": $number" out/report.json || die "signal $number: $(cat out/report.json)"
    checked "$trace"
}

stopped 15 out/t.gz
"$DAVSIM" trace convert out/t.gz out/t.json && grep -q '"unfinished":true' out/t.json ||
    die "no slice is marked as unfinished"
stopped 2 out/t.json --trace-format json
stopped 1 out/t.json.gz --trace-format json --trace-level pipe

# A program that catches the signal itself is left alone: it ends as it likes (its handler exits).
for format in perfetto json; do
    "$DAVSIM" run --quiet --trace out/own.gz --trace-format $format --trace-level mem ./ends exit_in_launch "$faulty" \
        >/dev/null 2>&1
    [ $? = 9 ] || die "a handler of the program's own, $format"
    checked out/own.gz
done

# What a device exception leaves.
for name in null_read endless; do
    rm -f out/*
    "$DAVSIM" run --quiet --max-time 1ms --trace out/t.gz ./faulty "kernel_$name" "$faulty" >/dev/null 2>&1
    checked out/t.gz
done

# Killed, or crashed: no trace, and davsim says so.
for way in kill_after crash_after exit_past_exit; do
    rm -f out/*
    "$DAVSIM" run --quiet --trace out/t.gz ./ends $way "$faulty" >/dev/null 2>stderr
    grep -q 'no report and no trace' stderr || die "$way: $(cat stderr)"
    compgen -G 'out/*' >/dev/null && die "$way: left $(echo out/*)"
done

# A disk that fills up, in both formats: the limit on the size of a file stands for it.
quietly "$DAVSIM" run --quiet examples/vector_graph # it is compiled now
fill() { (trap '' XFSZ && ulimit -f 2048 && exec "$@"); }
for format in perfetto json; do
    fill "$DAVSIM" run --quiet --trace out/t --trace-format $format examples/vector_graph --tiles 8192 \
        >/dev/null 2>stderr
    status=$?
    [ $status = 7 ] && grep -q "trace '.*out/t': not written: File too large" stderr || die "$format: $status: $(cat stderr)"
    [ "$(wc -l <stderr)" = 1 ] || die "$format: $(cat stderr)"
    compgen -G 'out/*' >/dev/null && die "$format: left $(echo out/*)"
done
finish
