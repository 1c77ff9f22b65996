"""A shop's webhook endpoint: remembers the type and the traceparent of every event, or refuses them all."""

import http.server
import json
import threading


class Receiver:
    def __init__(self):
        self.refuses = False
        self.told = []  # (type, traceparent), in the order of their coming
        self.refused = []
        self.changed = threading.Condition()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.changed:
                    kept = receiver.refused if receiver.refuses else receiver.told
                    kept.append((event["type"], self.headers["traceparent"]))
                    receiver.changed.notify_all()
                self.send_response(503 if receiver.refuses else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def wait_for(self, event_type, among="told", seconds=20):
        """The traceparent of the first event of that type."""

        def found():
            return [trace for told_type, trace in getattr(self, among) if told_type == event_type]

        with self.changed:
            if not self.changed.wait_for(found, seconds):
                raise AssertionError(f"no {event_type} after {seconds} s, but {getattr(self, among)}")
            return found()[0]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
