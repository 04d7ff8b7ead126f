#!/usr/bin/env python
"""Times training, by itself at several batch sizes or beside the documents' own loops."""

from tf1gan import console

if __name__ == "__main__":
    console.run("benchmark")
