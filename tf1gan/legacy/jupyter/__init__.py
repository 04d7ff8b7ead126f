"""TensorFlow 1 in live cells: the extension, the kernel, and what of IPython's is replaced."""
