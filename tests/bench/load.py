"""Sends signed webhooks as GitHub would, so many at a time, over connections that stay open: a client that costs little itself.

python -m tests.bench.load ADDRESS SECRET PAYLOADS COUNT WIDTH [busy]
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HANDLED = ("issues", "pull_request", "pull_request_review", "check_run", "workflow_run", "deployment")
"""Events that are put into the queue, whatever their action."""


def requests(payloads: Path, count: int, secret: bytes, host: str, busy: bool) -> Iterator[bytes]:
    """Requests ready to send. The examples come round again, told apart by a key of ours, so that no body is a replay.

    With `busy` only those that are handled, as of 200 repositories.
    """
    examples = [json.loads(line) for line in payloads.read_text("utf-8").splitlines()]
    if busy:
        examples = [each for each in examples if each["name"] in HANDLED]
    for index in range(count):
        example = examples[index % len(examples)]
        payload = {**example["payload"], "bench": index}
        if busy:
            payload["repository"] = {**payload["repository"], "id": 1_000 + index % 200}
        body = json.dumps(payload).encode()
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {
            "Host": host,
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/bench",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-GitHub-Event": example["name"],
            "X-Hub-Signature-256": f"sha256={signature}",
            "Content-Length": str(len(body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield f"POST /webhooks/github HTTP/1.1\r\n{head}\r\n".encode() + body


async def _worker(host: str, port: int, todo: list[bytes], told: list[tuple[int, float]]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while todo:
        request = todo.pop()
        began = time.perf_counter()
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None
        )
        if length is None:
            while (size := int(await reader.readline(), 16)) > 0:
                await reader.readexactly(size + 2)
            await reader.readline()
        else:
            await reader.readexactly(length)
        told.append((int(head.split(b" ", 2)[1]), time.perf_counter() - began))
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
    writer.close()


async def send(address: str, todo: list[bytes], width: int) -> dict[str, Any]:
    """Send them all; statuses, seconds in all, and quantiles of the answers' times in milliseconds."""
    host, _, port = address.rpartition(":")
    told: list[tuple[int, float]] = []
    began = time.perf_counter()
    await asyncio.gather(*(_worker(host, int(port), todo, told) for _ in range(width)))
    seconds = time.perf_counter() - began
    times = sorted(each for _, each in told)
    statuses: dict[str, int] = {}
    for status, _ in told:
        statuses[str(status)] = statuses.get(str(status), 0) + 1
    return {
        "seconds": seconds,
        "rate": len(told) / seconds,
        "p50": 1000 * times[len(times) // 2],
        "p99": 1000 * times[int(len(times) * 0.99)],
        "statuses": statuses,
    }


def main(arguments: list[str]) -> None:
    """Print what came of it as JSON."""
    address, secret, payloads, count, width, *rest = arguments
    todo = list(requests(Path(payloads), int(count), secret.encode(), address, rest == ["busy"]))
    print(json.dumps(asyncio.run(send(address, todo, int(width)))))


if __name__ == "__main__":
    main(sys.argv[1:])
