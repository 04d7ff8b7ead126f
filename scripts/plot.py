#!/usr/bin/env python
"""Draws a run: loss curves, its last digits, new ones, and how they evolved."""

from tf1gan import cli, displays, plots


def parse():
    parser = cli.Parser(description=__doc__, example="python scripts/plot.py logs/gan")
    parser.add_argument("run", metavar="RUN", help="the run's folder, such as logs/gan")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="of the new digits; default: others each time")
    parser.add_argument("--preview", action="store_true",
                        help="draw the first 20 training images of each digit, too; default: off")
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help="the images for --preview; default: %(default)s")
    parser.add_argument("--epoch", type=int, metavar="N",
                        help="draw nothing, but name the picture of this epoch (and show it, "
                             "with --show); default: draw")
    parser.add_argument("--show", action="store_true",
                        help="show the pictures in windows, too; default: off")
    return parser.parse_args()


def main():
    flags = parse()
    if flags.epoch is not None:
        pictures = [displays.epoch_picture(flags.run, flags.epoch)]
    else:
        pictures = displays.plot_run(flags.run, seed=flags.seed,
                                     preview_of=flags.data_dir if flags.preview else None)
    print("\n".join(pictures))
    if flags.show:
        plots.show(pictures)


if __name__ == "__main__":
    cli.run(main)
