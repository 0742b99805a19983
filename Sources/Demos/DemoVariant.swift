/// Another model that was made for a demo's task, with a tour of its own.
public struct DemoVariant: Sendable, Equatable {
  /// As it is typed: "rnn".
  public let name: String
  /// What it is called in a sentence: "the plain network"; the name where nothing is said.
  public let title: String
  /// The path of its model.
  public let path: String
  /// In the views and signals of this model. What a comparison is with is a signal of the demo's own.
  let stops: [TourStop]

  /// The tour where this model is the one that is open, the demo's own being a variant of it.
  ///
  /// - Parameter own: what the demo's own model is called.
  func tourAlone(own: String) -> Tour {
    Tour(
      stops: stops.map { stop in
        // The view `flow` has the demo's other models of itself.
        guard stop.view == .compare else { return stop }
        // The nearest signal of the other model is taken by itself.
        let signal = stop.with.map { ["compare run \($0)"] } ?? []
        return stop.with("variant \(own)", view: .compare, commands: signal + stop.commands)
      })
  }

  /// The tour where the demo's own model is open: this one stands beside it, its signal that comes
  /// nearest to the own one's.
  var tourBeside: TourPart {
    TourPart(
      title: title,
      tour: Tour(
        stops: stops.map { stop in
          guard stop.view != .flow else { return stop }
          return stop.with(
            "variant \(name)", view: .compare, signal: stop.with, commands: stop.commands)
        }))
  }
}

extension TourStop {
  /// The same text at the same place, seen otherwise.
  fileprivate func with(
    _ comparison: String, view: View, signal: String? = nil, commands: [String]
  ) -> TourStop {
    TourStop(
      step: step, view: view, layer: layer, unit: unit, signal: signal ?? self.signal,
      with: comparison, text: text, commands: commands, claims: claims)
  }
}
