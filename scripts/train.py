#!/usr/bin/env python
"""Trains a model, or goes on with a run that was stopped."""

from tf1gan import console

if __name__ == "__main__":
    console.run("train")
