#!/usr/bin/env python
"""Draws a run: loss curves, its last digits, new ones, and how they evolved."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("plot")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
