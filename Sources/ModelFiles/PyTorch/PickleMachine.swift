/// Reads pickles and runs nothing: a fixed list of operations, and of functions that only build
/// records (`PickleRecords.swift`). Time and memory are bounded by the pickle's length and by
/// limits; nesting costs no stack of ours.
///
/// The operations are those of Python's pickletools for protocols 0 to 5, without the ones that
/// PyTorch never writes (extension codes, out-of-band buffers).
struct PickleMachine {
  let bytes: UnsafeRawBufferPointer
  var heap = PickleHeap()
  /// Where the next operation stands.
  private(set) var offset: Int
  /// Where the operation stands that runs.
  private(set) var place = 0
  private var stack: [PickleValue] = []
  /// The stack's height at each mark.
  private var marks: [Int] = []
  private var memo: [PickleValue?] = []
  var operations = 0
  /// Whether it reads a pickle in another's bytes.
  var isNested = false
  /// Values that one node took over from another.
  private var copies = 0

  static let operationLimit = 2_000_000
  static let stackLimit = 200_000
  static let nodeLimit = 400_000

  /// - Parameters:
  ///   - bytes: the pickle, and what may follow it.
  ///   - offset: where it begins.
  init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Runs one pickle up to its STOP, after which `offset` stands. The heap is kept from one to the
  /// next.
  mutating func run() throws(PickleProblem) -> PickleValue {
    stack = []
    marks = []
    memo = []
    while true {
      place = offset
      operations += 1
      guard operations <= Self.operationLimit else {
        throw .tooMuch("operations", limit: Self.operationLimit)
      }
      let code = try byte()
      if code == UInt8(ascii: ".") { return try pop() }
      try run(code)
      guard stack.count + marks.count <= Self.stackLimit else {
        throw .tooMuch("values on its stack", limit: Self.stackLimit)
      }
    }
  }

  private mutating func run(_ code: UInt8) throws(PickleProblem) {
    switch code {
    case 0x80:
      let version = Int(try byte())
      guard version <= 5 else { throw .protocolVersion(version) }
    case 0x95: _ = try number(8)  // FRAME, a hint for readers of streams
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): if stack.count > floor { _ = try pop() } else { _ = try popMark() }
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "2"): push(try top())
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "F"): push(try textNumber(code))
    case UInt8(ascii: "J"):
      push(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): push(.int(try number(1)))
    case UInt8(ascii: "M"): push(.int(try number(2)))
    case 0x8a: try pushLong(count: try number(1))
    case 0x8b: try pushLong(count: try number(4))
    case UInt8(ascii: "G"):
      push(.float(Double(bitPattern: UInt64(bitPattern: Int64(try number(8))).byteSwapped)))
    case UInt8(ascii: "X"): push(.string(try text(try number(4))))
    case 0x8c: push(.string(try text(try number(1))))
    case 0x8d: push(.string(try text(try number(8))))
    case UInt8(ascii: "T"): push(.string(try latinText(try number(4))))
    case UInt8(ascii: "U"): push(.string(try latinText(try number(1))))
    case UInt8(ascii: "V"): push(.string(try lineText()))
    case UInt8(ascii: "S"): push(.string(try quotedLine()))
    case UInt8(ascii: "B"): push(.bytes(try range(try number(4))))
    case UInt8(ascii: "C"): push(.bytes(try range(try number(1))))
    case 0x8e, 0x96: push(.bytes(try range(try number(8))))
    default: try runStructure(code)
    }
  }

  private mutating func runStructure(_ code: UInt8) throws(PickleProblem) {
    switch code {
    case UInt8(ascii: ")"): try make(.tuple, [])
    case 0x85...0x87:
      var items: [PickleValue] = []
      for _ in 0..<code - 0x84 { items.insert(try pop(), at: 0) }
      try make(.tuple, items)
    case UInt8(ascii: "t"): try make(.tuple, try popMark())
    case UInt8(ascii: "]"): try make(.list, [])
    case UInt8(ascii: "l"): try make(.list, try popMark())
    case 0x8f: try make(.set, [])
    case 0x91: try make(.set, try popMark())
    case UInt8(ascii: "}"): try make(.dictionary, [])
    case UInt8(ascii: "d"):
      let items = try popMark()
      try make(.dictionary, [])
      try setItems(items)
    case UInt8(ascii: "a"):
      let item = try pop()
      try append([item])
    case UInt8(ascii: "e"), 0x90: try append(try popMark())
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try setItems([key, value])
    case UInt8(ascii: "u"): try setItems(try popMark())
    case UInt8(ascii: "c"):
      let module = try lineText()
      push(try global(module, try lineText()))
    case 0x93:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw .expected("a module's and a class's name", at: place)
      }
      push(try global(module, name))
    case UInt8(ascii: "R"):
      let arguments = try tuple("a function's arguments in a tuple")
      let function = try pop()
      push(try reduce(function, arguments))
    case 0x81:
      let arguments = try tuple("a class's arguments in a tuple")
      let type = try pop()
      push(try instance(type, arguments))
    case 0x92:
      _ = try pop()  // the keyword arguments
      let arguments = try tuple("a class's arguments in a tuple")
      let type = try pop()
      push(try instance(type, arguments))
    case UInt8(ascii: "i"):
      let module = try lineText()
      let type = try global(module, try lineText())
      push(try instance(type, try popMark()))
    case UInt8(ascii: "o"):
      var items = try popMark()
      guard !items.isEmpty else { throw .stackEmpty(at: place) }
      let type = items.removeFirst()
      push(try instance(type, items))
    case UInt8(ascii: "b"):
      let state = try pop()
      try build(state)
    case UInt8(ascii: "Q"): push(try persistent(try pop()))
    default: try runMemo(code)
    }
  }

  private mutating func runMemo(_ code: UInt8) throws(PickleProblem) {
    switch code {
    case UInt8(ascii: "p"): try remember(try lineNumber())
    case UInt8(ascii: "q"): try remember(try number(1))
    case UInt8(ascii: "r"): try remember(try number(4))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "g"): push(try recall(try lineNumber()))
    case UInt8(ascii: "h"): push(try recall(try number(1)))
    case UInt8(ascii: "j"): push(try recall(try number(4)))
    default: throw .unknownOpcode(code, at: place)
    }
  }
}

