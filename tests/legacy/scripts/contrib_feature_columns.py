"""Columns of before tf.feature_column: a wide and a deep input, trained, and what is parsed."""

import tensorflow as tf

layers = tf.contrib.layers

tf.set_random_seed(11)
features = {
    "age": tf.constant([[25.0], [40.0], [33.0], [61.0]]),
    "place": tf.constant([[1.5, 2.0], [0.5, -1.0], [3.0, 2.5], [7.0, 1.0]], tf.float64),
    "job": tf.SparseTensor([[0, 0], [1, 0], [1, 1], [3, 0]], ["baker", "smith", "cook", "judge"],
                           [4, 2]),
    "town": tf.constant([["york"], ["bath"], [""], ["york"]]),
    "number": tf.SparseTensor([[0, 0], [1, 0], [2, 0], [3, 0]],
                              tf.constant([3, 18, 7, 4], tf.int64), [4, 1]),
    "hours": tf.SparseTensor([[0, 0], [1, 0], [1, 1], [3, 0]], [1.0, 0.5, 2.0, 3.0], [4, 2]),
}
age = layers.real_valued_column("age", normalizer=lambda years: years / 10)
place = layers.real_valued_column("place", dimension=2, dtype=tf.float64)
ages = layers.bucketized_column(layers.real_valued_column("age"), [18, 30, 45, 45, 60])
job = layers.sparse_column_with_hash_bucket("job", hash_bucket_size=20)
town = layers.sparse_column_with_keys("town", keys=["york", "bath"])
number = layers.sparse_column_with_integerized_feature("number", bucket_size=5, combiner="mean")
weighted = layers.weighted_sparse_column(job, "hours")
both = layers.crossed_column([job, town], hash_bucket_size=50)
keyed = layers.crossed_column([both, ages], 80,
                              hash_key=layers.SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY)

deep = layers.input_from_feature_columns(features, [
    age, place, ages, layers.one_hot_column(town), layers.one_hot_column(weighted),
    layers.embedding_column(job, dimension=3), layers.embedding_column(keyed, 2, combiner="sum"),
    layers.scattered_embedding_column("job", size=30, dimension=4, hash_key=7)])
deep = layers.fully_connected(deep, 6)
deep = layers.fully_connected(tf.nn.dropout(deep, 0.5), 1, activation_fn=None)
wide, weights, bias = layers.weighted_sum_from_feature_columns(
    features, [age, ages, job, town, number, weighted, both, keyed], num_outputs=1)
joint, _, _ = layers.joint_weighted_sum_from_feature_columns(features, [job, both], 1)
loss = tf.losses.sigmoid_cross_entropy(tf.constant([[1], [0], [0], [1]]), deep + wide + joint)
train = tf.train.AdagradOptimizer(0.1).minimize(loss)
noise = tf.random_normal([2])

columns = [age, ages, job, both]
example = tf.train.Example(features=tf.train.Features(feature={
    "age": tf.train.Feature(float_list=tf.train.FloatList(value=[31.0])),
    "job": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"cook", b"baker"])),
    "town": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"bath"]))}))
parsed = layers.parse_feature_columns_from_examples([example.SerializeToString()], columns)
steps = layers.sequence_input_from_feature_columns(
    {"x": tf.reshape(tf.range(12.0), [2, 3, 2]),
     "word": tf.SparseTensor([[0, 0], [1, 2]], ["a", "b"], [2, 3])},
    [layers.real_valued_column("x", dimension=2),
     layers.embedding_column(layers.sparse_column_with_keys("word", ["a", "b"]), 2)])

print(sorted(layers.create_feature_spec_for_parsing(columns)), [column.name for column in columns])
print([column.dimension for column in layers.infer_real_valued_columns(
    {"a": tf.zeros([3, 2, 2])})])
with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.tables_initializer()])
    for step in range(5):
        print(session.run([loss, train])[0])
    session.run([weights[both][0], weights[keyed][0], bias, deep, wide, joint, noise, steps])
    session.run([parsed[age], parsed[ages], parsed[job].values, parsed[both].values])
