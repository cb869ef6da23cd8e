#!/bin/bash
# Plays `davsim check` and `davsim run` for the tests of `davsim explore`: takes their options, and leaves the report and
# the findings that a simulation would, according to the "program":
#
#   play [WHEN OUTCOME]...
#
# The first WHEN that holds decides; if none does, the run is clean. WHEN is a list of conditions with commas: seed=N,
# seed<N, seed%N (divisible), or a perturbation such as noc:AIV_1 that must be active; "always". OUTCOME is one of
# finding=KIND@LINE, wrong=STATUS, wrong=STATUS+KIND@LINE, bad (input), crash, sleep=SECONDS (and then clean), and
# once=FILE (a finding when FILE is not there yet, which is made).
# STAND_IN_LOG: a file that gets a line for each beginning and each end.
items=(drain:AICPU_{0..3} load:AICPU_{0..3} noc:AI{C,V}_{0..7} dma evict:AI{C,V}_{0..7} start:AI{C,V}_{0..7})
subcommand=$1 seed=1 vary='' report='' findings=''
shift
while [ $# -gt 0 ]; do
    case $1 in
    --seed | --vary) declare "${1#--}=$2" && shift ;;
    --report=*) report=${1#*=} ;;
    --json=*) findings=${1#*=} ;;
    --quiet | --chip=* | --set=*) ;;
    --*) echo "davsim: check: unrecognized option '$1'" >&2 && exit 2 ;;
    *) break ;;
    esac
    shift
done
[ "$1" = play ] || { echo "davsim: run: cannot run $1: No such file or directory" >&2 && exit 127; }
shift
[ -z "${STAND_IN_LOG:-}" ] || echo "begin $seed ${vary:-none}" >>"$STAND_IN_LOG"

# Which items are active: an item of the list itself, or one whose kind is in the list.
active=
for item in "${items[@]}"; do
    case ",$vary," in
    *,all,* | *,"$item",* | *,"${item%%:*}",*) active+=",$item" ;;
    esac
done

holds()
{
    local condition
    for condition in ${1//,/ }; do
        case $condition in
        always) ;;
        seed=*) [ "$seed" = "${condition#*=}" ] || return ;;
        seed\<*) [ "$seed" -lt "${condition#*<}" ] || return ;;
        seed%*) [ $((seed % ${condition#*%})) = 0 ] || return ;;
        *) [[ $active, = *,$condition,* ]] || return ;;
        esac
    done
}

# found KIND@LINE
found()
{
    [ -n "$findings" ] || return 0
    cat >"$findings" <<END
{"version": 1, "findings": [{"kind": "${1%@*}", "count": $seed, "summary": "AIV_1 did it for the ${seed}th time",
 "sides": [{"agent": "AIV_1", "file": "kernel.c", "line": ${1#*@}}, {"agent": "AICPU_0", "file": "sched.c", "line": 7}]}]}
END
}

outcome=clean
while [ $# -gt 1 ]; do
    if holds "$1"; then
        outcome=$2
        break
    fi
    shift 2
done
echo "the program prints $outcome"
: >"$TMPDIR/left-behind"
status=0 program=0
case $outcome in
finding=*) found "${outcome#*=}" && status=3 ;;
wrong=*+*) program=${outcome#*=} program=${program%+*} && found "${outcome#*+}" && status=3 ;;
wrong=*) program=${outcome#*=} status=1 ;;
bad) echo "davsim: chip file x.ini, line 3: no such key" >&2 && status=2 ;;
crash) kill -SEGV $$ ;;
sleep=*) sleep "${outcome#*=}" ;;
once=*) [ -e "${outcome#*=}" ] || { : >"${outcome#*=}" && found "odd@1" && status=3; } ;;
esac
if [ -n "$report" ] && [ $program -lt 128 ]; then # whoever dies of a signal leaves none
    printf '{"version": 1, "status": 0, "exit_status": %d, "vary": [%s]}\n' "$program" \
        "$(tr ',' '\n' <<<"${active#,}" | sed '/./!d; s/.*/"&"/' | paste -sd,)" >"$report"
fi
if [ "$subcommand" = run ] && [ $status != 2 ]; then # without checkers nobody finds anything
    status=$program
fi
[ -z "${STAND_IN_LOG:-}" ] || echo "end $seed" >>"$STAND_IN_LOG"
exit $status
