"""HTTP/1.1 over asyncio streams, no more than a crowd of customers needs: one connection each, kept open."""

import asyncio
import json

ANSWER_WITHIN_SECONDS = 15


class NoAnswer(Exception):
    """The connection broke, or nothing came: what was asked may have been done, or not."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The last part of a problem's type: "sold-out"."""
        return self.json().get("type", "").rsplit("/", 1)[-1]


class Wire:
    def __init__(self, port):
        self.port = port
        self.reader = self.writer = None

    async def ask(self, method, path, token=None, key=None, body=""):
        try:
            return await asyncio.wait_for(self._ask(method, path, token, key, body), ANSWER_WITHIN_SECONDS)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise NoAnswer(repr(error)) from error

    async def _ask(self, method, path, token, key, body):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: chaos\r\nContent-Length: {len(body)}\r\n"
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        head += f"Idempotency-Key: {key}\r\n" if key else ""
        self.writer.write(f"{head}\r\n{body}".encode())
        await self.writer.drain()
        return await self.next_answer()

    async def next_answer(self):
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(lines[0].split()[1]), headers, body.decode())

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
