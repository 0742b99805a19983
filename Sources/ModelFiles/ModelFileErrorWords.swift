import Files
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ModelFileError: CustomStringConvertible {
  /// One line: the path, what is wrong, and what to do next where there is something to do.
  public var description: String { "\(printable(path, upTo: .max)): \(problem.words)" }
}

extension ModelFileError.Problem {
  /// The words without the path.
  package var line: String { words }

  fileprivate var words: String {
    switch self {
    case .cannotOpen(let code):
      "cannot open: \(String(cString: strerror(code)))"
    case .notRegular(let kind):
      "is \(kind.rawValue), not a model file"
    case .empty:
      "is empty"
    case .unknownFormat(let looksLike):
      (looksLike.map { "looks like \($0), which is not read yet" } ?? "is not a known model format")
        + "; Gatescope reads \(ModelFormat.readable)"

    case .foreignFormat(let words): words

    case .zip(let problem): problem.words
    case .pickle(let name, let problem): "\(printable(name)), \(problem.words)"
    case .torch(let problem): problem.words
    case .npy("", let problem): problem.words
    case .npy(let name, let problem): "array \(quoted(name)): \(problem.words)"
    case .shards(let problem): problem.words
    case .severalInArchive(let names):
      "holds several model files (\(names.prefix(6).map(quoted).joined(separator: ", "))"
        + "\(names.count > 6 ? ", …" : "")); take out the one that you mean and open it"
    case .bundle(let problem): problem.words
    case .tar(let offset): "tar archive: its header at byte \(offset) is broken; truncated?"
    case .notNumPy: "is neither a .npy file nor an .npz archive, by its first bytes"
    case .tooManyArrays(let limit): "has more than \(limit) arrays; no model needs that"

    case .tooShort(let size):
      "is only \(count(size, "byte")) long; a safetensors file begins with 8 bytes of header length"
    case .headerBeyondEnd(let length, let available):
      "the header claims \(length) bytes, but only \(available) follow; truncated, or not safetensors"
    case .headerTooLong(let length, let limit):
      "the header claims \(length) bytes; the format allows \(limit)"
    case .badHeader(let offset, let expected):
      "header, byte \(offset): expected \(expected)"
    case .duplicateTensor(let name):
      "tensor \(quoted(name)) stands in the header twice"
    case .duplicateMetadata(let key):
      "metadata \(quoted(key)) stands in the header twice"
    case .missingField(let tensor, let field):
      "tensor \(quoted(tensor)): has no \(quoted(field))"
    case .unknownField(let tensor, let field):
      "tensor \(quoted(tensor)): unknown field \(quoted(field)); "
        + "expected 'dtype', 'shape' and 'data_offsets'"
    case .duplicateField(let tensor, let field):
      "tensor \(quoted(tensor)): field \(quoted(field)) stands there twice"
    case .unknownElementType(let tensor, let name):
      "tensor \(quoted(tensor)): unknown dtype \(quoted(name))"
    case .tooManyDimensions(let tensor, let limit):
      "tensor \(quoted(tensor)): has more than \(limit) dimensions"
    case .badNumber(let tensor, let field, let text):
      "tensor \(quoted(tensor)): \(field) holds \(printable(text)); "
        + "expected whole numbers from 0 to \(Int.max)"
    case .sizeOverflow(let tensor, let shape):
      "tensor \(quoted(tensor)): a shape of \(sizes(shape)) is more than memory can hold"
    case .notWholeBytes(let tensor, let shape, let type):
      "tensor \(quoted(tensor)): \(sizes(shape)) of \(type.rawValue) does not fill whole bytes"
    case .offsetsReversed(let tensor, let begin, let end):
      "tensor \(quoted(tensor)): its data ends at \(end), before it begins at \(begin)"
    case .wrongByteCount(let tensor, let shape, let type, let expected, let found):
      "tensor \(quoted(tensor)): \(sizes(shape)) of \(type.rawValue) takes "
        + "\(count(expected, "byte")), but data_offsets give \(found)"
    case .beyondEnd(let tensor, let end, let available):
      "tensor \(quoted(tensor)): its data ends at byte \(end), "
        + "but the file has \(available); truncated?"
    case .overlap(let tensor, let other):
      "tensor \(quoted(tensor)): its data overlaps that of \(quoted(other))"
    case .gap(let begin, let end):
      "bytes \(begin) to \(end) of the data belong to no tensor"

    case .onnx(let problem):
      problem.words
    case .hdf5(let problem): problem.words
    case .keras(let problem): problem.words

    case .notFloats(let tensor, let type):
      "tensor \(quoted(tensor)): is of dtype \(type.rawValue); "
        + "weights are read from F64, F32, F16, BF16 and F8"
    case .noSuchTensor(let name):
      "there is no tensor \(quoted(name))"
    case .noRecurrentLayer:
      "no recurrent layer in it: no tensor is named like PyTorch's 'lstm.weight_ih_l0'"
    case .severalModules(let names):
      "several recurrent modules: \(list(names)); choose one with --module NAME"
    case .noSuchModule(let asked, let modules):
      "no recurrent module is named \(quoted(asked)); there are: \(list(modules))"
    case .ambiguousModule(let asked, let modules):
      "\(quoted(asked)) fits several recurrent modules: \(list(modules)); give more of the name"
    case .missingTensor(let name, let neededBy):
      "tensor \(quoted(name)) is missing, but \(quoted(neededBy)) needs it"
    case .wrongShape(let tensor, let expected, let found):
      "tensor \(quoted(tensor)): expected \(sizes(expected)), found \(sizes(found))"
    case .unknownCell(let tensor, let shape):
      "tensor \(quoted(tensor)): expected (4H, H) of an LSTM, (3H, H) of a GRU "
        + "or (H, H) of an RNN, found \(sizes(shape))"
    case .ambiguousRole(let role, let tensors):
      "several tensors could be the \(role.rawValue): \(list(tensors)); "
        + "choose one with --\(role.rawValue) NAME"
    case .noSuchHead(let role, let asked, []):
      "no tensor could be the \(role.rawValue) of this network, so --\(role.rawValue) "
        + "\(quoted(asked)) chooses nothing"
    case .noSuchHead(let role, let asked, let fitting):
      "no tensor that could be the \(role.rawValue) is named \(quoted(asked)); "
        + "there are: \(list(fitting))"
    case .nothingToChoose(let option):
      "the file says how it is read, so \(option) has nothing to choose"
    case .notAnRNN(let cell):
      "--activation is for an RNN, but the layers are of kind \(cell.rawValue)"
    case .notSpelled(let module, let cell):
      "\(Self.module(module)) does not have the tensors of \(cell.about.withArticle), which "
        + "--cell \(cell.rawValue) asks for"
    case .unknownRNNActivation(let name):
      "--activation \(printable(name, upTo: 40)): PyTorch's RNN knows tanh and relu"
    case .unusedTensors(let names, let prefix, let cell):
      "tensor \(quoted(names.first ?? ""))"
        + (names.count > 1 ? " and \(names.count - 1) more stand" : " stands")
        + " beside the recurrent weights and would not be used, so this is no plain "
        + "\(cell.about.title); "
        + LeftoverTensors.flags(for: names, prefix: prefix) + " it all the same"
    case .nothingToIgnore(let asked, []):
      "no unused tensor is named \(quoted(asked)), so --ignore has nothing to choose"
    case .nothingToIgnore(let asked, let unused):
      "no unused tensor is named \(quoted(asked)); there are: \(list(unused))"
    case .foreignClass(let module, let name, let shapes):
      "\(Self.module(module)) is of class \(quoted(name)), which Gatescope does not step"
        + (shapes.map { "; --cell \($0.rawValue) steps it as \($0.withArticle) all the same" } ?? "")
    case .foreignParts(let module, let parts, let shapes):
      "\(Self.module(module)) has parts that PyTorch's cells have not (\(list(parts))), so it is no "
        + "plain \(shapes.about.title); --cell \(shapes.rawValue) steps it as one all the "
        + "same"
    case .ambiguousCell(let module, let cell):
      "\(Self.module(module)) has the names and shapes of PyTorch's \(cell.about.title)Cell "
        + "and of other cells (\(Self.look(alike: cell))); if it is \(cell.withArticle), say "
        + "--cell \(cell.rawValue)"
    case .spectralNorm(let tensor):
      "tensor \(quoted(tensor)): the weight is under spectral norm, which is not folded here; save the "
        + "model after torch.nn.utils.remove_spectral_norm or parametrize.remove_parametrizations"
    case .unknownForm(let tensor):
      "tensor \(quoted(tensor)): the weight is parametrized in a way that the file does not tell; save "
        + "the model after torch.nn.utils.parametrize.remove_parametrizations"
    case .network(let words):
      words

    case .badMetadata(let key, let expected, let found):
      "metadata \(quoted(key)): expected \(expected), found \(quoted(found))"
    case .vocabularyCount(let expected, let found):
      "metadata 'gatescope.vocabulary': has \(count(found, "symbol")), "
        + "but the network reads \(count(expected, "token"))"
    }
  }

