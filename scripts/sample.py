#!/usr/bin/env python
"""Draws digits from a run or a checkpoint."""

from tf1gan import MODELS, cli, sampling


def parse():
    parser = cli.Parser(description=__doc__, example="python scripts/sample.py --run logs/gan "
                                                     "-n 25 --seed 1 --out digits.png")
    parser.add_argument("--run", "--checkpoint", required=True, metavar="PATH", dest="path",
                        help="a run's folder (logs/gan), or a checkpoint's prefix "
                             "(logs/gan/model.ckpt-859)")
    parser.add_argument("--model", metavar="NAME",
                        help="for a checkpoint without a config.json beside it: "
                             + ", ".join(MODELS) + "; default: as config.json says")
    parser.add_argument("-n", type=int, default=25, metavar="N",
                        help="how many digits; default: %(default)s")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="the same digits for the same seed; default: new ones")
    parser.add_argument("--dropout", action="store_true",
                        help="keep dropout on, as document 000 samples; default: off")
    parser.add_argument("--nice", action="store_true",
                        help="draw 20 times as many, keep those that the discriminator rates "
                             "highest; default: keep what is drawn")
    parser.add_argument("--best", action="store_true",
                        help="of a run, the generator that train.py --evaluate-every found best; "
                             "default: the newest")
    parser.add_argument("--out", metavar="FILE.png",
                        help="the picture of them; default: digits.png, unless --npz is given")
    parser.add_argument("--npz", metavar="FILE.npz",
                        help="the digits themselves: `images`, float32 [n, 28, 28] in [0, 1]; "
                             "default: none")
    return parser.parse_args()


def main():
    flags = parse()
    sampling.sample_to_files(flags.path, flags.n, flags.seed, flags.model, flags.dropout,
                             flags.nice, flags.out, flags.npz, flags.best)


if __name__ == "__main__":
    cli.run(main)
