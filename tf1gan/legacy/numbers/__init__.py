"""What makes what is drawn TensorFlow 1.15's: seeds, and how many operations there were."""
