"""How many operations 1.15 made in a gradient, by the type of the operation that it is of."""

import weakref

from tf1gan.legacy.numbers.counts import _shape
from tf1gan.legacy.numbers.loops import constants_of

REDUCED = 10        # operations of a shape with ones for the axes that are summed over
DIVIDED = 3         # a shape divided by another, where that has no zero
SPREAD = 4          # a sum over some axes, and its reshape

# Gradients that take today as many operations as then: those that were compared.
SAME = set("""
    Enter RefEnter Exit RefExit Switch RefSwitch Merge RefMerge NextIteration LoopCond
    TensorArrayReadV3 TensorArrayWriteV3 TensorArrayScatterV3 TensorArrayGatherV3 TensorArraySplitV3
    Abs Acos Acosh AddN Asin Asinh Atan Atanh AvgPool AvgPool3D AvgPoolGrad BatchToSpaceND
    BesselI0e BiasAdd BiasAddGrad Cast Ceil CheckNumerics Cholesky ConcatV2 Conv2D
    Conv2DBackpropFilter Conv2DBackpropInput Cos Cosh CropAndResize Cross Cumprod Cumsum
    CumulativeLogsumexp DepthToSpace DepthwiseConv2dNative Diag DiagPart Digamma DynamicPartition
    DynamicStitch Elu EluGrad EnsureShape Erf Erfc Exp ExpandDims Expm1 FakeQuantWithMinMaxArgs
    FakeQuantWithMinMaxVars Fill Floor FloorDiv FusedBatchNormV3 GatherNd Identity IdentityN
    Igamma Igammac L2Loss LRN LeakyRelu Lgamma Log Log1p LogMatrixDeterminant LogSoftmax MatMul
    MatrixBandPart MatrixDeterminant MatrixInverse MatrixSolve MatrixSquareRoot MaxPool MaxPool3D
    MirrorPad Neg NextAfter Pack Pad PlaceholderWithDefault Polygamma Print Qr RGBToHSV
    ReadVariableOp Real Reciprocal ReciprocalGrad Relu Relu6 ResizeBicubic ResizeBilinear
    ResizeNearestNeighbor ResourceGather ReverseSequence ReverseV2 Rint Roll Round Rsqrt RsqrtGrad
    ScatterNd SegmentMax SegmentMean SegmentMin SegmentSum Select Selu SeluGrad Sigmoid
    SigmoidGrad Sin Sinh Slice Softmax SoftmaxCrossEntropyWithLogits Softplus SoftplusGrad
    Softsign SpaceToBatchND SpaceToDepth SparseSegmentMean SparseSegmentMeanWithNumSegments
    SparseSegmentSqrtN SparseSegmentSqrtNWithNumSegments SparseTensorDenseAdd SparseToDense SplitV
    Split Sqrt SqrtGrad Square Squeeze Tan Tanh TanhGrad TensorArrayGatherV3 TensorArrayReadV3
    TensorScatterAdd TensorScatterSub TensorScatterUpdate Tile TopKV2 Transpose TruncateDiv Unpack
    Xdivy Xlogy Zeta GDNLowerBound
""".split())


class Then:
    """How many operations 1.15 made: type of an operation -> function of it and its gradients."""

    def __init__(self):
        # Of each graph, as it was: what had been computed once was not computed again.
        self._broadcast, self._reduced = weakref.WeakKeyDictionary(), weakref.WeakKeyDictionary()
        spread, fixed = self._spread, self._fixed
        self.known = {
            "Add": spread(0, 0), "AddV2": spread(0, 0), "Sub": spread(1, 1), "Mul": self._mul,
            "SquaredDifference": spread(5, 5),
            "Pow": lambda op, grad: 16 + self._args(op, grad),
            # Nothing was left out where shapes are equal, or known.
            "RealDiv": fixed(12), "Div": fixed(12), "DivNoNan": fixed(12), "FloorMod": fixed(10),
            "Complex": fixed(9), "Maximum": fixed(13), "Minimum": fixed(13),
            "BroadcastTo": fixed(4), "SelectV2": fixed(12), "Reshape": fixed(2),
            "StridedSlice": lambda op, grad: 2 + constants_of(op, 1),
            "ExtractImagePatches": fixed(97),
            "Conv3D": fixed(4), "SparseSoftmaxCrossEntropyWithLogits": fixed(4),
            "SparseSegmentSum": fixed(8),
            "BatchMatMulV2": self._matmul,
            "Sum": self._sum, "Mean": self._mean, "Max": self._largest, "Min": self._largest,
            "Prod": lambda op, grad: 49 + self._cast(op),
            "Sign": fixed(3),
            "ReluGrad": fixed(4), "Relu6Grad": fixed(4),
            "LeakyReluGrad": fixed(4), "MaxPoolGrad": fixed(7), "MaxPoolGradGrad": fixed(7),
        }

    @staticmethod
    def _fixed(operations):
        return lambda op, *gradients: operations

    def _spread(self, if_equal, otherwise):
        return lambda op, grad: if_equal if _equal(op, grad) else otherwise + self._args(op, grad)

    def _mul(self, op, grad):
        if _equal(op, grad) and grad.dtype.name in ("int32", "float32"):
            return 2
        return 2 + 2 * grad.dtype.is_complex + self._args(op, grad)

    def _args(self, op, grad):
        """Over which axes two operands were broadcast, and the sums over them."""
        x, y, gradient = (known_shape(tensor) for tensor in (*op.inputs, grad))
        if x is None or y is None:
            return 7
        return 3 * self._first(self._broadcast, op.graph, (x, y)) + SPREAD * (
            (x != gradient) + (y != gradient))

    @staticmethod
    def _first(caches, graph, key):
        cache = caches.setdefault(graph, set())
        if key in cache:
            return 0
        cache.add(key)
        return 1

    def _matmul(self, op, grad):
        x, y = map(known_shape, op.inputs)
        return 2 if x is not None and x == y else 17

    @staticmethod
    def _cast(op):
        return int(op.inputs[1].dtype.name == "int64")

    def _sum(self, op, grad):
        from tensorflow.python.framework import tensor_util
        shape, axes = _shape(op.inputs[0]), tensor_util.constant_value(op.inputs[1])
        if shape is not None and axes is not None:
            is_list, axes = axes.ndim == 1, tuple(axes.reshape(-1).tolist())
            if is_list and axes == tuple(range(len(shape))):
                return 4
            if None not in shape:
                return 4 + (REDUCED + 2 + DIVIDED + 2 + (not axes)) * self._first(
                    self._reduced, op.graph, (tuple(shape), axes))
        return 3 + REDUCED + DIVIDED + self._cast(op)

    def _mean(self, op, grad):
        known = None not in (known_shape(op.inputs[0]), known_shape(op.outputs[0]))
        return self._sum(op, grad) + (2 if known else 11)

    def _largest(self, op, grad):
        return 9 + REDUCED + self._cast(op)


def known_shape(tensor):
    """A shape that is known whole, or None."""
    shape = _shape(tensor)
    return None if shape is None or None in shape else tuple(shape)


def _equal(op, grad):
    shapes = [known_shape(tensor) for tensor in (*op.inputs, grad)]
    return shapes[0] is not None and shapes[0] == shapes[1] == shapes[2]
