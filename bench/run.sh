#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures Drey beside a bare Vert.x server, Webdis over Redis and etcd on this machine; prints one Markdown table.
set -euo pipefail

# shellcheck source=bench/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
many=1000000

usage() {
  cat <<'END'
bench/run.sh [--quick] [--rounds N] [--only NAME] [--dir DIRECTORY]
  --quick          one round of 2 s, 100,000 records in place of 1,000,000
  --rounds N       rounds of the load figures, whose medians are printed (3)
  --only NAME      drey, webdis, etcd, import, start, pages or memory; may be given more than once
  --dir DIRECTORY  where the servers keep their data (TMPDIR or /tmp); a real disk, or fsync means nothing
END
}

quick() { rounds=1 seconds=2 many=100000; }

start_drey() { # directory -> drey_pid, drey_url, ready_millis
  local port begin
  port=$(free_port)
  begin=$(now_millis)
  DREY_ADMIN_TOKEN=bench start drey "$drey" "--http.port=$port" "--data.dir=$1"
  drey_pid=$started_pid drey_url=http://127.0.0.1:$port
  await drey "$drey_url/health/ready"
  ready_millis=$(($(now_millis) - begin))
}

start_redis() { # appendonly yes or no -> redis_pid, redis_port
  redis_port=$(free_port)
  mkdir -p "$work/redis-$redis_port"
  start redis redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$work/redis-$redis_port" --save '' \
    --appendonly "$1" --appendfsync always
  redis_pid=$started_pid
  until redis-cli -p "$redis_port" ping >"$work/answer" 2>&1; do sleep 0.02; done
}

start_webdis() { # -> webdis_url
  local port
  port=$(free_port)
  cat >"$work/webdis.json" <<END
{"redis_host": "127.0.0.1", "redis_port": $redis_port, "http_host": "127.0.0.1", "http_port": $port, "threads": 2,
 "pool_size": 20, "daemonize": false, "websockets": false, "database": 0, "acl": [{"disabled": ["DEBUG"]}],
 "verbosity": 2, "logfile": "$work/webdis-requests.log"}
END
  start webdis webdis "$work/webdis.json"
  webdis_url=http://127.0.0.1:$port
  await webdis "$webdis_url/PING"
}

start_etcd() { # -> etcd_url
  local port peer_port
  port=$(free_port) peer_port=$(free_port)
  start etcd etcd --data-dir "$work/etcd" --log-level error --quota-backend-bytes 8000000000 \
    --listen-client-urls "http://127.0.0.1:$port" --advertise-client-urls "http://127.0.0.1:$port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-cluster "default=http://127.0.0.1:$peer_port"
  etcd_url=http://127.0.0.1:$port
  await etcd "$etcd_url/health"
  "$here/data.py" load-etcd "$port" "$keys"
}

start_hello() { # -> hello_url
  local port
  port=$(free_port)
  start hello "$drey" java "$here/Hello.java" "$port"
  hello_url=http://127.0.0.1:$port
  await hello "$hello_url/"
}

rss_mib() { awk -v field="$2:" '$1 == field {printf "%d", $2 / 1024}' "/proc/$1/status"; }

# One short load: seconds, connections, URL, script, its arguments -> requests per second on stdout.
load() {
  local duration=$1 open=$2 url=$3 output threads=2
  shift 3
  ((open >= 2)) || threads=1
  output=$(wrk --threads "$threads" --connections "$open" --duration "${duration}s" --timeout 10s \
    --script "$here/$1" "$url" -- "${@:2}")
  note_refused "$output" "$*"
  awk '$1 == "Requests/sec:" {printf "%.1f\n", $2}' <<<"$output"
}

add_target() { targets+=("$1") && arguments[$1]="$2"; }

measure_load() {
  declare -A arguments=()
  local targets=() target round hello
  start_hello
  add_target hello "$hello_url drey.lua get none $keys none"
  if wanted drey; then
    start_drey "$work/drey"
    local store counters
    store=$(create_store bench) counters=$(create_store counters)
    import "$store" "$keys"
    add_target "Drey GET" "$drey_url drey.lua get $store $keys bench"
    add_target "Drey PUT (fsync)" "$drey_url drey.lua put $store $keys bench"
    add_target "Drey increment (fsync)" "$drey_url drey.lua increment $counters $keys bench"
  fi
  if wanted webdis; then
    start_redis yes
    "$here/data.py" redis "$keys" | redis-cli -p "$redis_port" --pipe >"$work/answer"
    start_webdis
    add_target "Webdis GET" "$webdis_url webdis.lua get $keys"
    add_target "Webdis SET (appendfsync always)" "$webdis_url webdis.lua set $keys"
    add_target "Webdis INCR (appendfsync always)" "$webdis_url webdis.lua incr $keys"
  fi
  if wanted etcd; then
    start_etcd
    add_target "etcd range (JSON gateway)" "$etcd_url etcd.lua range $keys"
    add_target "etcd put (JSON gateway)" "$etcd_url etcd.lua put $keys"
  fi
  # Round 0 only warms up. Interleaved, so that what else happens on the machine hits all alike.
  for ((round = 0; round <= rounds; round++)); do
    say "round $round of $rounds"
    for target in "${targets[@]}"; do
      # Unquoted on purpose: the words are the arguments.
      # shellcheck disable=SC2086
      load "$seconds" "$connections" ${arguments[$target]} >"$work/rate"
      ((round == 0)) || cat "$work/rate" >>"$work/rates ${target//\//_}"
    done
  done
  hello=$(median "$work/rates hello")
  row "Bare Vert.x, constant answer" "$(whole "$hello")/s" "1.00"
  for target in "${targets[@]:1}"; do
    rate=$(median "$work/rates ${target//\//_}")
    row "$target" "$(whole "$rate")/s" "$(ratio "$rate" "$hello") of bare Vert.x"
  done
  for pid in "${!pids[@]}"; do stop "$pid"; done
}

