import Foundation
import ModelFiles
import Testing

/// A state_dict of one good matrix and one that is the case's.
private func state(_ name: String, _ tensor: [UInt8], _ words: String) -> Corruption {
  .init(name, torchArchive(Pickle.dictionary(["w": tensor])), "tensor 'w': " + words)
}

private func view(
  _ shape: [Int], _ strides: [Int], offset: Int = 0
) -> [UInt8] {
  Pickle.tensor(shape, strides, offset: offset, storage: Pickle.storage(32))
}

private func leaves(_ shape: String, _ strides: String, _ offset: Int) -> String {
  "shape \(shape) with strides \(strides) from \(offset) leaves its storage of 32 elements"
}

private let views: [Corruption] = [
  state("one row too many", view([9, 4], [4, 1]), leaves("(9, 4)", "(4, 1)", 0)),
  state("an offset too far", view([8, 4], [4, 1], offset: 1), leaves("(8, 4)", "(4, 1)", 1)),
  state("an offset below 0", view([2], [1], offset: -1), leaves("(2)", "(1)", -1)),
  state("strides too wide", view([2, 2], [31, 2]), leaves("(2, 2)", "(31, 2)", 0)),
  state("a stride below 0", view([2], [-1], offset: 4), leaves("(2)", "(-1)", 4)),
  state("a size below 0", view([-2], [1]), leaves("(-2)", "(1)", 0)),
  state("fewer strides than sizes", view([2, 2], [1]), leaves("(2, 2)", "(1)", 0)),
  state(
    "a product of 2^64", view([1 << 32, 1 << 32], [0, 0]),
    leaves("(4294967296, 4294967296)", "(0, 0)", 0)),
  state(
    "a reach of 2^64", view([1 << 32], [1 << 33]), leaves("(4294967296)", "(8589934592)", 0)),
  state(
    "a storage that is not there", Pickle.tensor([1], storage: Pickle.storage(1, key: "1")),
    "its storage '1' is not in the file"),
  state(
    "a key that climbs", Pickle.tensor([1], storage: Pickle.storage(1, key: "../data.pkl")),
    "its storage '../data.pkl' is not in the file"),
  state(
    "a storage cut short", Pickle.tensor([33], storage: Pickle.storage(33)),
    "its storage '0' should hold 132 bytes, but holds 128; truncated?"),
  state(
    "a storage of 2^62 doubles",
    Pickle.tensor([1], storage: Pickle.storage(1 << 62, type: "torch\nDoubleStorage")),
    "its storage '0' should hold \(Int.max) bytes, but holds 128; truncated?"),
]

private let models: [Corruption] = [
  .init(
    "a matrix of one number, 10^10 times",
    torchArchive(
      Pickle.dictionary([
        "weight_ih_l0": view([400_000, 100_000], [0, 0]),
        "weight_hh_l0": view([400_000, 100_000], [0, 0]),
      ])),
    "tensor 'weight_ih_l0': brings the numbers to more than 4000064, far more than the file holds"),
  .init(
    "a complex matrix",
    torchArchive(
      Pickle.dictionary([
        "weight_ih_l0": Pickle.tensor(
          [4, 1], storage: Pickle.storage(4, type: "torch\nComplexDoubleStorage")),
        "weight_hh_l0": view([4, 1], [1, 1]),
      ])),
    "tensor 'weight_ih_l0': is of dtype complex128; weights are read from float64, float32, "
      + "float16, bfloat16, float8 and whole numbers"),
  .init(
    "no recurrent layer", torchArchive(Pickle.dictionary(["w": view([2], [1])])),
    "no recurrent layer in it: no tensor is named like PyTorch's 'lstm.weight_ih_l0'"),
  .init(
    "a number alone", torchArchive(latin("K\u{1}")),
    "holds no tensors; save a state_dict, a module or a checkpoint with one"),
  .init(
    "a byte order nobody has",
    torchArchive(Pickle.dictionary(["w": view([2], [1])])).replacing("little", "middle"),
    "byteorder: expected 'little' or 'big', found 'middle'"),
]

extension [UInt8] {
  /// Every place of one text changed to another as long.
  fileprivate func replacing(_ old: String, _ new: String) -> [UInt8] {
    var result = self
    let (old, new) = (latin(old), latin(new))
    for place in 0...(count - old.count) where self[place..<place + old.count].elementsEqual(old) {
      result.replaceSubrange(place..<place + old.count, with: new)
    }
    return result
  }
}

/// A list of these texts.
private func keys(_ keys: String...) -> [UInt8] {
  latin("](") + keys.flatMap(Pickle.text) + latin("e")
}

private enum Legacy {
  static let magic = latin("\u{80}\u{2}\u{8a}\u{a}l\u{fc}\u{9c}F\u{f9} j\u{a8}P\u{19}.")
  static let version = Pickle.whole(latin("M\u{e9}\u{3}"))
  static let system = Pickle.whole(latin("}"))

  static func file(
    magic: [UInt8] = magic, version: [UInt8] = version, object: [UInt8]? = nil,
    keys list: [UInt8] = keys("0"), count: Int = 2, data: Int = 8
  ) -> [UInt8] {
    let tensor = Pickle.tensor([2], storage: Pickle.storage(2))
    return magic + version + system
      + Pickle.whole(object ?? Pickle.dictionary(["w": tensor])) + Pickle.whole(list)
      + little(count, 8) + [UInt8](repeating: 0, count: data)
  }

  static let whole = file()
  /// Where each of the five pickles begins, and the storages.
  static let starts: [Int] = {
    var starts = [0]
    for part in [
      magic, version, system,
      Pickle.whole(Pickle.dictionary(["w": Pickle.tensor([2], storage: Pickle.storage(2))])),
      Pickle.whole(keys("0")),
    ] { starts.append(starts[starts.count - 1] + part.count) }
    return starts
  }()

