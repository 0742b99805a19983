import ModelFiles
import Testing

private let run = "builds no part of a model; nothing was run. Save a state_dict of tensors instead"

/// A body of data.pkl, and what it must give. Offsets count the two bytes of PROTO.
private func pickle(_ name: String, _ body: [UInt8], _ words: String) -> Corruption {
  .init(name, torchArchive(body), words)
}

private func pickle(_ name: String, _ body: String, _ words: String) -> Corruption {
  pickle(name, latin(body), "data.pkl, " + words)
}

private let nothing =
  "holds no tensors; save a state_dict, a module or a checkpoint with one"

private func bytes(_ text: String, times count: Int) -> [UInt8] {
  [UInt8]([[UInt8]](repeating: latin(text), count: count).joined())
}

private let hostile: [Corruption] = [
  pickle(
    "os.system", "cos\nsystem\n(X\u{2}\0\0\0lstR", "byte 2: wants to run 'os.system', which \(run)"),
  pickle(
    "posix.system", "cposix\nsystem\n(X\u{2}\0\0\0lstR",
    "byte 2: wants to run 'posix.system', which \(run)"),
  pickle(
    "builtins.eval", "cbuiltins\neval\n(X\u{1}\0\0\0" + "1tR",
    "byte 2: wants to run 'builtins.eval', which \(run)"),
  pickle(
    "a name by STACK_GLOBAL", "\u{8c}\u{2}os\u{8c}\u{5}popen\u{93})R",
    "byte 13: wants to run 'os.popen', which \(run)"),
  pickle(
    "Python 2's INST", "(X\u{2}\0\0\0lsios\nsystem\n",
    "byte 10: wants to run 'os.system', which \(run)"),
  pickle(
    "Python 2's OBJ", "(cos\nsystem\nX\u{2}\0\0\0lso",
    "byte 3: wants to run 'os.system', which \(run)"),
  pickle(
    "a function nobody knows", "cmy.code\nbuild\n)R",
    "byte 18: wants to run 'my.code.build', which \(run)"),
  pickle(
    "getattr", "cbuiltins\ngetattr\n)R", "byte 2: wants to run 'builtins.getattr', which \(run)"),
  pickle(
    "a function of torch's that is none of ours", "ctorch.hub\nload\n)R",
    "byte 19: wants to run 'torch.hub.load', which \(run)"),
  pickle(
    "a rebuild inside a rebuild", "ctorch._tensor\n_rebuild_from_type_v2\nq\0(h\0N)NtR",
    "byte 48: expected how to rebuild a tensor"),
  pickle(
    "a name that commands the terminal", "c\u{1b}[2J\nx\n)R",
    "byte 11: wants to run '\\u{1b}[2J.x', which \(run)"),
  pickle(
    "an extension code", "\u{82}\u{1}", "byte 2: 0x82 is no pickle operation that PyTorch writes"),
  pickle(
    "an out-of-band buffer", "\u{97}", "byte 2: 0x97 is no pickle operation that PyTorch writes"),
]

private let broken: [Corruption] = [
  .init(
    "an empty pickle", Archive([.init("a/data.pkl", [])]).bytes,
    "data.pkl, byte 0: ends in the middle; truncated?"),
  .init(
    "protocol 6", Archive([.init("data.pkl", [0x80, 6])]).bytes,
    "data.pkl, is of pickle protocol 6; 0 to 5 are read"),
  .init(
    "no STOP", Archive([.init("data.pkl", latin("\u{80}\u{2}}"))]).bytes,
    "data.pkl, byte 3: ends in the middle; truncated?"),
  pickle(
    "a text that claims 4 GB", "X\u{ff}\u{ff}\u{ff}\u{ff}ab",
    "byte 2: ends in the middle; truncated?"),
  pickle(
    "a text that claims 2^63", "\u{8d}\0\0\0\0\0\0\0\u{80}ab",
    "byte 2: ends in the middle; truncated?"),
  pickle(
    "a number of 4 GB", "\u{8b}\u{ff}\u{ff}\u{ff}\u{ff}", "byte 2: ends in the middle; truncated?"),
  pickle("a name without an end", "cos", "byte 2: ends in the middle; truncated?"),
  pickle("nothing on the stack", "0", "byte 2: needs a value that is not there"),
  pickle("a tuple of nothing", "\u{87}", "byte 2: needs a value that is not there"),
  pickle("no mark", "Nt", "byte 3: needs a value that is not there"),
  pickle("below the mark", "N(a", "byte 4: needs a value that is not there"),
  pickle(
    "memo out of reach", "Nr\u{ff}\u{ff}\u{ff}\u{7f}",
    "byte 3: refers to value 2147483647, which was never kept"),
  pickle("memo never set", "h\u{5}", "byte 2: refers to value 5, which was never kept"),
  pickle("append to a number", "K\u{1}Na", "byte 5: expected a list or set to append to"),
  pickle("items of a list", "](NNu", "byte 6: expected a dictionary to put items into"),
  pickle("a key without a value", "}(Nu", "byte 5: expected as many values as keys"),
  pickle("REDUCE of a number", "K\u{1})R", "byte 5: expected the name of a function"),
  pickle(
    "REDUCE without a tuple", "cx\ny\nNR", "byte 8: expected a function's arguments in a tuple"),
  pickle("NEWOBJ of a number", "K\u{1})\u{81}", "byte 5: expected the name of a class"),
  pickle("BUILD of a number", "K\u{1}}b", "byte 5: expected an object to give attributes to"),
  pickle("a persistent number", "K\u{1}Q", "byte 4: expected a persistent id of PyTorch's"),
  pickle(
    "a storage of objects", Pickle.storage(4, type: "torch\nObjectStorage"),
    "data.pkl, byte 56: expected a storage of numbers, found 'torch.ObjectStorage'"),
  pickle(
    "a storage of fewer than none", Pickle.storage(-4),
    "data.pkl, byte 55: expected a persistent id of PyTorch's"),
  pickle(
    "a tensor of nothing", "ctorch._utils\n_rebuild_tensor_v2\n)R",
    "byte 36: expected a tensor's storage, offset, shape and strides"),
  pickle(
    "a tensor of texts",
    latin("ctorch._utils\n_rebuild_tensor_v2\n(")
      + Pickle.storage(4) + Pickle.number(0) + Pickle.tuple([Pickle.text("8")]) + latin("NtR"),
    "data.pkl, byte 105: expected a tensor's storage, offset, shape and strides"),
]

