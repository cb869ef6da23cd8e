#!/bin/bash
# Each example that can be built with a flag or barrier left out: wrong numbers, and davsim check names the two that meet
# without it. (A flag between cores that is missing lets one read what the other has not written: uninitialised.)
. "$(dirname "$0")/common.sh"

found=0
for main in "$SOURCE_DIR"/examples/*/main.c; do
    grep -q -- '"sabotage"' "$main" || continue
    example=$(dirname "$main") name=$(basename "$(dirname "$main")")
    "$DAVSIM" run -q "$example" --sabotage >"$work/stdout" 2>"$work/stderr"
    status=$?
    [ $status = 1 ] && grep -q "^$name: WRONG: " "$work/stdout" ||
        die "$name --sabotage: status $status: $(cat "$work/stdout" "$work/stderr")"
    "$DAVSIM" check -q --json "$work/f.json" "$example" --sabotage >/dev/null 2>"$work/stderr"
    status=$?
    [ $status = 3 ] || die "$name --sabotage under check: status $status: $(cat "$work/stderr")"
    grep -Eq "^davsim: (pipe-hazard|unpaired-flag|uninitialised): " "$work/stderr" || die "$name --sabotage: $(cat "$work/stderr")"
    python3 - "$work/f.json" "$example" <<'END' || die "$name: the findings name no line of the kernel"
import json, os, sys
text = json.dumps(json.load(open(sys.argv[1])))
sys.exit(0 if os.path.basename(sys.argv[2]) + '/kernels/' in text else 1)
END
    found=$((found + 1))
done
[ $found -ge 4 ] || die "only $found examples can be sabotaged"
finish
