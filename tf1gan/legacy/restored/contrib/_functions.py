"""What was one operation of contrib, as one operation that calls a function of today's."""


def one_operation(seeds, name, number, function, gradient=None):
    """A function of `number` tensors of the same type, which makes one operation of a graph.

    Args:
      seeds: the Seeds of what is made.
      name: the operation's, in the graph.
      number: of tensors that it takes.
      function: of these tensors, whose static shapes are unknown; one tensor, or several.
      gradient: of the tensors and of the result's gradient -> a gradient for each of the tensors,
        which has none itself. None: its gradient is None.

    Returns a function (*tensors, attributes=(), name=None), which gives what `function(*tensors,
    *attributes)` does, without a shape.
    """
    import tensorflow.compat.v1 as tf
    from tensorflow.python.framework import function as functions
    made = {}

    def build(kind, count, compute, attributes, python_grad_func=None):
        key = kind, count, attributes, compute
        if key not in made:
            made[key] = functions.Defun(
                *[kind] * count, func_name=f"{name}_of_today_{len(made)}",
                python_grad_func=python_grad_func)(lambda *tensors: compute(*tensors, *attributes))
        return made[key]

    def backwards(tensors_and_grad, attributes):
        """A gradient for each tensor: one operation, of no gradient."""
        kind = tensors_and_grad[-1].dtype.base_dtype
        found = build(kind, number + 1, gradient, attributes)(
            *tensors_and_grad, name=name + "Grad")
        found = found if isinstance(found, (list, tuple)) else [found]
        seeds.count_more(-len(found))       # what stops a gradient of it
        found = [tf.stop_gradient(one) for one in found]
        for tensor, one in zip(tensors_and_grad, found):
            one.set_shape(tensor.shape)
        return found

    def call(*tensors, **named):
        attributes = named.get("attributes", ())
        if tf.executing_eagerly():
            @tf.custom_gradient
            def compute(*tensors):
                return function(*tensors, *attributes), lambda grad: gradient(
                    *tensors, grad, *attributes)
            return (compute if gradient else function)(*tensors)
        kind = tensors[0].dtype.base_dtype
        back = (lambda op, grad: backwards([*op.inputs, grad], attributes)) if gradient else None
        return build(kind, number, function, attributes, back)(
            *tensors, name=named.get("name") or name)
    return call

