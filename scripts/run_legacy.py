#!/usr/bin/env python
"""Runs a script or notebook of TensorFlow 1 as it is."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("run_legacy")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
