"""What scikit-learn asks of a model: its parameters."""


class Parameters:
    """Parameters are the attributes whose names begin with no underscore."""

    def get_params(self, deep=True):
        """Name -> value; with `deep` also `name__parameter` of those that have parameters."""
        found = {}
        for name, value in list(vars(self).items()):
            if name.startswith("_") or callable(value):
                continue
            if deep and hasattr(value, "get_params"):
                found.update({f"{name}__{inner}": one
                              for inner, one in value.get_params().items()})
            found[name] = value
        return found

    def set_params(self, **params):
        """Raises ValueError for a parameter that there is not."""
        known = self.get_params(deep=True) if params else {}
        for name, value in params.items():
            outer, _, inner = name.partition("__")
            if outer not in known:
                raise ValueError(f"{type(self).__name__} has no parameter {outer}.")
            if inner:
                known[outer].set_params(**{inner: value})
            else:
                setattr(self, name, value)
        return self

    def __repr__(self):
        said = ", ".join(f"{name}={value}" for name, value in self.get_params(deep=False).items())
        return f"{type(self).__name__}({said})"
