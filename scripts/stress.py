#!/usr/bin/env python
"""Does to a run what the world does, and compares it with an untouched one bit by bit."""

from tf1gan import cli, stress


def parse():
    parser = cli.Parser(description=__doc__, example="python scripts/stress.py --kills 5")
    parser.add_argument("--model", default="gan", metavar="NAME",
                        help="which one; default: %(default)s")
    parser.add_argument("--kills", type=int, default=20, metavar="N",
                        help="how many times it is killed; default: %(default)s")
    parser.add_argument("--epochs", type=int, default=12, metavar="N",
                        help="the run's length; default: %(default)s")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N",
                        help="images in a batch; default: %(default)s")
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help="the images; default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of the moments of the kills; default: %(default)s")
    return vars(parser.parse_args())


def main():
    faults = stress.stress(**parse())
    print(stress.table(faults))
    return 0 if all(fault.survived for fault in faults) else 1


if __name__ == "__main__":
    cli.run(main)
