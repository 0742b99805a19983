extension CellDescription {
  static let lstm = CellDescription(
    name: "lstm", title: "LSTM", withArticle: "an LSTM", gates: [.z, .f, .i, .o],
    signals: [
      .init(.z, .candidate, "candidate"),
      .init(.f, .gate, "forget gate"),
      .init(.i, .gate, "input gate"),
      .init(.o, .gate, "output gate"),
      .init(.c, .slow, "cell state, slow", short: "cell, slow", range: .unbounded),
      .init(
        .m, .fast, "hidden, before projection", short: "unprojected", isOfProjection: true),
      .init(.h, .fast, "hidden state, fast", short: "hidden, fast"),
    ], carried: [.c],
    sum: SlowSum(memory: .c, keep: .signal(.f), gate: .signal(.i), candidate: .z),
    equations: ["c = f·c′ + i·z", "h = o·tanh c"], elementwise: 3)

  static let gru = CellDescription(
    name: "gru", title: "GRU", withArticle: "a GRU", gates: [.r, .u, .n],
    signals: [
      .init(.r, .gate, "reset gate"),
      .init(.u, .gate, "update gate"),
      .init(.n, .candidate, "candidate"),
      .init(.h, .slow, "hidden state, slow", short: "hidden, slow"),
    ], sum: SlowSum(memory: .h, keep: .signal(.u), gate: .rest(of: .u), candidate: .n),
    equations: ["h = (1-u)·n + u·h′"], elementwise: 3)

  static let rnn = CellDescription(
    name: "rnn", title: "RNN", withArticle: "an RNN", gates: [.h],
    signals: [.init(.h, .state, "hidden state, only memory", short: "hidden state")],
    equations: ["h = tanh(W x + R h′ + b)"])
}
