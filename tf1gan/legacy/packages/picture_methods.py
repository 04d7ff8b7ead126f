"""Methods of Matplotlib's classes, and arguments, that were dropped since 3.0.

112 calls were made here and with the Matplotlib 3.5 beside 1.15.5. Not restored: the module
`mpl_toolkits.axes_grid` and `rcsetup.all_backends`.
"""

import functools
import importlib

import numpy as np


def give_back():
    """Gives the classes what they lost; what they have stays. Once for each process."""
    from matplotlib.axes import Axes
    if getattr(Axes, "_has_what_it_lost", False):
        return
    Axes._has_what_it_lost = True
    _methods()
    _arguments()
    _styles()


def _methods():
    from matplotlib.axes import Axes
    from matplotlib.axis import Tick
    from matplotlib.backend_bases import FigureCanvasBase
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.cbook import GrouperView
    from matplotlib.contour import ContourSet
    from mpl_toolkits.mplot3d import Axes3D

    def set_window_title(this, title):
        if this.manager is not None:
            this.manager.set_window_title(title)

    def tostring_rgb(this):
        return np.asarray(this.buffer_rgba())[..., :3].tobytes()

    def geometry(this):
        rows, columns, first, _ = this.get_subplotspec().get_geometry()
        return rows, columns, first + 1

    def place(name):
        return lambda this: getattr(this.get_subplotspec(), name)()
    for owner, name, lost in (
            (Axes, "hold", lambda this, b=None: None),                      # 3.0
            (Axes, "set_axis_bgcolor", lambda this, color: this.set_facecolor(color)),  # 2.2
            (FigureCanvasBase, "set_window_title", set_window_title),       # 3.6
            (FigureCanvasAgg, "tostring_rgb", tostring_rgb),                # 3.10
            (Tick, "label", property(lambda this: this.label1)),            # 3.8
            (GrouperView, "join", lambda this, *axes: this._grouper.join(*axes)),       # 3.8
            (ContourSet, "collections", property(lambda this: [this])),     # 3.10
            (Axes, "get_geometry", geometry),                               # 3.7
            *((Axes3D, f"w_{axis}axis", property(lambda this, axis=axis: getattr(
                this, f"{axis}axis"))) for axis in "xyz"),                  # 3.8
            *((Axes, name, place(name)) for name in (                       # 3.7
                "is_first_row", "is_last_row", "is_first_col", "is_last_col"))):
        if not hasattr(owner, name):
            setattr(owner, name, lost)


def _arguments():
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    def hist(today, this, *arguments, normed=None, **named):                # 3.1
        if normed is not None:
            named["density"] = normed
        return today(this, *arguments, **named)

    def grid(today, this, *arguments, **named):                             # 3.6
        if "b" in named:
            named["visible"] = named.pop("b")
        return today(this, *arguments, **named)

    def boxplot(today, this, *arguments, **named):                          # 3.11
        if "labels" in named:
            named["tick_labels"] = named.pop("labels")
        return today(this, *arguments, **named)

    def stem(today, this, *arguments, use_line_collection=None, **named):   # 3.8
        return today(this, *arguments, **named)

    def savefig(today, this, *arguments, frameon=None, papertype=None, quality=None,
                optimize=None, progressive=None, **named):                  # 3.6
        options = {name: value for name, value in dict(
            quality=quality, optimize=optimize, progressive=progressive).items()
            if value is not None}
        if options:
            named["pil_kwargs"] = dict(options, **named.get("pil_kwargs", {}))
        return today(this, *arguments, **named)

    def gca(today, this, **named):                                          # 3.7
        wanted = named.get("projection") or ("polar" if named.get("polar") else None)
        if not named or this.axes and today(this).name == (wanted or "rectilinear"):
            return today(this)
        return this.add_subplot(1, 1, 1, **named)

    def colorbar(today, this, mappable, cax=None, ax=None, **named):        # 3.6
        if cax is None and ax is None and getattr(mappable, "axes", None) is None:
            ax = this.gca()
        return today(this, mappable, cax=cax, ax=ax, **named)
    for owner, changed in ((Axes, (hist, grid, boxplot, stem)), (Figure, (savefig, gca, colorbar))):
        for function in changed:
            name = function.__name__
            setattr(owner, name, _in_place_of(getattr(owner, name), function))


def _in_place_of(today, function):
    @functools.wraps(today)
    def call(this, *arguments, **named):
        return function(today, this, *arguments, **named)
    return call


def _styles():
    """seaborn's were renamed by 3.6, and went by 3.8."""
    style = importlib.import_module("matplotlib.style")
    for name in list(style.library):
        style.library.setdefault(name.replace("-v0_8", "", 1), style.library[name])


def of_pyplot(pyplot):
    """Functions of pyplot that pass on what the methods take: name -> function."""
    def of_axes(name):
        return lambda *arguments, **named: getattr(pyplot.gca(), name)(*arguments, **named)

    def stem(*arguments, use_line_collection=None, **named):
        return pyplot.stem(*arguments, **named)
    return dict(hist=of_axes("hist"), boxplot=of_axes("boxplot"), stem=stem,
                gca=lambda **named: pyplot.gcf().gca(**named), register_cmap=register)


def of_colormaps(matplotlib):
    """`matplotlib.cm`'s dictionary and registry; dropped by 3.6 and 3.9."""
    return dict(cmap_d={name: matplotlib.colormaps[name] for name in matplotlib.colormaps},
                register_cmap=register)


def register(name=None, cmap=None):
    matplotlib = importlib.import_module("matplotlib")
    if not isinstance(name, (str, type(None))):
        name, cmap = None, name
    matplotlib.colormaps.register(cmap, name=name, force=True)
