# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts beside this file share; sourced by them.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
IT="$ROOT/integration-tests"
JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"
JVM_OPTIONS=(-Xmx512m) # of exec_java

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Not grep -q, which may leave before ldconfig has said all: that fails with pipefail.
has_library() { /sbin/ldconfig -p | grep -F "$1 " >/dev/null; }

# The first of some packages that this distribution has; their names differ between releases.
first_available() {
  local package
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      echo "$package"
      return
    fi
  done
}

require_jdk_and_maven() {
  local version
  has "$JAVA" || fail "no java found: install a JDK 17 (apt-get install openjdk-17-jdk-headless)"
  version=$("$JAVA" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java.specification.version = //p')
  [[ ${version%%.*} -ge 17 ]] ||
    fail "$JAVA is Java $version: install a JDK 17 and set JAVA_HOME to it"
  has "${JAVA%java}javac" || fail "$JAVA is no JDK: apt-get install openjdk-17-jdk-headless"
  has mvn || fail "no mvn found: install Maven 3.8 or later (apt-get install maven)"
}

# Prints a word for each thing of the system that is missing.
missing_tools() {
  has ip && has tc || echo iproute2
  has mount && has nsenter && has setsid || echo util-linux
  has fusermount3 || has fusermount || echo fuse
  # Alluxio knows version 2 and version 3 up to libfuse3.so.3; either will do.
  has_library libfuse3.so.3 || has_library libfuse.so.2 || echo libfuse
}

# The Debian or Ubuntu packages of what is missing.
packages_of() {
  local tool
  for tool in "$@"; do
    case "$tool" in
      fuse) first_available fuse3 fuse ;;
      libfuse) first_available libfuse3-3 libfuse2t64 libfuse2 ;;
      *) echo "$tool" ;;
    esac
  done
}

# Installs what the native library of RDMA is built with. The build goes on without it.
prefer_native_headers() {
  local packages=(gcc libc6-dev libibverbs-dev librdmacm-dev)
  if has gcc && [[ -e /usr/include/infiniband/verbs.h && -e /usr/include/rdma/rdma_cma.h ]]; then
    return
  fi
  if [[ $EUID -eq 0 ]] && has apt-get; then
    echo "Installing ${packages[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "${packages[@]}" >/dev/null 2>&1 && return
  fi
  echo "Building without RDMA; for it: sudo apt-get install ${packages[*]}"
}

# Installs what clusters need, or says exactly what is missing.
require_system_tools() {
  local missing packages
  mapfile -t missing < <(missing_tools)
  if [[ ${#missing[@]} -gt 0 ]]; then
    has apt-get || fail "missing: ${missing[*]}; install them with your package manager"
    if [[ $EUID -eq 0 && -z $(apt-cache pkgnames iproute2) ]]; then
      apt-get update -qq || fail "apt-get update failed"
    fi
    mapfile -t packages < <(packages_of "${missing[@]}")
    [[ $EUID -eq 0 ]] || fail "missing: ${missing[*]}; run: sudo apt-get install ${packages[*]}"
    echo "Installing ${packages[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "${packages[@]}" >/dev/null || fail "apt-get install ${packages[*]} failed"
  fi
  if [[ ! -e /dev/fuse && $EUID -eq 0 ]]; then
    modprobe fuse 2>/dev/null || true # The Java side says what to do if it is still missing.
  fi
}

# Prints a source that is newer than the last build, if there is one.
newer_source() (
  cd "$ROOT" || exit
  find pom.xml ./*/pom.xml ./*/src -newer "$1" -print -quit
)

# is_built STAMP [DIRECTORY]: DIRECTORY is the one of each module where the build put things.
is_built() {
  local dir=${2:-target}
  [[ -e $1 && -e $IT/$dir/alluxio-classpath.txt ]] &&
    compgen -G "$ROOT/alluxio-mows-plugin/$dir/alluxio-mows-[0-9]*.jar" >/dev/null &&
    [[ -z $(newer_source "$1") ]]
}

STAMP="$IT/target/bin-build.stamp" # of the last build of everything

# The time of the stamp is the start of the build: what is saved during it is built next time.
begin_build() {
  mkdir -p "$IT/target"
  touch "$STAMP.new"
}

end_build() { mv "$STAMP.new" "$STAMP"; }

build_if_stale() {
  prefer_native_headers
  local log="$IT/target/bin-build.log"
  if is_built "$STAMP"; then
    return
  fi
  echo "Building; the first time downloads Alluxio (log: $log) ..."
  begin_build
  if ! (cd "$ROOT" && mvn -B -DskipTests package >"$log" 2>&1); then
    grep -F '[ERROR]' "$log" >&2 || tail -n 40 "$log" >&2
    fail "the build failed"
  fi
  end_build
}

# Prepares everything and becomes the Java program: exec_java MAIN_CLASS ARGUMENT...
exec_java() {
  require_jdk_and_maven
  require_system_tools
  build_if_stale
  start_java target "$@"
}

# Becomes the Java program, of what was built in a directory of each module: DIRECTORY MAIN_CLASS...
start_java() {
  local dir=$1 classes
  shift
  classes="$IT/$dir/classes:$(<"$IT/$dir/alluxio-classpath.txt")"
  classes+=":$ROOT/p2p-worker/$dir/classes:$ROOT/data-channel/$dir/classes"
  exec "$JAVA" "${JVM_OPTIONS[@]}" -cp "$classes" "$@"
}

# Builds if need be and becomes a program among the tests of p2p-worker: MAIN_CLASS ARGUMENT...
exec_p2p_test() {
  require_jdk_and_maven
  build_if_stale
  local p2p="$ROOT/p2p-worker/target" libraries
  libraries="$ROOT/data-channel/target/classes:$(<"$IT/target/alluxio-classpath.txt")"
  exec "$JAVA" -Xmx2500m -XX:+UseSerialGC -cp "$p2p/test-classes:$p2p/classes:$libraries" "$@"
}
