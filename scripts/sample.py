#!/usr/bin/env python
"""Draws digits from a run or a checkpoint."""

try:
    import os
    import sys
    # In place of this folder the one above it, which has tf1gan.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    from tf1gan import cli
    if __name__ == "__main__":
        cli.run("sample")
except KeyboardInterrupt:       # before `cli` sees to it
    raise SystemExit(130) from None
