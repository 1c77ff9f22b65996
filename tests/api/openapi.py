"""docs/api/openapi.yaml as the tests use it: which calls there are, and what their answers have to look like."""

import json
import pathlib
import re

import jsonschema
import yaml

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")


class Document:
    def __init__(self, path=DOCUMENT):
        self.tree = yaml.safe_load(pathlib.Path(path).read_text())
        paths = sorted(self.tree["paths"], key=lambda path: path.count("{"))  # what is named wins over a parameter
        self.patterns = [(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(p)) + "$"), p) for p in paths]

    def operations(self):
        """(METHOD, path, operation) of every call."""
        for path, item in self.tree["paths"].items():
            for method in METHODS:
                if method in item:
                    yield method.upper(), path, item[method]

    def resolve(self, node):
        while "$ref" in node:
            target = self.tree
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def operation(self, method, path):
        """The operation that a request for this path without its query is for; None if there is none."""
        for pattern, template in self.patterns:
            if pattern.match(path):
                return self.tree["paths"][template].get("get" if method == "HEAD" else method.lower())
        return None

    def response(self, operation, status):
        found = operation["responses"].get(str(status), operation["responses"].get("default"))
        return self.resolve(found)

    def validator(self, schema):
        """Checks values against a schema of the document; $ref finds the rest of it."""
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": self.tree["components"]}
        return jsonschema.Draft202012Validator({**whole, **schema})

    def complaints(self, method, target, status, headers, body):
        """Everything in an answer that the document does not allow, as sentences. Header names in lower case."""
        path = target.partition("?")[0]
        operation = self.operation(method, path)
        if operation is None:
            fits = status in (404, 405) or (method, status) == ("OPTIONS", 204)
            return [] if fits else [f"{method} {path} is not in the document"]
        response = self.response(operation, status)
        found = list(self.header_complaints(response, headers))
        if method != "HEAD":
            found += self.content_complaints(response, headers, body)
        return [f"{method} {target} -> {status}: {each}" for each in found]

    def header_complaints(self, response, headers):
        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            value = headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    yield f"{name} is missing"
            else:
                for error in self.validator(header["schema"]).iter_errors(value):
                    yield f"{name}: {error.message}"

    def content_complaints(self, response, headers, body):
        kind = headers.get("content-type", "").partition(";")[0]
        content = response.get("content")
        if not content:
            return [f"there is content where none should be: {body[:80]!r}"] if body else []
        if kind not in content:
            return [f"the content is {kind or 'nothing'}, not {' or '.join(content)}"]
        if not kind.endswith(("/json", "+json")):
            return []
        try:
            value = json.loads(body)
        except ValueError as error:
            return [f"the content is not JSON: {error}"]
        errors = self.validator(content[kind]["schema"]).iter_errors(value)
        return [f"/{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in errors]
