import Inspector
import Recurrent

/// What is found for one question: a part a network.
final class FlowAnswer {
  /// One network's.
  final class Part {
    let network: FlowNetwork
    let track: Int
    fileprivate var gradients: GradientStudy?
    fileprivate var memory: ReachStudy?
    fileprivate(set) var isComplete = false
    /// Why it has no memory to show.
    fileprivate(set) var problem: String?

    init(_ network: FlowNetwork, track: Int) {
      self.network = network
      self.track = min(track, network.trace.layout.count - 1)
    }

    var cell: CellKind { network.trace.layout[track].cell }
    var flow: GradientFlow? { gradients?.flow }
    var reach: Reach? { memory?.reach }

    fileprivate var progress: Double {
      isComplete ? 1 : 0.7 * (gradients?.progress ?? 0) + 0.3 * (memory?.progress ?? 0)
    }
  }

  let question: FlowQuestion
  /// The session's own first.
  let parts: [Part]
  /// What is read in place of the token; found with the first part.
  private(set) var token: Int?

  init(_ question: FlowQuestion, networks: [FlowNetwork]) {
    self.question = question
    parts = networks.map { Part($0, track: question.track) }
    token = question.token
  }

  var isComplete: Bool { parts.allSatisfy(\.isComplete) }

  var progress: Double { parts.map(\.progress).reduce(0, +) / Double(parts.count) }

  /// Computes some more, network after network.
  ///
  /// - Parameter budget: about how many multiplications.
  func advance(budget: Int) {
    guard let part = parts.first(where: { !$0.isComplete }) else { return }
    let network = part.network
    if let recorder = network.recorder {
      let isWhole = !network.network.isCausal
      let through = isWhole ? network.trace.length - 1 : question.end
      guard recorder.record(through: through, limit: 32) else { return }
    }
    let gradients =
      part.gradients
      ?? GradientStudy(
        network: network.network, trace: network.trace, track: part.track, step: question.end)
    part.gradients = gradients
    guard gradients.advance(budget: budget) else { return }
    guard part.problem == nil, let memory = part.memory ?? memory(of: part) else {
      part.isComplete = true
      return
    }
    part.memory = memory
    part.isComplete = memory.advance(limit: 32)
  }

  private func memory(of part: Part) -> ReachStudy? {
    let (own, network) = (parts[0].network, part.network)
    if part === parts[0], token == nil {
      token = ReachStudy.mostTelling(
        network: own.network, trace: own.trace, step: question.swapped)
    }
    var swapped = token
    if let token {
      guard let same = network.token(as: token, of: own) else {
        part.problem = Words.flowNoSymbol(network.name)
        return nil
      }
      swapped = same
    } else if case .tokens = network.trace.input {
      part.problem = Words.flowOneToken
      return nil
    }
    do {
      return try ReachStudy(
        network: network.network, trace: network.trace, track: part.track, step: question.swapped,
        token: swapped, through: max(question.end, question.swapped))
    } catch {
      part.problem = "\(network.name): \(error)"
      return nil
    }
  }
}
