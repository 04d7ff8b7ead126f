"""Several heads of an estimator as one."""


def training(tf, loss, optimizer, train_op_fn):
    """The operation that trains. Raises ValueError where none, or more than one, says which."""
    if (optimizer is None) == (train_op_fn is None):
        raise ValueError("Either an optimizer or a train_op_fn is needed, and not both.")
    if optimizer is None:
        return train_op_fn(loss)
    return optimizer.minimize(loss, global_step=tf.train.get_global_step())


def make(tf, heads):
    """tf.contrib.estimator's multi_head, of tensorflow-estimator's module of heads."""
    class MultiHead(heads._Head):
        """Several heads, each with its part of the logits and labels of its own."""

        def __init__(self, of, weights):
            self._heads, self._weights = of, weights

        name = property(lambda self: "_".join(head.name for head in self._heads))
        logits_dimension = property(lambda self: sum(head.logits_dimension
                                                     for head in self._heads))

        def _parts(self, logits):
            if isinstance(logits, dict):
                return logits
            with tf.name_scope(None, "split_logits", values=[logits]):
                logits, parts, first = tf.convert_to_tensor(logits), {}, 0
                if logits.shape.as_list()[-1] not in (None, self.logits_dimension):
                    raise ValueError(f"The heads have {self.logits_dimension} logits together, and "
                                     f"the logits are {logits.shape}.")
                batch = tf.shape(logits)[:-1]
                begin, size = tf.zeros_like(batch), -1 * tf.ones_like(batch)
                for head in self._heads:
                    parts[head.name] = tf.slice(
                        logits, tf.concat([begin, [first]], axis=0),
                        tf.concat([size, [head.logits_dimension]], axis=0))
                    first += head.logits_dimension
            return parts

        def _weighted(self, several):
            """What each head has, times the head's weight."""
            if not self._weights:
                return several
            return [tf.multiply(one, weight) for one, weight in zip(several, self._weights)]

        def _merged(self, losses):
            with tf.name_scope("merge_losses", values=tuple(losses) + self._weights):
                return tf.add_n(self._weighted(losses))

        def create_loss(self, features, mode, logits, labels):
            logits = self._parts(logits)
            found = [head.create_loss(features, mode, logits[head.name], labels[head.name])
                     for head in self._heads]

            def of_heads(values):
                return dict(zip([head.name for head in self._heads], values))
            unreduced, weights = [of_heads(self._weighted([getattr(loss, part) for loss in found]))
                                  for part in ("unreduced_loss", "weights")]
            return heads.LossSpec(
                self._merged([loss.training_loss for loss in found]), unreduced, weights,
                of_heads(loss.processed_labels for loss in found))

        def create_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                                  train_op_fn=None):
            logits, modes = self._parts(logits), tf.estimator.ModeKeys
            if labels and not isinstance(labels, dict):
                raise ValueError("The labels are a dictionary, by the names of heads.")
            if mode not in (modes.TRAIN, modes.EVAL, modes.PREDICT):
                raise ValueError(f"There is no mode {mode}.")
            specs = {head.name: head.create_estimator_spec(
                features=features, mode=mode, logits=logits[head.name],
                labels=labels[head.name] if labels else None,
                train_op_fn=lambda loss: tf.no_op()) for head in self._heads}
            predictions = {(name, key): value for name, spec in specs.items()
                           for key, value in spec.predictions.items()}
            if mode == modes.PREDICT:
                return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions,
                                                  export_outputs=self._exports(specs))
            metrics = {}
            if mode == modes.EVAL:
                with tf.name_scope("merge_eval"):
                    for name, spec in specs.items():
                        key = heads._summary_key(name, "loss")
                        metrics[key] = tf.metrics.mean(spec.loss, name=key)
                        metrics.update(spec.eval_metric_ops or {})
                    loss = self._merged([spec.loss for spec in specs.values()])
                return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions, loss=loss,
                                                  eval_metric_ops=metrics)
            for spec in specs.values():
                metrics.update(spec.eval_metric_ops or {})
            loss = self._merged([spec.loss for spec in specs.values()])
            train_op = training(tf, loss, optimizer, train_op_fn)
            with tf.name_scope(""):
                tf.summary.scalar("loss", loss)
            return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions, loss=loss,
                                              train_op=train_op, eval_metric_ops=metrics)

        def _exports(self, specs):
            first = specs[self._heads[0].name].export_outputs
            if len(first) > 1 and "serving_default" not in first:
                raise ValueError("The first head has no output that is its default.")
            made, merged = {"serving_default": first.get("serving_default",
                                                         next(iter(first.values())))}, {}
            for name, spec in specs.items():
                for key, output in spec.export_outputs.items():
                    made[name if key == "serving_default" else f"{name}/{key}"] = output
                    if key == "predict" and isinstance(output, tf.estimator.export.PredictOutput):
                        merged.update({f"{name}/{each}": value
                                       for each, value in output.outputs.items()})
            return dict(made, predict=tf.estimator.export.PredictOutput(merged))

    def multi_head(heads, head_weights=None):
        """Several heads as one; their losses are added, by `head_weights`."""
        if head_weights and len(head_weights) != len(heads):
            raise ValueError(f"There are {len(head_weights)} weights for {len(heads)} heads.")
        if not heads:
            raise ValueError("There are no heads.")
        if not all(head.name for head in heads):
            raise ValueError("Each of several heads has a name.")
        return MultiHead(tuple(heads), tuple(head_weights or ()))
    return multi_head
