/// One place of a grid: a scalar and how it looks.
public struct Cell: Sendable, Hashable {
  /// The second column of a wide scalar holds this and is never sent to the terminal.
  public static let continuation: Unicode.Scalar = "\0"

  public var scalar: Unicode.Scalar
  public var style: Style

  public init(_ scalar: Unicode.Scalar = " ", _ style: Style = Style()) {
    self.scalar = scalar
    self.style = style
  }
}
