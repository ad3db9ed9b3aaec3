# SPDX-License-Identifier: Apache-2.0
# A PostgreSQL and three nodes on one machine: read by run.sh, whose functions and variables it uses.
# shellcheck shell=bash
# shellcheck disable=SC2154

# The value of key $1 in the flags that follow $2, else in the environment, else $2.
setting() {
  local key=$1 value=$2 flag variable
  shift 2
  variable=${key^^}
  variable=DREY_${variable//[.-]/_}
  value=${!variable:-$value}
  for flag; do
    [[ $flag != "--$key="* ]] || value=${flag#*=}
  done
  printf '%s' "$value"
}

# Sets what the processes of a cluster have in common, out of flags and environment.
read_cluster() {
  local key port flag
  cluster_dir=$(realpath --canonicalize-missing "$(setting data.dir data "$@")/cluster")
  cluster_host=$(setting cluster.host 127.0.0.1 "$@")
  storage_url=$(setting storage.url '' "$@")
  http_port=$(setting http.port 8080 "$@")
  member_port=$(setting cluster.port 5701 "$@")
  bus_port=$(setting event-bus.port 15701 "$@")
  postgres_port=$(setting postgres.port 15432 "$@")
  for port in "$http_port" "$member_port" "$bus_port" "$postgres_port"; do
    if [[ ! $port =~ ^[1-9][0-9]{0,4}$ ]] || ((port > 65533)); then
      fail "\"$port\" is no port for a cluster, expected a number from 1 to 65533"
    fi
  done
  node_flags=()
  for flag; do
    key=${flag%%=*}
    case $key in
      --data.dir | --storage.url | --http.port | --cluster.port | --event-bus.port | --postgres.port) ;;
      *) node_flags+=("$flag") ;;
    esac
  done
}

# The same for a process that joins a cluster which "run.sh cluster" has set up.
read_present_cluster() {
  local saved
  read_cluster "$@"
  [[ -r $cluster_dir/flags ]] || fail "there is no cluster in $cluster_dir; first: ./run.sh cluster"
  mapfile -t saved <"$cluster_dir/flags"
  read_cluster "${saved[@]}" "$@"
}

# What this script has started: process ids by name.
declare -A pids=()

