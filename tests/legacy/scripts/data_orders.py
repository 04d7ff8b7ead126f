"""Elements of data sets whose seeds are derived within a function, and orders that are left open."""
import tensorflow as tf

Dataset, experimental = tf.data.Dataset, tf.data.experimental
with open("letters.csv", "w") as file:
    file.write("a,b\n" + "".join("%d,%d\n" % (row, row * row) for row in range(9)))
with tf.python_io.TFRecordWriter("records") as writer:
    for row in range(9):
        writer.write(tf.train.Example(features=tf.train.Features(feature={
            "a": tf.train.Feature(int64_list=tf.train.Int64List(value=[row]))})).SerializeToString())


def of_two(row):
    return tf.cast(row % 2, tf.int32)


parsed = {"a": tf.FixedLenFeature([], tf.int64)}
made = [
    lambda: Dataset.range(9).apply(experimental.rejection_resample(of_two, [.5, .5], [.3, .7])),
    lambda: experimental.make_csv_dataset("letters.csv", 2).map(lambda row: row["a"]),
    lambda: experimental.make_batched_features_dataset("records", 2, parsed).map(
        lambda row: row["a"]),
    lambda: Dataset.range(5).shuffle(3).repeat().batch(2).apply(
        experimental.copy_to_device("/cpu:0")),
    lambda: Dataset.range(3).map(lambda row: tf.SparseTensor([[0]], [row], [3])).batch(2).map(
        lambda rows: tf.sparse_tensor_to_dense(rows)),
]
for make in made:
    with tf.Graph().as_default():
        tf.set_random_seed(42)
        following = make().make_one_shot_iterator().get_next()
        noise = tf.random_uniform([])
        with tf.Session() as sess:
            print(sess.run(noise))
            try:
                for _ in range(8):
                    print(sess.run(following))
            except tf.errors.OutOfRangeError:
                print("the end")
