#!/bin/sh
# Measures "fresh clone to first verdict": clones a repository into an empty folder and runs the two commands of the
# README there, with npm's cache as it is and with an empty one. Prints seconds; leaves nothing behind.
#
#   scripts/first-verdict.sh [REPOSITORY]      (this one, by default)
set -eu

repository=${1:-$(cd "$(dirname "$0")/.." && pwd)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

now() {
  node -p 'performance.timeOrigin / 1000'
}

# Clone, install and check; $1 names the clone, the rest are options of npm.
measure() {
  name=$1
  shift
  start=$(now)
  git clone --quiet "$repository" "$folder/$name"
  cd "$folder/$name"
  cloned=$(now)
  npm ci --no-audit --no-fund --loglevel=error "$@" >/dev/null
  installed=$(now)
  code=0
  npx interlock check >"$folder/$name.log" 2>&1 || code=$?
  checked=$(now)
  cd "$folder"
  node -e 'const [name, code, ...t] = process.argv.slice(1); const s = (i) => (t[i + 1] - t[i]).toFixed(1);
    console.log(`${name}: clone ${s(0)} s, npm ci ${s(1)} s, check ${s(2)} s, together ${(t[3] - t[0]).toFixed(1)} s, exit ${code}`)' \
    "$name" "$code" "$start" "$cloned" "$installed" "$checked"
  tail -n 1 "$folder/$name.log"
}

measure "warm cache"
measure "cold cache" --cache "$folder/cache"