/// Thirty levels that each hold the level below twice: a billion ways, thirty dictionaries.
private let laughs: [UInt8] = {
  var body = latin("}q\0")
  for level in UInt8(1)..<31 {
    body += latin("0}(X\u{1}\0\0\0ah") + [level - 1]
    body += latin("X\u{1}\0\0\0bh") + [level - 1] + latin("uq") + [level]
  }
  return body
}()

/// A hundred sets of one list of a hundred thousand.
private let sets: [UInt8] = {
  var body = latin("](") + bytes("N", times: 100_000) + latin("eq\0")
  body += bytes("0cbuiltins\nset\n(h\0tR", times: 100)
  return body
}()

/// A long key before very many tensors.
private let names: [UInt8] = {
  var body = Pickle.tensor([1], storage: Pickle.storage(1)) + latin("q\u{1}0}(")
  body += Pickle.text(String(repeating: "k", count: 10_000)) + latin("}(")
  for number in 0..<10_000 { body += Pickle.number(number) + latin("h\u{1}") }
  return body + latin("uu")
}()

/// The same tensor of 64 dimensions, again and again.
private let tensors: [UInt8] = {
  var body = latin("ctorch._utils\n_rebuild_tensor_v2\nq\u{1}(") + Pickle.storage(1)
  body += Pickle.number(0) + Pickle.whole([Int](repeating: 1, count: 64))
  body += Pickle.whole([Int](repeating: 1, count: 64)) + latin("tq\u{2}R")
  return body + bytes("0h\u{1}h\u{2}R", times: 50_000)
}()

private let bombs: [Corruption] = [
  pickle(
    "tensors of 64 dimensions", tensors,
    "data.pkl, has more than 2000000 copied values; no model needs that"),
  pickle("a dictionary in itself", latin("}q\0X\u{1}\0\0\0ah\0s"), nothing),
  pickle("a list in itself", latin("]q\0h\0a"), nothing),
  pickle("lists 150000 deep", bytes("]", times: 150_000) + bytes("a", times: 149_999), nothing),
  pickle(
    "a million lists", bytes("]0", times: 1_000_000),
    "data.pkl, has more than 400000 objects; no model needs that"),
  pickle(
    "a million values", bytes("N", times: 1_000_000),
    "data.pkl, has more than 200000 values on its stack; no model needs that"),
  pickle(
    "three million operations", bytes("N0", times: 1_500_000),
    "data.pkl, has more than 2000000 operations; no model needs that"),
  pickle(
    "sets of one long list", sets,
    "data.pkl, has more than 2000000 copied values; no model needs that"),
  pickle("a billion laughs", laughs, nothing),
  pickle(
    "names that multiply", names,
    "its objects refer to each other more than 32000000 times; no model needs that"),
]

@Suite struct PickleCorruptionTests {
  @Test(arguments: hostile + broken + bombs)
  func refuses(_ corruption: Corruption) {
    #expect(
      message { _ = try ModelReader.read(bytes: corruption.bytes, path: "m") }
        == "m: " + corruption.message)
  }
}
