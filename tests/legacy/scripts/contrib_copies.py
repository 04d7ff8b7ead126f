"""Graphs copied, walked and measured; masks of blocks; a shared table; contrib.framework."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import graph_editor as ge
from tensorflow.contrib import receptive_field

rs = np.random.RandomState(0)
with tf.Graph().as_default() as graph, tf.Session() as session:
    a, b, c = (tf.constant(float(number), name=name) for number, name in enumerate("abc"))
    x = tf.add(a, b, name="x")
    y = tf.multiply(x, c, name="y")
    z = tf.add(y, x, name="z")
    tf.add_to_collection("losses", y)
    tf.add_to_collection("mine", z.op)
    view, info = ge.copy(ge.sgv([y.op, z.op]), dst_scope="copied")
    print(sorted(op.name for op in graph.get_operations()), list(view.inputs),
          [t.name for t in view.outputs], [t.name for t in tf.get_collection("losses")],
          [op.name for key in ("mine", "copied/mine") for op in tf.get_collection(key)])
    session.run(info.transformed(z), {"copied/geph__x_0:0": 2., "copied/geph__c_0:0": 3.,
                                      "copied/geph__x_0_1:0": 4.})
    other, info = ge.copy_with_input_replacements([x.op, y.op], {x: c, a: c})
    session.run([info.transformed(y), y])
    print(sorted(op.name for op in ge.filter_ops_from_regex(graph, "^[xyz]$")),
          sorted(op.name for op in ge.get_within_boundary_ops(graph, b.op, [y.op])),
          sorted(op.name for op in ge.get_within_boundary_ops(graph, b.op, [y.op], False)),
          sorted(op.name for op in ge.get_forward_walk_ops(
              [a.op, c.op], within_ops=[x.op, y.op, c.op])),
          sorted(op.name for op in ge.get_backward_walk_ops([z.op], within_ops=[x.op, y.op])),
          [op.name for op in ge.select_ops(a, y.op)])
    print(ge.reroute_ts([b, a], [c, b]), [t.name for op in (x, y) for t in op.op.inputs])
    print(ge.swap_ts(x, y), [t.name for t in z.op.inputs])
    for wrong in (lambda: ge.reroute_ts([a, b], [c]), lambda: ge.reroute_ts(a, tf.constant(1)),
                  lambda: ge.get_within_boundary_ops(graph, b.op, [b.op])):
        try:
            wrong()
        except Exception as error:
            print(type(error).__name__)

with tf.Graph().as_default() as graph:
    images = tf.placeholder(tf.float32, [1, 32, 32, 3], name="images")
    first = tf.contrib.slim.conv2d(images, 4, 3, scope="first")
    tf.contrib.slim.conv2d(first, 4, 3, 2, scope="second")
    infos, _ = receptive_field.get_compute_order(graph.as_graph_def(), "first/Relu", [32, 32])
    print(sorted((info.order, name, info.input_size, info.output_size)
                 for name, info in infos.items() if name.startswith("second/w") or "Relu" in name))

with tf.Graph().as_default(), tf.Session() as session:
    spec = tf.contrib.model_pruning.get_pruning_hparams().parse(
        "block_height=-1,block_width=2,target_sparsity=0.5,sparsity_function_end_step=1")
    masked = [tf.contrib.model_pruning.apply_mask(tf.Variable(
        rs.rand(*shape).astype(np.float32)), "m%d" % place) for place, shape in enumerate(
            ([4, 6], [8, 4]))]
    pruning = tf.contrib.model_pruning.Pruning(spec, tf.constant(3))
    update = pruning.mask_update_op()
    tables = [tf.contrib.lookup.HashTable(tf.contrib.lookup.KeyValueTensorInitializer(
        ["a", "b"], [1, 2]), -1, shared_name="shared") for _ in range(2)]
    session.run(tf.global_variables_initializer())
    session.run(tables[0].init)
    session.run(update)
    session.run(masked + [table.lookup(tf.constant(["b", "c"])) for table in tables])

framework = tf.contrib.framework
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(2)
    flat, column = (tf.placeholder_with_default(value, None) for value in ([1.], [[1.]]))
    for call in (lambda: framework.reduce_sum_n([tf.constant([1., 2.]), tf.constant(3.)]),
                 lambda: framework.reduce_sum_n([]), lambda: framework.reduce_sum_n([flat], "one"),
                 lambda: framework.remove_squeezable_dimensions(tf.constant([[1.]]), [1.]),
                 lambda: framework.remove_squeezable_dimensions(column, flat),
                 lambda: framework.remove_squeezable_dimensions(flat, column, "named"),
                 lambda: framework.assert_scalar(tf.constant(1)),
                 lambda: framework.assert_scalar_int(3), lambda: framework.assert_scalar_int(3.),
                 lambda: framework.convert_to_tensor_or_sparse_tensor([1.])):
        try:
            made = framework.nest.flatten(call())
            session.run(made)
            print([tensor.name for tensor in made])
        except Exception as error:
            print(type(error).__name__)
        session.run(tf.random_normal([2]))
    print(framework.assert_same_float_dtype([flat]), framework.smart_constant_value(tf.ones([])))
