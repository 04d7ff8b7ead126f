"""Runge-Kutta methods: Dormand's and Prince's with steps of the size that errors allow, with
Shampine's polynomial between them; and two with given steps."""

import collections

import tensorflow.compat.v1 as tf

# Dormand and Prince (1980): times, weights of each stage, and what the errors are made of.
_TIMES = 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0
_STAGES = (
    (1 / 5,), (3 / 40, 9 / 40), (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84))
_ERRORS = (1951 / 21600 - 35 / 384, 0, 22642 / 50085 - 500 / 1113, 451 / 720 - 125 / 192,
           2187 / 6784 - 12231 / 42400, 649 / 6300 - 11 / 84, 1 / 60)
# Shampine (1986): the middle of a step.
_MIDDLE = (6025192743 / 60171107904, 0, 51252292925 / 130801643196, -2691868925 / 90256659456,
           187940372067 / 3189068634112, -1776094331 / 39487288512, 11237099 / 470086768)

# What is known after a step: the value, its slope, the step's two ends, the size of the next one,
# and the polynomial between the ends, from the fourth power on.
_State = collections.namedtuple("_State", "value slope before now step polynomial")


def odeint(func, y0, t, rtol=1e-6, atol=1e-12, method=None, options=None, full_output=False,
           name=None):
    """Solves dy/dt = func(y, t) with steps of the size that the tolerances allow.

    Args:
      func: (y, a time) -> dy/dt.
      y0: y at t[0], of floats or complex numbers.
      t: [times] of floats, which increase.
      options: of method="dopri5": first_step, safety, ifactor, dfactor, max_num_steps.

    Returns [times, ...]; and where `full_output`, a dictionary of what was done.
    """
    if method not in (None, "dopri5"):
        raise ValueError(f"There is no method {method!r}.")
    if options is not None and method is None:
        raise ValueError("There are options, and no method that they are of.")
    with tf.name_scope(name, "odeint", [y0, t, rtol, atol]) as scope:
        y0 = tf.convert_to_tensor(y0, name="y0")
        t = tf.convert_to_tensor(t, preferred_dtype=tf.float64, name="t")
        _check_types(y0, t)
        rtol, atol = (tf.convert_to_tensor(value, dtype=tf.abs(y0).dtype, name=told)
                      for value, told in ((rtol, "rtol"), (atol, "atol")))
        return _adaptive(func, y0, t, rtol, atol, full_output, scope, **(options or {}))


def _adaptive(func, y0, t, rtol, atol, full_output, name, first_step=None, safety=0.9,
              ifactor=10.0, dfactor=0.2, max_num_steps=1000):
    first_step, safety, ifactor, dfactor = (
        tf.convert_to_tensor(value, dtype=t.dtype) for value in (
            1.0 if first_step is None else first_step, safety, ifactor, dfactor))
    max_num_steps = tf.convert_to_tensor(max_num_steps, dtype=tf.int32)

    def advance(state, ends, ratios, steps):
        y, now, step = state.value, state.now, state.step
        with tf.control_dependencies([
                tf.Assert(now + step > now, ["the step has become too small:", step]),
                tf.Assert(steps < max_num_steps, ["there are more than max_num_steps"]),
                tf.Assert(tf.reduce_all(tf.is_finite(tf.abs(y))), ["y is not finite:", y])]):
            found, slopes, error = _dormand_prince(func, y, state.slope, now, step)
        allowed = atol + rtol * tf.maximum(tf.abs(y), tf.abs(found))
        ratio = tf.sqrt(tf.reduce_mean(_squared(error) / _squared(allowed)))
        is_taken = ratio <= 1
        kept = tf.cond(
            is_taken,
            lambda: [found, slopes[-1], now + step] + _polynomial(y, found, slopes, step),
            lambda: [y, state.slope, now] + list(state.polynomial))
        state = _State(kept[0], kept[1], now, kept[2], _next_step(
            step, ratio, safety, ifactor, dfactor), kept[3:])
        return (state, ends.write(ends.size(), now + step), ratios.write(ratios.size(), ratio),
                steps + 1)

    def reach(solution, state, ends, ratios, index):
        wanted = t[index]
        state, ends, ratios, _ = tf.while_loop(
            lambda state, *_: wanted > state.now, advance, (state, ends, ratios, 0))
        return solution.write(index, _between(state, wanted)), state, ends, ratios, index + 1

    with tf.control_dependencies([_increasing(t)]):
        times = tf.size(t)
    state = _State(y0, func(y0, t[0]), t[0], t[0], first_step, [y0] * 5)
    solution, _, ends, ratios, _ = tf.while_loop(lambda *values: values[-1] < times, reach, (
        tf.TensorArray(y0.dtype, size=times).write(0, y0), state,
        tf.TensorArray(t.dtype, size=0, dynamic_size=True),
        tf.TensorArray(rtol.dtype, size=0, dynamic_size=True), 1))
    y = _stacked(solution, t, y0, name)
    if not full_output:
        return y
    ends = ends.stack()
    return y, dict(num_func_evals=6 * tf.size(ends) + 1, integrate_points=ends,
                   error_ratio=ratios.stack())


