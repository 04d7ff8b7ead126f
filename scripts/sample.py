#!/usr/bin/env python
"""Draws digits from a run or a checkpoint."""

from tf1gan import commands, console

if __name__ == "__main__":
    console.run(commands.sample)
