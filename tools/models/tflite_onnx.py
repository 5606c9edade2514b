"""A small TFLite to ONNX converter for float networks made of convolutions, PReLU, pooling, padding and additions.

Activations go from NHWC to NCHW; float16 weights stay float16 in the file behind a Cast (constant-folded at load).
Anything outside the operators listed in `OPERATORS` is an error, never a guess.
"""
import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

NP_TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16, tflite.TensorType.INT32: np.int32}
OP_NAMES = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}


def same_pads(sizes, kernel, strides):
    """TensorFlow's SAME padding as ONNX pads [top, left, bottom, right]."""
    total = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(sizes, kernel, strides)]
    return [t // 2 for t in total] + [t - t // 2 for t in total]


class Converter:
    def __init__(self, data: bytes, input_name: str, outputs: dict):
        """`outputs`: index of the source output -> (name, columns); each is flattened to [N, columns]."""
        model = tflite.Model.GetRootAsModel(data, 0)
        self.model, self.graph = model, model.Subgraphs(0)
        self.input_name, self.outputs = input_name, outputs
        self.names, self.constants, self.nodes, self.weights = {}, {}, [], []

    # -- reading the source -------------------------------------------------------------------------------------
    def shape(self, index):
        return [int(v) for v in self.graph.Tensors(index).ShapeAsNumpy()]

    def constant(self, index):
        """The array behind a tensor (through DEQUANTIZE), or None for an activation."""
        if index in self.constants:
            return self.constants[index]
        tensor = self.graph.Tensors(index)
        raw = self.model.Buffers(tensor.Buffer()).DataAsNumpy()
        if isinstance(raw, int) or len(raw) == 0:
            return None
        return np.frombuffer(raw.tobytes(), NP_TYPES[tensor.Type()]).reshape(self.shape(index))

    @staticmethod
    def options(operator, kind):
        table, result = operator.BuiltinOptions(), kind()
        result.Init(table.Bytes, table.Pos)
        return result

    # -- writing the target -------------------------------------------------------------------------------------
    def weight(self, name, value):
        if value.dtype == np.float16:
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), f"{name}_half"))
            self.nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], f"{name}_cast", to=TensorProto.FLOAT))
        else:
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def emit(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def activate(self, name, index, code):
        if code == tflite.ActivationFunctionType.NONE:
            self.names[index] = name
        elif code == tflite.ActivationFunctionType.RELU:
            self.names[index] = self.emit("Relu", [name], f"{name}_relu")
        else:
            raise NotImplementedError(f"activation {code}")

    # -- operators ----------------------------------------------------------------------------------------------
    def dequantize(self, op):
        self.constants[op.Outputs(0)] = self.constant(op.Inputs(0))

    def convolution(self, op, depthwise):
        o = self.options(op, tflite.DepthwiseConv2DOptions if depthwise else tflite.Conv2DOptions)
        source, out = op.Inputs(0), op.Outputs(0)
        if depthwise and o.DepthMultiplier() != 1:
            raise NotImplementedError(f"depth multiplier {o.DepthMultiplier()}")
        # conv OHWI -> OIHW; depthwise 1HWC -> C1HW
        w = self.constant(op.Inputs(1)).transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        kernel, strides = list(w.shape[2:]), [o.StrideH(), o.StrideW()]
        pads = [0, 0, 0, 0] if o.Padding() == tflite.Padding.VALID else same_pads(self.shape(source)[1:3], kernel, strides)
        name = f"t{out}"
        inputs = [self.names[source], self.weight(f"{name}_w", w)]
        if op.InputsLength() > 2 and op.Inputs(2) >= 0:
            inputs.append(self.weight(f"{name}_b", self.constant(op.Inputs(2))))
        self.emit("Conv", inputs, name, kernel_shape=kernel, strides=strides, pads=pads, group=w.shape[0] if depthwise else 1)
        self.activate(name, out, o.FusedActivationFunction())

    def prelu(self, op):
        slope = self.constant(op.Inputs(1)).reshape(-1, 1, 1)
        name = f"t{op.Outputs(0)}"
        self.names[op.Outputs(0)] = self.emit("PRelu", [self.names[op.Inputs(0)], self.weight(f"{name}_a", slope)], name)

    def add(self, op):
        name = self.emit("Add", [self.names[op.Inputs(0)], self.names[op.Inputs(1)]], f"t{op.Outputs(0)}")
        self.activate(name, op.Outputs(0), self.options(op, tflite.AddOptions).FusedActivationFunction())

    def max_pool(self, op):
        o = self.options(op, tflite.Pool2DOptions)
        kernel, strides = [o.FilterHeight(), o.FilterWidth()], [o.StrideH(), o.StrideW()]
        sizes = self.shape(op.Inputs(0))[1:3]
        pads = [0, 0, 0, 0] if o.Padding() == tflite.Padding.VALID else same_pads(sizes, kernel, strides)
        name = f"t{op.Outputs(0)}"
        self.emit("MaxPool", [self.names[op.Inputs(0)]], name, kernel_shape=kernel, strides=strides, pads=pads)
        self.activate(name, op.Outputs(0), o.FusedActivationFunction())

    def pad(self, op):
        amounts = self.constant(op.Inputs(1))[[0, 3, 1, 2]]  # NHWC rows -> NCHW
        name = f"t{op.Outputs(0)}"
        pads = self.weight(f"{name}_pads", amounts.T.reshape(-1).astype(np.int64))
        self.names[op.Outputs(0)] = self.emit("Pad", [self.names[op.Inputs(0)], pads], name)

    def logistic(self, op):
        self.names[op.Outputs(0)] = self.emit("Sigmoid", [self.names[op.Inputs(0)]], f"t{op.Outputs(0)}")

    def reshape(self, op):
        """Only [N,1,1,C] <-> [N,C]-like reshapes, where NHWC and NCHW agree; outputs are flattened at the end."""
        if any(n != 1 for n in self.shape(op.Inputs(0))[1:-1]):
            raise NotImplementedError(f"reshape of {self.shape(op.Inputs(0))}")
        self.names[op.Outputs(0)] = self.names[op.Inputs(0)]

    OPERATORS = {
        "DEQUANTIZE": dequantize, "PRELU": prelu, "ADD": add, "MAX_POOL_2D": max_pool, "PAD": pad,
        "LOGISTIC": logistic, "RESHAPE": reshape,
        "CONV_2D": lambda self, op: self.convolution(op, False),
        "DEPTHWISE_CONV_2D": lambda self, op: self.convolution(op, True),
    }

    def convert(self) -> onnx.ModelProto:
        source = self.graph.Inputs(0)
        _, height, width, channels = self.shape(source)
        self.names[source] = self.input_name
        for i in range(self.graph.OperatorsLength()):
            op = self.graph.Operators(i)
            name = OP_NAMES[self.model.OperatorCodes(op.OpcodeIndex()).BuiltinCode()]
            if name not in self.OPERATORS:
                raise NotImplementedError(f"operator {name}")
            self.OPERATORS[name](self, op)
        results = []
        for index, (name, columns) in self.outputs.items():
            tensor = self.graph.Outputs(index)
            if np.prod(self.shape(tensor)) != columns:
                raise ValueError(f"output {index} has shape {self.shape(tensor)}, expected {columns} values")
            shape = self.weight(f"{name}_shape", np.array([-1, columns], np.int64))
            self.emit("Reshape", [self.names[tensor], shape], name)
            results.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", columns]))
        graph = helper.make_graph(
            self.nodes, "network",
            [helper.make_tensor_value_info(self.input_name, TensorProto.FLOAT, ["batch", channels, height, width])],
            results, self.weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="open-the-eyes")
        onnx.checker.check_model(model)
        return model
