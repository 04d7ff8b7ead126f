"""`python -m tf1gan train|sample|...` does what the scripts do."""

from tf1gan import console

if __name__ == "__main__":
    console.run(None)
