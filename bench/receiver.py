"""A webhook's receiver: answers 204 to what it gets, after --delay milliseconds, on any number of connections at once.

GET /count is answered at once with the number of events so far; a delivery may be one event or a batch of them
(application/cloudevents-batch+json).
"""

import argparse
import asyncio
import json


class Receiver(asyncio.Protocol):
    events = 0
    delay = 0.0

    def __init__(self):
        self.seen = b""
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.seen += data
        while (end := self.seen.find(b"\r\n\r\n")) >= 0:
            head = self.seen[:end].decode("latin-1").split("\r\n")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            whole = end + 4 + int(fields.get("content-length", 0))
            if len(self.seen) < whole:
                return
            body, self.seen = self.seen[end + 4 : whole], self.seen[whole:]
            self.take(head[0], fields, body)

    def take(self, line, fields, body):
        if line.startswith("GET"):
            text = str(Receiver.events)
            self.answer(f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n{text}")
            return
        is_batch = fields.get("content-type", "").startswith("application/cloudevents-batch+json")
        Receiver.events += len(json.loads(body)) if is_batch else 1
        done = "HTTP/1.1 204 No Content\r\n\r\n"
        if Receiver.delay:
            asyncio.get_running_loop().call_later(Receiver.delay, self.answer, done)
        else:
            self.answer(done)

    def answer(self, text):
        self.transport.write(text.encode())


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=int, default=0, help="milliseconds")
    arguments = parser.parse_args()
    Receiver.delay = arguments.delay / 1000
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", arguments.port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
