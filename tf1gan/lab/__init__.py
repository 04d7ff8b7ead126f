"""Speed beside the documents' own loops, and what a run survives."""
