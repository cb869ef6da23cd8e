#!/bin/bash
# The page of davsim view that is in the source tree is what its sources build, twice the same. Skipped where Node.js or the
# npm registry is missing.
. "$(dirname "$0")/common.sh"
page=$SOURCE_DIR/tools/view/page

command -v node >/dev/null && command -v npm >/dev/null || { echo "no Node.js with npm (packages nodejs, npm)"; exit 77; }
NODE_MODULES=$("$page/install.sh") || exit
export NODE_MODULES
for time in 1 2; do
    quietly node "$page/build.mjs" "$work/$time.html"
done
cmp "$work/1.html" "$work/2.html" || die "the same sources give different pages"
cmp "$work/1.html" "$SOURCE_DIR/tools/view/page.html" || die "tools/view/page.html is not what its sources build: make view-page"
