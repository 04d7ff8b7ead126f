#!/usr/bin/env python
"""Trains a model, or goes on with a run that was stopped."""

from tf1gan import MODELS, cli, models, training


def parse():
    parser = cli.Parser(description=__doc__, example="python scripts/train.py --model gan "
                        "--epochs 30", epilog="models, and what each takes on two cores:\n"
                        + "\n".join("  %-12s document %s: %s" % (
                            model.name, model.document, model.takes)
                            for model in MODELS.values()))
    parser.add_argument("--model", required=True, metavar="NAME",
                        help="which one: " + ", ".join(MODELS))

    length = parser.add_argument_group("length")
    length.add_argument("--epochs", type=int, metavar="N",
                        help="passes over the training images; " + cli.by_model("epochs"))
    length.add_argument("--steps", type=int, metavar="N",
                        help="iterations, instead of epochs; " + cli.by_model("steps"))
    length.add_argument("--stop-g-loss", type=float, metavar="X",
                        help="the run ends at a report with G's loss this low and D's as low as "
                             "--stop-d-loss; " + cli.by_model("stop_g_loss"))
    length.add_argument("--stop-d-loss", type=float, metavar="X",
                        help="see --stop-g-loss; " + cli.by_model("stop_d_loss"))

    values = parser.add_argument_group(
        "hyperparameters", "The default of each is the model's document's.")
    values.add_argument("--batch-size", type=int, metavar="N",
                        help="images in a batch; " + cli.by_model("batch_size"))
    values.add_argument("--learning-rate", type=float, metavar="X",
                        help="of both networks; " + cli.by_model("learning_rate"))
    values.add_argument("--beta1", type=float, metavar="X",
                        help="of Adam; " + cli.by_model("beta1"))
    values.add_argument("--momentum", type=float, metavar="X",
                        help="of SGD; " + cli.by_model("momentum"))
    values.add_argument("--smooth", type=float, metavar="X",
                        help="the losses' real and generator parts are scaled by 1 - X; "
                             + cli.by_model("smooth"))
    values.add_argument("--dropout", "--rate", type=float, metavar="X", dest="dropout",
                        help="the share of a layer's outputs that training leaves out; "
                             + cli.by_model("dropout"))
    values.add_argument("--alpha", type=float, metavar="X",
                        help="slope of the leaky ReLU; " + cli.by_model("alpha"))
    values.add_argument("--activation", metavar="NAME",
                        help="of the generator: tanh or relu; " + cli.by_model("activation"))
    values.add_argument("--channels", metavar="N,N,...",
                        help="of the generator's layers; " + cli.by_model(
                            "channels", lambda channels: ",".join(map(str, channels))))
    values.add_argument("--n-sample", type=int, metavar="N",
                        help="digits in a sample; " + cli.by_model("n_sample"))
    values.add_argument("--g-steps", "-m", type=int, metavar="M", dest="g_steps",
                        help="generator updates in an iteration; default: 1")
    values.add_argument("--d-steps", "-n", type=int, metavar="N", dest="d_steps",
                        help="discriminator updates in an iteration; default: 1, with wgan and "
                             "wgan-gp %d" % models.CRITIC_STEPS)
    values.add_argument("--stddev", type=float, metavar="X",
                        help="of plain_dcgan's initial weights; default: 0.1")
    values.add_argument("--batch-norm", metavar="NETWORKS", nargs="?", const="both",
                        help="normalize plain_dcgan's hidden layers: both (when nothing "
                             "follows) or generator; default: neither")

    values = parser.add_argument_group("beyond the documents", "For every model.")
    values.add_argument("--loss", metavar="NAME",
                        help=", ".join(models.LOSSES) + "; default: the document's")
    values.add_argument("--label-smoothing", type=float, metavar="X",
                        help="D's label of real images is 1 - X; default: 0")
    values.add_argument("--gradient-penalty", type=float, metavar="X",
                        help="its weight in D's loss; default: 0, with wgan-gp %g"
                        % models.PENALTY)
    values.add_argument("--image-range", metavar="LOW,HIGH",
                        help="of the pixels that D is given, such as --image-range=-1,1; "
                        + cli.by_model("image_range", lambda ends: "%g,%g" % ends))
    values.add_argument("--g-learning-rate", type=float, metavar="X",
                        help="the generator's own; default: --learning-rate")
    values.add_argument("--d-learning-rate", type=float, metavar="X",
                        help="the discriminator's own; default: --learning-rate")
    values.add_argument("--ema", type=float, metavar="X",
                        help="sample from an average of G's weights that keeps the share X of "
                             "itself in each iteration, such as 0.999; default: 0")
    values.add_argument("--bfloat16", action="store_true", default=None,
                        help="faster, less exact products on a CPU that has them; default: off")

    run = parser.add_argument_group("run")
    run.add_argument("--seed", type=int, default=0, metavar="N",
                     help="of every random draw; default: %(default)s")
    run.add_argument("--run", metavar="NAME", help="the run's name; default: the model's")
    run.add_argument("--logdir", default="logs", metavar="DIR",
                     help="the folder that holds the runs; default: %(default)s")
    run.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                     help="the images; MNIST is fetched where it has none; default: %(default)s")
    run.add_argument("--save-every", type=int, metavar="N",
                     help="iterations between checkpoints; " + cli.by_model("save_every")
                     + ", the others an epoch")
    run.add_argument("--sample-every", type=int, metavar="N",
                     help="iterations between samples; " + cli.by_model("sample_every")
                     + ", the others an epoch")
    run.add_argument("--summary-every", type=int, metavar="N",
                     help="iterations between TensorBoard's points; " + cli.by_model("summary_every"))
    run.add_argument("--evaluate-every", type=int, metavar="N",
                     help="iterations between measurements of 2,000 samples; the best generator "
                          "is kept for sample.py --best; default: none")
    run.add_argument("--fresh", action="store_true",
                     help="start over; an earlier run of that name is kept under another; "
                          "default: go on with it")
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