# Whether $1, such as node-1, runs, whoever started it; sets pid.
is_running() {
  local words=()
  pid=${pids[$1]:-}
  if [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null; then
    return 0
  fi
  pids[$1]=
  {
    read -r pid <"$cluster_dir/$1/pid" && mapfile -d '' words <"/proc/$pid/cmdline"
  } 2>/dev/null || return 1
  # The number may have passed to another process.
  [[ " ${words[*]} " == *" --data.dir=$cluster_dir/$1 "* ]]
}

# Makes this process $1 of the cluster.
enlist() {
  ! is_running "$1" || fail "$1 runs already, as process $pid"
  umask 077
  mkdir --parents "$cluster_dir/$1"
  printf '%s\n' "$$" >"$cluster_dir/$1/pid"
}

become_postgres() {
  enlist postgres
  need_java java
  # Enough for unpacking the programs once.
  exec "$java_home/bin/java" -Xmx128m -XX:+UseSerialGC -classpath "$jar:$home/target/lib/*" io.drey.local.Main \
    "--data.dir=$cluster_dir/postgres" "--port=$postgres_port"
}

# An eighth of the memory for each of three nodes, from 512 MiB to 1 GiB; in MiB.
heap_size() {
  local kilobytes limit size
  read -r _ kilobytes _ </proc/meminfo
  if [[ -r /sys/fs/cgroup/memory.max ]] && read -r limit </sys/fs/cgroup/memory.max && [[ $limit != max ]]; then
    kilobytes=$((limit / 1024 < kilobytes ? limit / 1024 : kilobytes))
  fi
  size=$((kilobytes / 8192))
  size=$((size < 512 ? 512 : size))
  printf '%s' "$((size > 1024 ? 1024 : size))"
}

become_node() {
  local number=$1 members=() index
  enlist "node-$number"
  for index in 0 1 2; do
    members+=("$cluster_host:$((member_port + index))")
  done
  # In the environment, since others can read the command line.
  DREY_STORAGE_URL=$(<"$cluster_dir/storage.url")
  DREY_JAVA_OPTS="-Xmx$(heap_size)m ${DREY_JAVA_OPTS:-}"
  export DREY_STORAGE_URL DREY_JAVA_OPTS
  if [[ -z ${DREY_ADMIN_TOKEN:-} && -s $cluster_dir/admin.token ]]; then
    DREY_ADMIN_TOKEN=$(<"$cluster_dir/admin.token")
    export DREY_ADMIN_TOKEN
  fi
  # A key of this script alone.
  unset DREY_POSTGRES_PORT
  index=$((number - 1))
  become_java "$jar" io.drey.Main --cluster.enabled=true "--data.dir=$cluster_dir/node-$number" \
    "--http.port=$((http_port + index))" "--cluster.port=$((member_port + index))" \
    "--event-bus.port=$((bus_port + index))" "--cluster.members=$(IFS=, && printf '%s' "${members[*]}")" \
    "${node_flags[@]}"
}

# Starts this script with the words that follow $1 as process $1 of the cluster.
launch() {
  local name=$1 log=$cluster_dir/$1/drey.log fd
  shift
  mkdir --parents "${log%/*}"
  [[ ! -e $log ]] || mv "$log" "$log.old"
  exec {fd}<>"$log"
  # A process group of its own: Ctrl-C must reach this script alone, which stops the others in order.
  set -m
  "$home/run.sh" "$@" </dev/null >>"$log" 2>&1 &
  set +m
  pids[$name]=$!
  # Or the shell would report its end in its own words.
  disown "$!"
  logs[$name]=$fd
  pending[$name]=
}

# Reads what $1 has written since the last time; shows what a person must see.
read_log() {
  local name=$1 line
  while IFS= read -r -u "${logs[$name]}" line || { pending[$name]+=$line && false; }; do
    line=${pending[$name]}$line
    pending[$name]=
    case $line in
      'URL: '*) urls[$name]=${line#URL: } ;;
      'Dashboard: '*) urls[$name]=$(cut --delimiter=/ --fields=1-3 <<<"${line#Dashboard: }") ;;
      'drey: '*) reasons[$name]=${line#drey: } ;;
      *' WARN  ['* | *' ERROR ['* | *'"level":"WARN"'* | *'"level":"ERROR"'*) printf '%s: %s\n' "$name" "${line:0:200}" ;;
    esac
  done
}

