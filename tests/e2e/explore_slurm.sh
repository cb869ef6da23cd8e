#!/bin/bash
# davsim explore --slurm, on a Slurm of its own: munged, slurmctld and slurmd with ports of this machine's loopback, in a
# temporary directory, without cgroups, accounting or any right that the caller has not. It says what the same
# exploration says without Slurm, to the byte.
. "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
    command -v $program >/dev/null && continue
    echo "skipped: $program is not installed; \`tools/install-deps.sh test\` brings it"
    exit 77
done
if ! grep -q ' /sys/fs/cgroup' /proc/self/mounts; then
    echo "skipped: slurmd does not start where no cgroup file system is mounted"
    exit 77
fi
export DAVSIM_EXPLORE_PROGRAM=$SOURCE_DIR/tests/e2e/explore/stand_in.sh
cd "$work" || exit 1

munge_pid='' slurmctld_pid='' slurmd_pid=''
stop_slurm()
{
    local pid
    for pid in $slurmd_pid $slurmctld_pid $munge_pid; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    cd /
    rm -rf "$work"
}
trap stop_slurm EXIT
trap 'exit 1' HUP INT TERM

free_ports()
{
    python3 -c 'import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))'
}

start_slurm()
{
    local host user ctld_port slurmd_port
    host=$(hostname -s)
    user=$(id -un)
    read -r ctld_port slurmd_port < <(free_ports)
    mkdir munge state spool
    chmod 755 . munge
    (umask 077 && head -c 1024 /dev/urandom >munge/key)
    cat >slurm.conf <<END
ClusterName=davsim
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$ctld_port
SlurmdPort=$slurmd_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
KillWait=5
MessageTimeout=5
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
    export SLURM_CONF=$work/slurm.conf
    munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
        --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" >munge/out 2>&1 &
    munge_pid=$!
    until [ -S munge/socket ]; do
        kill -0 $munge_pid 2>/dev/null || die "munged does not start: $(cat munge/out munge/log)"
        sleep 0.1
    done
    slurmctld -D -f slurm.conf >slurmctld.log 2>&1 &
    slurmctld_pid=$!
    slurmd -D -f slurm.conf -N "$host" >slurmd.log 2>&1 &
    slurmd_pid=$!
    for _ in {1..150}; do
        sinfo -h -o %t 2>/dev/null | grep -q idle && return
        kill -0 $slurmctld_pid 2>/dev/null && kill -0 $slurmd_pid 2>/dev/null || break
        sleep 0.2
    done
    tail -n 20 slurmctld.log slurmd.log >&2
    die "Slurm does not start"
}

# same NAME [OPTION...] COMMAND... - with Slurm as without.
same()
{
    local name=$1 status
    shift
    "$DAVSIM" explore --json local.json "$@" >local.txt 2>local.err
    status=$?
    timeout 100 "$DAVSIM" explore --slurm --slurm-dir shared --json slurm.json "$@" >slurm.txt 2>slurm.err
    [ $? = $status ] || die "$name: not status $status: $(cat slurm.err)"
    diff local.txt slurm.txt || die "$name: another table"
    diff local.json slurm.json || die "$name: another JSON"
    diff local.err slurm.err || die "$name: something else on stderr"
    [ -z "$(ls shared)" ] || die "$name: left in the shared directory: $(ls shared)"
}

start_slurm
same 'one failure' --runs 24 play 'seed=13,noc:AIV_3' finding=lost-write@12
grep -q -- '--vary noc:AIV_3 play' slurm.txt || die "no reduction: $(cat slurm.txt)"
same 'all runs' --runs 21 --keep-going --jobs 2 --seed 50 --chip=minimal play \
    seed%7 "finding=it's@1" seed=62,dma wrong=1+b@2
same 'bad input in the middle' --runs 20 play seed=12 bad
same 'nothing found' --runs 10 play

# A task that is ended from outside, an option that Slurm does not know, an end before the job's.
timeout 100 "$DAVSIM" explore --slurm --runs 8 play seed=3 sleep=62 >stdout 2>stderr &
pid=$!
until squeue -h -t running -o %j | grep -q davsim-explore; do sleep 0.2; done
scancel --name="$(squeue -h -o %j | head -n 1)"
wait $pid
[ $? = 7 ] && [ ! -s stdout ] && grep -Eq '^davsim: explore: --slurm: task 0 of job [0-9]+ ended without a result: .*CANCELLED' stderr ||
    die "a task that was ended: $(cat stdout stderr)"
[ -f "$(sed 's/.*; see //' stderr)" ] || die "the output of the task is not where it is said: $(cat stderr)"
rm -r davsim-explore-*
expect 7 'sbatch did not submit the job: .*nvalid partition' "$DAVSIM" explore --slurm \
    --slurm-option=--partition=none play
env --default-signal=INT "$DAVSIM" explore --slurm --runs 8 play seed=3 sleep=62 >stdout 2>stderr &
pid=$!
until squeue -h -t running -o %j | grep -q davsim-explore; do sleep 0.2; done
kill -INT $pid
wait $pid
[ $? = 130 ] && grep -q 'interrupted$' stdout || die "a signal: $(cat stdout stderr)"
for _ in {1..100}; do
    [ -n "$(squeue -h)" ] || break
    sleep 0.2
done
[ -z "$(squeue -h)" ] || die "the job outlives davsim: $(squeue)"
compgen -G 'davsim-explore-*' && die "left behind after a signal"

# No sbatch; no controller.
mkdir few
ln -s "$(command -v bash)" "$(command -v sleep)" few
for program in cat grep sed tr paste; do ln -s "$(command -v $program)" few; done
expect 2 'there is no sbatch here' env PATH="$work/few" "$DAVSIM" explore --slurm play
kill $slurmctld_pid
wait $slurmctld_pid
slurmctld_pid=
expect 7 'sbatch did not submit the job: .*nable to contact slurm controller' "$DAVSIM" explore --slurm play
compgen -G 'davsim-explore-*' && die "left behind"
finish
