"""A run that is open: all that its loop and its actions need, and none of it changes."""

from __future__ import annotations

import os
from typing import Any, List, Mapping, NamedTuple, Tuple

from tf1gan import runs
from tf1gan.compat import tf
from tf1gan.data import DataSet
from tf1gan.graph import GANGraph
from tf1gan.restoring import Beginning
from tf1gan.schedule import Schedule
from tf1gan.training.history import History
from tf1gan.training.prepared import Ops
from tf1gan.training.watch import Watch


class Run(NamedTuple):
    """A run, its folder locked and its graph built."""
    folder: str
    config: Mapping[str, Any]           # what config.json holds
    plan: Schedule
    graph: GANGraph
    images: DataSet
    session_config: tf.ConfigProto
    ops: Ops
    drawing: tf.GraphDef                # the model's graph, to be looked at
    history: History                    # grows as it trains
    watch: Watch                        # remembers
    beginning: Beginning                # the weights it begins with, where it does not go on

    @property
    def settings(self):
        return self.graph.settings

    @property
    def model(self):
        return self.graph.model

    @property
    def strategy(self):
        return self.graph.strategy

    @property
    def leads(self):
        """Whether this process has the run's files: it is the only one, or worker 0."""
        return self.strategy.leads

    def path(self, *names: str) -> str:
        return os.path.join(self.folder, *names)

    def facts(self) -> List[Tuple[str, Any]]:
        """Hyperparameters and the like, as (name, value) pairs to show.

        The model's own length is none of them where the run has another.
        """
        plan, values = self.plan, self.config["hyperparameters"]
        lengths = {"epochs": values.get("epochs", 0) * plan.epoch, "steps": values.get("steps")}
        return [("model", self.config["model"]), ("recipe", self.config["recipe"])] + [
            (name, value) for name, value in values.items()
            if lengths.get(name, plan.total) == plan.total] + [
            ("from", ", ".join(files)) for files in [self.config.get("from")] if files] + [
            ("way", way) for way in [self.config.get("way")] if way] + [
            ("seed", self.config["seed"]), ("data", self.config["data"]),
            ("iterations", f"{plan.total}, {plan.epoch} an epoch"),
            ("tf1gan", self.config["versions"]["tf1gan"])]

    def reports(self, step) -> bool:
        return self.model.reports(self.plan.moment(step, 0.0, 0.0, 0.0))

    def has_met_its_goal(self, step) -> bool:
        """Whether the losses at a report are as low as the run waits for."""
        goal = self.settings.goal
        if not (goal and step and self.reports(step)):
            return False
        g_loss, d_loss = self.history.losses[step - 1]
        infinite = float("inf")
        return (g_loss <= goal.get("stop_g_loss", infinite)
                and d_loss <= goal.get("stop_d_loss", infinite))

    def is_finished(self, step) -> bool:
        return step >= self.plan.total or self.has_met_its_goal(step)

    def last_checkpoint(self) -> str:
        if not self.leads:
            return f"{self.strategy.leader} has the checkpoints"
        found = runs.checkpoints(self.folder)
        return (f"the last good checkpoint is {found[-1]}" if found else
                "there is no checkpoint yet")
