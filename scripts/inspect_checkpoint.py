#!/usr/bin/env python
"""Lists a checkpoint's variables and says which models it fits."""

from tf1gan import console

if __name__ == "__main__":
    console.run("inspect_checkpoint")
