"""`python -m tf1gan train|sample|plot|evaluate|benchmark|stress`."""

import sys

from tf1gan import commands, console

if __name__ == "__main__":
    console.run(commands.main, sys.argv[1:])
