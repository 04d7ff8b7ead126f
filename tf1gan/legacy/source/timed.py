"""What %timeit times, whose names are its own."""

import ast


def alone(tree, timed):
    """A cell's tree, in which what is timed is in functions of its own.

    So %timeit runs it: what it assigns is not the notebook's.

    Args:
      timed: Cell.timed.
    """
    def grouped(nodes):
        made, last = [], None
        for node in nodes:
            group = timed.get(node.lineno)
            if group is None:
                made.append(node)
                for field in ("body", "orelse", "finalbody", "handlers"):
                    if isinstance(getattr(node, field, None), list):
                        setattr(node, field, grouped(getattr(node, field)))
            elif group == last:
                made[-3].body.append(node)
            else:
                parts = ast.parse("def _timed(): pass\n_timed()\ndel _timed").body
                for part in parts:
                    ast.increment_lineno(part, node.lineno - part.lineno)
                parts[0].body = [node]
                made += parts
            last = group
        return made
    if timed:
        tree.body = grouped(tree.body)
    return tree
