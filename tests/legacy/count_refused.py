"""Counts the files of repositories in which `tf1gan check` refuses nothing.

    python tests/legacy/count_refused.py FOLDER ...

FOLDERs are repositories. A line for each, and one for all: its files, those in which nothing is
refused without a flag, and those with the flags that the file needs: `--python2`, `--tensorflow
1.14`, `--tensorflow 0.12`. Then what is refused in the others, by how many files it is in.
"""

import collections
import itertools
import os
import sys

from tf1gan.legacy import check
from tf1gan.legacy.api import versions
from tf1gan.legacy.known import REFUSED

FLAGS = list(itertools.product((False, True), (versions.USUAL, "1.14", "0.12")))


def refused(files, is_python2, version):
    """file -> [(name, why)] of what is refused in it."""
    found = {path: [] for path in files}
    for row in check.check(files, is_python2, version):
        if row.verdict == REFUSED:
            found.setdefault(row.path, []).append((row.name, row.why))
    return found


def main(folders):
    whole, reasons = [0, 0, 0], collections.Counter()
    for folder in folders:
        files, _ = check.find([folder])
        plain = first = refused(files, *FLAGS[0])
        for flags in FLAGS[1:]:
            left = [path for path in files if first[path]]
            if left:
                first = dict(first, **{path: found for path, found in refused(left, *flags).items()
                                       if not found})
        counts = [len(files), sum(not plain[path] for path in files),
                  sum(not first[path] for path in files)]
        whole = [sum(pair) for pair in zip(whole, counts)]
        print(f"{os.path.basename(os.path.normpath(folder))}: {counts[0]} files, {counts[1]} "
              f"without a flag, {counts[2]} with flags")
        for path in files:
            reasons.update({name for name, _ in first[path]})
    print(f"all: {whole[0]} files, {whole[1]} without a flag, {whole[2]} with flags")
    for name, number in reasons.most_common():
        print(f"{number:4}  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
