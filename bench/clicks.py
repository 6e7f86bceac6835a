"""Clients that click: each asks for one view after another on a connection of its own, on loopback, for a bounded time."""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time


def main(port: int, file: str, clients: int, seconds: float, warm: float) -> None:
    """Print {per_second, p50_ms, p95_ms, errors, answers} as JSON."""
    with open(file, encoding="utf-8") as opened:  # noqa: PTH123
        wanted = json.load(opened)
    bodies = [json.dumps({"output": "view.data", "outputs": {"id": "view", "property": "data"}, "changedPropIds": ["url.search"],
                          "inputs": [{"id": "url", "property": "pathname", "value": path}, {"id": "url", "property": "search", "value": search}, {"id": "tick", "property": "data", "value": None}, {"id": "curriculum", "property": "data", "value": None}]}) for path, search in wanted]
    times: list[float] = []
    errors = [0]
    until = time.monotonic() + seconds + warm
    start = time.monotonic() + warm

    def client(number: int) -> None:
        rng = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < until:
            begun = time.monotonic()
            try:
                connection.request("POST", "/_dash-update-component", rng.choice(bodies), {"Content-Type": "application/json", "Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                answer.read()
                failed = answer.status != 200
            except OSError:
                connection.close()
                failed = True
            if begun >= start:
                errors[0] += failed
                times.append((time.monotonic() - begun) * 1e3)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    print(json.dumps({"per_second": round(len(times) / seconds), "p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(len(times) * .95)], 1), "errors": errors[0], "answers": len(times)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
