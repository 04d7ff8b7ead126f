#!/usr/bin/env python
"""Does to a run what the world does, and compares it with an untouched one bit by bit."""

from tf1gan import console

if __name__ == "__main__":
    console.run("stress")
