#!/usr/bin/env python
"""Writes a generator as a SavedModel, or its weights, for programs that have no tf1gan."""

from tf1gan import console

if __name__ == "__main__":
    console.run("export")
