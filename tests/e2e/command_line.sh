#!/bin/bash
# The command line of davsim: what it says about bad options, how it passes options and exit statuses on. The program
# it runs is a script that plays libdavsim's part.
. "$(dirname "$0")/common.sh"

cat >"$work/program" <<'END'
#!/bin/sh
# program STATUS-OF-THE-LIBRARY OWN-STATUS
env | grep '^DAVSIM_' | grep -vE 'RESULT|CACHE|LIBDIR' | sort
cat >"$DAVSIM_RESULT" <<JSON
{"version": 1, "status": $1, "error": "", "chip": "toy", "launches": 1, "simulated_ps": 41234567, "launch_ps": 30000000,
 "tasks": 1234, "cores": {"AIC": {"count": 24, "busy_ps": 360000000, "used": 12}},
 "pipes": {"AIC": {"M": {"instructions": 1200, "busy_ps": 90000000}}},
 "overhead": {"dispatch_to_start_ps": {"avg": 310000.5, "p50": 290000, "max": 1450000}},
 "counters": {"aicore_hits": 1234567}, "stacks": {"AICPU": 2048}, "trace": "$DAVSIM_TRACE"}
JSON
exit "$2"
END
chmod +x "$work/program"

usage=2
expect $usage 'no subcommand given' "$DAVSIM"
expect $usage "'walk' is not a subcommand" "$DAVSIM" walk
expect $usage 'no command to run' "$DAVSIM" run
for command in run check explore new trace report compare view; do
    expect $usage "^davsim: $command: unrecognized option '--colour'$" "$DAVSIM" $command --colour true
done
expect $usage "'--chip' requires an argument" "$DAVSIM" run --chip
expect $usage "max-time takes a time .* not '5'" "$DAVSIM" run --max-time 5 true
expect $usage "max-time takes a time .* not '0s'" "$DAVSIM" run --max-time 0s true
expect $usage "set takes section.key=value, not 'clock=3'" "$DAVSIM" run --set clock=3 true
expect $usage "seed takes a number" "$DAVSIM" run --seed -1 true
expect $usage "memory is ordered or weak, not 'lax'" "$DAVSIM" run --memory lax true
expect $usage "compute is on or off, not 'maybe'" "$DAVSIM" run --compute maybe true
expect $usage "trace-level is task, phase, pipe, instr or mem, not 'core'" "$DAVSIM" check --trace-level core --trace t true
expect $usage "trace-level says what a trace holds: give --trace" "$DAVSIM" run --trace-level pipe true
expect $usage 'trace: cannot write into the directory /nowhere' "$DAVSIM" run --trace /nowhere/t true
expect $usage "$work is a directory without a main.c" "$DAVSIM" run "$work"
expect 127 'cannot run no-such-program: No such file' "$DAVSIM" run no-such-program
expect 126 'cannot run /etc/passwd: Permission denied' "$DAVSIM" run /etc/passwd
expect 1 'true ended with status 0 without launching anything' "$DAVSIM" run true
expect 3 'sh ended with status 3 without launching anything' "$DAVSIM" run sh -c 'exit 3'
expect 139 'sh was ended by signal 11 ' "$DAVSIM" run sh -c 'kill -SEGV $$'
expect 7 'the result that libdavsim left is damaged' "$DAVSIM" run sh -c 'echo "{" >"$DAVSIM_RESULT"'

# Whose status wins: the library's failure, else the program's own.
for row in '0 0 0' '0 3 3' '5 1 5' '4 139 4'; do
    read -r library own expected <<<"$row"
    "$DAVSIM" run --quiet "$work/program" "$library" "$own" >/dev/null 2>"$work/stderr"
    [ $? = "$expected" ] || die "library $library, program $own: not $expected"
    [ ! -s "$work/stderr" ] || die "--quiet printed: $(cat "$work/stderr")"
done

# Options arrive as environment; options after the command are the command's.
cd "$work" || exit 1
"$DAVSIM" run --chip minimal --set a.b=3 --set c.d=4ns --trace t.gz --report r.json --seed 4 --max-time 1.5ms \
    --memory weak --vary noc:AIC_0 --vary dma,evict --no-park -vv --trace-level pipe --compute off \
    "$work/program" 0 0 --trace no >stdout 2>stderr || die "the full set of options failed"
diff - stdout <<END || die "not the environment expected"
DAVSIM_CHIP=minimal
DAVSIM_COMPUTE=off
DAVSIM_MAX_TIME=1500000000
DAVSIM_PARK=0
DAVSIM_SEED=4
DAVSIM_SET=a.b=3
DAVSIM_TRACE=$work/t.gz
DAVSIM_TRACE_LEVEL=pipe
DAVSIM_VARY=drain,load,noc:AIC_0,dma,evict
DAVSIM_VERBOSE=2
END
sed -E 's/[0-9.]+ s on the host/H s on the host/' stderr | diff - <(cat <<END
davsim: toy: 1,234 tasks in 1 launch, 41.2 us simulated, H s on the host
  cores                   number       used       busy
    AIC                       24         12     50.0 %
  pipes             instructions       busy of kernels
    AIC M                  1,200    90.0 us     25.0 %
  overhead of a task     average     median    longest
    dispatch -> start     310 ns     290 ns    1.45 us
  counters
    aicore hits              1,234,567
  deepest stack, bytes
    AICPU                        2,048
  trace  $work/t.gz  (open it at https://ui.perfetto.dev)
END
) || die "not the report expected"
python3 - r.json <<'END' || die "not the report file expected"
import json, sys
report = json.load(open(sys.argv[1]))
assert report["tasks"] == 1234 and "trace" not in report, report
END

# A signal sent to davsim reaches the program.
"$DAVSIM" run sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done' >ready 2>stderr &
pid=$!
until [ -s ready ]; do sleep 0.05; done
kill -TERM $pid
wait $pid
[ $? = 9 ] || die "SIGTERM was not passed on"

[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'davsim-result-*' -user "$(id -un)" -newer "$work/program")" ] ||
    echo "note: result files are left, by this or another run"
finish
