"""A stub of `IPython`, for the script alone: others look in sys.modules for a real one."""

import importlib
import os

from tf1gan.legacy.names import Restored


def shell():
    """`get_ipython`, which gives one shell."""
    made = _Shell()
    return lambda: made


def ipython(get_ipython):
    """`IPython`, with what shows things."""
    shown = {name: _Shown(name) for name in (
        "HTML", "Image", "SVG", "Markdown", "Javascript", "Audio", "Video", "YouTubeVideo",
        "Latex", "Math", "Code", "IFrame")}
    display_module = Restored("IPython.display", restored=dict(
        shown, display=display, clear_output=lambda wait=False: None,
        set_matplotlib_formats=lambda *formats, **options: None))
    core = Restored("IPython.core", restored=dict(
        display=display_module, interactiveshell=Restored("interactiveshell", restored=dict(
            InteractiveShell=_Shell))))
    return Restored("IPython", restored=dict(
        display=display_module, core=core, get_ipython=get_ipython, embed=lambda *_, **__: None))


class _Shown:
    """A kind of picture or text that only a notebook can show: nothing but its name here."""

    def __init__(self, name):
        self._name = name

    def __call__(self, *arguments, **named):
        return f"<IPython.display.{self._name}>"


def display(*things, **_):
    for thing in things:
        print(thing)


class _Shell:
    """`get_ipython()`: takes any magic, and does but `%cd` and `%%writefile`."""
    ast_node_interactivity = "last_expr"
    kernel = config = None

    def __init__(self):
        self._folder_before = os.getcwd()

    def run_line_magic(self, name, line="", *_, **__):
        if name == "cd":
            self._change_folder(line)

    def run_cell_magic(self, name, line="", cell="", *_, **__):
        if name in ("writefile", "file"):
            _write(line, cell)

    def magic(self, text):
        name, _, line = text.lstrip("%").partition(" ")
        self.run_line_magic(name, line)

    def system(self, *_, **__):
        return None

    enable_matplotlib = system

    def _change_folder(self, line):
        """`%cd FOLDER` prints where that is. Modules are looked for where they were."""
        quiet = line.startswith("-q")
        wanted, before = _path(line[2:] if quiet else line) or "~", os.getcwd()
        folder = self._folder_before if wanted == "-" else wanted
        try:
            os.chdir(os.path.expanduser(folder))
            self._folder_before = before
        except OSError as error:        # as IPython: the cell goes on
            print(error)
        if not quiet:
            print(os.getcwd())


def _write(line, cell):
    """`%%writefile [-a] FILE`, whose text later cells may import."""
    appends = line.startswith(("-a ", "--append "))
    path = os.path.expanduser(_path(line.partition(" ")[2] if appends else line))
    said = "Appending to" if appends else "Overwriting" if os.path.exists(path) else "Writing"
    print(said, path)
    with open(path, "a" if appends else "w", encoding="utf-8") as file:
        file.write(cell)
    importlib.invalidate_caches()


def _path(text):
    return text.strip().strip("'\"")
