/// A guided tour of a demo: places to look at, with a sentence or two each.
public struct Tour: Sendable, Equatable {
  public let stops: [TourStop]

  public init(stops: [TourStop]) { self.stops = stops }
}

/// One place of a tour.
public struct TourStop: Sendable, Equatable {
  public enum View: String, Sendable, Decodable { case lanes, cell, unit, text, table }

  public let step: Int
  public let view: View
  public let layer: Int
  public let unit: Int?
  /// The lane to point at: "f".
  public let signal: String?
  public let text: String
  /// What is done at the stop once its step is reached, as it would be typed after `:`.
  public let commands: [String]
  /// What the text says of the model, to be checked: "f[5] > 0.9".
  public let claims: [Claim]

  public init(
    step: Int, view: View = .lanes, layer: Int = 0, unit: Int? = nil, signal: String? = nil,
    text: String, commands: [String] = [], claims: [Claim] = []
  ) {
    self.step = step
    self.view = view
    self.layer = layer
    self.unit = unit
    self.signal = signal
    self.text = text
    self.commands = commands
    self.claims = claims
  }
}
