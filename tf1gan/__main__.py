"""The command `tf1gan`, and `python -m tf1gan`: `tf1gan train ...` does what train.py does."""

try:
    from tf1gan import cli
except KeyboardInterrupt:       # before `cli` sees to it
    raise SystemExit(130) from None


def main():
    cli.run(None)


if __name__ == "__main__":
    main()
