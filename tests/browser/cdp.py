"""Headless Chromium, driven through its own protocol over two pipes: no driver, no library, no open port."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The same engine without windows: the whole browser opens one, with an address bar of two pages, for each person.
SHELL = shutil.which("chromium-headless-shell")


class Browser:
    """One page. Every wait is bounded and says what it waited for."""

    def __init__(self, width=1280, height=800, dark=False, program=CHROMIUM, flags=()):
        self.folder = tempfile.mkdtemp(prefix="doorbuster-browser-")
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={self.folder}", "--remote-debugging-pipe", *flags, "about:blank"],
            preexec_fn=lambda: self._as_3_and_4(to_read, to_write),
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.session = b"", 0, None
        self.trouble = []  # what the page complained about: exceptions, console errors, refused by the policy
        self.looks = (width, height, dark)
        self._open_page(*self.looks)

    @staticmethod
    def _as_3_and_4(to_read, to_write):
        first, second = os.dup(to_read), os.dup(to_write)
        os.dup2(first, 3)
        os.dup2(second, 4)

    def _open_page(self, width, height, dark):
        self.target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def close_tab_and_open_another(self):
        closed, self.session = self.target, None
        self._open_page(*self.looks)
        session, self.session = self.session, None
        self.call("Target.closeTarget", targetId=closed)
        self.session = session

    def open_as_somebody_else(self, url):
        """A page with cookies of its own; its session, for call_each()."""
        own, self.session = self.session, None
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url=url, browserContextId=context, background=True)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.session = own
        return session

    def lose_network(self, lost=True):
        self.call("Network.emulateNetworkConditions", offline=lost, latency=0, downloadThroughput=-1,
                  uploadThroughput=-1)  # fmt: skip

    def call(self, method, **parameters):
        number = self._send(self.session, method, parameters)
        return self._answers([number], method)[number]

    def call_each(self, sessions, method, **parameters):
        """The same of many pages, at once; the answers in the order of the sessions."""
        numbers = [self._send(session, method, parameters) for session in sessions]
        answers = self._answers(numbers, method)
        return [answers[number] for number in numbers]

    def _send(self, session, method, parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        return self.number

    def _answers(self, numbers, method):
        """By the number of the question."""
        deadline = time.monotonic() + 30
        answers, missing = {}, set(numbers)
        while missing:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer to {method}, {len(missing)} of {len(numbers)}")
            answer = self._next(deadline)
            if answer.get("id") not in missing:
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            missing.remove(answer["id"])
            answers[answer["id"]] = answer["result"]
        return answers

    def _next(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("Chromium is silent")
            got = os.read(self.read_end, 65536)
            if not got:
                raise RuntimeError("Chromium has ended")
            self.buffer += got
        raw, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(raw)
        self._listen(message)
        return message

    def _listen(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.trouble.append(details.get("exception", {}).get("description", details["text"]))
        if message.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.trouble.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))

    def go(self, url):
        self.call("Page.navigate", url=url)

    def evaluate(self, script):
        return self._value(script, self.call("Runtime.evaluate", **self._evaluation(script)))

    def evaluate_each(self, sessions, script):
        return [self._value(script, result)
                for result in self.call_each(sessions, "Runtime.evaluate", **self._evaluation(script))]  # fmt: skip

    @staticmethod
    def _evaluation(script):
        return {"expression": script, "returnByValue": True, "awaitPromise": True}

    @staticmethod
    def _value(script, result):
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait_for(self, script, seconds=20):
        """Until the script's value is true. A page that is just being left has no value, which is not yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if value := self.evaluate(script):
                    return value
            except RuntimeError as leaving:
                if self.process.poll() is not None:
                    raise leaving
            time.sleep(0.1)
        raise TimeoutError(f"waited {seconds} s for: {script}\nthe page: {self.evaluate('document.body.innerText')}")

    def wait_for_text(self, text, seconds=20):
        self.wait_for(f"document.body.innerText.includes({json.dumps(text)})", seconds)

    def click(self, selector):
        """By the mouse, where the element is: what is covered or off the page is not clicked."""
        self._click(f"document.querySelector({json.dumps(selector)})")

    def click_on(self, text):
        """The button or link of that text."""
        self._click(f"""[...document.querySelectorAll("button, a")].find(
            (e) => e.textContent.trim() === {json.dumps(text)} && e.getClientRects().length > 0) ?? null""")

    def _click(self, element):
        self.wait_for(f"({element}) !== null")
        box = self.evaluate(f"""(() => {{ const e = {element};
            e.scrollIntoView({{block: "center"}}); const b = e.getBoundingClientRect();
            return [b.x + b.width / 2, b.y + b.height / 2]; }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def write(self, selector, text):
        """Into the field, instead of what is there."""
        self.click(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def press(self, key, code=None):
        texts = {"Enter": "\r", " ": " "}
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32}
        for kind in ("keyDown", "keyUp"):
            more = {"text": texts[key]} if kind == "keyDown" and key in texts else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                      windowsVirtualKeyCode=codes.get(key, 0), **more)  # fmt: skip

    def screenshot(self, path):
        import base64

        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
