extension ONNXProblem {
  /// One line, without the file's path.
  var words: String {
    switch self {
    case .fieldBeyondEnd(let offset, let field, let claimed, let available):
      "byte \(offset): \(field) claims \(claimed) bytes, but only \(available) follow; "
        + "truncated, or not ONNX"
    case .badField(let offset, let message):
      "byte \(offset): expected a field of \(message); damaged, or not ONNX"
    case .tooDeep(let offset, let limit):
      "byte \(offset): graphs stand in each other deeper than \(limit) levels"
    case .tooManyParts(let limit):
      "has more than \(limit) nodes, tensors and attributes"
    case .undecodable(let words):
      "is not ONNX: \(words)"
    case .noGraph:
      "has no graph in it; damaged, or not ONNX"
    case .functionsTooDeep(let name, let limit):
      "function \(quoted(name)): functions call each other more than \(limit) deep"
    case .tensor(let name, let fault):
      "tensor \(quoted(name)): \(fault.words)"
    case .node(let name, let fault):
      "node \(quoted(name)): \(fault.words)"
    case .noRecurrentNode(let operators):
      "no LSTM, GRU, RNN or DynamicQuantizeLSTM node in it"
        + (operators.isEmpty
          ? "" : "; its nodes are of " + operators.map { printable($0) }.joined(separator: ", "))
    }
  }
}

extension ONNXProblem.TensorFault {
  fileprivate var words: String {
    switch self {
    case .tooManyDimensions(let count, let limit):
      "has \(count) dimensions, more than \(limit)"
    case .negativeDimension(let size):
      "a dimension of \(size) is impossible"
    case .sizeOverflow(let shape):
      "a shape of \(shapeWords(shape)) is more than memory can hold"
    case .unreadableType(let type):
      "is of type \(type); constants are read from floats, whole numbers and booleans"
    case .wrongByteCount(let shape, let type, let expected, let found):
      "\(shapeWords(shape)) of \(type) takes \(expected) bytes, but it has \(found)"
    case .externalWithoutFile:
      "its data is in another file, but its 'location' is missing"
    case .externalOutside(let location):
      "its data is in \(quoted(location)); only files beside or below the model are read"
    case .externalFromMemory(let location):
      "its data is in \(quoted(location)), but the model was not read from a file"
    case .externalUnreadable(let words):
      "its data is in another file: \(printable(words))"
    case .badExternalNumber(let key, let text):
      "its \(key) is \(quoted(text)); expected a whole number from 0 to \(Int.max)"
    case .externalBeyondEnd(let file, let offset, let length, let available):
      "its data is \(length) bytes from byte \(offset) on in \(quoted(file)), "
        + "which has \(available)"
    }
  }
}

extension ONNXProblem.NodeFault {
  fileprivate var words: String {
    switch self {
    case .missingInput(let input):
      "\(input) is missing"
    case .notConstant(let input, let origin):
      "\(input) is not constant: it comes from \(printable(origin))"
    case .cycle(let input):
      "\(input) depends on itself: the graph has a cycle"
    case .chainTooLong(let input, let limit):
      "\(input) comes through more than \(limit) nodes"
    case .overBudget(let input, let bytes):
      "\(input) would take another \(bytes) bytes to compute, more than the file justifies"
    case .unfoldable(let input, let by, let reason):
      "\(input) comes from \(printable(by)), which cannot be computed: \(printable(reason))"
    case .directionsDiffer(let first, let firstShape, let second, let secondShape):
      "\(first) is \(firstShape.count)-D \(shapeWords(firstShape)) but \(second) is "
        + "\(shapeWords(secondShape)): directions differ"
    case .wrongShape(let input, let expected, let found):
      "\(input): expected \(shapeWords(expected)), found \(shapeWords(found))"
    case .notNumbers(let input, let type):
      "\(input) is of type \(type), which holds no such numbers"
    case .badAttribute(let name, let expected, let found):
      "attribute \(quoted(name)): expected \(expected), found \(printable(found))"
    case .unknownActivation(let name):
      "activation \(quoted(name)) is not one of ONNX's"
    case .unsupported(let words), .network(let words):
      words
    }
  }
}

/// "(2, 512, 64)"; nil stands for any number. Only the first dimensions of a hostile shape.
private func shapeWords(_ shape: [Int?]) -> String {
  let shown = shape.prefix(8).map { $0.map(String.init) ?? "any" }
  return "(" + (shown + (shape.count > 8 ? ["…"] : [])).joined(separator: ", ") + ")"
}
