# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts beside this file share; sourced by them.

CACHE=${MOWS_LOADER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mows-loader}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the directory of a virtual environment that has exactly these packages; makes it if need be.
venv_with() {
  local name=$1 python=${PYTHON:-python3} argument key venv
  shift
  key=$({
    "$python" --version
    for argument in "$@"; do cat "$argument" 2>/dev/null || echo "$argument"; done
  } | sha256sum | cut -c1-16)
  venv=$CACHE/$name-$key
  if [[ ! -e $venv/complete ]]; then
    rm -rf "$venv"
    mkdir -p "$CACHE"
    echo "Installing $* into $venv" >&2
    "$python" -m venv "$venv" >&2 || return 1
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" >&2 || return 1
    touch "$venv/complete"
  fi
  echo "$venv"
}

# Without network the tests cannot run: on a laptop that is said, in CI it fails.
skip_or_fail() {
  echo "mows-loader: NOT TESTED: $1 could not be installed (the lines above say why:" \
    "no network, or no python3-venv?)" >&2
  [[ -z ${CI:-} ]]
}
