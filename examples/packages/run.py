#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Drey authors
"""Loads Debian's package list into Drey, counts it by concurrent clients, and checks every byte of the result."""

import argparse
import base64
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from urllib.parse import quote, urlsplit

CLIENTS = 8
CHUNK_BYTES = 1 << 16
RETRY_SECONDS_MAX = 60
DIFFERENCES_SHOWN = 10
RETRIED_STATUSES = (429, 503, 504)


class Failure(Exception):
    """Drey answered something that the example cannot go on from."""


class Client:
    """One keep-alive connection; one thread uses it."""

    def __init__(self, url, token):
        parts = urlsplit(url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = make(parts.hostname, parts.port, timeout=120)
        self.headers = {"Authorization": "Bearer " + token}
        self.retries = 0

    def send(self, method, path, body=None, **headers):
        """The response, its body not read yet."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, body, {**self.headers, **named})
        except (BrokenPipeError, ConnectionResetError):
            # A refusal may come before the body is through: it can still be read.
            pass
        return self.connection.getresponse()

    def ask(self, method, path, body=None, **headers):
        """Sends until the outcome is certain: a write must carry an Idempotency-Key or be harmless when repeated."""
        deadline = time.monotonic() + RETRY_SECONDS_MAX
        pause = 0.05
        while True:
            try:
                response = self.send(method, path, body() if callable(body) else body, **headers)
                content = response.read()
                if response.status not in RETRIED_STATUSES:
                    return response, content
                problem = f"status {response.status}: {content[:300]!r}"
                pause = max(pause, float(response.headers.get("Retry-After", 0)))
            except (OSError, http.client.HTTPException) as lost:
                self.connection.close()
                problem = repr(lost)
            if time.monotonic() + pause > deadline:
                raise Failure(f"{method} {path}: no certain answer for {RETRY_SECONDS_MAX} s, last {problem}")
            self.retries += 1
            time.sleep(pause)
            pause = min(pause * 2, 2)

    def ask_json(self, expected, method, path, body=None, **headers):
        response, content = self.ask(method, path, body, **headers)
        if response.status not in expected:
            raise Failure(f"{method} {path}: status {response.status}: {content[:500]!r}")
        return response, json.loads(content) if content else None


def read_packages(source):
    """Name to fields of every paragraph, and how many paragraphs were replaced by a later one of the same name."""
    packages, replaced, fields, last = {}, 0, {}, None
    for raw in source:
        line = raw.decode("utf-8", "replace").rstrip("\n")
        if not line:
            replaced += keep(packages, fields)
            fields, last = {}, None
        elif line[0] in " \t" and last is not None:
            fields[last] += "\n" + line
        else:
            last, _, value = line.partition(":")
            fields[last] = value.strip()
    return packages, replaced + keep(packages, fields)


def keep(packages, fields):
    if "Package" not in fields:
        return 0
    name = fields["Package"]
    replaced = name in packages
    packages[name] = fields
    return replaced


def open_input(name):
    if name:
        with open(name, "rb") as source:
            return read_packages(source)
    try:
        with subprocess.Popen(["apt-cache", "dumpavail"], stdout=subprocess.PIPE) as apt:
            return read_packages(apt.stdout)
    except FileNotFoundError:
        raise Failure("apt-cache is missing here: give a package list with --input") from None


def ndjson(packages):
    """The import's body in chunks of some size: a chunk for each line would cost more than its bytes."""
    pending = bytearray()
    for name, fields in packages.items():
        pending += json.dumps({"key": name, "value": fields}, ensure_ascii=False).encode() + b"\n"
        if len(pending) >= CHUNK_BYTES:
            yield bytes(pending)
            pending.clear()
    if pending:
        yield bytes(pending)


def section_of(fields):
    return fields.get("Section") or "none"


def create_store(client, name):
    response, store = client.ask_json((200, 201), "POST", "/v1/stores", json.dumps({"name": name}),
                                      Content_Type="application/json", Idempotency_Key=str(uuid.uuid4()))
    if response.status != 201:
        raise Failure(f"the store {name} is there already")
    return "/v1/stores/" + store["id"]


def import_all(client, store, packages):
    _, report = client.ask_json((200,), "POST", store + "/records", lambda: ndjson(packages),
                                Content_Type="application/x-ndjson")
    if report["imported"] != len(packages) or report["failedTotal"] or report["stopped"]:
        raise Failure(f"the import of {len(packages)} lines ended with {json.dumps(report)[:1000]}")


def count_sections(clients, store, packages, chaos):
    """Adds 1 to the record of each package's section, from all clients at once; returns how often chaos struck."""
    work = iter(list(packages.items()))
    lock = threading.Lock()
    run = uuid.uuid4().hex
    struck, problems = [0], []

    def count(client):
        while not problems:
            with lock:
                name, fields = next(work, (None, None))
            if name is None:
                return
            try:
                struck[0] += count_one(client, store, section_of(fields), f"{run}-{quote(name)}", chaos)
            except Exception as problem:  # The thread must not end unheard.
                problems.append(problem)

    threads = [threading.Thread(target=count, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return struck[0]


def count_one(client, store, section, idempotency_key, chaos):
    request = ("POST", f"{store}/records/{quote('section:' + section, safe='')}/increment", b'{"by":1}')
    headers = {"Content_Type": "application/json", "Idempotency_Key": idempotency_key}
    strike = random.random() if random.random() < chaos else None
    if strike is not None and strike < 0.5:
        # Hang up before the answer: whether it was counted is unknown, the repeat settles it.
        try:
            client.connection.request(*request, {**client.headers, "Content-Type": "application/json",
                                                 "Idempotency-Key": idempotency_key})
        except OSError:
            pass
        client.connection.close()
    _, answer = client.ask_json((200,), *request, **headers)
    if strike is not None and strike >= 0.5:
        response, again = client.ask_json((200,), *request, **headers)
        if again != answer or response.headers.get("Idempotency-Replayed") != "true":
            raise Failure(f"a repeat with the same Idempotency-Key got {again}, the first answer was {answer}")
    return strike is not None


def exported(client, store):
    """Key and value of each exported line; a broken export raises, since its end is marked by the transfer coding."""
    response = client.send("GET", store + "/records", Accept="application/x-ndjson")
    if response.status != 200:
        raise Failure(f"export: status {response.status}: {response.read()[:500]!r}")
    rest = b""
    while block := response.read(CHUNK_BYTES):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            item = json.loads(line)
            yield item["key"], item["value"] if "value" in item else base64.b64decode(item["base64"])
    if rest:
        raise Failure("the export's last line has no end")


def compare(title, expected, found):
    """Prints the first differences; returns their number."""
    differences, seen, last = [], set(), b""
    for key, value in found:
        if key in seen:
            differences.append(f"{key!r} was exported twice")
        elif key not in expected:
            differences.append(f"{key!r} should not be there")
        elif value != expected[key]:
            differences.append(f"{key!r} is {str(value)[:200]}, expected {str(expected[key])[:200]}")
        if key.encode() <= last and seen:
            differences.append(f"{key!r} is out of order")
        last = key.encode()
        seen.add(key)
    differences += [f"{key!r} is missing" for key in expected if key not in seen]
    for difference in differences[:DIFFERENCES_SHOWN]:
        print(f"  {title}: {difference}")
    return len(differences)


def timed(text, amount, unit, step):
    start = time.monotonic()
    result = step()
    seconds = time.monotonic() - start
    print(f"{text}: {amount:,} {unit} in {seconds:.1f} s ({amount / max(seconds, 0.001):,.0f}/s)", flush=True)
    return result


def run(options):
    # A wrong address shows here at once; later a lost connection is waited for, in case the server is starting again.
    Client(options.url, options.token).send("GET", "/health/live").read()
    packages, replaced = open_input(options.input)
    if not packages:
        raise Failure("the package list is empty: run apt-get update first, or give one with --input")
    print(f"read: {len(packages):,} packages; {replaced:,} paragraphs replaced by a later one of the same name")
    counts = {}
    for fields in packages.values():
        key = "section:" + section_of(fields)
        counts[key] = counts.get(key, 0) + 1

    clients = [Client(options.url, options.token) for _ in range(CLIENTS)]
    first, suffix = clients[0], uuid.uuid4().hex[:8]
    records = create_store(first, f"packages-{suffix}")
    sections = create_store(first, f"sections-{suffix}")
    try:
        total = len(packages)
        timed("import", total, "records", lambda: import_all(first, records, packages))
        struck = timed("count", total, f"increments by {CLIENTS} clients",
                       lambda: count_sections(clients, sections, packages, options.chaos))
        print(f"  {struck:,} sent twice on purpose, {sum(client.retries for client in clients):,} retries")
        different = timed("export and compare", total, "records",
                          lambda: compare("packages", packages, exported(first, records)))
        different += timed("export and compare", len(counts), "counts",
                           lambda: compare("sections", counts, exported(first, sections)))
    finally:
        if not options.keep:
            for store in (records, sections):
                first.connection.close()
                first.ask("DELETE", store)
    print(f"{different:,} differences" if different else "no difference")
    return 1 if different else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="default: %(default)s")
    parser.add_argument("--token", default=os.environ.get("DREY_ADMIN_TOKEN"), help="default: DREY_ADMIN_TOKEN")
    parser.add_argument("--input", metavar="FILE", help="a Debian package list; default: apt-cache dumpavail")
    parser.add_argument("--chaos", metavar="SHARE", type=float, nargs="?", const=0.1, default=0,
                        help="send this share of the increments twice, or hang up on them first (default 0.1)")
    parser.add_argument("--keep", action="store_true", help="leave the two stores behind")
    options = parser.parse_args()
    if not options.token:
        parser.error("a token is needed: --token or DREY_ADMIN_TOKEN")
    try:
        return run(options)
    except (Failure, OSError, http.client.HTTPException) as failure:
        print(f"failed: {failure!r}" if not isinstance(failure, Failure) else f"failed: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
