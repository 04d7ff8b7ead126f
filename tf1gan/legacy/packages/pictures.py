"""Matplotlib without a screen, and its calls that were dropped since 3.0.

`plt.show()` writes what it would have shown: SCRIPT-figures/0001.png, 0002.png, ... A figure that
is shown without waiting (plt.ion, plt.pause, fig.show) is written once it is closed, or at the end.
"""

import importlib
import os
import re
import sys
import types

from tf1gan.errors import WriteError
from tf1gan.files import atomic
from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.packages import picture_methods

_BACKEND = "tf1gan_legacy_pictures"


def make(pictures):
    """`matplotlib` as a script knew it."""
    matplotlib = importlib.import_module("matplotlib")
    if not pictures.has_screen:
        sys.modules[_BACKEND] = backend(pictures)
        matplotlib.use(f"module://{_BACKEND}")
    picture_methods.give_back()
    pyplot = Later(lambda: _pyplot(matplotlib))
    names = dict(
        pyplot=pyplot,
        cm=Later(lambda: _colormaps(matplotlib)), mlab=Later(_mlab),
        pylab=Later(lambda: Restored("pylab", importlib.import_module("pylab"), dict(
            show=matplotlib.pyplot.show))))
    if pictures.is_live:
        names["use"] = lambda backend, *_, **named: _use_in_cells(matplotlib, backend)
    elif not pictures.has_screen:
        names["use"] = lambda *arguments, **named: None     # a script's TkAgg has no screen
    return Restored("matplotlib", matplotlib, names)


def _use_in_cells(matplotlib, backend):
    """`matplotlib.use`, which had no effect once pyplot was there; since 3.1 it closes figures."""
    if re.match("module://|nbagg|notebook|inline|widget|ipympl", backend.lower()):
        matplotlib.use(backend)


def pylab(pictures):
    """`pylab`, on the same backend."""
    return make(pictures).pylab


def _colormaps(matplotlib):
    cm = importlib.import_module("matplotlib.cm")
    return Restored("matplotlib.cm", cm, dict(
        get_cmap=matplotlib.pyplot.get_cmap,                                # 3.9
        spectral=matplotlib.colormaps["nipy_spectral"],                     # 2.2
        **picture_methods.of_colormaps(matplotlib)))


def _mlab():
    return Restored("matplotlib.mlab", importlib.import_module("matplotlib.mlab"), dict(
        normpdf=normal_density, bivariate_normal=normal_density_of_two))    # 3.1


def normal_density(x, mu=0.0, sigma=1.0, *_):
    """The density of a normal distribution."""
    import numpy as np
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (np.sqrt(2 * np.pi) * sigma)


def normal_density_of_two(X, Y, sigmax=1.0, sigmay=1.0, mux=0.0, muy=0.0, sigmaxy=0.0):
    """That of two variables, whose covariance is `sigmaxy`."""
    import numpy as np
    x, y, share = (X - mux) / sigmax, (Y - muy) / sigmay, sigmaxy / (sigmax * sigmay)
    rest = 1 - share ** 2
    return np.exp(-(x ** 2 + y ** 2 - 2 * share * x * y) / (2 * rest)) / (
        2 * np.pi * sigmax * sigmay * np.sqrt(rest))


def _pyplot(matplotlib):
    pyplot = importlib.import_module("matplotlib.pyplot")
    return Restored("matplotlib.pyplot", pyplot, dict(
        hold=lambda b=None: None, ishold=lambda: True,                      # 3.0
        cm=_colormaps(matplotlib), **picture_methods.of_pyplot(pyplot)))


class Pictures:
    """Writes figures to numbered files in one folder, made with the first of them."""

    is_live = False         # in cells, where IPython shows them

    def __init__(self, script):
        self.folder = os.path.splitext(os.path.basename(script))[0] + "-figures"
        self.has_screen = bool(
            os.environ.get("MPLBACKEND") or os.environ.get("DISPLAY")
            or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32"))
        self.written = 0
        self._cannot_write = False

    def write(self, figure):
        if self._cannot_write:      # which has been said
            return
        self.written += 1
        try:
            with atomic(os.path.join(self.folder, f"{self.written:04d}.png")) as file:
                figure.savefig(file, format="png")
        except WriteError:
            self._cannot_write = True
            raise

    def write_open(self, all_of_them=False):
        """Writes and closes the figures that are open, or those among them that were shown."""
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is None or self.has_screen and not all_of_them:
            return
        for manager in helpers.Gcf.get_all_fig_managers():
            if all_of_them or getattr(manager, "is_shown", False):
                self.write(manager.canvas.figure)
                manager.is_shown = False
            helpers.Gcf.destroy(manager)


def backend(pictures):
    """A backend of Matplotlib that writes what it is to show."""
    from matplotlib.backend_bases import FigureManagerBase
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    class FigureManager(FigureManagerBase):
        is_shown = False

        def show(self):
            self.is_shown = True

        def destroy(self, *_):
            if self.is_shown:
                self.is_shown = False
                pictures.write(self.canvas.figure)

        @classmethod
        def pyplot_show(cls, *, block=None):
            import matplotlib
            helpers = importlib.import_module("matplotlib._pylab_helpers")
            waits = block or block is None and not matplotlib.is_interactive()
            for manager in helpers.Gcf.get_all_fig_managers():
                manager.show()
            if waits:       # until the windows are closed
                pictures.write_open()

    class FigureCanvas(FigureCanvasAgg):
        manager_class = FigureManager
        required_interactive_framework = None

        def start_event_loop(self, timeout=0):
            """Nobody is there to press a button."""

    module = types.ModuleType(_BACKEND)
    module.FigureCanvas, module.FigureManager = FigureCanvas, FigureManager
    module.show = FigureManager.pyplot_show
    return module
