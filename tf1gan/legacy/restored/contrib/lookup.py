"""`tf.contrib.lookup`: tables, which TensorFlow kept in a module of its own."""

DROPPED = "2.0"
GIVES = """
FastHashSpec HashTable HasherSpec IdTableWithHashBuckets InitializableLookupTableBase
KeyValueTensorInitializer LookupInterface MutableDenseHashTable MutableHashTable StrongHashSpec
TableInitializerBase TextFileIdTableInitializer TextFileIndex TextFileInitializer
TextFileStringTableInitializer index_table_from_file index_table_from_tensor index_to_string
index_to_string_table_from_file index_to_string_table_from_tensor string_to_index
string_to_index_table_from_file string_to_index_table_from_tensor
"""
NEEDS = ()
PATHS = ("lookup_ops",)
REFUSED = {}


def make(given):
    from tensorflow.python.ops import lookup_ops
    names = {name: getattr(lookup_ops, name) for name in GIVES.split()
             if hasattr(lookup_ops, name)}
    names.update(
        HashTable=_hash_table(lookup_ops), MutableDenseHashTable=lookup_ops.DenseHashTable,
        string_to_index_table_from_file=_old_name(lookup_ops.index_table_from_file),
        string_to_index_table_from_tensor=_of_mapping(lookup_ops.index_table_from_tensor),
        index_table_from_tensor=_of_mapping(lookup_ops.index_table_from_tensor),
        index_to_string_table_from_tensor=_of_mapping(
            lookup_ops.index_to_string_table_from_tensor),
        string_to_index=lambda tensor, mapping, default_value=-1, name=None: (
            lookup_ops.index_table_from_tensor(mapping, default_value=default_value).lookup(
                tensor, name)),
        index_to_string=lambda tensor, mapping, default_value="UNK", name=None: (
            lookup_ops.index_to_string_table_from_tensor(mapping, default_value).lookup(
                tensor, name)))
    return names


def _hash_table(lookup_ops):
    class HashTable(lookup_ops.HashTable):
        """A table of constant keys and values, which sessions may share by a name."""

        def __init__(self, initializer, default_value, shared_name=None, name=None):
            self._asked_name = shared_name
            super().__init__(initializer, default_value, name=name)

        def _create_resource(self):
            self._shared_name = self._asked_name or self._shared_name
            return super()._create_resource()
    return HashTable


def _old_name(function):
    def of_file(vocabulary_file=None, *arguments, **named):
        return function(vocabulary_file, *arguments, **named)
    return of_file


def _of_mapping(function):
    """A vocabulary was called a mapping."""
    def of_mapping(mapping=None, *arguments, **named):
        return function(mapping, *arguments, **named)
    return of_mapping
