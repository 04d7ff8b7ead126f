#!/usr/bin/env python
"""Writes a page that shows runs side by side, in one file for any browser."""

from tf1gan import console

if __name__ == "__main__":
    console.run("report")