// MARK: - Stack, memo and heap

extension PickleMachine {
  private var floor: Int { marks.last ?? 0 }

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private func top() throws(PickleProblem) -> PickleValue {
    guard stack.count > floor, let value = stack.last else { throw .stackEmpty(at: place) }
    return value
  }

  private mutating func pop() throws(PickleProblem) -> PickleValue {
    guard stack.count > floor, let value = stack.popLast() else { throw .stackEmpty(at: place) }
    return value
  }

  private mutating func popMark() throws(PickleProblem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw .stackEmpty(at: place) }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private mutating func tuple(_ what: String) throws(PickleProblem) -> [PickleValue] {
    guard let node = heap.node(try pop()), node.kind == .tuple else {
      throw .expected(what, at: place)
    }
    return node.items
  }

  /// PyTorch numbers the memo without gaps; one that runs ahead of the operations is hostile.
  private mutating func remember(_ index: Int) throws(PickleProblem) {
    let value = try top()
    guard index <= operations + 4096 else { throw .badMemo(index: index, at: place) }
    while memo.count <= index { memo.append(nil) }
    memo[index] = value
  }

  private func recall(_ index: Int) throws(PickleProblem) -> PickleValue {
    guard memo.indices.contains(index), let value = memo[index] else {
      throw .badMemo(index: index, at: place)
    }
    return value
  }

  private mutating func make(
    _ kind: PickleNode.Kind, _ items: [PickleValue]
  ) throws(PickleProblem) {
    push(try add(PickleNode(kind: kind, items: items)))
  }

  /// Puts a node into the heap.
  mutating func add(_ node: PickleNode) throws(PickleProblem) -> PickleValue {
    guard heap.nodes.count < Self.nodeLimit else {
      throw .tooMuch("objects", limit: Self.nodeLimit)
    }
    heap.nodes.append(node)
    return .node(heap.nodes.count - 1)
  }

  /// To be called before a node takes over another's items: a thousand sets of one long list would
  /// grow far beyond the pickle.
  mutating func charge(_ count: Int) throws(PickleProblem) {
    copies += count
    guard copies <= Self.operationLimit else {
      throw .tooMuch("copied values", limit: Self.operationLimit)
    }
  }

