/// A cell of the table, or one that a recorded file describes.
public struct DescribedCell: Sendable, Hashable {
  public let description: CellDescription
  /// How it is stepped; nil where only its signals are known.
  public let definition: (any CellDefinition.Type)?

  init(_ definition: any CellDefinition.Type) {
    description = definition.about
    self.definition = definition
  }

  /// A cell whose signals somebody has recorded.
  public init(recorded description: CellDescription) {
    self.description = description
    definition = nil
  }

  public static func == (a: DescribedCell, b: DescribedCell) -> Bool {
    a.description == b.description
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(description.name) }

  /// Every cell but the three with kernels of their own, a line each.
  public static let all: [DescribedCell] = [
    DescribedCell(LSTM1997.self),
    DescribedCell(MinimalGatedUnit.self),
    DescribedCell(UGRNN.self),
    DescribedCell(LightGRU.self),
    DescribedCell(JANET.self),
    DescribedCell(MinGRU.self),
    DescribedCell(MinLSTM.self),
    DescribedCell(SLSTM.self),
    DescribedCell(ConvolvedSLSTM.self),
    DescribedCell(SRU.self),
    DescribedCell(IndRNN.self),
    DescribedCell(CfC.self),
    DescribedCell(TimedCfC.self),
  ]
}

/// A cell as it is added to Gatescope: what it is, which weights it has, and its step, written once for
/// every kind of number (`CellNumber`): Float steps a network, Double is the oracle.
///
/// A cell is a file in `Recurrent/Cells`, a line in `DescribedCell.all`, how its files are spelled
/// (`ModelFiles/Cells`) and its tests.
public protocol CellDefinition: Sendable {
  static var about: CellDescription { get }

  /// The rows of W and b, whose sums a step begins with; G·H where nothing else is said.
  static func inputRows(_ shape: LayerShape) -> Int

  /// The rows and columns of R; (G·H, H) where nothing else is said, no rows where there is none.
  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int)

  /// What else it has, by name, with how many numbers.
  static func parameters(_ shape: LayerShape) -> [String: Int]

  /// Computes every signal of a step, in the order of `about.signals` as far as one needs another, and
  /// says of each when it is done (`CellStep.settle`): what follows reads it as it is then.
  static func step<Real: CellNumber>(_ step: CellStep<Real>)
}

extension CellDefinition {
  public static func inputRows(_ shape: LayerShape) -> Int { about.gates.count * shape.hiddenSize }

  public static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) {
    (inputRows(shape), shape.hiddenSize)
  }

  public static func parameters(_ shape: LayerShape) -> [String: Int] { [:] }
}
