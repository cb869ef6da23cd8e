#!/bin/sh
# install.sh - print the folder node_modules with what the lock file says, for building the page and for testing it in a
# browser; bring it into the cache if need be. Nothing else of davsim needs it. Exit status 77: the registry cannot be
# reached.
set -eu

cd "$(dirname "$0")"
lock=$(sha256sum package.json package-lock.json | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/davsim-tests/view-$lock
if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    new=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    cp package.json package-lock.json "$new"
    (cd "$new" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 >log 2>&1) || {
        tail -n 5 "$new/log" >&2
        exit 77
    }
    mv -T "$new" "$cache" 2>/dev/null || [ -d "$cache" ] # somebody else may have been faster
fi
echo "$cache/node_modules"
