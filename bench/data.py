#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Drey authors
"""Writes the same keys and 100-byte JSON values in the form that each server loads: data.py ndjson|redis COUNT."""

import base64
import json
import sys

ETCD_OPERATIONS = 100


def pairs(count):
    filler = "x" * 72
    for number in range(count):
        key = f"k{number:08d}"
        yield key, f'{{"id":"{key}","text":"{filler}"}}'


def ndjson(count):
    for key, value in pairs(count):
        yield f'{{"key":"{key}","value":{value}}}\n'


def redis(count):
    """Redis' own protocol, for redis-cli --pipe."""
    for key, value in pairs(count):
        yield f"*3\r\n$3\r\nSET\r\n${len(key)}\r\n{key}\r\n${len(value)}\r\n{value}\r\n"


def etcd(count):
    """One transaction a line, each the body of a request."""
    def coded(text):
        return base64.b64encode(text.encode()).decode()

    puts = []
    for key, value in pairs(count):
        puts.append({"requestPut": {"key": coded(key), "value": coded(value)}})
        if len(puts) == ETCD_OPERATIONS:
            yield json.dumps({"success": puts}) + "\n"
            puts = []
    if puts:
        yield json.dumps({"success": puts}) + "\n"


def load_etcd(port, count):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for body in etcd(count):
        connection.request("POST", "/v3/kv/txn", body)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            sys.exit(f"etcd: {response.status} {content[:200]!r}")


if __name__ == "__main__":
    if sys.argv[1] == "load-etcd":
        load_etcd(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.stdout.writelines({"ndjson": ndjson, "redis": redis}[sys.argv[1]](int(sys.argv[2])))
