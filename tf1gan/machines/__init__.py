"""More than one machine: workers that train one run together, on TensorFlow's own runtime."""