  private mutating func append(_ items: [PickleValue]) throws(PickleProblem) {
    guard case .node(let target) = try top(),
      [.list, .set, .record].contains(heap.nodes[target].kind)
    else { throw .expected("a list or set to append to", at: place) }
    heap.nodes[target].items += items
  }

  private mutating func setItems(_ items: [PickleValue]) throws(PickleProblem) {
    guard case .node(let target) = try top(),
      [.dictionary, .record].contains(heap.nodes[target].kind)
    else { throw .expected("a dictionary to put items into", at: place) }
    guard items.count % 2 == 0 else { throw .expected("as many values as keys", at: place) }
    for index in stride(from: 0, to: items.count, by: 2) {
      heap.nodes[target].pairs.append((items[index], items[index + 1]))
    }
  }

  private mutating func build(_ state: PickleValue) throws(PickleProblem) {
    switch try top() {
    case .node(let target):
      // A dictionary carries `_metadata` beside its items, where it is a state_dict.
      if [.record, .dictionary].contains(heap.nodes[target].kind) {
        heap.nodes[target].state = state
      }
    case .tensor: break
    case .none, .bool, .int, .float, .string, .bytes, .global, .storage:
      throw .expected("an object to give attributes to", at: place)
    }
  }
}

// MARK: - Bytes

extension PickleMachine {
  private mutating func byte() throws(PickleProblem) -> UInt8 {
    guard offset < bytes.count else { throw .truncated(at: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A little-endian number; of 8 bytes it may come out negative.
  private mutating func number(_ count: Int) throws(PickleProblem) -> Int {
    let range = try range(count)
    return Int(
      truncatingIfNeeded: bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The next `count` bytes, stepped over.
  private mutating func range(_ count: Int) throws(PickleProblem) -> Range<Int> {
    guard count >= 0, count <= bytes.count - offset else { throw .truncated(at: place) }
    defer { offset += count }
    return offset..<offset + count
  }

  private mutating func pushLong(count: Int) throws(PickleProblem) {
    let range = try range(count)
    guard count <= 8 else { return push(.bytes(range)) }
    var value = bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if count > 0, count < 8, bytes[range.upperBound - 1] & 0x80 != 0 {
      value |= ~UInt64(0) << UInt64(8 * count)
    }
    push(.int(Int(truncatingIfNeeded: value)))
  }

  /// UTF-8, where Python's lone surrogates, which no symbol needs, become U+FFFD.
  private mutating func text(_ count: Int) throws(PickleProblem) -> String {
    String(decoding: bytes[try range(count)], as: UTF8.self)
  }

  /// Python 2's strings, whose bytes are the first 256 characters.
  private mutating func latinText(_ count: Int) throws(PickleProblem) -> String {
    let scalars = bytes[try range(count)].map { Unicode.Scalar($0) }
    return String(String.UnicodeScalarView(scalars))
  }

  private mutating func lineText() throws(PickleProblem) -> String {
    guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw .truncated(at: place)
    }
    defer { offset = end + 1 }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  /// A string of protocol 0, in quotes; with escapes, which names do not need, it is refused.
  private mutating func quotedLine() throws(PickleProblem) -> String {
    let line = try lineText()
    guard line.utf8.count >= 2, let quote = line.first, quote == "'" || quote == "\"",
      line.last == quote, !line.contains("\\")
    else { throw .expected("a string in quotes, without escapes", at: place) }
    return String(line.dropFirst().dropLast())
  }

  private mutating func lineNumber() throws(PickleProblem) -> Int {
    guard let number = Int(try lineText()), number >= 0 else {
      throw .expected("a number of a kept value", at: place)
    }
    return number
  }

  private mutating func textNumber(_ code: UInt8) throws(PickleProblem) -> PickleValue {
    var line = try lineText()
    if code == UInt8(ascii: "F") {
      guard let number = Double(line) else { throw .expected("a number", at: place) }
      return .float(number)
    }
    if code == UInt8(ascii: "I"), line == "00" || line == "01" { return .bool(line == "01") }
    if line.hasSuffix("L") { line.removeLast() }
    guard let number = Int(line) else { throw .expected("a whole number of 64 bits", at: place) }
    return .int(number)
  }
}
