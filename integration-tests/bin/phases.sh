# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Phases of a long script that say what they do, how far they are and how long it still takes;
# sourced after lib.sh. A phase that fails ends the script and shows the end of its log.

BEGAN_MS=$(date +%s%3N)
PHASE=
PHASE_CHILD=
TICKER=
TICK_SECONDS=${MOWS_TICK_SECONDS:-5}
TAIL_LINES=25

say() { printf '[%4d s] %s\n' $((($(date +%s%3N) - BEGAN_MS) / 1000)) "$*"; }

# phase WHAT HOW_LONG
phase() {
  PHASE=$1
  say "$1 ($2)"
}

# run_phase LOG PERCENT COMMAND...: PERCENT is a command that prints a number, or nothing where
# nobody knows how far the work is.
run_phase() {
  local log=$1 percent=$2 began_ms status=0
  shift 2
  began_ms=$(date +%s%3N)
  set -m # each a group of its own, to end it with all that it has started
  "$@" >"$log" 2>&1 </dev/null &
  PHASE_CHILD=$!
  (
    while sleep "$TICK_SECONDS"; do
      say "  $(how_far "$("$percent")" $((($(date +%s%3N) - began_ms) / 1000)))"
    done
  ) &
  TICKER=$!
  set +m
  wait "$PHASE_CHILD" || status=$?
  PHASE_CHILD=
  end_phase
  ((status == 0)) || fail_phase "$log" "$status"
}

# how_far PERCENT SECONDS_SO_FAR
how_far() {
  if [[ -z $1 ]]; then
    echo "... $2 s"
  elif (($1 < 5)); then
    echo "... $2 s, $1 %"
  else
    echo "... $2 s, $1 %, about $(($2 * (100 - $1) / $1)) s left"
  fi
}

fail_phase() {
  {
    echo "${0##*/}: this phase has failed (exit code $2): $PHASE"
    echo "The last lines of its log, $1:"
    tail -n "$TAIL_LINES" "$1" | sed 's/^/  /'
  } >&2
  exit 1
}

end_phase() {
  local group
  for group in $PHASE_CHILD $TICKER; do
    kill -- "-$group" 2>/dev/null || true
    wait "$group" 2>/dev/null || true
  done
  PHASE_CHILD=
  TICKER=
}
trap end_phase EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
