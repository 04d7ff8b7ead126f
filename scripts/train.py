#!/usr/bin/env python
"""Trains a model, or goes on with a run that was stopped."""

import _start  # noqa: F401 (first: Ctrl-C and closed streams)

from tf1gan import MODELS, cli, models, training


def parse():
    parser = cli.Parser(description=__doc__, epilog="models, and what each takes on two cores:\n"
                        + "\n".join("  %-12s document %s: %s" % (
                            model.name, model.document, model.takes)
                            for model in MODELS.values()))
    parser.add_argument("--model", required=True, metavar="NAME",
                        help="which one: " + ", ".join(MODELS))

    length = parser.add_argument_group("length")
    length.add_argument("--epochs", type=int, metavar="N")
    length.add_argument("--steps", type=int, metavar="N", help="iterations, instead of epochs")
    length.add_argument("--stop-g-loss", type=float, metavar="X",
                        help="xavier_gan ends at a report with both losses this low; default: "
                             "3 with its document's loss, else none")
    length.add_argument("--stop-d-loss", type=float, metavar="X",
                        help="default: 0.4 with its document's loss, else none")

    values = parser.add_argument_group(
        "hyperparameters", "The default of each is the model's document's.")
    values.add_argument("--batch-size", type=int, metavar="N")
    values.add_argument("--learning-rate", type=float, metavar="X")
    values.add_argument("--beta1", type=float, metavar="X", help="of Adam")
    values.add_argument("--momentum", type=float, metavar="X", help="of keras_gan's SGD")
    values.add_argument("--smooth", type=float, metavar="X",
                        help="the losses' real and generator parts are scaled by 1 - X")
    values.add_argument("--dropout", "--rate", type=float, metavar="X", dest="dropout")
    values.add_argument("--alpha", type=float, metavar="X", help="slope of the leaky ReLU")
    values.add_argument("--activation", metavar="NAME",
                        help="of keras_gan's generator: tanh or relu")
    values.add_argument("--channels", metavar="N,N,...",
                        help="of plain_dcgan's generator layers, such as 64,32,16")
    values.add_argument("--n-sample", type=int, metavar="N", help="digits in a sample")
    values.add_argument("--g-steps", "-m", type=int, metavar="M", dest="g_steps",
                        help="generator updates in an iteration")
    values.add_argument("--d-steps", "-n", type=int, metavar="N", dest="d_steps",
                        help="discriminator updates in an iteration")

    values.add_argument("--stddev", type=float, metavar="X",
                        help="of plain_dcgan's initial weights; default: 0.1")
    values.add_argument("--batch-norm", metavar="NETWORKS", nargs="?", const="both",
                        help="normalize plain_dcgan's hidden layers: both (when nothing "
                             "follows) or generator")

    values = parser.add_argument_group("beyond the documents", "For every model.")
    values.add_argument("--loss", metavar="NAME",
                        help=", ".join(models.LOSSES) + "; default: the document's")
    values.add_argument("--label-smoothing", type=float, metavar="X",
                        help="D's label of real images is 1 - X")
    values.add_argument("--gradient-penalty", type=float, metavar="X",
                        help="its weight in D's loss; wgan-gp's default: 10")
    values.add_argument("--image-range", metavar="LOW,HIGH",
                        help="of the pixels that D is given, such as --image-range=-1,1")
    values.add_argument("--g-learning-rate", type=float, metavar="X",
                        help="the generator's own; default: --learning-rate")
    values.add_argument("--d-learning-rate", type=float, metavar="X")
    values.add_argument("--ema", type=float, metavar="X",
                        help="sample from an average of G's weights that keeps the share X of "
                             "itself in each iteration, such as 0.999")
    values.add_argument("--bfloat16", action="store_true", default=None,
                        help="faster, less exact products on a CPU that has them")

    run = parser.add_argument_group("run")
    run.add_argument("--seed", type=int, default=0, metavar="N", help="default: %(default)s")
    run.add_argument("--run", metavar="NAME", help="the run's name; default: the model's")
    run.add_argument("--logdir", default="logs", metavar="DIR",
                     help="the folder that holds the runs; default: %(default)s")
    run.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                     help="the images; MNIST is fetched where it has none; default: %(default)s")
    run.add_argument("--save-every", type=int, metavar="N",
                     help="iterations between checkpoints; default: an epoch, or the document's")
    run.add_argument("--sample-every", type=int, metavar="N",
                     help="iterations between samples; default: an epoch, or the document's")
    run.add_argument("--summary-every", type=int, metavar="N",
                     help="iterations between TensorBoard's points; default: by model")
    run.add_argument("--evaluate-every", type=int, metavar="N",
                     help="iterations between measurements of 2,000 samples; the best generator "
                          "is kept for sample.py --best")
    run.add_argument("--fresh", action="store_true",
                     help="start over; an earlier run of that name is kept under another")
    return vars(parser.parse_args())


def main():
    flags = parse()
    name = flags.pop("model")
    settings = training.Settings(**{key: flags.pop(key) for key in training.Settings._fields})
    given = {key: value for key, value in flags.items() if value is not None}
    _, stopped_by = training.train(name, settings, **given)
    return 128 + stopped_by if stopped_by else 0


if __name__ == "__main__":
    cli.run(main)
