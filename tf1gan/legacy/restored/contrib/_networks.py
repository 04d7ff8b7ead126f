"""Networks of tf.contrib.eager, whose layers' variables are named after them: net/dense/kernel."""

import collections
import weakref

from tensorflow.python.framework import ops
from tensorflow.python.ops import variable_scope

_TAKEN = "A Network named '%s' already exists (or a variable scope of that name). Names are unique."
_counted = weakref.WeakKeyDictionary()      # graph -> scope -> how many without a name


def make(keras):
    """The class Network, of tf.keras."""
    class Network(keras.Model):
        """Layers that `track_layer` is given, in that order, and a `call` of them."""

        def __init__(self, name=None):
            if isinstance(name, variable_scope.VariableScope) or "/" in (name or ""):
                raise ValueError(f"A Network's name is a word without a slash, not {name!r}.")
            super().__init__(name=name)
            self._given = []
            self._names = _Names()

        def _init_set_name(self, name, zero_based=True):
            self._name = name

        @property
        def name(self):
            if self._name is None:
                raise ValueError("A Network without a name gets one when it is tracked by another, "
                                 "or first called: it has none yet.")
            return self._name

        def track_layer(self, layer):
            if not hasattr(self, "_names"):
                raise RuntimeError("Network.__init__ is to be called before track_layer.")
            if not isinstance(layer, keras.layers.Layer):
                raise TypeError(f"What a Network tracks is a layer, not a {type(layer).__name__}.")
            layer._use_resource_variables = True
            if not layer.built and self._names.take(self, layer):
                return layer
            self._given.append(layer)
            return layer

        def __call__(self, *arguments, **named):
            self._names.enter(self)
            return super().__call__(*arguments, **named)

        layers = property(lambda self: list(self._given))
        weights = property(lambda self: _of(self, "weights"))
        trainable_weights = property(lambda self: _of(self, "trainable_weights"))
        non_trainable_weights = property(lambda self: _of(self, "non_trainable_weights"))
        losses = property(lambda self: _of(self, "losses"))
    return Network


def _of(network, what):
    return [each for layer in network._given for each in getattr(layer, what)]


class _Names:
    """What a network and the layers in it are called."""

    def __init__(self):
        self.scope = self.parent = None
        self._owned, self._numbers = {}, collections.defaultdict(int)
        self._around = variable_scope.get_variable_scope()
        self._before = set(variable_scope.get_variable_scope_store().variable_scopes_count)

    def take(self, network, layer):
        """Names a layer that is not built yet. Returns whether it was there before."""
        names = getattr(layer, "_names", None)
        parent = names.parent if names else getattr(layer, "_first_parent", None)
        if parent is None or parent() is None:
            if names:
                names.parent = weakref.ref(network)
                if layer._name is None:
                    layer._name = self._free(_word(layer), self._numbers, self._owned)
            else:
                layer._first_parent = weakref.ref(network)
                base = getattr(layer, "_base_name", layer._name)
                if base and layer._name != base:
                    layer._name = self._free(base, self._numbers, self._owned)
        elif parent() is not network:
            return False                # it is another's, and named after that
        known = self._owned.setdefault(layer.name, layer)
        if known is not layer:
            raise ValueError(f"A Network has two layers named '{layer.name}'.")
        return any(each is layer for each in network._given)

    def enter(self, network):
        """Makes the scopes of a network and of its layers, once."""
        if self.scope is None:
            parent = self.parent and self.parent()
            if parent is not None:
                parent._names.enter(parent)
            if network._name is None:
                counted = _counted.setdefault(ops.get_default_graph(), {}).setdefault(
                    self._around.name, collections.defaultdict(int))
                network._name = self._free(_word(network), counted, {
                    name[len(self._around.name):].lstrip("/") for name in self._before
                    if name and name.startswith(self._around.name)})
            around = self._around if parent is None else parent._names.scope
            with variable_scope.variable_scope(around) as outer:
                whole = f"{outer.name}/{network._name}".lstrip("/")
                if whole in self._before and parent is None:
                    raise ValueError(_TAKEN % network._name)
                with variable_scope.variable_scope(
                        None, default_name=network._name, use_resource=True) as scope:
                    if scope.name != whole:
                        raise ValueError(_TAKEN % network._name)
                    self.scope = scope
            if parent is None:
                network._name = whole
        for layer in network._given:
            if not hasattr(layer, "_names") and getattr(layer, "_scope", self) is None \
                    and layer._first_parent() is network:
                with variable_scope.variable_scope(self.scope), variable_scope.variable_scope(
                        None, default_name=layer.name, use_resource=True) as scope:
                    layer._scope = scope

    @staticmethod
    def _free(name, numbers, taken):
        while True:
            numbers[name] += 1
            free = name if numbers[name] == 1 else f"{name}_{numbers[name] - 1}"
            if free not in taken:
                return free


def _word(network):
    from tf_keras.src.utils import generic_utils
    return generic_utils.to_snake_case(type(network).__name__)