def _dormand_prince(func, y, slope, now, step):
    """What a step leads to, the slopes of its stages, and its error."""
    along, slopes = tf.cast(step, y.dtype), [slope]
    for time, weights in zip(_TIMES, _STAGES):
        found = y + _weighted(along, weights, slopes)
        slopes.append(func(found, now + time * step))
    return found, slopes, _weighted(along, _ERRORS, slopes)


def _weighted(step, weights, slopes):
    return tf.add_n([step * weight * slope for weight, slope in zip(weights, slopes) if weight])


def _polynomial(y, found, slopes, step):
    """The fourth degree that has both ends, their slopes, and the middle."""
    step = tf.cast(step, y.dtype)
    middle = y + _weighted(step, _MIDDLE, slopes)
    first, last = step * slopes[0], step * slopes[-1]
    return [2 * (last - first) - 8 * (y + found) + 16 * middle,
            5 * first - 3 * last + 18 * y + 14 * found - 32 * middle,
            last - 4 * first - 11 * y - 5 * found + 16 * middle, first, y]


def _between(state, wanted):
    with tf.control_dependencies([tf.Assert(
            (state.before <= wanted) & (wanted <= state.now),
            ["the time is outside of the step:", state.before, wanted, state.now])]):
        part = (wanted - state.before) / (state.now - state.before)
    part, powers = tf.cast(part, state.value.dtype), [1.0]
    for _ in range(4):
        powers.append(powers[-1] * part)
    return tf.add_n([factor * power for factor, power in zip(state.polynomial, powers[::-1])])


def _next_step(step, ratio, safety, ifactor, dfactor):
    shrunk = tf.cast(ratio, step.dtype) ** tf.cast(1 / 5, step.dtype) / safety
    return step / tf.maximum(1 / ifactor, tf.minimum(shrunk, 1 / dfactor))


def odeint_fixed(func, y0, t, dt=None, method="rk4", name=None):
    """Solves dy/dt = func(y, t) with steps of given sizes.

    Args:
      func: (y, a time) -> dy/dt.
      y0: y at t[0].
      t: [times] of floats, which increase.
      dt: the largest step, or [times - 1] of them; without it, from time to time.
      method: "rk4" or "midpoint".

    Returns [times, ...].
    """
    with tf.name_scope(name, "odeint_fixed", [y0, t, dt]):
        t = tf.convert_to_tensor(t, preferred_dtype=tf.float64, name="t")
        y0 = tf.convert_to_tensor(y0, name="y0")
        lengths = t[1:] - t[:-1]
        dt = tf.convert_to_tensor(lengths if dt is None else dt, preferred_dtype=tf.float64,
                                  name="dt")
        numbers = tf.ceil(lengths / dt)
        dt, numbers = lengths / numbers, tf.cast(numbers, tf.int32)
        _check_types(y0, t, dt)
        if len(t.shape.as_list()) > 1 or len(dt.shape.as_list()) > 1:
            raise ValueError("t and dt are lists of numbers.")
        if None not in (t.shape.as_list() + dt.shape.as_list()) and t.shape[0] != dt.shape[0] + 1:
            raise ValueError(f"{t.shape[0]} times have as many steps less 1, not {dt.shape[0]}.")
        if method not in _CHANGES:
            raise ValueError(f"There is no method {method}.")

        def reach(solution, y, now, index):
            step, number = dt[index - 1], numbers[index - 1]
            y, now, _ = tf.while_loop(lambda _, __, done: done < number, lambda y, now, done: (
                y + tf.cast(_CHANGES[method](func, now, step, y), y.dtype), now + step,
                done + 1), (y, now, 0))
            return solution.write(index, y), y, now, index + 1

        with tf.control_dependencies([_increasing(t)]), tf.name_scope(method):
            times = tf.size(t)
            solution = tf.while_loop(lambda *values: values[-1] < times, reach, (
                tf.TensorArray(y0.dtype, times).write(0, y0), y0, t[0], 1))[0]
            return _stacked(solution, t, y0)


def _midpoint(func, now, step, y):
    along = tf.cast(step, y.dtype)
    return along * func(y + func(y, now) * along / 2, now + step / 2)


def _rk4(func, now, step, y):
    along, half = tf.cast(step, y.dtype), now + step / 2
    first = func(y, now)
    second = func(y + along * first / 2, half)
    third = func(y + along * second / 2, half)
    last = func(y + along * third, now + step)
    return tf.add_n([first, 2 * second, 2 * third, last]) * (along / 6)


_CHANGES = {"midpoint": _midpoint, "rk4": _rk4}


def _check_types(y0, t, dt=None):
    if not (y0.dtype.is_floating or y0.dtype.is_complex):
        raise TypeError(f"y0 is of {y0.dtype.name}, and neither of floats nor complex.")
    for told, times in (("t", t), ("dt", dt)):
        if times is not None and not times.dtype.is_floating:
            raise TypeError(f"{told} is of {times.dtype.name}, and not of floats.")


def _increasing(t):
    return tf.Assert(tf.reduce_all(t[1:] > t[:-1]), ["the times do not increase"])


def _squared(x):
    return tf.square(tf.real(x)) + tf.square(tf.imag(x)) if x.dtype.is_complex else tf.square(x)


def _stacked(solution, t, y0, name=None):
    y = solution.stack(name)
    y.set_shape(t.shape.concatenate(y0.shape))
    return y
