"""`python -m tf1gan train|sample|...` does what the scripts do."""

try:
    from tf1gan import console
    if __name__ == "__main__":
        console.run(None)
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None