measure_start() { # directory, text
  for _ in 1 2 3; do
    start_drey "$1"
    echo "$ready_millis" >>"$work/starts $2"
    stop "$drey_pid"
  done
  row "Start to ready, $2" "$(median "$work/starts $2") ms" ""
}

measure_many() {
  local store few data=$work/drey-many title
  title=$(whole "$many")
  ! wanted start || measure_start "$work/drey-empty" "empty"
  start_drey "$data"
  store=$(create_store many)
  say "importing $many records"
  import "$store" "$many"
  if wanted import; then
    row "Import of $title lines in one request" "$(ratio "$import_millis" 1000) s, peak RSS \
$(rss_mib "$drey_pid" VmHWM) MiB" ""
  fi
  if wanted pages; then
    few=$(create_store few)
    import "$few" 10000
    measure_pages "$few" 10000 "$store" "$many"
  fi
  # The memory and the start of the server as it is after a restart, not after the import.
  stop "$drey_pid"
  ! wanted start || measure_start "$data" "$title records"
  ! wanted memory || measure_memory "$data" "$store"
}

measure_pages() { # store, records, store, records
  local round
  for ((round = 0; round <= rounds; round++)); do
    load "$seconds" 1 "$drey_url" drey.lua page "$1" "$2" bench >"$work/rate"
    ((round == 0)) || cat "$work/rate" >>"$work/pages $2"
    load "$seconds" 1 "$drey_url" drey.lua page "$3" "$4" bench >"$work/rate"
    ((round == 0)) || cat "$work/rate" >>"$work/pages $4"
  done
  local few many_rate
  few=$(median "$work/pages $2") many_rate=$(median "$work/pages $4")
  row "Page of 1,000 keys among $(whole "$2"), one client" "$(ratio 1000 "$few") ms" ""
  row "Page of 1,000 keys among $(whole "$4"), one client" "$(ratio 1000 "$many_rate") ms" \
    "$(ratio "$few" "$many_rate") × the time among $(whole "$2")"
}

# wrk ends by time only, so it is ended when its two threads say that they are through.
read_all() { # store
  local deadline=$((SECONDS + 600)) reader
  start reading wrk --threads 2 --connections "$connections" --duration 600s --script "$here/drey.lua" "$drey_url" -- \
    all "$1" "$many" bench "$work/through."
  reader=$started_pid
  until [[ -e $work/through.0 && -e $work/through.1 ]]; do
    ((SECONDS < deadline)) || fail "reading all records takes too long"
    kill -0 "$reader" 2>/dev/null || fail "reading all records: wrk has ended"
    sleep 0.2
  done
  stop "$reader" INT
  ! grep -E 'Non-2xx|Socket errors' "$work/reading.log" >&2 || fail "reading all records"
}

measure_memory() { # directory, store
  local redis_rss drey_rss
  start_redis no
  "$here/data.py" redis "$many" | redis-cli -p "$redis_port" --pipe >"$work/answer"
  redis_rss=$(rss_mib "$redis_pid" VmRSS)
  stop "$redis_pid"
  start_drey "$1"
  say "reading all records"
  read_all "$2"
  drey_rss=$(rss_mib "$drey_pid" VmRSS)
  stop "$drey_pid"
  row "Redis' RSS with $(whole "$many") records" "$redis_rss MiB" ""
  row "Drey's RSS with the same, all read" "$drey_rss MiB" "$(ratio "$drey_rss" "$redis_rss") of Redis"
}

read_options "$@"
make_work
! wanted webdis || package+=([webdis]=webdis)
! wanted webdis && ! wanted memory || package+=([redis-server]=redis-server)
! wanted etcd || package+=([etcd]=etcd-server)
install_tools
"$drey" build
if wanted drey || wanted webdis || wanted etcd; then measure_load; fi
if wanted import || wanted start || wanted pages || wanted memory; then measure_many; fi

machine
printf '%s connections, %s keys, JSON values of 100 bytes, median of %s rounds of %s s\n\n' \
  "$connections" "$keys" "$rounds" "$seconds"
printf '| | figure | ratio |\n|---|---:|---:|\n'
cat "$work/table"
say_refused
