"""The messages of an export's collections: signatures, and files that belong to a graph."""

_TEXT, _MESSAGE = 9, 11
_ONE, _MANY = 1, 3
_BINDING = "TensorBinding"
# Message -> its fields, in the order of their numbers: name, the message that it holds.
_FIELDS = {
    "TensorBinding": (("tensor_name", None),),
    "AssetFile": (("tensor_binding", _BINDING), ("filename", None)),
    "RegressionSignature": (("input", _BINDING), ("output", _BINDING)),
    "ClassificationSignature": (("input", _BINDING), ("classes", _BINDING), ("scores", _BINDING)),
    "GenericSignature": (("map", {"key": None, "value": _BINDING}),),
    "Signature": (("regression_signature", "RegressionSignature"),
                  ("classification_signature", "ClassificationSignature"),
                  ("generic_signature", "GenericSignature")),
    "Signatures": (("default_signature", "Signature"),
                   ("named_signatures", {"key": None, "value": "Signature"})),
}
_PACKAGE = "tensorflow.serving"
_made = {}


def messages():
    """name -> class."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
    if _made:
        return _made
    file = descriptor_pb2.FileDescriptorProto(
        name="tensorflow/contrib/session_bundle/manifest.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        if name == "Signature":
            message.oneof_decl.add(name="type")
        for number, (field, holds) in enumerate(fields, 1):
            if isinstance(holds, dict):
                entry = "".join(map(str.capitalize, field.split("_"))) + "Entry"
                inner = message.nested_type.add(name=entry)
                inner.options.map_entry = True
                for place, (part, of) in enumerate(holds.items(), 1):
                    _add(inner, part, place, of and f".{_PACKAGE}.{of}")
                _add(message, field, number, f".{_PACKAGE}.{name}.{entry}", _MANY)
            else:
                added = _add(message, field, number, holds and f".{_PACKAGE}.{holds}")
                if name == "Signature":
                    added.oneof_index = 0
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    _made.update({name: message_factory.GetMessageClass(
        pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _FIELDS})
    return _made


def _add(message, name, number, holds, label=_ONE):
    field = message.field.add(name=name, number=number, label=label,
                              type=_MESSAGE if holds else _TEXT)
    if holds:
        field.type_name = holds
    return field
