#!/usr/bin/env python
"""Lists a checkpoint's variables and says which models it fits."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run("inspect_checkpoint")
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
