/// The sLSTM of xLSTM (Beck et al. 2024, https://arxiv.org/abs/2405.04517): exponential gates, held in
/// range by a stabiliser m; n counts what was written, and h is c by n. R has a block a head.
///
/// f and i are those that c is made with, after the stabiliser: e to the power of a difference, at most 1.
enum SLSTM: CellDefinition {
  static let about = description(
    name: "slstm", title: "sLSTM", withArticle: "an sLSTM", memory: [], carried: [],
    equations: ["p, q = W x + R h′ + b"])

  static func step<Real: CellNumber>(_ step: CellStep<Real>) { finish(step) }

  static func description(
    name: String, title: String, withArticle: String, memory: [SignalDescription],
    carried: [Signal], equations: [String]
  ) -> CellDescription {
    CellDescription(
      name: name, title: title, withArticle: withArticle, gates: [.i, .f, .z, .o],
      signals: [
        .init(.z, .candidate, "candidate", range: .signedUnit),
        .init(.f, .gate, "forget gate, exponential", short: "forget gate", range: .unit),
        .init(.i, .gate, "input gate, exponential", short: "input gate", range: .unit),
        .init(.o, .gate, "output gate", range: .unit),
      ] + memory + [
        .init(.c, .slow, "cell state, slow", short: "cell, slow", range: .unbounded),
        .init(.n, .slow, "normaliser, slow", short: "normaliser", range: .unbounded),
        .init(.m, .state, "stabiliser", range: .unbounded),
        .init(.h, .fast, "hidden state, fast", short: "hidden, fast", range: .unbounded),
      ], carried: carried + [.c, .n, .m],
      sum: SlowSum(memory: .c, keep: .signal(.f), gate: .signal(.i), candidate: .z),
      equations: equations + [
        "m = max(p, ln σ(q) + m′)   i = exp(p - m)   f = exp(ln σ(q) + m′ - m)",
        "c = f·c′ + i·z   n = f·n′ + i", "h = o·c/n",
      ], elementwise: 6)
  }

  /// From the sums of W x to all signals.
  static func finish<Real: CellNumber>(_ step: CellStep<Real>) {
    step.addRecurrent(step.previous(.h))
    let (z, f, i, o) = (step.now(.z), step.now(.f), step.now(.i), step.now(.o))
    let (c, n, m) = (step.now(.c), step.now(.n), step.now(.m))
    let (zSum, fSum) = (step.sum(.z), step.sum(.f))
    let (iSum, oSum) = (step.sum(.i), step.sum(.o))
    let (cBefore, nBefore) = (step.previous(.c), step.previous(.n))
    let mBefore = step.previous(.m)
    // Nothing was written yet: there is no scale to keep to.
    let isFirst = (0..<step.units).allSatisfy { nBefore[$0] == 0 }
    func kept(_ unit: Int) -> Real { mBefore[unit] + Real.logSigmoid(fSum[unit]) }
    step.fill(.m) { isFirst ? iSum[$0] : Swift.max(iSum[$0], kept($0)) }
    step.fill(.z) { Real.hyperbolicTangent(zSum[$0]) }
    step.fill(.f) { Swift.min(1, Real.exponential(kept($0) - m[$0])) }
    step.fill(.i) { Swift.min(1, Real.exponential(iSum[$0] - m[$0])) }
    step.fill(.o) { Real.sigmoid(oSum[$0]) }
    step.fill(.c) { f[$0] * cBefore[$0] + i[$0] * z[$0] }
    step.fill(.n) { f[$0] * nBefore[$0] + i[$0] }
    step.fill(.h) { o[$0] * c[$0] / n[$0] }
  }
}

/// The sLSTM as a layer of the xlstm package has it: a causal convolution over four steps before i and
/// f, whose memory are the last three inputs.
enum ConvolvedSLSTM: CellDefinition {
  private static let last = (1...3).map { Signal.named(NamedSignal("x\($0)")) }

  static let about = SLSTM.description(
    name: "slstm-conv", title: "conv sLSTM",
    withArticle: "an sLSTM with a convolution",
    memory: zip(last, ["this input", "the input before", "the one before that"]).map {
      .init($0, .state, $1, range: .unbounded)
    }, carried: last, equations: ["p, q = W silu(conv(x, x1′, x2′, x3′)) + R h′ + b"])

  /// z and o of x, and x itself.
  static func inputRows(_ shape: LayerShape) -> Int { 5 * shape.hiddenSize }
  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) {
    (4 * shape.hiddenSize, shape.hiddenSize)
  }
  static func parameters(_ shape: LayerShape) -> [String: Int] {
    let units = shape.hiddenSize
    return [
      "convolution": 4 * units, "convolution bias": units, "convolved weights": 2 * units * units,
    ]
  }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let units = step.units
    let x = step.sums + 4 * units
    let kernel = step.weights.parameters["convolution"] ?? []
    let bias = step.weights.parameters["convolution bias"] ?? []
    let before = last.map { step.previous($0) }
    for unit in 0..<units {
      var sum = bias[unit] + kernel[4 * unit + 3] * x[unit]
      for (place, values) in before.enumerated() {
        sum += kernel[4 * unit + 2 - place] * values[unit]
      }
      step.scratch[unit] = sum * Real.sigmoid(sum)
    }
    (step.weights.parameters["convolved weights"] ?? []).withUnsafeBufferPointer {
      step.multiply(
        $0.baseAddress!, rows: 2 * units, columns: units, step.scratch, into: step.sums)
    }
    step.fill(last[0]) { x[$0] }
    step.fill(last[1]) { before[0][$0] }
    step.fill(last[2]) { before[1][$0] }
    SLSTM.finish(step)
  }
}
