/// Why a PyTorch file is not read: the facts, and their words.
public enum TorchProblem: Error, Equatable, Sendable {
  /// A zip archive with neither a pickle nor arrays.
  case noPickle
  case badByteOrder(String)
  case notTorchPickle
  case legacyVersion
  /// `what` of the five parts of a legacy file.
  case legacyTruncated(what: String, at: Int)
  case legacyKeys
  case legacyCount(key: String, claimed: Int, available: Int)
  case storageMissing(tensor: String, key: String)
  case storageShort(tensor: String, key: String, needed: Int, found: Int)
  case badView(tensor: String, shape: [Int], strides: [Int], offset: Int, count: Int)
  case badChannels(tensor: String)
  case noScale(tensor: String, type: String)
  case tooManyNumbers(tensor: String, limit: Int)
  case type(tensor: String, name: String)
  case noTensors
  /// Weights in objects of PyTorch's that are not known.
  case packed
  case packedGap(module: String)
  case packedReadings(module: String)
  case frozen
  case treeTooLarge(limit: Int)

  var words: String {
    switch self {
    case .noPickle:
      "zip archive: has neither PyTorch's data.pkl nor .npy arrays in it"
    case .badByteOrder(let text):
      "byteorder: expected 'little' or 'big', found \(quoted(text))"
    case .notTorchPickle:
      "is a Python pickle without tensors or arrays of NumPy's that can be read; save a state_dict with "
        + "torch.save"
    case .legacyVersion:
      "legacy PyTorch file: its protocol version is not 1001"
    case .legacyTruncated(let what, let offset):
      "legacy PyTorch file: \(what) should stand at byte \(offset); truncated?"
    case .legacyKeys:
      "legacy PyTorch file: its fifth pickle is no list of storages' keys"
    case .legacyCount(let key, let claimed, let available):
      "storage \(quoted(key)): claims \(claimed) elements, but only \(available) bytes follow; "
        + "truncated?"
    case .storageMissing(let tensor, let key):
      "tensor \(quoted(tensor)): its storage \(quoted(key)) is not in the file"
    case .storageShort(let tensor, let key, let needed, let found):
      "tensor \(quoted(tensor)): its storage \(quoted(key)) should hold \(needed) bytes, "
        + "but holds \(found); truncated?"
    case .badView(let tensor, let shape, let strides, let offset, let count):
      "tensor \(quoted(tensor)): shape \(sizes(shape)) with strides \(sizes(strides)) from \(offset) "
        + "leaves its storage of \(count) elements"
    case .badChannels(let tensor):
      "tensor \(quoted(tensor)): is quantised by channels, but has not a scale and a zero point for each"
    case .noScale(let tensor, let type):
      "tensor \(quoted(tensor)): is of dtype \(type) without a scale"
    case .tooManyNumbers(let tensor, let limit):
      "tensor \(quoted(tensor)): brings the numbers to more than \(limit), "
        + "far more than the file holds"
    case .type(let tensor, let name):
      "tensor \(quoted(tensor)): is of dtype \(name); weights are read from float64, float32, "
        + "float16, bfloat16, float8 and whole numbers"
    case .noTensors:
      "holds no tensors; save a state_dict, a module or a checkpoint with one"
    case .packed:
      "its weights are packed by PyTorch in another way than by quantize_dynamic; "
        + "save the model before that"
    case .packedGap(let module):
      "quantised module \(quoted(module)): its layers are not numbered from 0 without gaps"
    case .packedReadings(let module):
      "quantised module \(quoted(module)): its two sets of weights could be two layers or the two "
        + "directions of one; save the whole module, which says it"
    case .frozen:
      "its weights are folded into TorchScript code (torch.jit.freeze or trace of a function); "
        + "save the module before that"
    case .treeTooLarge(let limit):
      "its objects refer to each other more than \(limit) times; no model needs that"
    }
  }
}
