#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures three nodes of Drey over PostgreSQL beside three of etcd on this machine; prints Markdown tables of ratios.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
after=15

usage() {
  cat <<'END'
bench/cluster.sh [--quick] [--rounds N] [--only NAME] [--dir DIRECTORY]
  --quick          one round of 2 s
  --rounds N       rounds of each figure, whose medians are printed (3)
  --only NAME      load, failover or commits; may be given more than once
  --dir DIRECTORY  where the servers keep their data (TMPDIR or /tmp); a real disk, or fsync means nothing
END
}

quick() { rounds=1 seconds=2 after=10; }

start_drey() { # -> drey_pid, drey_addresses, drey_url
  local http member bus index
  http=$(free_ports 3) member=$(free_ports 3) bus=$(free_ports 3)
  DREY_ADMIN_TOKEN=bench start drey "$drey" cluster "--data.dir=$work/drey" "--http.port=$http" \
    "--cluster.port=$member" "--event-bus.port=$bus" "--postgres.port=$(free_port)"
  drey_pid=$started_pid
  await_that 600 drey grep -qs '^Drey is ready' "$work/drey.log"
  for index in 0 1 2; do
    drey_addresses[index]=127.0.0.1:$((http + index))
  done
  drey_url=http://${drey_addresses[0]}
}

start_etcd_node() { # index
  start "etcd-$1" etcd --name "etcd-$1" --data-dir "$work/etcd-$1" --log-level error \
    --quota-backend-bytes 8000000000 \
    --listen-client-urls "http://${etcd_addresses[$1]}" --advertise-client-urls "http://${etcd_addresses[$1]}" \
    --listen-peer-urls "http://127.0.0.1:$((etcd_peer_port + $1))" \
    --initial-advertise-peer-urls "http://127.0.0.1:$((etcd_peer_port + $1))" --initial-cluster "$etcd_members"
  etcd_pids[$1]=$started_pid
}

start_etcd() { # -> etcd_addresses, etcd_pids
  local index port
  port=$(free_ports 3) etcd_peer_port=$(free_ports 3) etcd_members=
  for index in 0 1 2; do
    etcd_addresses[index]=127.0.0.1:$((port + index))
    etcd_members+=${etcd_members:+,}etcd-$index=http://127.0.0.1:$((etcd_peer_port + index))
  done
  for index in 0 1 2; do
    start_etcd_node "$index"
  done
  for index in 0 1 2; do
    await "etcd-$index" "http://${etcd_addresses[index]}/health"
  done
}

# One load of three wrk side by side, one for each node; notes the sum of the rates and the worst p99, in milliseconds,
# under the name $1. Round 0 only warms up, for longer: three JVMs compile the same program on the same cores.
# The addresses are in "nodes"; further words are the script and its arguments.
load() {
  local name=$1 index pid loads=() duration=$((round > 0 ? seconds : seconds * 3))
  for index in 0 1 2; do
    start "wrk-$index" wrk --threads 1 --connections "$((connections / 3))" --duration "${duration}s" --timeout 10s \
      --latency --script "$here/$2" "http://${nodes[index]}" -- "${@:3}"
    loads+=("$started_pid")
  done
  for pid in "${loads[@]}"; do
    wait "$pid" || fail "wrk"
    unset "pids[$pid]"
  done
  for index in 0 1 2; do
    note_refused "$(<"$work/wrk-$index.log")" "$name"
  done
  ((round > 0)) || return 0
  cat "$work"/wrk-[012].log | awk '$1 == "Requests/sec:" {sum += $2} END {print sum}' >>"$work/$name rate"
  cat "$work"/wrk-[012].log | awk '
    $1 == "99%" {
      millis = $2 * ($2 ~ /us$/ ? 0.001 : $2 ~ /ms$/ ? 1 : $2 ~ /m$/ ? 60000 : 1000)
      if (millis > worst) worst = millis
    }
    END {print worst}' >>"$work/$name p99"
}

load_row() { # title, names of Drey's and etcd's figures
  local ours theirs
  ours=$(median "$work/$2 rate") theirs=$(median "$work/$3 rate")
  row "$1 per second" "$(whole "$ours")" "$(whole "$theirs")" "$(ratio "$ours" "$theirs")"
  ours=$(median "$work/$2 p99") theirs=$(median "$work/$3 p99")
  row "$1, p99" "$(printf '%.1f' "$ours") ms" "$(printf '%.1f' "$theirs") ms" "$(ratio "$ours" "$theirs")"
}

measure_load() {
  local store round nodes
  store=$(create_store bench)
  say "loading $keys keys into each"
  import "$store" "$keys"
  "$here/data.py" load-etcd "${etcd_addresses[0]##*:}" "$keys"
  # Interleaved, so that what else happens on the machine hits all alike.
  for ((round = 0; round <= rounds; round++)); do
    say "load: round $round of $rounds"
    nodes=("${drey_addresses[@]}")
    load "Drey GET" drey.lua get "$store" "$keys" bench
    nodes=("${etcd_addresses[@]}")
    load "etcd range" etcd.lua range "$keys"
    nodes=("${drey_addresses[@]}")
    load "Drey PUT" drey.lua put "$store" "$keys" bench
    nodes=("${etcd_addresses[@]}")
    load "etcd put" etcd.lua put "$keys"
  done
  load_row "Gets" "Drey GET" "etcd range"
  load_row "Puts (fsync)" "Drey PUT" "etcd put"
}

