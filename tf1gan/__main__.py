"""The command `tf1gan`, and `python -m tf1gan`: `tf1gan train ...` does what train.py does."""

try:
    from tf1gan import console
except KeyboardInterrupt:       # before `console` sees to it
    raise SystemExit(130) from None


def main():
    console.run(None)


if __name__ == "__main__":
    main()
