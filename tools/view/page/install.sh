#!/bin/sh
# install.sh - print the folder node_modules with what the lock file says, for building the page and for testing it in a
# browser; bring it into the cache if need be. Nothing else of davsim needs it. Exit status 77: they cannot be had from the
# registry.
set -eu

cd "$(dirname "$0")"
lock=$(sha256sum package.json package-lock.json | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/davsim-tests/view-$lock
if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    new=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    cp package.json package-lock.json "$new"
    # What the registry has must be what the lock file says; but it may be out of reach.
    if ! (cd "$new" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=2000 >log 2>&1); then
        if grep -q EINTEGRITY "$new/log"; then
            echo "tools/view/page: a package in the npm registry is not the one that package-lock.json names" >&2
            exit 1
        fi
        echo "no packages for the page: they cannot be had from the npm registry: $(grep -m 1 -i 'npm err' "$new/log")" >&2
        exit 77
    fi
    mv -T "$new" "$cache" 2>/dev/null || [ -d "$cache" ] # somebody else may have been faster
fi
echo "$cache/node_modules"
