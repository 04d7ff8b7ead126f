"""Graphs that TensorFlow 1 wrote, mended while they are read."""
