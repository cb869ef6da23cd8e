#!/bin/bash
# docs/implementing-a-runtime.md, step by step: every command is executed, every listing and every output compared.
# `make docs` writes what they are now into it.
. "$(dirname "$0")/common.sh"
mkdir "$work/bin"
ln -s "$DAVSIM" "$work/bin/davsim"
unset DAVSIM_RUNTIME_PATH DAVSIM_CHIP DAVSIM_SEED
PATH=$work/bin:$PATH python3 "$SOURCE_DIR/tests/e2e/tutorial.py" "$SOURCE_DIR/docs/implementing-a-runtime.md"
