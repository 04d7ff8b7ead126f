"""The versions of TensorFlow whose names a script may be given, by --tensorflow.

What is computed is 1.15's in each. The two others have names that 1.15 had lost.
"""

USUAL = "1.15"
# Version asked for -> what the script is told that it runs on.
VERSIONS = {USUAL: "1.15.5", "1.14": "1.14.0", "0.12": "0.12.1"}
