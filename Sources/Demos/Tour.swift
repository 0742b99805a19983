/// A guided tour of a demo: places to look at, with a sentence or two each.
public struct Tour: Sendable, Equatable {
  public let stops: [TourStop]

  public init(stops: [TourStop]) { self.stops = stops }
}

/// One place of a tour.
public struct TourStop: Sendable, Equatable {
  public enum View: String, Sendable, Decodable, CaseIterable {
    case lanes, cell, unit, text, table, compare, why, flow
  }

  public let step: Int
  public let view: View
  public let layer: Int
  public let unit: Int?
  /// The lane to point at: "f", "loss".
  public let signal: String?
  /// What the lane is compared with in the view of that name, as it would be typed after
  /// `compare`: "h", "variant rnn"; nil for what is likeliest.
  public let with: String?
  public let text: String
  /// What is done at the stop once its step is reached, as it would be typed after `:`.
  public let commands: [String]
  /// What the text says of the model, to be checked: "f[5] > 0.9".
  public let claims: [Claim]

  public init(
    step: Int, view: View = .lanes, layer: Int = 0, unit: Int? = nil, signal: String? = nil,
    with: String? = nil, text: String, commands: [String] = [], claims: [Claim] = []
  ) {
    self.step = step
    self.view = view
    self.layer = layer
    self.unit = unit
    self.signal = signal
    self.with = with
    self.text = text
    self.commands = commands
    self.claims = claims
  }
}

/// A tour that follows on another, of another model that stands beside the first.
public struct TourPart: Sendable, Equatable {
  /// What the model is called in a sentence: "the plain network".
  public let title: String
  public let tour: Tour

  public init(title: String, tour: Tour) {
    self.title = title
    self.tour = tour
  }
}
