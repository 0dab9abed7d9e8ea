#!/bin/sh
# Searches in N processes and puts together what they found: shards.sh N [options of `interlock check`]
#
# HOSTS="localhost one two" spreads the shards over machines by ssh; each needs this folder under the same path, with
# its packages installed. OUT names the folder for the results (interlock-out), SEED the first seed (the time in seconds).
set -eu

if ! [ "${1:-0}" -ge 1 ] 2>/dev/null; then
  echo "usage: $0 N [options of interlock check]" >&2
  exit 2
fi
n=$1
shift
out=${OUT:-interlock-out}
seed=${SEED:-$(date +%s)}
parts=$out/shards
rm -rf "$parts"
mkdir -p "$parts"

# What follows, as one line of shell for another machine.
quoted() {
  for word in "$@"; do
    printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
  done
}

# Shard $1 on host $2; then the options.
search() {
  shard=$1 host=$2
  shift 2
  set -- npx interlock check --seed "$seed" --shard "$shard/$n" --reporter console --out "$parts/$shard" "$@"
  code=0
  if [ "$host" = localhost ]; then
    "$@" || code=$?
  else
    ssh "$host" "cd $(quoted "$PWD") && $(quoted "$@")" || code=$?
    ssh "$host" "cd $(quoted "$PWD") && tar -cf - $(quoted "$parts/$shard")" | tar -xf -
  fi
  exit "$code"
}

pids=
trap 'kill $pids 2>/dev/null; exit 130' INT TERM
shard=0
while [ "$shard" -lt "$n" ]; do
  for host in ${HOSTS:-localhost}; do
    shard=$((shard + 1))
    [ "$shard" -le "$n" ] || break
    search "$shard" "$host" "$@" >"$parts/$shard.log" 2>&1 &
    pids="$pids $!"
  done
done

# 1 means that something was found, which merge tells; more, that the shard is worth nothing.
shard=0 broken=
for pid in $pids; do
  shard=$((shard + 1))
  code=0
  wait "$pid" || code=$?
  [ "$code" -le 1 ] && continue
  broken=$code
  echo "shard $shard ended with $code:" >&2
  tail -n 5 "$parts/$shard.log" >&2
done
[ -z "$broken" ] || exit "$broken"

npx interlock merge "$parts"/*/ --reporter junit,json --out "$out"
