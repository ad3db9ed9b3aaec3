#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds Drey when the sources are newer than the jar, then becomes the server: this process id is the server's.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
jar=$home/target/drey.jar
java_min=17

usage() {
  cat <<'END'
./run.sh [--key=value ...]  one node in the foreground; keys and defaults stand in conf/drey.yaml
./run.sh cluster [...]      a PostgreSQL and three nodes on loopback until Ctrl-C; flags go to each node; ports count up
                            from --http.port, --cluster.port and --event-bus.port; --postgres.port is one more key;
                            with --storage.url they use that PostgreSQL and start none
./run.sh node 1|2|3         one of those nodes again, in the foreground, after it has ended; postgres likewise
./run.sh copy --from=… --to=…
                            everything from one durable store into another, empty one, while no node runs; each is a
                            data directory or postgresql://user:password@host:port/database
./run.sh java [...]         another program with the JVM flags and libraries of the server, for measurements
./run.sh build              builds when sources are newer than the jar
./run.sh test [...]         installs what the tests need, runs all of them; further words go to Maven
./run.sh help               this text

Environment: DREY_ADMIN_TOKEN (token of the administrator), DREY_HTTP_PORT and the like (any key),
DREY_CONFIG (another configuration file), DREY_JAVA_HOME (the JDK to use), DREY_JAVA_OPTS (more JVM flags).
END
}

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 1
}

# The major version of the Java in a directory; its "release" file is read because starting a JVM costs 50 ms or more.
java_version() {
  local line
  [[ -x $1/bin/java && -r $1/release ]] || return 1
  while read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"(1\.)?([0-9]+) ]]; then
      printf '%s' "${BASH_REMATCH[2]}"
      return 0
    fi
  done <"$1/release"
  return 1
}

# Sets java_home and java_major to the first Java that is new enough; $1 is the program that it must have.
find_java() {
  local candidate on_path=
  if command -v java >/dev/null; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  fi
  for candidate in "${DREY_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    if [[ -x $candidate/bin/$1 ]] && java_major=$(java_version "$candidate") && ((java_major >= java_min)); then
      java_home=$candidate
      return 0
    fi
    if [[ -n ${DREY_JAVA_HOME:-} ]]; then
      fail "DREY_JAVA_HOME=$DREY_JAVA_HOME holds no JDK of version $java_min or later (bin/$1 and release)"
    fi
  done
  return 1
}

need_java() {
  find_java "$1" || fail "no JDK of version $java_min or later found in DREY_JAVA_HOME, JAVA_HOME, PATH and \
/usr/lib/jvm; on Debian: apt-get install default-jdk-headless"
}

is_stale() {
  [[ ! -s $jar || ! -d $home/target/lib ]] ||
    [[ -n $(find "$home/pom.xml" "$home/cluster.xml" "$home/src/main" "$home/conf" -newer "$jar" -print -quit) ]]
}

# Waits until no other run.sh of this checkout builds. The lock lies outside of target, which may be deleted.
lock_build() {
  exec 9>"$home/.build.lock"
  flock --timeout 900 9 || fail "another build of this checkout has not finished for 15 minutes"
}

build() {
  is_stale || return 0
  need_java javac
  command -v mvn >/dev/null || fail "Maven is missing and the server must be built; on Debian: apt-get install maven"
  # In a subshell, so that the lock is gone before the server starts.
  (
    lock_build
    is_stale || exit 0
    echo "run.sh: building" >&2
    # Running servers keep the removed file open; written over in place it would break them.
    rm -f "$jar"
    cd "$home"
    JAVA_HOME=$java_home mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package 1>&2
    archive_classes >/dev/null 2>&1
  ) || fail "the build failed"
}

# Whoever starts us may end us by process id or by group: both must hit the server and nothing else.
own_process_group() {
  local stat group
  stat=$(</proc/$$/stat)
  # After the last ")", which ends the name: state, parent, group, session.
  read -r _ _ group _ <<<"${stat##*) }"
  # setsid keeps the process id only when we do not lead a group; an interactive shell has given us one already.
  if [[ $group != "$$" ]] && command -v setsid >/dev/null; then
    exec setsid "$BASH" "$home/run.sh" "$@"
  fi
}