# Whether the node at URL $1 serves every key; over TLS its own word must do.
serves_all() (
  [[ $1 == http://* ]] || exit 0
  exec 3<>"/dev/tcp/127.0.0.1/${1##*:}" || exit 1
  printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 5 -u 3 _ status _ && [[ $status == 200 ]]
) 2>/dev/null

# In a way that a signal interrupts.
pause() {
  sleep "$1" &
  wait "$!" || true
}

await_ready() {
  local name=$1 begun=$SECONDS
  until [[ -n ${urls[$name]:-} ]] && { [[ $name == postgres ]] || serves_all "${urls[$name]}"; }; do
    ((SECONDS - begun < 120)) || fail "$name is not ready after two minutes; its log is $cluster_dir/$name/drey.log"
    if ! is_running "$name"; then
      read_log "$name"
      fail "$name did not start: ${reasons[$name]:-its log is $cluster_dir/$name/drey.log}"
    fi
    pause 0.1
    read_log "$name"
  done
}

# The nodes first, all at once, then what they need.
stop_cluster() {
  local status=$? names name
  trap '' HUP INT TERM
  for names in "node-1 node-2 node-3" postgres; do
    for name in $names; do
      ! is_running "$name" || kill -TERM "$pid" 2>/dev/null || true
    done
    # Each ends within 30 seconds by itself.
    for name in $names; do
      while is_running "$name"; do
        sleep 0.1
      done
    done
  done
  exit "$status"
}

# The command that starts $1 again.
command_for() {
  printf '%s/run.sh %s' "$home" "${1/-/ }"
  [[ $cluster_dir == "$PWD/data/cluster" ]] || printf ' --data.dir=%s' "${cluster_dir%/cluster}"
}

# Says who ends and who is back, until no node is left.
watch_cluster() {
  local name runs=yes
  declare -A was=([postgres]=yes [node-1]=yes [node-2]=yes [node-3]=yes)
  while [[ -n $runs ]]; do
    pause 0.5
    runs=
    for name in node-1 node-2 node-3 postgres; do
      [[ -z ${logs[$name]:-} ]] || read_log "$name"
      if is_running "$name"; then
        [[ -n ${was[$name]} ]] || printf '%s is back, as process %s\n' "$name" "$pid"
        was[$name]=yes
        [[ $name == postgres ]] || runs=yes
      elif [[ -n ${was[$name]} && -n ${logs[$name]:-} ]]; then
        printf '%s has ended%s; to start it again, in another terminal: %s\n' "$name" \
          "${reasons[$name]:+: ${reasons[$name]}}" "$(command_for "$name")"
        was[$name]=
      fi
    done
  done
  echo "All nodes have ended."
}

run_cluster() {
  local number port name token fragment='' left=()
  declare -A logs=() pending=() urls=() reasons=()
  read_cluster "$@"
  for name in node-1 node-2 node-3 postgres; do
    ! is_running "$name" || left+=("$pid")
  done
  ((${#left[@]} == 0)) || fail "processes of an earlier start still run; first: kill ${left[*]}"
  for number in 1 2 3; do
    for port in $((http_port + number - 1)) $((member_port + number - 1)) $((bus_port + number - 1)); do
      ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
        fail "port $port is in use; other ones: --http.port, --cluster.port and --event-bus.port, the first of three each"
    done
  done
  mkdir --parents "$cluster_dir"
  umask 077
  printf '%s\n' "$@" | sed '/^$/d' >"$cluster_dir/flags"
  token="\$DREY_ADMIN_TOKEN"
  if [[ -z ${DREY_ADMIN_TOKEN:-} ]]; then
    token="\$(cat $cluster_dir/admin.token)"
    if [[ ! -s $cluster_dir/admin.token ]]; then
      fragment=drey_$(head --bytes=4096 /dev/urandom | tr --delete --complement 'A-Za-z0-9' | cut --characters=1-43)
      printf '%s\n' "$fragment" >"$cluster_dir/admin.token"
    fi
  fi
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap stop_cluster EXIT
  if [[ -z $storage_url ]]; then
    launch postgres postgres "$@"
    await_ready postgres
    storage_url=${urls[postgres]}
  fi
  printf '%s\n' "$storage_url" >"$cluster_dir/storage.url"
  # One by one: nodes that start at the same instant take longer to find each other.
  for number in 1 2 3; do
    launch "node-$number" node "$number" "$@"
    await_ready "node-$number"
  done
  cat <<END
Drey is ready: three nodes over PostgreSQL; data and logs in $cluster_dir. Ctrl-C stops all.
Failover:  kill -9 \$(cat $cluster_dir/node-2/pid), then in another terminal: $(command_for node-2)
Node 1:    ${urls[node-1]}
Node 2:    ${urls[node-2]}
Node 3:    ${urls[node-3]}
Dashboard: ${urls[node-1]}/${fragment:+#token=$fragment}
Try:       curl -H "Authorization: Bearer $token" ${urls[node-1]}/v1/stores
END
  watch_cluster
}

run_node() {
  [[ ${1:-} == [123] ]] || fail "which node? ./run.sh node 1, 2 or 3"
  export DREY_CONFIG="${DREY_CONFIG:-$home/conf/drey.yaml}"
  read_present_cluster "${@:2}"
  become_node "$1"
}

run_postgres() {
  read_present_cluster "$@"
  become_postgres
}
