"""A page that is one file: a template with its style, its scripts and what they show in it."""

import base64
import hashlib
import html
import json
import os
import re

from tf1gan import console

_ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")
_STYLES = ("uplot/uPlot.min.css", "report.css")
_SCRIPTS = ("uplot/uPlot.iife.min.js", "elements.js", "generator.js", "charts.js", "live.js",
            "report.js")
_LICENCE = "uplot/LICENSE"      # which goes wherever uPlot goes


def fill(title, content):
    """The page's bytes, of the window's title and of content that json can hold.

    Nothing in `content` can become markup: it stands in a block that no browser executes, with
    every character that could end it written as an escape. And the page's own policy admits its own
    scripts, by their digests, and nothing else: no other script, and no address.
    """
    style, script = _joined(_STYLES), f"/* uPlot:\n{_asset(_LICENCE)}*/\n" + _joined(_SCRIPTS)
    policy = ("default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
              f"script-src {_digest(script)}; style-src {_digest(style)}")
    parts = {"policy": policy, "title": html.escape(console.plain(title)), "style": style,
             "script": script, "content": as_script(_plain(content))}
    page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match.group(1)], _asset("page.html"))
    return page.encode("utf-8", "replace")


def as_script(content):
    """JSON that can stand within a <script> of a page."""
    words = json.dumps(content, allow_nan=False, separators=(",", ":"))    # ASCII alone
    for character in "<>&":
        words = words.replace(character, f"\\u{ord(character):04x}")
    return words


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return list(map(_plain, value))
    return console.plain(value) if isinstance(value, str) else value


def _digest(text):
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _joined(names):
    return "\n".join(map(_asset, names))


def _asset(name):
    with open(os.path.join(_ASSETS, *name.split("/")), encoding="utf-8") as file:
        return file.read()
