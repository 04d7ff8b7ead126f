"""What all images are: their shape, and the orders in which they come. The one owner of both."""

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10

# See data.DataSet.batch_rows.
STREAM, FILE, EPOCHS = "stream", "file", "epochs"
