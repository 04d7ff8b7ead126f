"""A Chromium without a window, driven over a pipe by its DevTools protocol."""

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--remote-debugging-pipe")


def find():
    """The path of a Chromium, or None. TF1GAN_CHROMIUM may name one."""
    named = os.environ.get("TF1GAN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def opened(path, width=1600, height=1000):
    """A Page of a new Chromium, closed with all its processes and files at the end."""
    to_browser, from_browser = os.pipe(), os.pipe()     # it reads descriptor 3, writes 4

    def arrange():
        os.dup2(to_browser[0], 63)      # out of the way first: the pipes may be 3 and 4
        os.dup2(from_browser[1], 64)
        os.dup2(63, 3)
        os.dup2(64, 4)
        os.setsid()

    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [path, "--user-data-dir=" + profile, f"--window-size={width},{height}"]
            + list(FLAGS), preexec_fn=arrange, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser[0])
        os.close(from_browser[1])
        page = Page(to_browser[1], from_browser[0])
        try:
            page.attach(width, height)
            yield page
        finally:
            with contextlib.suppress(OSError, RuntimeError):
                page.call("Browser.close", session=False)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
            os.close(to_browser[1])
            os.close(from_browser[0])
            for _ in range(20):         # its helpers leave a moment later
                if not os.path.exists(profile):
                    break
                shutil.rmtree(profile, ignore_errors=True)
                time.sleep(0.1)
            os.makedirs(profile, exist_ok=True)


class Page:
    """One tab.

    Attributes:
      errors: what its console was told as errors, and what was not caught; after a call of
        Log.enable, also what the browser itself complained of.
      requests: after a call of Network.enable, the addresses that were asked for.
    """

    def __init__(self, writes, reads):
        self._writes, self._reads, self._buffer = writes, reads, b""
        self._numbers, self._session = itertools.count(1), None
        self.errors, self.requests = [], []

    def attach(self, width, height):
        target = self.call("Target.createTarget", session=False, url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", session=False, targetId=target,
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def call(self, method, session=True, timeout=60, **params):
        """The result of a command of the protocol. Raises RuntimeError where it fails."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if session and self._session:
            message["sessionId"] = self._session
        os.write(self._writes, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _receive(self, deadline):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reads], [], [],
                                        max(0, deadline - time.monotonic()))
            part = os.read(self._reads, 2 ** 20) if ready else b""
            if not part:
                raise RuntimeError("the browser does not answer")
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line.decode())
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:500])
        elif message.get("method") == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.errors.append(json.dumps(params["args"])[:500])
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(json.dumps(params["entry"])[:500])
        elif message.get("method") == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        return message

    def open(self, url):
        self.call("Page.navigate", url="about:blank")   # or another # would only be a jump
        self.errors, self.requests = [], []
        self.call("Page.navigate", url=url)

    def run(self, script):
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:1000])
        return result["result"].get("value")

    def text(self):
        """All that stands on the page, those parts included that have roots of their own."""
        return self.run(_TEXT)

    def wait(self, condition, timeout=60):
        """Waits until a function of nothing gives something true. Returns that."""
        deadline = time.monotonic() + timeout
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"not shown within {timeout} s; the page has: "
                                     f"{self.text()[:3000]}")
            time.sleep(0.25)

    def picture(self, path, **clip):
        options = dict(clip=dict(clip, scale=1), captureBeyondViewport=True) if clip else {}
        png = self.call("Page.captureScreenshot", format="png", **options)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(png))


# Visible text only: what a script or style holds, or is hidden, is not read.
_TEXT = """(() => {
    const found = [];
    const visit = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const words = node.textContent.trim();
            if (words) found.push(words);
            return;
        }
        if (node.nodeType === Node.ELEMENT_NODE) {
            if (['SCRIPT', 'STYLE', 'TEMPLATE', 'DOM-MODULE'].includes(node.tagName)) return;
            const style = getComputedStyle(node);
            if (style.display === 'none' || style.visibility === 'hidden') return;
            if (node.tagName === 'IFRAME') {
                try { visit(node.contentDocument.body); } catch (error) {}
                return;
            }
            if (node.tagName === 'SLOT') {
                for (const child of node.assignedNodes()) visit(child);
                return;
            }
            if (node.shadowRoot) {
                for (const child of node.shadowRoot.childNodes) visit(child);
                return;
            }
        }
        for (const child of node.childNodes) visit(child);
    };
    if (document.body) visit(document.body);
    return found.join('\\n');
})()"""
