#!/bin/bash
# davsim check: its options, what it passes on, whose status wins; and a correct program has no findings.
. "$(dirname "$0")/common.sh"

usage=2 findings=3

# Options: those of run, and its own.
expect $usage 'check: no command to run; `davsim check --help` says more' "$DAVSIM" check
expect $usage "check: unrecognized option '--colour'" "$DAVSIM" check --colour true
expect $usage "check: --max-time takes a time" "$DAVSIM" check --max-time 5 true
expect $usage "run: unrecognized option '--json'" "$DAVSIM" run --json x true
expect $usage 'check: --json: cannot write into the directory /nowhere' "$DAVSIM" check --json /nowhere/j true
expect $usage 'check: --suppress: cannot read no-such-file: No such file' "$DAVSIM" check --suppress no-such-file true
expect 127 'check: cannot run no-such-program: No such file' "$DAVSIM" check no-such-program
expect 1 'check: true ended with status 0 without launching anything' "$DAVSIM" check true
for option in --json --suppress --gen-suppressions --notes --trace --set; do
    "$DAVSIM" check --help | grep -q -- "$option" || die "--help says nothing of $option"
done

# They arrive as environment. The program plays libdavsim's part.
cat >"$work/program" <<'END'
#!/bin/sh
# program STATUS-OF-THE-LIBRARY FINDINGS OWN-STATUS
env | grep -E '^DAVSIM_(CHECK|SUPPRESS|COLOR|SEED)|^/' | sort
echo "{\"version\": 1, \"status\": $1, \"launches\": 1, \"findings\": $2}" >"$DAVSIM_RESULT"
exit "$3"
END
chmod +x "$work/program"
cd "$work" || exit 1
touch s1 s2
"$DAVSIM" check -q --json f.json --suppress s1 --seed 5 --suppress s2 --gen-suppressions --notes ./program 0 0 0 \
    >stdout 2>stderr || die "the full set of options failed"
diff - stdout <<END || die "not the environment expected"
$work/s2
DAVSIM_CHECK=1
DAVSIM_CHECK_GENERATE=1
DAVSIM_CHECK_JSON=$work/f.json
DAVSIM_CHECK_NOTES=1
DAVSIM_SEED=5
DAVSIM_SUPPRESS=$work/s1
END
[ -z "$("$DAVSIM" run -q ./program 0 0 0)" ] || die "run checks"

# Colours are for terminals, unless NO_COLOR says no.
if script -qec true /dev/null >/dev/null 2>&1; then
    script -qec "'$DAVSIM' check -q ./program 0 0 0" /dev/null | grep -q DAVSIM_COLOR=1 || die "no colours at a terminal"
    NO_COLOR=1 script -qec "'$DAVSIM' check -q ./program 0 0 0" /dev/null | grep -q COLOR=1 && die "NO_COLOR is ignored"
fi

# Whose status wins: bad input, then findings, then any failure.
while read -r library found own expected; do
    "$DAVSIM" check -q ./program "$library" "$found" "$own" >/dev/null 2>stderr
    [ $? = "$expected" ] || die "library $library, $found findings, program $own: not $expected"
done <<END
0 0 0 0
0 2 0 $findings
0 2 1 $findings
5 1 5 $findings
4 0 4 1
6 0 0 1
0 0 7 1
0 0 2 1
2 0 0 $usage
2 1 2 $usage
END
"$DAVSIM" check -q sh -c 'echo "{\"unfinished\": true, \"findings\": 1}" >"$DAVSIM_RESULT"; kill -KILL $$' 2>/dev/null
[ $? = $findings ] || die "the findings of a program that was killed are forgotten"
"$DAVSIM" check -q sh -c 'exit 2' 2>/dev/null
[ $? = $usage ] || die "bad input before the first launch"

# The real thing.
# Every example is right.
for example in "$SOURCE_DIR"/examples/*/main.c; do
    example=${example%main.c}
    expect 0 '^davsim: no findings$' "$DAVSIM" check -q "$example"
done
expect 0 '^davsim: no findings$' "$DAVSIM" check -q examples/vector_graph --launches 2
"$DAVSIM" check -q --json f.json examples/vector_graph >stdout 2>stderr || die "status $? from a correct program"
[ "$(cat stderr)" = "davsim: no findings" ] || die "a correct program: $(cat stderr)"
python3 - f.json <<'END' || die "not the JSON expected"
import json, sys
found = json.load(open(sys.argv[1]))
assert found == {"version": 1, "count": 0, "occurrences": 0, "notes": 0, "suppressed": 0, "not_kept": 0,
                 "findings": []}, found
END
"$DAVSIM" check --report r.json examples/vector_graph >stdout 2>stderr || die "status $? with a report"
grep -q '"findings": 0' r.json || die "the report does not count findings"
"$DAVSIM" run --report r.json examples/vector_graph >stdout 2>stderr
grep -q findings r.json stderr && die "run speaks of findings"

# Suppressions: mistakes are bad input, what met nothing is told with -v.
printf '{\n   known\n   lost-writes\n}\n' >bad
expect $usage "^davsim: suppressions $work/bad:3: 'lost-writes' is no kind of finding" \
    "$DAVSIM" check -q --suppress bad examples/vector_graph
printf '# what we know\n{\n   known\n   lost-write\n   fun:store_*\n}\n' >good
expect 0 'no findings' "$DAVSIM" check -q --suppress good examples/vector_graph
"$DAVSIM" check -v --suppress good examples/vector_graph >/dev/null 2>stderr
grep -q "^davsim: suppression 'known' ($work/good:2) met nothing; it can go$" stderr || die "-v: $(cat stderr)"
mkdir folder
"$DAVSIM" check -q --json folder examples/vector_graph >/dev/null 2>stderr
[ $? = 1 ] || die "JSON that cannot be written is no failure"
grep -q "^davsim: cannot write the findings $work/folder: Is a directory$" stderr || die "$(cat stderr)"
finish
