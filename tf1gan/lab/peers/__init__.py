"""The six models by other libraries, whose speed benchmark.py --peers measures beside tf1gan's.

Nothing in here takes TensorFlow: a peer runs in a process of its own, and in another environment
where one is named.
"""
