#!/usr/bin/env python
"""Measures how good the digits of runs or checkpoints are."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("evaluate")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
