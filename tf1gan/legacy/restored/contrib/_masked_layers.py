"""Layers whose weights are behind masks, by slim's arguments."""

from tensorflow.python.framework import tensor_shape

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.restored.contrib import _pruning


def make(tf):
    """name -> function."""
    scopes, utils = (slim_repairs.module(name) for name in ("ops.arg_scope", "layers.utils"))
    usual = slim_repairs.module("layers.initializers").xavier_initializer()
    model_variable = slim_repairs.module("ops.variables").model_variable
    numbers = dict(one=tf.ones_initializer(), none=tf.zeros_initializer())

    class Masked(tf.layers.Layer):
        """A layer of a kernel behind a mask, and a bias."""

        _order = ("mask", "kernel")

        def __init__(self, units, kernel_size, compute, channels, use_bias, kernel_initializer,
                     bias_initializer, kernel_regularizer, bias_regularizer, **named):
            super().__init__(**named)
            self.units, self._size, self._compute = units, tuple(kernel_size), compute
            self._channels, self.use_bias = channels, bool(use_bias)
            self._kernel = dict(initializer=kernel_initializer, regularizer=kernel_regularizer)
            self._bias = dict(initializer=bias_initializer, regularizer=bias_regularizer)

        def build(self, input_shape):
            depth = tensor_shape.dimension_value(tf.TensorShape(input_shape)[self._channels])
            if depth is None:
                raise ValueError("How many channels there are has to be known.")
            shape = self._size + (depth, self.units)
            how = dict(mask=dict(initializer=numbers["one"], trainable=False),
                       kernel=dict(self._kernel, trainable=True))
            for name in self._order:
                setattr(self, name, self.add_variable(name=name, shape=shape, dtype=self.dtype,
                                                      **how[name]))
            self.threshold = self.add_variable(
                name="threshold", shape=[], initializer=numbers["none"], trainable=False,
                dtype=self.dtype)
            self.masked_kernel = tf.multiply(self.mask, self.kernel, _pruning.MASKED_NAME)
            for key, held in ((_pruning.MASKS, self.mask), (_pruning.MASKED, self.masked_kernel),
                              (_pruning.THRESHOLDS, self.threshold),
                              (_pruning.WEIGHTS, self.kernel)):
                tf.add_to_collection(key, held)
            self.bias = self.add_variable(
                name="bias", shape=[self.units], trainable=True, dtype=self.dtype, **self._bias
                ) if self.use_bias else None
            self.built = True

        def call(self, inputs):
            return self._compute(self, inputs)

    class MaskedDense(Masked):
        _order = ("kernel", "mask")

    def getter(getter, name, shape=None, dtype=None, initializer=None, regularizer=None,
               trainable=True, collections=None, caching_device=None, partitioner=None,
               use_resource=None, **_):
        """slim's variables, by slim's names."""
        first, _, last = name.rpartition("/")
        last = dict(bias="biases", kernel="weights").get(last, last)
        return model_variable(
            f"{first}/{last}" if first else last, shape=shape, dtype=dtype,
            initializer=initializer, regularizer=regularizer, collections=collections,
            trainable=trainable, caching_device=caching_device, partitioner=partitioner,
            custom_getter=getter, use_resource=use_resource)

    def collect(variable, collections, name):
        for key in utils.get_variable_collections(collections, name) or []:
            if not any(variable is held for held in tf.get_collection(key)):
                tf.add_to_collection(key, variable)

    def applied(layer, inputs, sc, variables_collections, outputs_collections, normalizer_fn,
                normalizer_params, activation_fn):
        outputs = layer.apply(inputs)
        collect(layer.kernel, variables_collections, "weights")
        if layer.use_bias:
            collect(layer.bias, variables_collections, "biases")
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        outputs = outputs if activation_fn is None else activation_fn(outputs)
        return utils.collect_named_outputs(outputs_collections, sc.original_name_scope, outputs)

    @scopes.add_arg_scope
    def masked_convolution(
            inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1,
            activation_fn=tf.nn.relu, normalizer_fn=None, normalizer_params=None,
            weights_initializer=usual, weights_regularizer=None,
            biases_initializer=numbers["none"], biases_regularizer=None, reuse=None,
            variables_collections=None, outputs_collections=None, trainable=True, scope=None):
        """slim's conv2d of pictures, with weights behind a mask."""
        if data_format not in (None, "NHWC", "NCHW"):
            raise ValueError(f"Pictures are NHWC or NCHW, not {data_format}.")
        first = data_format == "NCHW"

        def compute(layer, x):
            made = tf.nn.convolution(
                input=x, filter=layer.masked_kernel, dilation_rate=_pair(rate),
                strides=_pair(stride), padding=padding.upper(),
                data_format="NCHW" if first else "NHWC")
            return made if layer.bias is None else tf.nn.bias_add(
                made, layer.bias, data_format="NCHW" if first else "NHWC")
        with tf.variable_scope(scope, "Conv", [inputs], reuse=reuse, custom_getter=getter) as sc:
            inputs = tf.convert_to_tensor(inputs)
            if inputs.shape.rank != 4:
                raise ValueError(f"Pictures have 4 axes, not {inputs.shape.rank}.")
            layer = Masked(
                num_outputs, _pair(kernel_size), compute, 1 if first else -1,
                not normalizer_fn and biases_initializer, weights_initializer, biases_initializer,
                weights_regularizer, biases_regularizer, trainable=trainable, name=sc.name,
                dtype=inputs.dtype.base_dtype, _scope=sc, _reuse=reuse)
            return applied(layer, inputs, sc, variables_collections, outputs_collections,
                           normalizer_fn, normalizer_params, activation_fn)

    @scopes.add_arg_scope
    def masked_fully_connected(
            inputs, num_outputs, activation_fn=tf.nn.relu, normalizer_fn=None,
            normalizer_params=None, weights_initializer=usual, weights_regularizer=None,
            biases_initializer=numbers["none"], biases_regularizer=None, reuse=None,
            variables_collections=None, outputs_collections=None, trainable=True, scope=None):
        """slim's fully_connected, with weights behind a mask."""
        if not isinstance(num_outputs, int):
            raise ValueError(f"num_outputs is a whole number, not {num_outputs}.")

        def compute(layer, x):
            if x.shape.rank > 2:
                made = tf.tensordot(x, layer.masked_kernel, [[x.shape.rank - 1], [0]])
                made.set_shape(x.shape.as_list()[:-1] + [num_outputs])
            else:
                made = tf.matmul(x, layer.masked_kernel)
            return made if layer.bias is None else tf.nn.bias_add(made, layer.bias)
        with tf.variable_scope(scope, "fully_connected", [inputs], reuse=reuse,
                               custom_getter=getter) as sc:
            inputs = tf.convert_to_tensor(inputs)
            layer = MaskedDense(
                num_outputs, (), compute, -1, not normalizer_fn and biases_initializer,
                weights_initializer, biases_initializer, weights_regularizer, biases_regularizer,
                trainable=trainable, name=sc.name, dtype=inputs.dtype.base_dtype, _scope=sc,
                _reuse=reuse)
            return applied(layer, inputs, sc, variables_collections, outputs_collections,
                           normalizer_fn, normalizer_params, activation_fn)
    return dict(masked_convolution=masked_convolution, masked_conv2d=masked_convolution,
                masked_fully_connected=masked_fully_connected)


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)
