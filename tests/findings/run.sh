#!/bin/bash
# run.sh SOURCE [CASE...] - the cases of a source of this folder (see cases.h) under `davsim check`: it finds what CASES
# says, and nothing else. Without a name, all of them. ctest runs it, and sets DAVSIM, DAVCC, SOURCE_DIR, BUILD_DIR.
. "$SOURCE_DIR/tests/harness/parts.sh"

name=$1
source=$(echo "$SOURCE_DIR/tests/findings/$name".c*)
shift
build program
while IFS='|' read -r CASE kinds options; do
    [ $# = 0 ] || [[ " $* " == *" $CASE "* ]] || continue
    check=("$DAVSIM" check --quiet --max-time 1ms --json "$work/findings.json")
    # shellcheck disable=SC2206
    check+=($options)
    if [[ $options == *--notes* ]]; then
        outcome 0 '^right$' "program $CASE" "${check[@]}"
    elif [ "$kinds" ]; then
        outcome 3 . "program $CASE" "${check[@]}"
    else
        outcome 0 '^right$' "program $CASE" "${check[@]}"
    fi
    # shellcheck disable=SC2086
    told "$work/findings.json" $kinds
    cases=$((${cases:-0} + 1))
done < <(sed -nE 's/^ +X\((\w+), "([^"]*)", "([^"]*)"\).*/\1|\2|\3/p' "$source")
[ "${cases:-0}" != 0 ] || die "$source: no case"
echo "$cases cases"
finish
