"""tf.contrib.grid_rnn: cells of one to three dimensions, tied and not, in recurrent networks."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.grid_rnn.python.ops import grid_rnn_cell

grid, rs = tf.contrib.grid_rnn, np.random.RandomState(0)
steps = [rs.rand(3, 4).astype(np.float32) for _ in range(3)]


def cell_of(number):
    return tf.contrib.rnn.LSTMCell(number, use_peepholes=True)


CELLS = [
    lambda: grid.Grid1BasicRNNCell(2), lambda: grid.Grid1BasicLSTMCell(2, 0.5),
    lambda: grid.Grid1LSTMCell(2, True, 0.3), lambda: grid.Grid2BasicRNNCell(2),
    lambda: grid.Grid2BasicRNNCell(2, True), lambda: grid.Grid2BasicLSTMCell(2, forget_bias=0.2),
    lambda: grid.Grid2BasicLSTMCell(2, True, tf.nn.tanh),
    lambda: grid.Grid2LSTMCell(2, non_recurrent_fn=tf.nn.tanh, use_peepholes=True),
    lambda: grid.Grid2LSTMCell(2, True), lambda: grid.Grid3LSTMCell(2),
    lambda: grid.Grid2GRUCell(2), lambda: grid.Grid2GRUCell(2, non_recurrent_fn=tf.nn.relu),
    lambda: grid.Grid2LSTMCell(2, state_is_tuple=False, output_is_tuple=False),
    lambda: grid.Grid2LSTMCell(2, True, output_is_tuple=False),
    lambda: grid_rnn_cell.GridRNNCell(2, 3, [0, 1], [1, 2], [2, 1], 0, False, cell_of),
    lambda: grid_rnn_cell.GridRNNCell(2, 2, 0, [0, 1], None, tied=True),
    lambda: grid.GridRNNCell(2, 0), lambda: grid.GridRNNCell(2, 2, 3),
    lambda: grid.GridRNNCell(2, cell_fn=lambda number: number)]
for place, make in enumerate(CELLS + CELLS[6:8] + CELLS[11:12] + CELLS[14:15]):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(3)
        if place >= len(CELLS):     # layers in place of cells need an initializer from outside
            tf.get_variable_scope().set_initializer(tf.random_normal_initializer(seed=4))
        try:
            cell = make()
            print(cell.output_size, cell.state_size)
            outputs, state = tf.contrib.rnn.static_rnn(
                cell, [tf.constant(step) for step in steps], dtype=tf.float32)
        except Exception as error:
            print(len(type(error).__name__))
            continue
        loss = tf.add_n([tf.reduce_sum(tf.square(part)) for part in
                         tf.contrib.framework.nest.flatten([outputs, state])])
        session.run(tf.global_variables_initializer())
        session.run(tf.trainable_variables())
        session.run([loss, tf.contrib.framework.nest.flatten([outputs, state])])
        session.run([part for part in tf.gradients(loss, tf.trainable_variables())
                     if part is not None])
