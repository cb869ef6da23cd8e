#!/bin/bash
# davsim explore: which run counts, what is printed, what is left behind. A script plays the simulator, so that it is
# known which perturbations a failure takes.
. "$(dirname "$0")/common.sh"
export DAVSIM_EXPLORE_PROGRAM=$SOURCE_DIR/tests/e2e/explore/stand_in.sh TMPDIR=$work/tmp
mkdir "$TMPDIR"
cd "$work" || exit 1

# explore STATUS [OPTION...] COMMAND... - its output is in stdout and stderr, its JSON in out.json; nothing is left.
explore()
{
    local status=$1 got
    shift
    rm -f out.json
    timeout 120 "$DAVSIM" explore --json out.json "$@" >stdout 2>stderr
    got=$?
    [ $got = "$status" ] || { cat stdout stderr >&2; die "status $got, not $status, from: $*"; }
    [ -z "$(ls "$TMPDIR")" ] || die "left behind by $*: $(ls -R "$TMPDIR")"
}

says()
{
    grep -Eqx -- "$1" stdout || { cat stdout stderr >&2; die "no line says: $1"; }
}

# What is wrong with the command line is said before anything runs.
expect 2 'no command to run' "$DAVSIM" explore
expect 2 "runs takes a number from 1 to [0-9]*, not '0'" "$DAVSIM" explore --runs 0 play
expect 2 "jobs takes a number from 1 to 1024, not 'many'" "$DAVSIM" explore --jobs many play
expect 2 "seed takes a number from 0" "$DAVSIM" explore --seed -1 play
expect 2 'vary is empty' "$DAVSIM" explore --vary '' play
expect 2 'json: cannot write into the directory /nowhere' "$DAVSIM" explore --json /nowhere/x play
expect 2 'trace is for a single run: replay' "$DAVSIM" explore --trace t.gz play
expect 2 'need --slurm' "$DAVSIM" explore --slurm-tasks 3 play
expect 2 "unrecognized option '--colour'" "$DAVSIM" explore --colour play
expect 127 'cannot run no-such-program' "$DAVSIM" explore no-such-program

# Nothing found.
explore 0 --runs 12 play
diff stdout - <<'END' || die "a clean exploration"
davsim: explore: 12 of 12 perturbed runs, seeds from 2, and one unperturbed
  clean 12, with findings 0, failed 0; unperturbed: clean
END
[ ! -s stderr ] || die "a clean exploration says on stderr: $(cat stderr)"

# A finding that takes a seed and two perturbations, among 57.
two=(play 'seed=17,noc:AIV_3,drain:AICPU_0' finding=lost-write@12)
explore 3 --chip=minimal --runs 30 "${two[@]}"
diff stdout - <<'END' || die "the table of one finding"
davsim: explore: 16 of 30 perturbed runs, seeds from 2, and one unperturbed
  clean 15, with findings 1, failed 0; unperturbed: clean
  finding                    runs  seeds
  lost-write                    1  17
      at kernel.c:12, sched.c:7
      AIV_1 did it for the 17th time
  seed 17, lost-write at kernel.c:12, sched.c:7:
    2 of 57 perturbations suffice; each is needed (60 runs to tell):
      drain:AICPU_0
      noc:AIV_3
  replay, with no more than is needed:
    davsim check --seed 17 --vary drain:AICPU_0,noc:AIV_3 --chip=minimal play seed=17,noc:AIV_3,drain:AICPU_0 finding=lost-write@12
  replay, as it was:
    davsim check --seed 17 --vary all --chip=minimal play seed=17,noc:AIV_3,drain:AICPU_0 finding=lost-write@12
END
diff stderr - <<'END' || die "the output of the failing run"
davsim: explore: the run with seed 17 printed:
the program prints finding=lost-write@12
END
# The commands printed do what they say.
while read -r _ command; do
    eval "TMPDIR=$work $DAVSIM_EXPLORE_PROGRAM $command" >replayed
    [ $? = 3 ] || die "no finding from: $command"
done < <(grep -E '^ +davsim check' stdout)

# How many runs are made side by side changes no byte.
cp stdout one.txt
cp out.json one.json
for jobs in 1 2 7; do
    explore 3 --chip=minimal --runs 30 --jobs $jobs "${two[@]}"
    cmp stdout one.txt && cmp out.json one.json || die "--jobs $jobs changes the result"
done
python3 - one.json <<'END' || die "not the JSON expected"
import json, sys
found = json.load(open(sys.argv[1]))
assert found["runs_made"] == 16 and found["with_findings"] == 1 and not found["interrupted"], found
assert found["findings"] == [{"kind": "lost-write", "place": "kernel.c:12, sched.c:7", "runs": [16], "seeds": [17]}]
assert [run["seed"] for run in found["runs"]] == list(range(1, 18))
assert [run["verdict"] for run in found["runs"]] == ["clean"] * 16 + ["findings"]
reduction = found["reduction"]
assert reduction["end"] == "minimal" and len(reduction["from"]) == 57, reduction
assert reduction["to"] == ["drain:AICPU_0", "noc:AIV_3"], reduction
assert reduction["replay"][:5] == ["davsim", "check", "--seed", "17", "--vary"], reduction
END

