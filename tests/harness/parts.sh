# parts.sh - programs of which one source holds all parts, for tests/patterns and tests/findings: build them, run them,
# compare what the checker says with the marks in the source.
# shellcheck shell=bash
. "$SOURCE_DIR/tests/e2e/common.sh"
harness=$SOURCE_DIR/tests/harness

# build FORM [FLAG...] - the parts of $source as $work/FORM, $work/FORM.aicpu, ...
build()
{
    local out=$work/$1 sanitize=${DAV_ASAN:+-fsanitize=address,undefined} warn=(-Wall -Wextra -Werror) target kernel
    local compiler=(cc -std=gnu11)
    shift
    [[ $source != *.cpp ]] || compiler=(c++ -std=c++17)
    [ -e "$work/harness.o" ] ||
        quietly cc -std=gnu11 "${warn[@]}" -g $sanitize -D_GNU_SOURCE -I"$SOURCE_DIR" -c "$harness/harness.c" \
            -o "$work/harness.o"
    quietly "${compiler[@]}" "${warn[@]}" -g $sanitize -D_GNU_SOURCE -DPART_HOST "$@" -I"$SOURCE_DIR" -I"$harness" \
        "$source" "$work/harness.o" -o "$out" -L"$BUILD_DIR/lib" -Wl,-rpath,"$BUILD_DIR/lib" -ldavsim -ldavpto
    warn+=(-I"$SOURCE_DIR/isa" -I"$harness")
    for target in aicpu aicore; do
        quietly "$DAVCC" --target=$target "${warn[@]}" -DPART_${target^^} "$@" "$source" -o "$out.$target"
    done
    for kernel in $(grep -Eo 'load_kernel\([0-9]+, "\w+"' "$source" | cut -d'"' -f2); do
        quietly "$DAVCC" --target=aiv --entry="$kernel" "${warn[@]}" -DPART_KERNEL "$@" "$source" -o "$out.$kernel"
    done
}

# outcome STATUSES PATTERN FORM COMMAND... - $work/FORM [ARG] ends with one of the statuses under the command, and
# prints a line that matches.
outcome()
{
    local statuses=$1 pattern=$2 form=$3 got
    shift 3
    # shellcheck disable=SC2086
    timeout 60 "$@" "$work/"$form >"$work/output" 2>&1
    got=$?
    [[ " $statuses " == *" $got "* ]] && grep -Eq -- "$pattern" "$work/output" && return
    echo "$name, $form: ${*##*/}"
    echo "expected: status $statuses, a line matching: $pattern"
    echo "got:      status $got and:"
    cat "$work/output"
    failures=$((${failures:-0} + 1))
} >&2

# told FILE [KIND...] - the findings in FILE are what $source says; see findings.py for CASE, the case's name.
told()
{
    python3 "$harness/findings.py" "$1" "$source" "${CASE:-}" "${@:2}" >&2 || failures=$((${failures:-0} + 1))
}
