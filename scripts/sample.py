#!/usr/bin/env python
"""Draws digits from a run or a checkpoint."""

from tf1gan import console

if __name__ == "__main__":
    console.run("sample")