# The lowest run counts, also if a higher one fails before; the higher one is ended.
SECONDS=0
explore 3 --runs 12 --jobs 4 --reduce-runs 0 play seed=4 finding=early@1 seed=5 finding=late@2 seed=6 sleep=60
says '  early +1  4'
grep -q '^  late' stdout && die "a run above the first failing one was counted"
explore 3 --runs 12 --jobs 4 --reduce-runs 0 play seed=4 sleep=1 seed=5 finding=late@2 seed=6 sleep=60
says '  clean 3, with findings 1, failed 0; unperturbed: clean'
[ $SECONDS -lt 30 ] || die "what is not needed was waited for"

# The unperturbed run comes alone and first: it fills caches. It has the exploration's seed.
STAND_IN_LOG=$work/log explore 0 --runs 6 --jobs 6 --seed 100 play
head -n 2 log | diff - <(printf 'begin 100 none\nend 100\n') || die "the first run was not alone, or was perturbed"
[ "$(grep -c '^begin 10[1-6] all$' log)" = 6 ] || die "not the runs expected: $(cat log)"
STAND_IN_LOG=$work/log explore 0 --runs 2 --vary noc,dma play
grep -q '^begin 3 noc,dma$' log || die "--vary was not handed on"

# It may be what fails; then no perturbation is to blame.
explore 3 --runs 6 play always finding=plain@5
says '  the unperturbed run is not clean: no perturbation is needed'
says '    davsim check --seed 1 play always finding=plain@5'
# With --keep-going what the perturbed runs add is what matters.
explore 3 --runs 12 --keep-going play seed=9,dma finding=rare@6 always finding=plain@5
says '  plain +12  unperturbed 2 3 4 5 6 ...'
says '  seed 9, rare at kernel.c:6, sched.c:7:'
says '    1 of 57 perturbations suffices .*'

# Failures: a wrong result counts more than a finding; without checkers it is all that counts.
explore 1 --runs 6 play seed=5,dma wrong=1
says '  program failed \(1\) +1  5'
# A program that fails fails, whatever checkers find besides.
explore 3 --runs 12 --keep-going play seed%4 finding=a@1 seed%6,dma wrong=1+b@2
says '  clean 8, with findings 3, failed 1; unperturbed: clean'
explore 1 --no-check --runs 12 play seed=4 finding=a@1 seed=8,evict:AIC_2 wrong=134
says '  program failed \(134\) +1  8'
says '    davsim run --seed 8 --vary evict play .*' # no report was left to name its perturbations, only kinds are known

# A run that cannot be made is the user's to mend.
explore 2 --runs 9 play seed=1 bad
tail -n 1 stderr | grep -q '^davsim: chip file x.ini' && [ ! -s stdout ] || die "bad input at once"
explore 2 --runs 9 --keep-going play seed=4 bad seed=5 finding=a@1
grep -q 'no such key' stderr && [ ! -s stdout ] || die "bad input in the middle"
explore 7 --runs 9 play seed=4 crash
grep -q 'the run with seed 4 was ended by signal 11' stderr || die "a crash of davsim itself"

# When reducing does not work out.
explore 3 --runs 9 play seed=4,always finding=seed-only@1
says '    comes with this seed also when nothing is perturbed .*'
explore 3 --runs 9 play seed=4 "once=$work/came-once"
says '    not seen again with the 57 perturbations of the run by their names: not reduced'
explore 3 --runs 20 --reduce-runs 10 "${two[@]}"
says '    [0-9]+ of 57 perturbations suffice; perhaps fewer would do \(10 runs to tell\):'
explore 3 --runs 20 --reduce-runs 0 "${two[@]}"
grep -q suffice stdout && die "--reduce-runs 0 reduces"
says '    davsim check --seed 17 --vary all play .*'

# --quiet; and the progress bar, on a terminal only.
explore 3 --quiet --runs 20 "${two[@]}"
[ ! -s stdout ] && [ ! -s stderr ] || die "--quiet prints"
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then # there may be no pseudo-terminals
    script -qec "$DAVSIM explore --runs 4 play always sleep=0.3" /dev/null >screen </dev/null
    grep -q 'explore \[##.*of 4 runs' screen || die "no progress bar on a terminal: $(cat screen)"
fi

# A signal ends the children and removes what is temporary; what is known is printed.
# begin_endless - an exploration whose run 3 (seed 4) never ends, and all others have. SIGINT, which a shell has its
# background jobs ignore, is taken.
begin_endless()
{
    rm -f log
    STAND_IN_LOG=$work/log env --default-signal=INT "$DAVSIM" explore --keep-going --runs 9 --jobs 3 play \
        seed=2 finding=a@1 seed=4 sleep=61 >stdout 2>stderr &
    pid=$!
    until grep -qs '^end 10$' log; do sleep 0.05; done
    sleep 0.5
}

for signal in INT:130 TERM:143; do
    begin_endless
    kill "-${signal%:*}" $pid
    wait $pid
    [ $? = "${signal#*:}" ] || die "SIG${signal%:*}: $(cat stdout stderr)"
    says 'davsim: explore: 8 of 9 perturbed runs, .*; interrupted'
    says '  a +1  2'
    [ -z "$(ls "$TMPDIR")" ] || die "left behind after a signal: $(ls -R "$TMPDIR")"
    pgrep -f '^sleep 61$' >/dev/null && die "a child is left after a signal"
done
finish
