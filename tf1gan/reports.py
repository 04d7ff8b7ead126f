"""When each document reports, and the line that it prints."""

from typing import Callable, NamedTuple


class Moment(NamedTuple):
    """Where training stands after an iteration."""
    index: int          # of the iteration, from 0
    epoch: int          # from 1
    epochs: int
    batch: int          # of the iteration within its epoch, from 0
    ends_epoch: bool
    seconds: float      # since the epoch began, or training was continued
    g_loss: float
    d_loss: float


class Report(NamedTuple):
    """due: whether a Moment is one to report; line: what is printed then."""
    due: Callable
    line: Callable
    d_first: bool = False       # whether the line has D's loss before G's

    def short(self, moment):
        """Both losses for a progress bar, in the line's order."""
        g_loss, d_loss = "G=%.3f" % moment.g_loss, "D=%.3f" % moment.d_loss
        return ", ".join((d_loss, g_loss) if self.d_first else (g_loss, d_loss))


def _ends_epoch(moment):
    return moment.ends_epoch


def _document_000(moment):
    return "Epoch {}/{}... Generator Loss: {:.4f}... Discriminator Loss: {:.4f}".format(
        moment.epoch, moment.epochs, moment.g_loss, moment.d_loss)


def _document_001(moment):
    return "Epoch is {}, batch {} d_loss : {:f}, batch {} g_loss : {:f}".format(
        moment.epoch - 1, moment.batch, moment.d_loss, moment.batch, moment.g_loss)


def _document_002(moment):
    return "Step:{} Generator Loss:{:.4f} Discriminator Loss:{:.4f}".format(
        moment.index, moment.g_loss, moment.d_loss)


def _document_003(moment):
    return "Time taken for epoch {} is {:.1f} sec, generator loss {:.4f}, discriminator " \
           "loss {:.4f}".format(moment.epoch, moment.seconds, moment.g_loss, moment.d_loss)


def _document_004(moment):
    return "step {}, discriminator loss {:.5f}  generator loss {:.5f}".format(
        moment.index, moment.d_loss, moment.g_loss)


REPORTS = {
    "000": Report(_ends_epoch, _document_000),
    "001": Report(_ends_epoch, _document_001, d_first=True),
    "002": Report(lambda moment: moment.index % 1000 == 0, _document_002),
    "003": Report(_ends_epoch, _document_003),
    "004": Report(lambda moment: moment.index % (100 if moment.index < 1000 else 1000) == 0,
                  _document_004, d_first=True),
}