# Kills a node of system $1 and notes how long writes went unanswered; further words for the client. Sets killed.
fail_over() {
  local system=$1 key all interrupted usual usual_all settling
  "$here/failover.py" --after "$after" "$@" >"$work/failover" || fail "failover of $system"
  read -r killed key all interrupted usual usual_all settling <"$work/failover"
  say "$system: $interrupted keys stood still, the longest $key s (before the kill $usual s); all, $all s ($usual_all s);" \
    "quiet after $settling s of writing"
  echo "$key" >>"$work/$system key"
  echo "$all" >>"$work/$system all"
  if [[ -n ${pids[$killed]:-} ]]; then
    wait "$killed" 2>/dev/null || true
    unset "pids[$killed]"
  fi
}

fail_over_drey() { # index of the node, store
  local index words=()
  for index in "$1" "$((($1 + 1) % 3))" "$((($1 + 2) % 3))"; do
    words+=("$(<"$work/drey/cluster/node-$((index + 1))/pid")@${drey_addresses[index]}")
  done
  fail_over drey --store "$2" --token bench "${words[@]}"
  DREY_ADMIN_TOKEN=bench start "drey-node-$(($1 + 1))" "$drey" node "$(($1 + 1))" "--data.dir=$work/drey"
  await "drey-node-$(($1 + 1))" "http://${drey_addresses[$1]}/health/ready"
}

fail_over_etcd() {
  local index words=()
  for index in 0 1 2; do
    words+=("${etcd_pids[index]}@${etcd_addresses[index]}")
  done
  fail_over etcd "${words[@]}"
  for index in 0 1 2; do
    [[ ${etcd_pids[index]} != "$killed" ]] || break
  done
  start_etcd_node "$index"
  await "etcd-$index" "http://${etcd_addresses[index]}/health"
}

failover_row() { # title, figure
  local ours theirs
  ours=$(median "$work/drey $2") theirs=$(median "$work/etcd $2")
  row "$1" "$(printf '%.2f' "$ours") s" "$(printf '%.2f' "$theirs") s" "$(ratio "$ours" "$theirs")"
}

measure_failover() {
  local store round killed
  store=$(create_store failover)
  for ((round = 1; round <= rounds; round++)); do
    say "failover: round $round of $rounds"
    # Another node each time: the oldest one has more to do than the others.
    fail_over_drey "$((round % 3))" "$store"
    fail_over_etcd
  done
  failover_row "After kill -9: longest time without a write of some key" key
  failover_row "After kill -9: longest time without any write" all
}

measure_clusters() {
  local pid
  say "starting three nodes of each"
  start_drey
  start_etcd
  ! wanted load || measure_load
  ! wanted failover || measure_failover
  # The script of Drey's cluster last: it would end the nodes that were started again too.
  for pid in "${!pids[@]}"; do
    [[ $pid == "$drey_pid" ]] || stop "$pid"
  done
  stop "$drey_pid"
}

measure_commits() {
  local url size rate single
  say "commits of PostgreSQL alone"
  start postgres "$drey" java io.drey.local.Main "--data.dir=$work/postgres" "--port=$(free_port)"
  await_that 120 postgres grep -qs '^URL: ' "$work/postgres.log"
  local postgres_pid=$started_pid
  url=$(sed -n 's/^URL: //p' "$work/postgres.log")
  start commits "$drey" java "$here/Commits.java" "$url" "$rounds" "$seconds"
  wait "$started_pid" || { tail -n 20 "$work/commits.log" >&2 && fail "commits"; }
  unset "pids[$started_pid]"
  stop "$postgres_pid"
  for size in 1 20 100 500; do
    awk -v size="$size" '$1 == size && NF == 2 {print $2}' "$work/commits.log" >"$work/commits of $size"
    rate=$(median "$work/commits of $size")
    single=${single:-$rate}
    printf '| %s | %s | %s | %s |\n' "$size" "$(whole "$rate")" \
      "$(whole "$(awk -v rate="$rate" -v size="$size" 'BEGIN {print rate * size}')")" \
      "$(awk -v rate="$rate" -v size="$size" -v single="$single" 'BEGIN {printf "%.1f", rate * size / single}')" \
      >>"$work/commits table"
  done
}

read_options "$@"
make_work
# PostgreSQL does not run as root: where it runs as another user, that one must get to its data.
chmod 711 "$work"
package+=([etcd]=etcd-server)
install_tools
"$drey" build
drey_addresses=() etcd_addresses=() etcd_pids=()
if wanted load || wanted failover; then measure_clusters; fi
! wanted commits || measure_commits

machine
if [[ -e $work/table ]]; then
  printf '%s connections over three nodes, %s keys, JSON values of 100 bytes, median of %s rounds of %s s\n\n' \
    "$((connections / 3 * 3))" "$keys" "$rounds" "$seconds"
  printf '| | Drey | etcd | Drey / etcd |\n|---|---:|---:|---:|\n'
  cat "$work/table"
fi
if [[ -e "$work/commits table" ]]; then
  printf '\n| Records in a commit (PostgreSQL alone) | commits/s | records/s | against 1 |\n|---:|---:|---:|---:|\n'
  cat "$work/commits table"
fi
say_refused
