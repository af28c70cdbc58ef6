# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts beside this file share; sourced by them.

CACHE=${MOWS_LOADER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mows-loader}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Installs into the environment of a Python; a network that is slow or away for a moment is waited for.
pip_of() {
  "$1" -m pip install --quiet --disable-pip-version-check --retries 7 --timeout 60 \
    ${CI:+--no-cache-dir} "${@:2}" >&2
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
    pip_of "$venv/bin/python" "$@" || return 1
    touch "$venv/complete"
  fi
  echo "$venv"
}

# Prints a directory below which node finds the packages that the directory's package-lock.json names.
node_modules_of() {
  local key modules
  key=$({
    node --version
    cat "$1/package-lock.json"
  } | sha256sum | cut -c1-16)
  modules=$CACHE/${1##*/}-$key
  if [[ ! -e $modules/complete ]]; then
    rm -rf "$modules"
    mkdir -p "$modules"
    echo "Installing what $1/package-lock.json names into $modules" >&2
    cp "$1"/package{,-lock}.json "$modules"
    (cd "$modules" && npm ci --ignore-scripts --omit=optional --no-audit --no-fund \
      --fetch-retries=5 --fetch-timeout=60000 >&2) || return 1
    touch "$modules/complete"
  fi
  echo "$modules"
}

# Ends the script without tests. On a laptop it is said why; in CI that is a failure.
not_tested() {
  echo "mows-loader: NOT TESTED: $*" >&2
  [[ -z ${CI:-} ]]
  exit
}