  private static func module(_ name: String) -> String {
    name.isEmpty ? "the module" : "module \(quoted(name))"
  }

  /// Cells of the package torchrecurrent.
  private static func look(alike cell: CellKind) -> String {
    switch cell {
    case .lstm: "torchrecurrent's tauGRU and IntersectionRNN"
    case .gru: "torchrecurrent's OriginalLSTM, MUT2 and MUT3"
    case .rnn: "torchrecurrent's ATR, SGRN, MiRU2 and AntisymmetricRNN"
    case .described: "others"
    }
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func list(_ names: [String]) -> String {
    names.prefix(10).map(quoted).joined(separator: ", ")
      + (names.count > 10 ? " … (\(names.count) in all)" : "")
  }
}

/// A shape for a message: "(8, 3)", "(8, any)".
package func sizes(_ shape: [Int?]) -> String {
  // Long shapes are hostile ones; the first dimensions show enough.
  let shown = shape.prefix(8).map { $0.map(String.init) ?? "any" }
  return "(" + (shown + (shape.count > 8 ? ["…"] : [])).joined(separator: ", ") + ")"
}

/// A name out of a file, in quotes, at most 100 characters, safe to print.
package func quoted(_ name: String) -> String {
  "'\(printable(name, upTo: 100))'"
}

/// The text with everything escaped that would break the line or command a terminal, and cut where it
/// is longer than any message needs.
package func printable(_ text: String, upTo limit: Int = 400) -> String {
  var result = ""
  for (place, scalar) in text.unicodeScalars.enumerated() {
    guard place < limit else { return result + "…" }
    if scalar.isShown {
      result.unicodeScalars.append(scalar)
    } else {
      result += scalar.escapedWords
    }
  }
  return result
}
