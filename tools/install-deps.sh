#!/bin/sh
# Install the Debian packages that davsim is built from, those that are missing only; `install-deps.sh test` also those
# that only tests use, `install-deps.sh bench` those of the benchmarks. Needs apt-get, and root or sudo when something is missing.
# shellcheck disable=SC2086 # lists of packages are meant to be split
set -eu

packages="make cmake ninja-build g++ gcc pkg-config clang-19 lld-19 libclang-rt-19-dev libsystemc-dev zlib1g-dev
    libcmocka-dev libelf-dev libdw-dev libprotobuf-c-dev protobuf-c-compiler protobuf-compiler libinih-dev libjansson-dev
    libcapstone-dev nettle-dev libmicrohttpd-dev libcairo2-dev binutils python3"
test_packages="munge slurm-wlm python3-numpy chromium"
# Node.js may come from elsewhere, with an npm of its own, and Debian's npm would not go with it.
command -v npm >/dev/null || test_packages="$test_packages nodejs npm"

fail()
{
    echo "install-deps: $*" >&2
    exit 2
}

bench_packages="libopenblas-dev"

case "${1-}" in
'') test_packages= ;;
test) ;;
bench) test_packages=$bench_packages ;;
*) fail "the only arguments are 'test' and 'bench', not '$1'" ;;
esac
command -v dpkg-query >/dev/null || fail "this is not a Debian system; install by its own means:" $packages

# absent PACKAGE... - those that are not installed
absent()
{
    for package; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

missing=$(absent $packages)
test_missing=$(absent $test_packages)
if [ -z "$missing$test_missing" ]; then
    echo "dependencies: all installed"
    exit 0
fi

# cannot WHY PACKAGE... - packages that are missing stay so. Without those of the tests, a few tests are skipped.
cannot()
{
    [ -z "$missing" ] || fail "$@"
    echo "install-deps: some of it will be skipped: $*" >&2
    exit 0
}

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    cannot "these packages are missing, and neither root nor sudo is there to install them:" $missing $test_missing
fi
echo "dependencies: installing$missing$test_missing"
install()
{
    [ $# = 0 ] || $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
made_policy=
clean_up()
{
    rm -f "$log"
    [ -z "$made_policy" ] || $as_root rm -f "$policy"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
# Packages with daemons would start them: Debian asks this file first. Tests start what they need themselves.
if [ -n "$test_packages" ] && [ ! -e "$policy" ]; then
    made_policy=1
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
# Package lists may be old or absent: fetch them first; should that fail, the lists that are there may still do.
if ! { $as_root apt-get update -qq; install $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    cannot "apt-get could not install:" $missing
fi
missing=
if ! install $test_missing >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    cannot "apt-get could not install:" $test_missing
fi
