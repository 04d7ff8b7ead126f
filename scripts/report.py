#!/usr/bin/env python
"""Writes a page that shows runs side by side, in one file for any browser."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("report")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
