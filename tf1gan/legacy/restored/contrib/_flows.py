"""Bijectors of networks: masked autoregressive flows, real NVP, batch normalization."""

import numpy as np
from tensorflow.python.ops import template
from tensorflow.python.ops.distributions import bijector_impl


def make(tf):
    """name -> class or function."""
    class MaskedAutoregressiveFlow(bijector_impl.Bijector):
        """Each element is scaled and shifted by what a function makes of those before it."""

        def __init__(self, shift_and_log_scale_fn, is_constant_jacobian=False,
                     validate_args=False, unroll_loop=False, name=None):
            self._function, self._unrolls = shift_and_log_scale_fn, unroll_loop
            super().__init__(forward_min_event_ndims=1, validate_args=validate_args,
                             is_constant_jacobian=is_constant_jacobian,
                             name=name or "masked_autoregressive_flow")

        def _forward(self, x):
            known, y = x.shape.with_rank_at_least(1)[-1], tf.zeros_like(x, name="y0")
            known = getattr(known, "value", known)
            if self._unrolls:
                if known is None:
                    raise ValueError("How many elements there are has to be known to unroll.")
                for _ in range(known):
                    y = _moved(tf, x, *self._function(y))
                return y
            number = tf.shape(x)[-1]
            self._function(y)       # its variables are made outside of the loop

            def step(index, y):
                with tf.variable_scope(tf.get_variable_scope()) as scope:
                    if scope.caching_device is None:
                        scope.set_caching_device(lambda op: op.device)
                    return index + 1, _moved(tf, x, *self._function(y))
            return tf.while_loop(lambda index, _: index < number, step, (0, y),
                                 maximum_iterations=known)[1]

        def _inverse(self, y):
            return _moved_back(tf, y, *self._function(y))

        def _inverse_log_det_jacobian(self, y):
            _, log_scale = self._function(y)
            return tf.constant(0., dtype=y.dtype, name="ildj") if log_scale is None \
                else -tf.reduce_sum(log_scale, axis=-1)

    class RealNVP(bijector_impl.Bijector):
        """The first `num_masked` elements say how the others are scaled and shifted."""

        def __init__(self, num_masked, shift_and_log_scale_fn, is_constant_jacobian=False,
                     validate_args=False, name=None):
            if num_masked <= 0:
                raise ValueError(f"num_masked is above 0, not {num_masked}.")
            self._kept, self._function = num_masked, shift_and_log_scale_fn
            super().__init__(forward_min_event_ndims=1, validate_args=validate_args,
                             is_constant_jacobian=is_constant_jacobian, name=name or "real_nvp")

        def _asked(self, x):
            """(the first, shift, log scale)"""
            number = x.shape.with_rank_at_least(1)[-1]
            number = getattr(number, "value", number)
            if number is None:
                raise NotImplementedError("How many elements there are has to be known.")
            if self._kept >= number:
                raise ValueError(f"num_masked is {self._kept}, of {number} elements.")
            first = x[:, :self._kept]
            return (first, *self._function(first, number - self._kept))

        def _forward(self, x):
            rest, (first, *how) = x[:, self._kept:], self._asked(x)
            return tf.concat([first, _moved(tf, rest, *how)], axis=-1)

        def _inverse(self, y):
            rest, (first, *how) = y[:, self._kept:], self._asked(y)
            return tf.concat([first, _moved_back(tf, rest, *how)], axis=-1)

        def _forward_log_det_jacobian(self, x):
            log_scale = self._asked(x)[-1]
            return tf.constant(0., dtype=x.dtype) if log_scale is None \
                else tf.reduce_sum(log_scale, axis=-1)

        def _inverse_log_det_jacobian(self, y):
            return -self._forward_log_det_jacobian(y)

    def masked_dense(inputs, units, num_blocks=None, exclusive=False, kernel_initializer=None,
                     reuse=None, name=None, *arguments, **named):
        """A dense layer whose block of outputs sees the blocks of inputs up to its own."""
        depth = inputs.shape.with_rank_at_least(1)[-1]
        depth = getattr(depth, "value", depth)
        if depth is None:
            raise NotImplementedError("How many inputs there are has to be known.")
        mask = _mask(num_blocks, depth, units, exclusive)
        initialize = tf.glorot_normal_initializer() if kernel_initializer is None \
            else kernel_initializer

        def masked(shape, dtype=None, partition_info=None):
            return mask * initialize(shape, dtype, partition_info)
        with tf.name_scope(name, "masked_dense", [inputs, units, num_blocks]):
            layer = tf.layers.Dense(
                units, *arguments, kernel_initializer=masked,
                kernel_constraint=lambda x: mask * x, name=name, dtype=inputs.dtype.base_dtype,
                _scope=name, _reuse=reuse, **named)
            return layer.apply(inputs)

    def masked_autoregressive_default_template(
            hidden_layers, shift_only=False, activation=tf.nn.relu, log_scale_min_clip=-5.,
            log_scale_max_clip=3., log_scale_clip_gradient=False, name=None, *arguments, **named):
        """A function of masked dense layers: x -> (shift, log scale)."""
        name = name or "masked_autoregressive_default_template"

        def clipped(x):
            if log_scale_clip_gradient:
                return tf.clip_by_value(x, log_scale_min_clip, log_scale_max_clip)
            with tf.name_scope(None, "clip_by_value_preserve_grad", [x]):
                return x + tf.stop_gradient(
                    tf.clip_by_value(x, log_scale_min_clip, log_scale_max_clip) - x)

        def network(x):
            depth = x.shape.with_rank_at_least(1)[-1]
            depth = getattr(depth, "value", depth)
            if depth is None:
                raise NotImplementedError("How many inputs there are has to be known.")
            shape = np.int32(x.shape.as_list()) if x.shape.is_fully_defined() else tf.shape(x)
            for place, units in enumerate(hidden_layers):
                x = masked_dense(*arguments, inputs=x, units=units, num_blocks=depth,
                                 exclusive=place == 0, activation=activation, **named)
            x = masked_dense(*arguments, inputs=x, units=(1 if shift_only else 2) * depth,
                             num_blocks=depth, activation=None, **named)
            if shift_only:
                return tf.reshape(x, shape), None
            shift, log_scale = tf.unstack(
                tf.reshape(x, tf.concat([shape, [2]], axis=0)), num=2, axis=-1)
            return shift, clipped(log_scale)
        with tf.name_scope(name, values=[log_scale_min_clip, log_scale_max_clip]):
            return template.make_template(name, network)

    def real_nvp_default_template(hidden_layers, shift_only=False, activation=tf.nn.relu,
                                  name=None, *arguments, **named):
        """A function of dense layers: (x, number of outputs) -> (shift, log scale)."""
        def network(x, output_units):
            for units in hidden_layers:
                x = tf.layers.dense(*arguments, inputs=x, units=units, activation=activation,
                                    **named)
            x = tf.layers.dense(*arguments, inputs=x, activation=None,
                                units=(1 if shift_only else 2) * output_units, **named)
            return (x, None) if shift_only else tuple(tf.split(x, 2, axis=-1))
        with tf.name_scope(name, "real_nvp_default_template"):
            return template.make_template("real_nvp_default_template", network)

    class BatchNormalization(bijector_impl.Bijector):
        """The inverse of a layer that normalizes batches."""

        def __init__(self, batchnorm_layer=None, training=True, validate_args=False,
                     name="batch_normalization"):
            kind = tf.layers.BatchNormalization
            self.batchnorm = batchnorm_layer or kind(
                gamma_constraint=lambda x: tf.nn.relu(x) + 1e-6)
            if not isinstance(self.batchnorm, kind):
                raise ValueError(f"The layer is a BatchNormalization, not {self.batchnorm}.")
            if self.batchnorm.renorm or self.batchnorm.virtual_batch_size:
                raise ValueError("The layer neither renormalizes nor has batches within batches.")
            self._training = training
            axes = self.batchnorm.axis
            super().__init__(forward_min_event_ndims=1 if isinstance(axes, int) else len(axes),
                             validate_args=validate_args, name=name)

        def _built(self, x):
            """The axes that are reduced, and a function that gives a weight the rank of x."""
            if not x.shape.is_fully_defined():
                raise ValueError("The shape has to be known.")
            if not self.batchnorm.built:
                self.batchnorm.build(x.shape)
            axes = self.batchnorm.axis
            axes = [axes] if isinstance(axes, int) else list(axes)
            rank = x.shape.rank
            axes = [axis % rank for axis in axes]
            reduced = [axis for axis in range(rank) if axis not in axes]
            sizes = [1 if axis in reduced else int(x.shape[axis]) for axis in range(rank)]

            def shaped(weight):
                return weight if weight is None or reduced == list(range(rank - 1)) \
                    else tf.reshape(weight, sizes)
            return reduced, shaped

        def _forward(self, x):
            layer, (_, shaped) = self.batchnorm, self._built(x)
            scale = tf.sqrt(shaped(layer.moving_variance) + layer.epsilon)
            scale = scale / shaped(layer.gamma) if layer.scale else scale
            mean = shaped(layer.moving_mean)
            return x * scale + (mean - shaped(layer.beta) * scale if layer.center else mean)

        def _inverse(self, y):
            return self.batchnorm.apply(y, training=self._training)

        def _forward_log_det_jacobian(self, x):
            return -self._inverse_log_det_jacobian(x, use_saved_statistics=True)

        def _inverse_log_det_jacobian(self, y, use_saved_statistics=False):
            layer, (reduced, _) = self.batchnorm, self._built(y)
            variance = layer.moving_variance
            if self._training and not use_saved_statistics:
                variance = tf.nn.moments(y, axes=reduced, keep_dims=True)[1]
            return tf.reduce_sum(tf.log(layer.gamma)) \
                - 0.5 * tf.reduce_sum(tf.log(variance + layer.epsilon))
    return dict(MaskedAutoregressiveFlow=MaskedAutoregressiveFlow, RealNVP=RealNVP,
                BatchNormalization=BatchNormalization, masked_dense=masked_dense,
                masked_autoregressive_default_template=masked_autoregressive_default_template,
                real_nvp_default_template=real_nvp_default_template)


def _moved(tf, x, shift, log_scale):
    x = x if log_scale is None else x * tf.exp(log_scale)
    return x if shift is None else x + shift


def _moved_back(tf, y, shift, log_scale):
    y = y if shift is None else y - shift
    return y if log_scale is None else y * tf.exp(-log_scale)


def _mask(blocks, inputs, outputs, exclusive):
    """[inputs, outputs]: 1 where an output's block comes after an input's, or is it."""
    wide, tall = inputs // blocks, outputs // blocks
    mask = np.zeros([inputs, outputs], np.float32)
    for block in range(blocks):
        mask[block * wide:(block + 1) * wide, (block + exclusive) * tall:] = 1
    return mask
