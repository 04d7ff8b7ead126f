#!/usr/bin/env python
"""Draws digits from a run or a checkpoint."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("sample")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
