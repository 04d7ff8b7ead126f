#!/usr/bin/env python
"""Does to a run what the world does, and compares it with an untouched one bit by bit."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("stress")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
