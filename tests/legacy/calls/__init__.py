"""Calls of TensorFlow 1's functions, and how many operations each makes.

Each module has a table: a function, and what each argument may be.
"""