# Sets flags, for the Java that was found.
set_flags() {
  local cores
  cores=$(nproc)
  local memory_flags=(
    # The rest is for the page cache, which serves the database file.
    -XX:MaxRAMPercentage=25
    # Requests die young: a small nursery costs some more collections of a few milliseconds, a large one only memory.
    -XX:NewSize=64m -XX:MaxNewSize=64m
    # Grow slowly and give back what is not needed, since other programs live here too.
    -Xms128m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:GCTimeRatio=1 -XX:G1PeriodicGCInterval=10000
    -XX:-G1UseAdaptiveIHOP -XX:InitiatingHeapOccupancyPercent=60
    # In small steps: the default is a fifth of all memory at once. Other JVMs may not know the option.
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockExperimentalVMOptions -XX:G1ExpandByPercentOfAvailable=1
  )
  # Native memory in few arenas: each thread's own would hold on to what it once needed.
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
  flags=(
    # Hazelcast reads sizes and garbage collections of the JVM through these.
    --add-modules java.se
    --add-exports java.base/jdk.internal.ref=ALL-UNNAMED
    --add-opens java.base/java.lang=ALL-UNNAMED
    --add-opens java.base/sun.nio.ch=ALL-UNNAMED
    --add-opens java.management/sun.management=ALL-UNNAMED
    --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED
    # With 1, the default on two cores, Hazelcast starts a thread for every completed call: thirty times slower.
    "-Djava.util.concurrent.ForkJoinPool.common.parallelism=$((cores > 2 ? cores : 2))"
    # A node that has run out of memory can promise nothing: the end is clean, a limping node is not.
    -XX:+ExitOnOutOfMemoryError
    # Where cluster.xml stands.
    "-Ddrey.home=$home"
    "${memory_flags[@]}"
  )
  if ((java_major >= 22)); then
    # SQLite, epoll and brotli are native libraries; later JDKs warn about each, then refuse.
    flags+=(--enable-native-access=ALL-UNNAMED)
  fi
  if ((java_major >= 23)); then
    # Netty and Hazelcast use sun.misc.Unsafe, for which later JDKs print warnings.
    flags+=(--sun-misc-unsafe-memory-access=allow)
  fi
}

# $1 is the class path; the rest goes to Java after the flags.
become_java() {
  local class_path=$1
  shift
  need_java java
  set_flags
  if [[ $home/target/drey-$java_major.jsa -nt $jar ]]; then
    # Loaded classes in a ready form: a faster start. An archive that does not fit this JVM is ignored.
    flags+=("-XX:SharedArchiveFile=$home/target/drey-$java_major.jsa" -Xlog:cds=off -Xlog:cds+dynamic=off)
  fi
  # Unquoted on purpose: the variable holds several flags.
  # shellcheck disable=SC2086
  exec "$java_home/bin/java" "${flags[@]}" ${DREY_JAVA_OPTS:-} -classpath "$class_path" "$@"
}

# Starts and stops a node once to save the classes that it loads in a form that later starts read at once: half the
# time. Whatever goes wrong here costs only that.
archive_classes() {
  need_java java
  set_flags
  local scratch node line
  scratch=$(mktemp -d)
  mkfifo "$scratch/printed"
  env -u DREY_CONFIG DREY_ADMIN_TOKEN=archive "$java_home/bin/java" "${flags[@]}" \
    "-XX:ArchiveClassesAtExit=$home/target/drey-$java_major.jsa" -Xlog:cds=off -Xlog:cds+dynamic=off \
    -classpath "$jar" io.drey.Main --http.port=0 "--data.dir=$scratch/data" --durability=os \
    >"$scratch/printed" 2>/dev/null &
  node=$!
  while read -r -t 60 line; do
    [[ $line != Try:* ]] || break
  done <"$scratch/printed"
  kill -TERM "$node" 2>/dev/null || true
  wait "$node" || true
  rm -rf "$scratch"
}

install_test_tools() {
  local packages=()
  local program
  for program in curl python3 strace; do
    command -v "$program" >/dev/null || packages+=("$program")
  done
  command -v mvn >/dev/null || packages+=(maven)
  find_java javac || packages+=(default-jdk-headless)
  ((${#packages[@]} > 0)) || return 0
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    fail "the tests need what is missing here; as root on Debian: apt-get install ${packages[*]}"
  fi
  apt-get -q update
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${packages[@]}"
  need_java javac
}

run_tests() {
  install_test_tools
  cd "$home"
  lock_build
  rm -f "$jar"
  JAVA_HOME=$java_home exec mvn -B verify "$@"
}

case ${1:-} in
  help | --help | -h) usage ;;
  build) build ;;
  java)
    own_process_group "$@"
    build
    shift
    become_java "$jar:$home/target/lib/*" "$@"
    ;;
  test)
    shift
    run_tests "$@"
    ;;
  cluster | node | postgres)
    own_process_group "$@"
    build
    need_java java
    # shellcheck source=src/main/sh/cluster.sh
    source "$home/src/main/sh/cluster.sh"
    "run_$1" "${@:2}"
    ;;
  copy)
    own_process_group "$@"
    build
    shift
    become_java "$jar" io.drey.copy.CopyCommand "$@"
    ;;
  *)
    own_process_group "$@"
    build
    export DREY_CONFIG="${DREY_CONFIG:-$home/conf/drey.yaml}"
    become_java "$jar" io.drey.Main "$@"
    ;;
esac
