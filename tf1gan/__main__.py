"""`python -m tf1gan train|sample|plot|evaluate|run_legacy|...` does what the scripts do."""

from tf1gan import console

if __name__ == "__main__":
    console.run(None)
