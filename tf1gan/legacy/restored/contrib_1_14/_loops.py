"""How `tf.contrib.gan` trained two networks in turns: by hooks around the step of a counter."""

from typing import Any, NamedTuple


class GANTrainOps(NamedTuple):
    """The operations of one step: of either network, and of the counter."""
    generator_train_op: Any
    discriminator_train_op: Any
    global_step_inc_op: Any
    train_hooks: Any = ()


class GANTrainSteps(NamedTuple):
    """How often each network is trained for one step of the counter."""
    generator_train_steps: int
    discriminator_train_steps: int


_ONE_EACH = GANTrainSteps(1, 1)


def make(tf):
    """name -> what stands under it."""
    class RunTrainOpsHook(tf.train.SessionRunHook):
        """Runs operations so many times before each step."""

        def __init__(self, train_ops, train_steps):
            is_several = isinstance(train_ops, (list, tuple))
            self._operations = train_ops if is_several else [train_ops]
            self._times = train_steps

        def before_run(self, run_context):
            for _ in range(self._times):
                run_context.session.run(self._operations)

    def in_turns(train_steps=_ONE_EACH):
        """First the generator is trained, then the discriminator."""
        def hooks(train_ops):
            rounds = ((train_ops.generator_train_op, train_steps.generator_train_steps),
                      (train_ops.discriminator_train_op, train_steps.discriminator_train_steps))
            return [RunTrainOpsHook(*one) for one in rounds] + list(train_ops.train_hooks)
        return hooks

    def at_once(train_steps=_ONE_EACH):
        """Both in one run of the session, as often as both are to be; then what is left."""
        both = min(train_steps)

        def hooks(train_ops):
            pair = [train_ops.generator_train_op, train_ops.discriminator_train_op]
            return [RunTrainOpsHook(pair, both)] + [
                RunTrainOpsHook(operation, steps - both)
                for operation, steps in zip(pair, train_steps)] + list(train_ops.train_hooks)
        return hooks

    def gan_train(train_ops, logdir, get_hooks_fn=None, master="", is_chief=True, scaffold=None,
                  hooks=None, **named):
        """tf.contrib.training.train of the counter, with those hooks. Returns what it does."""
        hooks = list(hooks or ()) + list((get_hooks_fn or in_turns())(train_ops))
        return tf.contrib.training.train(train_ops.global_step_inc_op, logdir, master=master,
                                         is_chief=is_chief, scaffold=scaffold, hooks=hooks,
                                         **named)
    return dict(GANTrainOps=GANTrainOps, GANTrainSteps=GANTrainSteps, gan_train=gan_train,
                RunTrainOpsHook=RunTrainOpsHook, get_sequential_train_hooks=in_turns,
                get_joint_train_hooks=at_once)
