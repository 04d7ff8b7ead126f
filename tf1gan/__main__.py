"""`python -m tf1gan train|sample|...` does what the scripts do."""

try:
    from tf1gan import cli
    if __name__ == "__main__":
        cli.run(None)
except KeyboardInterrupt:       # before `cli` sees to it
    raise SystemExit(130) from None
