#!/bin/sh
# Install the Debian packages that davsim is built from, those that are missing only. Needs apt-get, and root or sudo
# when something is missing.
# shellcheck disable=SC2086 # lists of packages are meant to be split
set -eu

packages="make cmake ninja-build g++ gcc pkg-config clang-19 lld-19 libclang-rt-19-dev libsystemc-dev zlib1g-dev
    libcmocka-dev libelf-dev libdw-dev libprotobuf-c-dev protobuf-c-compiler protobuf-compiler libinih-dev libjansson-dev
    libcapstone-dev nettle-dev binutils python3"

fail()
{
    echo "install-deps: $*" >&2
    exit 2
}

command -v dpkg-query >/dev/null || fail "this is not a Debian system; install by its own means:" $packages

missing=
for package in $packages; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
    installed) ;;
    *) missing="$missing $package" ;;
    esac
done
if [ -z "$missing" ]; then
    echo "dependencies: all installed"
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    fail "these packages are missing, and neither root nor sudo is there to install them:$missing"
fi
echo "dependencies: installing$missing"
install_missing()
{
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Package lists may be old or absent: fetch them first; should that fail, the lists that are there may still do.
if ! { $as_root apt-get update -qq; install_missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install:$missing"
fi
