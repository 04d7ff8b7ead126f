"""What a terminal is told.

All that the package prints goes through `say`, `complain` and process.Parser, and so through
`plain`: what a file or an argument holds cannot steer the terminal.
"""

import contextlib
import os
import stat
import sys

COMPLAINTS = "TF1GAN_COMPLAINTS"    # the number of an open file that is told of complaints, too

LONGEST = 2000          # characters of a line of complaint


def plain(text):
    """A text as one line that shows all of its characters and does nothing else.

    What moves the cursor, ends a line, turns the direction of writing, is invisible or is no
    character is written as an escape, such as \\x1b.
    """
    text = str(text)
    return text if text.isprintable() else "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def say(*lines):
    """Lines on standard output, above the progress bar."""
    # Where there is a bar, there is tqdm.
    write = sys.modules["tqdm"].tqdm.write if "tqdm" in sys.modules else print
    for line in lines:
        write(plain(line))
    sys.stdout.flush()


def complain(text):
    """Lines on standard error, if it can be written, and in the file that wants to know them."""
    text = "\n".join(map(plain, map(shortened, text.split("\n"))))
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)
    if os.environ.get(COMPLAINTS):
        with contextlib.suppress(OSError, ValueError):
            os.write(int(os.environ[COMPLAINTS]), (text + "\n").encode(errors="backslashreplace"))


def shortened(line):
    """The beginning and the end of a line that is very long: these say what is wrong and why."""
    if len(line) <= LONGEST:
        return line
    return f"{line[:LONGEST // 2]} ... {line[-LONGEST // 2:]}"


def give_up(line):
    """Ends the process with a line and status 2, whatever else it is doing."""
    complain(f"{os.path.basename(sys.argv[0])}: {line}")
    os._exit(2)


def drop_a_full_stream():
    """Whether what was printed could not be written; a stream that is full is left alone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.write("\n")          # where nothing is buffered, nothing is left to flush
            stream.flush()
        except OSError:
            drop(stream)
            return True
    return False


def drop_a_closed_terminal():
    """Leaves out what would be said to a terminal that is gone: writing to it fails."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):      # such as a notebook's, of no file
            if stat.S_ISCHR(os.fstat(stream.fileno()).st_mode) and not stream.isatty():
                drop(stream)


def drop(stream):
    """Leaves out what is still to be written to a stream, which is tried again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def variable_table(graph):
    """The networks' variables with shapes and sizes, as a list of lines."""
    rows = [(v.op.name, " x ".join(map(str, v.shape.as_list())), v.shape.num_elements())
            for v in graph.generator_variables + graph.discriminator_variables]
    total = sum(size for _, _, size in rows)
    rows.append((f"total, {total * 4 / 2 ** 20:.1f} MB", "", total))
    width = len(str(total))
    return columns([(name, shape, f"{size:>{width}}") for name, shape, size in rows])


def columns(rows):
    """Rows of three texts as lines; the second column's end in the same place."""
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return [f"  {name:<{widths[0]}}  {shape:>{widths[1]}}  {words}".rstrip()
            for name, shape, words in rows]
