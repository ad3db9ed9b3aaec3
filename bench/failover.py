#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Drey authors
"""Kills one of three nodes with SIGKILL while each of 50 keys is written through the two others; prints how long
writes went without an acknowledgement.

    failover.py drey --store ID --token TOKEN PID@HOST:PORT PID@HOST:PORT PID@HOST:PORT   kills the first node
    failover.py etcd PID@HOST:PORT PID@HOST:PORT PID@HOST:PORT                            kills the leader

Printed: process id of the killed node; seconds without an acknowledged write of the key that waited longest; of all keys
together; number of keys that waited for more than half as long as that key; both times as they were before the kill;
and how many seconds of writing it took until no key stood still for a second.
"""

import argparse
import asyncio
import base64
import json
import os
import signal
import sys
import time
import urllib.request

KEYS = 50
PAUSE_SECONDS = 0.02
# A client that waited forever would measure its own patience: etcd leaves what it lost unanswered for seven seconds.
ANSWER_SECONDS = 0.5
# Before the kill no key may stand still for longer.
STILL_SECONDS = 1
SETTLED_SECONDS = 60


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=["drey", "etcd"])
    parser.add_argument("--store")
    parser.add_argument("--token")
    parser.add_argument("--before", type=float, default=3, help="quiet seconds of writing before the kill")
    parser.add_argument("--after", type=float, default=15, help="seconds of writing after it")
    parser.add_argument("nodes", nargs=3, help="PID@HOST:PORT")
    arguments = parser.parse_args()
    arguments.nodes = [(int(pid), address) for pid, address in (node.split("@") for node in arguments.nodes)]
    return arguments


def asked(address, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://{address}{path}", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def etcd_leader(nodes):
    for node in nodes:
        status = asked(node[1], "/v3/maintenance/status", b"{}")
        if status["leader"] == status["header"]["member_id"]:
            return node
    sys.exit("etcd has no leader")


def drey_settled(nodes, token):
    """Returns the first node, once every node has about a third of the keys."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        cluster = asked(nodes[0][1], "/v1/cluster", token=token)
        owned = [member["partitions"]["owned"] for member in cluster["members"]]
        if len(owned) == 3 and cluster["migrating"] == 0 and min(owned) * 4 > cluster["partitions"]:
            return nodes[0]
        time.sleep(0.2)
    sys.exit(f"Drey's keys are not spread over three nodes: {cluster}")


def request_to(arguments, address, key):
    if arguments.system == "drey":
        path, body = f"/v1/stores/{arguments.store}/records/failover-{key}/increment", b'{"by":1}'
    else:
        coded = base64.b64encode(f"failover-{key}".encode()).decode()
        path, body = "/v3/kv/put", json.dumps({"key": coded, "value": "MQ=="}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
    if arguments.token:
        head += f"Authorization: Bearer {arguments.token}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def status_of(streams, request):
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


async def write(arguments, address, key, acknowledged, ended):
    """One key, one connection: what becomes of other keys does not hold it up."""
    host, port = address.split(":")
    request = request_to(arguments, address, key)
    streams = None
    while not ended.is_set():
        try:
            if streams is None:
                streams = await asyncio.wait_for(asyncio.open_connection(host, int(port)), ANSWER_SECONDS)
            if await asyncio.wait_for(status_of(streams, request), ANSWER_SECONDS) in (200, 201):
                acknowledged.append(time.monotonic())
        except (OSError, EOFError, StopIteration, asyncio.TimeoutError):
            if streams is not None:
                streams[1].close()
            streams = None
        await asyncio.sleep(PAUSE_SECONDS)


def longest(times, begin, end):
    """The longest time between two acknowledgements that had not ended at `begin`, up to `end`."""
    earlier = [t for t in times if t <= begin]
    points = (earlier[-1:] or [begin]) + [t for t in times if begin < t < end] + [end]
    return max(b - a for a, b in zip(points, points[1:]))


async def settle(acknowledged, seconds):
    """Returns since when no key has stood still, once that is so for some seconds."""
    begin = since = time.monotonic()
    while time.monotonic() - since < seconds:
        await asyncio.sleep(0.05)
        now = time.monotonic()
        if any(now - (times[-1] if times else begin) > STILL_SECONDS for times in acknowledged):
            since = now
        if now - begin > SETTLED_SECONDS:
            sys.exit("some key is not written although no node was killed")
    return since


async def measure(arguments, victim):
    addresses = [address for pid, address in arguments.nodes if pid != victim]
    acknowledged = [[] for _ in range(KEYS)]
    begin = time.monotonic()
    ended = asyncio.Event()
    writers = [
        asyncio.create_task(write(arguments, addresses[key % 2], key, acknowledged[key], ended)) for key in range(KEYS)
    ]
    since = await settle(acknowledged, arguments.before)
    killed = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    await asyncio.sleep(arguments.after)
    end = time.monotonic()
    ended.set()
    await asyncio.gather(*writers)
    together = sorted(t for times in acknowledged for t in times)
    waited = [longest(times, killed, end) for times in acknowledged]
    interrupted = sum(seconds * 2 > max(waited) for seconds in waited)
    usual = max(longest(times, since, killed) for times in acknowledged)
    print(f"{victim} {max(waited):.3f} {longest(together, killed, end):.3f} {interrupted} "
          f"{usual:.3f} {longest(together, since, killed):.3f} {since - begin:.1f}")


def main():
    arguments = parse()
    if arguments.system == "etcd":
        victim, _ = etcd_leader(arguments.nodes)
    else:
        victim, _ = drey_settled(arguments.nodes, arguments.token)
    asyncio.run(measure(arguments, victim))


if __name__ == "__main__":
    main()
