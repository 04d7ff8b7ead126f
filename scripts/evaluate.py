#!/usr/bin/env python
"""Measures how good the digits of runs or checkpoints are."""

from tf1gan import console

if __name__ == "__main__":
    console.run("evaluate")
