"""What `tensorflow1` puts together: parts of TensorFlow's own names."""
