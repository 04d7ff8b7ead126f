#!/usr/bin/env python
"""Measures how good the digits of runs or checkpoints are."""

from tf1gan import MODELS, cli, evaluation


def main():
    parser = cli.Parser(description=__doc__, example="python scripts/evaluate.py logs/gan "
                                                     "logs/dcgan")
    parser.add_argument("runs", nargs="+", metavar="RUN",
                        help="a run's folder (logs/gan), or a checkpoint's prefix")
    parser.add_argument("--model", metavar="NAME",
                        help="for a checkpoint without a config.json beside it: "
                             + ", ".join(MODELS) + "; default: as config.json says")
    parser.add_argument("--best", action="store_true",
                        help="the generator that train.py --evaluate-every found best; "
                             "default: the newest")
    parser.add_argument("--samples", type=int, default=evaluation.SAMPLES, metavar="N",
                        help="digits drawn from each; default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of the noise; default: %(default)s")
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help="the images; default: %(default)s")
    flags = parser.parse_args()
    evaluation.evaluate(flags.runs, flags.data_dir, flags.samples, flags.seed, flags.model,
                        flags.best)


if __name__ == "__main__":
    cli.run(main)
