"""What subclasses have to answer."""


def unanswered(name):
    """A property that a subclass gives."""
    def ask(asked):
        raise NotImplementedError(f"{type(asked).__name__} has no {name}")
    return property(ask)
