# SPDX-License-Identifier: Apache-2.0
# What the measurements share: options, tools, servers in the background, medians and the table. Sourced, never run.
# shellcheck shell=bash
# The scripts that source this set and use what it declares.
# shellcheck disable=SC2034,SC2154

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
drey=$here/../run.sh
rounds=3
seconds=5
connections=64
keys=100000
parent=${TMPDIR:-/tmp}
only=

# The words of the command line; "quick" and "usage" are functions of the script.
read_options() {
  while (($# > 0)); do
    case $1 in
      --quick) quick ;;
      --rounds) rounds=$2 && shift ;;
      --only) only="$only $2" && shift ;;
      --dir) parent=$2 && shift ;;
      --help | -h) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
}

wanted() { [[ -z $only || " $only " == *" $1 "* ]]; }
say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
fail() { say "failed: $*" && exit 1; }

# Only what still runs or has not been waited for: the numbers of others may belong to other processes by now.
declare -A pids=()
stop_all() {
  local pid
  for pid in "${!pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${!pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}

# A directory that goes away with everything started, however the script ends -> work
make_work() {
  work=$(mktemp -d "$parent/drey-bench.XXXXXX")
  trap stop_all EXIT
  trap 'exit 130' INT TERM
  [[ $(stat -f -c %T "$work") != tmpfs ]] || say "$parent is a tmpfs: fsync costs nothing there, give a disk with --dir"
}

# Installs what is missing of the programs in "package", whose values are Debian's packages.
declare -A package=([wrk]=wrk [curl]=curl [python3]=python3)
install_tools() {
  local missing=() program
  for program in "${!package[@]}"; do
    command -v "$program" >/dev/null || missing+=("${package[$program]}")
  done
  ((${#missing[@]} > 0)) || return 0
  ((EUID == 0)) || fail "missing here; as root on Debian: apt-get install ${missing[*]}"
  # A policy of 101 keeps the packages from starting their services; the measured ones are started by the script.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && made_policy=yes
  fi
  apt-get -q update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" >&2 || true
  [[ -z $made_policy ]] || rm -f $policy
  local service
  for service in "${missing[@]/etcd-server/etcd}"; do
    systemctl disable "$service" >/dev/null 2>&1 || true
  done
  for program in "${!package[@]}"; do
    command -v "$program" >/dev/null || fail "$program could not be installed"
  done
}

# The first of $1 free ports in a row, below those that the system gives to clients.
free_ports() {
  python3 - "$1" <<'END'
import random, socket, sys

def is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

count = int(sys.argv[1])
while True:
    first = random.randrange(10000, 32768 - count)
    if all(is_free(first + i) for i in range(count)):
        print(first)
        break
END
}

free_port() { free_ports 1; }
now_millis() { date +%s%3N; }

# Starts a server in the background: NAME, then its command. Sets started_pid.
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  started_pid=$!
  pids[$started_pid]=$name
}

# Waits up to $1 seconds until the command $3 ... succeeds; $2 is the name of what was started last.
await_that() {
  local deadline=$((SECONDS + $1)) name=$2
  shift 2
  until "$@"; do
    kill -0 "$started_pid" 2>/dev/null || { tail -n 20 "$work/$name.log" >&2 && fail "$name has ended"; }
    ((SECONDS < deadline)) || { tail -n 20 "$work/$name.log" >&2 && fail "$name is not ready"; }
    sleep 0.02
  done
}

# Waits up to 120 s until the URL answers 200; $1 is the name of the log to show otherwise.
await() { await_that 120 "$1" curl -sf -o "$work/answer" "$2"; }

stop() { # process id, signal
  kill -s "${2:-TERM}" "$1" || true
  wait "$1" || true
  unset "pids[$1]"
}

create_store() { # name -> its id
  curl -sf -X POST -H 'Authorization: Bearer bench' -H 'Content-Type: application/json' -d "{\"name\":\"$1\"}" \
    "$drey_url/v1/stores" | sed 's/.*"id" *: *"\([^"]*\)".*/\1/'
}

import() { # store id, number of records -> import_millis
  local begin answer
  "$here/data.py" ndjson "$2" >"$work/records.ndjson"
  begin=$(now_millis)
  answer=$(curl -sf -X POST -H 'Authorization: Bearer bench' -H 'Content-Type: application/x-ndjson' -H 'Expect:' \
    -T "$work/records.ndjson" "$drey_url/v1/stores/$1/records") || fail "import"
  import_millis=$(($(now_millis) - begin))
  [[ $answer =~ \"imported\"\ *:\ *$2[,}] ]] || fail "import: $answer"
  rm "$work/records.ndjson"
}

# Notes when what wrk printed, $1, tells of requests that failed; the words after it say which.
note_refused() {
  ! grep -E 'Non-2xx|Socket errors' <<<"$1" >&2 || {
    say "not all requests of ${*:2} succeeded"
    echo "${*:2}" >>"$work/refused"
  }
}

median() { sort -n "$1" | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", (b > 0 ? a / b : 0)}'; }
row() { { printf '| %s ' "$@" && echo '|'; } >>"$work/table"; }
whole() { printf '%.0f' "$1" | sed ':again; s/\B[0-9]\{3\}\>/,&/; t again'; }

machine() {
  printf '%s, %s, %s cores, data on %s\n' "$(date -u +%Y-%m-%dT%H:%MZ)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(stat -f -c %T "$work")"
}

say_refused() {
  [[ ! -e $work/refused ]] || printf '\nNot all requests succeeded: %s\n' "$(sort -u "$work/refused" | tr '\n' ';')"
}
