#!/usr/bin/env python
"""Trains a model, or goes on with a run that was stopped."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("train")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
