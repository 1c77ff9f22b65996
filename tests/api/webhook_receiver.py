"""A shop's webhook endpoint that holds every event it is told to the document's `webhooks`."""

import http.server
import json
import threading


class Receiver:
    def __init__(self, document):
        self.document = document
        self.types = set()
        self.complaints = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def take(self, headers, body):
        kind = headers["Content-Type"].partition(";")[0]
        content = json.loads(body)
        for event in content if isinstance(content, list) else [content]:
            self.types.add(event["type"])
            self.complaints += self.complaints_of(event, headers, kind, content)

    def complaints_of(self, event, headers, kind, content):
        """As sentences."""
        described = self.document.tree["webhooks"].get(event["type"])
        if described is None:
            return [f"webhook {event['type']} is not in the document"]
        operation = described["post"]
        found = [
            (parameter["name"], error.message)
            for parameter in map(self.document.resolve, operation["parameters"])
            for error in self.document.validator(parameter["schema"]).iter_errors(headers[parameter["name"]])
        ]
        one = operation["requestBody"]["content"]["application/cloudevents+json"]["schema"]
        found += [(kind, error.message) for error in self.document.validator(one).iter_errors(event)]
        whole = operation["requestBody"]["content"][kind]["schema"]
        found += [(kind, error.message) for error in self.document.validator(whole).iter_errors(content)]
        return [f"webhook {event['type']}: {where}: {words}" for where, words in found]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
