#!/usr/bin/env python3
"""A thousand sources of a hundred hosts, each host with a pace and 20 ms away: how long a round takes beside what the pace allows.

usage: pace.py BUILD [SOURCES [HOSTS]]

Hosts are addresses of loopback; one server answers for all of them after 20 ms and writes down when each request came. A source is
a listing with two pastes. The pace limit is the number of requests of the busiest host times its pace. Exit code 1 when a host was
asked faster than its pace allows, or not everything was read.
"""
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time

PACE, LATENCY, PASTES, SLACK = 0.5, 0.02, 2, 0.005


class Site:
    def __init__(self):
        self.came = {}  # host: times of requests

    async def answer(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                host = re.search(r"(?im)^host:\s*([0-9.]+)", head).group(1)
                self.came.setdefault(host, []).append(time.monotonic())
                await asyncio.sleep(LATENCY)
                status, kind, body = self.page(path)
                writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    @staticmethod
    def page(path):
        if path == "/robots.txt":
            return "404 Not Found", "text/plain", "none\n"
        listing = re.fullmatch(r"/list/(\d+)", path)
        if listing:
            links = "".join(f"<a href=/p/{listing.group(1)}-{i}>paste</a>" for i in range(PASTES))
            return "200 OK", "text/html", f"<p>{links}"
        return "200 OK", "text/plain", f"A few words at {path}, and no more than that.\n"


def configuration(folder, port, sources, hosts):
    lines = ["organisation: Example Pictures", "contact: watchdesk@example.com", "sources:"]
    for i in range(sources):
        url = f"http://127.0.{1 + i % hosts // 200}.{1 + i % hosts % 200}:{port}"
        lines.append(f"  - {{name: s{i}, listing: '{url}/list/{i}', links: //a/@href, raw: '{url}/p/{{key}}', "
                     f"pace: {int(PACE * 1000)}ms, every: 1h, allow_private: true}}")
    path = os.path.join(folder, "watchdesk.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path


async def main():
    build = os.path.abspath(sys.argv[1])
    sources, hosts = (int(word) for word in (sys.argv[2:] + ["1000", "100"][len(sys.argv) - 2:])[:2])
    site = Site()
    server = await asyncio.start_server(site.answer, "0.0.0.0", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = configuration(folder, port, sources, hosts)
        started = time.monotonic()
        crawl = await asyncio.create_subprocess_exec(f"{build}/watchdesk", "crawl", "--config", config, cwd=folder,
                                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = (await crawl.communicate())[0].decode()
        took = time.monotonic() - started
    server.close()
    requests = sum(len(times) for times in site.came.values())
    limit = (max(len(times) for times in site.came.values()) - 1) * PACE
    closest = min(b - a for times in site.came.values() for a, b in zip(times, times[1:]))
    print(f"pace: {sources} sources of {len(site.came)} hosts, {requests} requests, each host once in {PACE:.1f} s, {LATENCY * 1000:.0f} ms away")
    print(f"  a round took {took:.1f} s, {took / limit:.2f} times what the pace allows ({limit:.1f} s)")
    print(f"  two requests to one host came {closest * 1000:.0f} ms apart at the least")
    fetched = f" {sources * PASTES} new posts" in said
    if not fetched or closest < PACE - SLACK:
        print(f"bench: {'a host was asked too fast' if fetched else 'not everything was read: ' + said.strip()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
