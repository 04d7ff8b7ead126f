#!/usr/bin/env python
"""Times training, by itself at several batch sizes or beside the documents' own loops."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("benchmark")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
