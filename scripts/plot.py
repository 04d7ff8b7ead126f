#!/usr/bin/env python
"""Draws a run: loss curves, its last digits, new ones, and how they evolved."""

from tf1gan import cli, displays, plots


def parse():
    parser = cli.Parser(description=__doc__)
    parser.add_argument("run", metavar="RUN", help="the run's folder, such as logs/gan")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="of the new digits; default: others each time")
    parser.add_argument("--show", action="store_true", help="show the pictures in windows, too")
    return parser.parse_args()


def main():
    flags = parse()
    written = displays.plot_run(flags.run, seed=flags.seed)
    print("\n".join(written))
    if flags.show:
        plots.show(written)


if __name__ == "__main__":
    cli.run(main)
