/// What the mouse did, and over which cell.
public struct MouseEvent: Sendable, Hashable {
  public enum Button: Sendable, Hashable { case left, middle, right }

  public enum Wheel: Sendable, Hashable { case up, down, left, right }

  public enum Kind: Sendable, Hashable {
    case press(Button)
    /// Terminals that do not say which button it was leave it nil.
    case release(Button?)
    /// It moved to another cell while the button was down.
    case drag(Button)
    case wheel(Wheel)
  }

  public struct Modifiers: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
  }

  public var kind: Kind
  /// May lie outside of the screen: a terminal goes on telling while a button is held.
  public var place: Point
  public var modifiers: Modifiers

  public init(_ kind: Kind, at place: Point, _ modifiers: Modifiers = []) {
    self.kind = kind
    self.place = place
    self.modifiers = modifiers
  }
}
