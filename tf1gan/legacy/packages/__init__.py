"""Packages beside TensorFlow, with the names that they had then."""