  static func cut(_ part: Int, _ what: String) -> Corruption {
    .init(
      "cut before \(what)", Array(whole[..<starts[part]]),
      "legacy PyTorch file: \(what) should stand at byte \(starts[part]); truncated?")
  }
}

private let legacy: [Corruption] = [
  Legacy.cut(1, "the protocol version"), Legacy.cut(2, "the facts of the machine"),
  Legacy.cut(3, "the object"), Legacy.cut(4, "the storages' keys"),
  Legacy.cut(5, "the count of storage '0'"),
  .init(
    "cut in the object", Array(Legacy.whole[..<(Legacy.starts[4] - 1)]),
    "the object, byte \(Legacy.starts[4] - 1): ends in the middle; truncated?"),
  .init(
    "cut in the data", Array(Legacy.whole.dropLast()),
    "storage '0': claims 2 elements, but only 7 bytes follow; truncated?"),
  .init(
    "a count of 2^62", Legacy.file(count: 1 << 62),
    "storage '0': claims 4611686018427387904 elements, but only 8 bytes follow; truncated?"),
  .init(
    "a count below 0", Legacy.file(count: -1),
    "storage '0': claims -1 elements, but only 8 bytes follow; truncated?"),
  .init(
    "a count that is too small", Legacy.file(count: 1),
    "tensor 'w': its storage '0' should hold 8 bytes, but holds 4; truncated?"),
  .init(
    "another's pickle", Pickle.whole(latin("}")),
    "is a Python pickle without tensors or arrays of NumPy's that can be read; save a state_dict with "
      + "torch.save"),
  .init(
    "another version", Legacy.file(version: Pickle.whole(latin("M\u{ea}\u{3}"))),
    "legacy PyTorch file: its protocol version is not 1001"),
  .init(
    "keys that are a number", Legacy.file(keys: latin("K\u{1}")),
    "legacy PyTorch file: its fifth pickle is no list of storages' keys"),
  .init(
    "a key that nobody named", Legacy.file(keys: keys("1")),
    "legacy PyTorch file: its fifth pickle is no list of storages' keys"),
  .init(
    "a key twice", Legacy.file(keys: keys("0", "0")),
    "legacy PyTorch file: its fifth pickle is no list of storages' keys"),
  .init(
    "an attack", Legacy.file(object: latin("cos\nsystem\n)R")),
    "the object, byte \(Legacy.starts[3] + 2): wants to run 'os.system', which builds no part of a "
      + "model; nothing was run. Save a state_dict of tensors instead"),
]

@Suite struct TorchCorruptionTests {
  @Test(arguments: views + models + legacy)
  func refuses(_ corruption: Corruption) {
    #expect(
      message { _ = try ModelReader.read(bytes: corruption.bytes, path: "m") }
        == "m: " + corruption.message)
  }

  /// What older versions wrote for a storage that is a part of another.
  @Test func readsALegacyView() throws {
    func part(_ shape: [Int], from offset: Int) -> [UInt8] {
      let count = shape.reduce(1, *)
      let view = Pickle.tuple([
        Pickle.text("view"), Pickle.number(offset), Pickle.number(count),
      ])
      let id = Pickle.tuple([
        Pickle.text("storage"), latin("ctorch\nFloatStorage\n"), Pickle.text("0"),
        Pickle.text("cpu"), Pickle.number(12), view,
      ])
      return Pickle.tensor(shape, storage: id + latin("Q"))
    }
    var bytes = Legacy.file(
      object: Pickle.dictionary([
        "weight_ih_l0": part([4, 1], from: 8), "weight_hh_l0": part([4, 1], from: 3),
      ]), count: 12, data: 0)
    for number in 0..<12 { bytes += little(Int(Float(number).bitPattern), 4) }
    let weights = try ModelReader.read(bytes: bytes, path: "m").network.layers[0].weights[0]
    #expect(weights.inputWeights == [10, 9, 8, 11])
    #expect(weights.recurrentWeights == [5, 4, 3, 6])
    bytes.removeLast(4)
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m") }
        == "m: storage '0': claims 12 elements, but only 44 bytes follow; truncated?")
  }

  /// A module of a class that nobody here knows, whose parts refer back to it.
  @Test func readsAModuleThatHoldsItself() throws {
    let weights = Pickle.dictionary([
      "weight_ih_l0": Pickle.tensor([4, 1], storage: Pickle.storage(4)),
      "weight_hh_l0": Pickle.tensor([4, 1], storage: Pickle.storage(4)),
    ])
    let body =
      latin("cmy.nets\nNet\n)\u{81}q\u{9}")
      + Pickle.dictionary([
        "_modules": Pickle.dictionary(["parent": latin("h\u{9}"), "rnn": weights]),
        "owner": latin("h\u{9}"),
      ]) + latin("b")
    let model = try ModelReader.read(bytes: torchArchive(body), path: "m")
    #expect(model.module == "rnn")
    #expect(model.network.layers[0].shape.cell == .lstm)
  }

  /// Cut at any byte, a file is refused in one line.
  @Test(arguments: ["state.pt", "state-legacy.pt", "deflated.pt", "arrays.npz"])
  func refusesEveryBeginning(name: String) throws {
    let whole = [UInt8](try Data(contentsOf: fixture("torch/\(name)")))
    for count in 0..<whole.count {
      let words = message { _ = try ModelReader.read(bytes: Array(whole[..<count]), path: "m") }
      if words == "no error" || words.contains("\n") { Issue.record("\(count) bytes: \(words)") }
    }
  }
}
