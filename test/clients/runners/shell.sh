#!/bin/sh
# Runs a file of vectors through the shell client, as javascript.mjs does. The shell has no JSON, so shell-cases.mjs
# writes each case as a small script beforehand, and afterwards reads what came of it.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node "$here/shell-cases.mjs" write "$work" "$@"
for folder in "$work"/*/; do
  ended=0
  (cd "$folder" && sh ./run >out 2>err <stdin) || ended=$?
  echo "$ended" >"$folder/ended"
done
node "$here/shell-cases.mjs" read "$work" "$@"
