#!/usr/bin/env python
"""Times training, by itself at several batch sizes or beside the documents' own loops."""

from tf1gan import MODELS, benchmark, cli, models


def main():
    parser = cli.Parser(description=__doc__, example="python scripts/benchmark.py --model gan "
                                                     "--compare")
    parser.add_argument("--model", metavar="NAME",
                        help="one of %s; default: all of them" % ", ".join(MODELS))
    parser.add_argument("--compare", action="store_true",
                        help="in turns with the document's own loop; default: by itself, at "
                             "several batch sizes")
    parser.add_argument("--bfloat16", action="store_true", help="as train.py --bfloat16; default: off")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S",
                        help="that each side runs in each round; default: %(default)s")
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help="the images; default: %(default)s")
    flags = parser.parse_args()
    names = [models.find(flags.model).name] if flags.model else list(MODELS)
    benchmark.report(names, flags.data_dir, flags.compare, flags.bfloat16, flags.seconds)


if __name__ == "__main__":
    cli.run(main)
