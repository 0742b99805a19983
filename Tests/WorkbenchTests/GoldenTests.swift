import CLSTMKernel
import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole screens, glyphs and styles. To record them anew after a change that is meant, then read the
/// differences before committing:
///
///     GATESCOPE_RECORD=1 swift test --filter GoldenTests
@Suite struct GoldenTests {
  @Test(arguments: screens)
  func aScreenIsAsItWas(_ screen: GoldenScreen) throws {
    let dump = GridDump(try screen.draw()).description
    if getenv("GATESCOPE_RECORD") != nil {
      try screen.store(dump)
      return
    }
    let stored = try #require(
      screen.stored, "Golden/\(screen.name).txt is missing; record it with GATESCOPE_RECORD=1")
    if dump != stored { Issue.record("\(GoldenScreen.differences(stored, dump))") }
  }

  /// The numbers keep clear of rounding ties, so that goldens hold on any CPU.
  @Test(arguments: screens)
  func everyKernelGivesTheSameScreen(_ screen: GoldenScreen) throws {
    defer { gs_use_kernel(nil) }
    let best = GridDump(try screen.draw()).description
    for kernel in ["portable", "avx2", "avx512"] where gs_use_kernel(kernel) != 0 {
      let dump = GridDump(try screen.draw()).description
      if dump != best { Issue.record("\(kernel): \(GoldenScreen.differences(best, dump))") }
    }
  }

  static let screens: [GoldenScreen] =
    sizedScreens + otherScreens + viewedScreens
    + WhyViewTests.screens

  // MARK: - Both views at both sizes

  private static let looks: [(String, Look)] = [
    ("colour", Look(colors: .indexed)), ("plain", Look()),
  ]

  private static let sizedScreens: [GoldenScreen] =
    [(80, 24), (120, 40)].flatMap { width, height in
      looks.flatMap { look, capabilities in
        [("lanes", ""), ("cell", "v")].map { view, key in
          screen("\(view)/\(width)x\(height)-\(look)", capabilities, width, height) { workbench in
            workbench.type("Llljj\(key)")
          } of: {
            try .letters()
          }
        }
      }
    }

  // MARK: - Everything else, once

  private static let otherScreens: [GoldenScreen] = [
    screen("lanes/80x24-ascii", Look(unicode: false), 80, 24, typing: "Llljj") { try .letters() },
    screen("lanes/120x40-light", Look(colors: .indexed, theme: .light), 120, 40, typing: "Llljj") {
      try .letters()
    },
    screen(
      "lanes/80x24-contrast", Look(colors: .direct, theme: .highContrast), 80, 24, typing: "Llljj"
    ) {
      try .letters()
    },
    screen(
      "lanes/80x24-monochrome", Look(colors: .indexed, theme: .monochrome), 80, 24, typing: "Llljj"
    ) {
      try .letters()
    },
    screen("lanes/80x24-sixteen", Look(colors: .sixteen), 80, 24, typing: "Llljj") {
      try .letters()
    },
    screen("lanes/200x50-direct", Look(colors: .direct), 200, 50, typing: "Llljj") {
      try .letters()
    },
    screen("lanes/60x16-plain", Look(), 60, 16, typing: "Llljj") { try .letters() },
    screen("cell/60x16-plain", Look(), 60, 16, typing: "Llljjv") { try .letters() },
    screen("cell/200x50-plain", Look(), 200, 50, typing: "Llljjv") { try .letters() },
    screen("lanes/back-in-time", Look(colors: .indexed), 80, 24, typing: "Ghhhhhhhhh") {
      try .letters()
    },
    screen("lanes/last-step", Look(), 80, 24, typing: "Gl") { try .letters() },
    screen("lanes/forty-units", Look(), 80, 24, typing: "lllll:next-unit 30\r") {
      try .letters(units: 40)
    },
    screen("cell/forty-units", Look(), 80, 24, typing: "lllll:next-unit 30\rv") {
      try .letters(units: 40)
    },
    screen("lanes/bidirectional", Look(), 120, 40, typing: "llll]]]") { try bidirectional() },
    screen("lanes/bidirectional-small", Look(), 80, 24, typing: "llll]") { try bidirectional() },
    screen("cell/bidirectional", Look(), 80, 24, typing: "llll]]]v") { try bidirectional() },
    screen("lanes/gru", Look(), 80, 24, typing: "Lll") { try .letters(.gru) },
    screen("lanes/gru-large", Look(), 120, 40, typing: "Lll") { try .letters(.gru) },
    screen("cell/gru", Look(), 80, 24, typing: "Lllv") { try .letters(.gru) },
    screen("lanes/rnn", Look(), 80, 24, typing: "Lll") { try .letters(.rnn) },
    screen("cell/rnn", Look(), 80, 24, typing: "Lllv") { try .letters(.rnn) },
    screen("lanes/projected", Look(), 80, 24, typing: "Llljj") { try projected() },
    screen("lanes/projected-large", Look(colors: .indexed), 120, 40, typing: "Llljjjjjj") {
      try projected()
    },
    screen("cell/projected", Look(), 120, 40, typing: "Llljjjjjjv") { try projected() },
    screen("lanes/varied", Look(), 120, 40, typing: "Llljj") { try varied() },
    screen("cell/varied", Look(), 80, 24, typing: "Llljjv") { try varied() },
    screen("lanes/relu-rnn", Look(), 80, 24, typing: "Llljj") { try reluRNN() },
    screen("lanes/chinese", Look(), 80, 24, typing: "llllll") { try chinese() },
    screen("cell/chinese", Look(), 80, 24, typing: "llllllv") { try chinese() },
    screen("lanes/words", Look(), 80, 24, typing: "llll") { try words() },
    screen("cell/words", Look(), 80, 24, typing: "llllv") { try words() },
    screen("lanes/long", Look(), 80, 24, typing: ":+150\r") { try long() },
    screen("lanes/nan", Look(colors: .indexed), 80, 24, typing: "lllljj") { try nan() },
    screen("cell/nan", Look(), 80, 24, typing: "lllljjv") { try nan() },
    screen("lanes/numeric-without-readout", Look(), 80, 24, typing: "llll") { try numeric() },
    screen("cell/numeric-without-readout", Look(), 80, 24, typing: "llllv") { try numeric() },
    screen("lanes/three-units", Look(), 80, 24, typing: "lllllll") { try .letters(units: 3) },
    screen("lanes/wide-input", Look(), 60, 16, typing: "llll") { try numeric() },
    screen("help/120x24", Look(), 120, 24, typing: "?") { try .letters() },
    screen("lanes/one-unit-one-step", Look(), 80, 24, typing: "") {
      try Scene(try TestModels.letters(.lstm, units: 1), text: "B")
    },
    screen("zoom/80x24-half", Look(), 80, 24, typing: "Llljjz") { try .letters() },
    screen("zoom/120x40-half", Look(colors: .indexed), 120, 40) {
      $0.type("G", "HHHHz")
    } of: {
      try far()
    },
    screen("zoom/80x24-fit", Look(), 80, 24) {
      $0.type("G", ":-200\rZ")
    } of: {
      try far()
    },
    screen("zoom/120x40-fit", Look(colors: .indexed), 120, 40) {
      $0.type("G", ":-200\r:next-unit 30\rzzZM")
    } of: {
      try far()
    },
    screen("zoom/200x60-fit", Look(colors: .indexed), 200, 60) {
      $0.type("G", ":-200\r:next-unit 30\rZ")
    } of: {
      try far()
    },
    screen("zoom/120x40-numbers", Look(colors: .indexed), 120, 40, typing: "Llljjzz))}") {
      try .letters()
    },
    screen("zoom/80x24-numbers", Look(), 80, 24, typing: "Llljjz))") { try .letters() },
    screen("compare/120x40-both", Look(colors: .indexed), 120, 40) {
      $0.type("Llljj")
      $0.press(.tab, "6", "d", "d")
    } of: {
      try .letters()
    },
    screen("compare/80x24-difference", Look(), 80, 24) {
      $0.type("Llljjd:compare text BTBPTTVPXTVVETEBPBT")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("compare/200x60-runs", Look(colors: .indexed), 200, 60) {
      $0.type("G", ":compare text BTBPTTVPXTVVETEBPBT")
      $0.press(.enter, .tab, .tab, .tab, .tab)
      $0.type("Hhhhhh")
    } of: {
      try .letters()
    },
    screen("compare/120x40-three", Look(colors: .indexed), 120, 40) {
      $0.type("llllll:compare text BTBPTTVPXTVVETEBPBT")
      $0.press(.enter)
      $0.type(":compare also text BPBPVVETEBPBTXSE")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("flow/80x24", Look(), 80, 24, typing: "lllll8") { try .letters() },
    screen("flow/120x40", Look(colors: .indexed), 120, 40, typing: "lllll8") { try .letters() },
    screen("flow/200x60-light", Look(colors: .direct, theme: .light), 200, 60, typing: "8") {
      try .letters()
    },
    screen("flow/60x16", Look(), 60, 16, typing: "8") { try .letters() },
    screen("flow/gru", Look(), 80, 24, typing: ":what-reaches 5 S\r") { try .letters(.gru) },
    screen("flow/bidirectional", Look(), 120, 40, typing: "]8") { try bidirectional() },
    screen("flow/numeric", Look(), 80, 24, typing: ":flow 9\r") { try numeric() },
    screen("flow/nan", Look(), 80, 24, typing: "8") { try nan() },
    screen("match/80x24", Look(), 80, 24, typing: "lllllllllVll*n") { try .letters() },
    screen("match/120x40", Look(colors: .indexed), 120, 40, typing: "lllllllllVll*n") {
      try .letters()
    },
    screen("match/60x16", Look(), 60, 16, typing: "lllllllllVll*n") { try .letters() },
    screen("match/span", Look(colors: .indexed), 80, 24, typing: "lllllllllVlllll") {
      try .letters()
    },
    screen("lanes/arranged", Look(colors: .indexed), 80, 24) {
      $0.type("lllllllll:order half-life")
      $0.press(.enter)
      $0.type("jjjjjp:filter mean(f)>0.45 || 1")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("tour/80x24", Look(), 80, 24, typing: "t") { try tour() },
    screen("tour/120x40", Look(colors: .indexed), 120, 40, typing: "st") { try tour() },
    screen("tour/cell-60x16", Look(), 60, 16) {
      $0.press("t", .enter)
    } of: {
      try tour()
    },
    screen("unit/80x24", Look(), 80, 24, typing: "Llljjvv") { try tour() },
    screen("unit/120x40", Look(colors: .indexed), 120, 40, typing: "Llljjvv") { try tour() },
    screen("unit/60x16", Look(), 60, 16, typing: "Llljjvv") { try .letters() },
    screen("unit/gru", Look(), 80, 24, typing: "Llljjvv") { try .letters(.gru) },
    screen("unit/rnn", Look(), 120, 40, typing: "GHjj3") { try .letters(.rnn) },
    screen("unit/200x60-light", Look(colors: .direct, theme: .light), 200, 60, typing: "GHHjj3") {
      try tour()
    },
    screen("unit/80x24-sixteen", Look(colors: .sixteen), 80, 24, typing: "GHHjj3") {
      try tour()
    },
    screen("unit/numeric", Look(), 120, 40, typing: "GHjj3") { try numeric() },
    screen("unit/projected", Look(), 120, 40, typing: "GHjjjjjjj3") { try projected() },
    screen("text/80x24", Look(), 80, 24, typing: "vvv") { try long() },
    screen("text/120x40", Look(colors: .indexed), 120, 40, typing: "lllllllllvvv") { try far() },
    screen("text/chinese", Look(colors: .indexed), 60, 16, typing: "vvv") { try chinese() },
    screen("text/numeric", Look(), 60, 16, typing: "vvv") { try numeric() },
    screen("text/letters", Look(colors: .indexed), 80, 24, typing: "Llljj4") { try .letters() },
    screen("text/sixteen", Look(colors: .sixteen), 80, 24, typing: "Llljj4") { try .letters() },
    screen("text/gru", Look(), 120, 40, typing: "Llljj4") { try .letters(.gru) },
    screen("text/200x60-light", Look(colors: .direct, theme: .light), 200, 60, typing: "LLlljj4") {
      try far()
    },
    screen("table/80x24", Look(), 80, 24, typing: "vvvv") { try tour() },
    screen("table/120x40", Look(colors: .indexed), 120, 40) {
      $0.press("v", "v", "v", "v", .tab, .tab, "s", "j")
    } of: {
      try tour()
    },
    screen("table/60x16", Look(), 60, 16, typing: "vvvv") { try .letters(units: 40) },
    screen("table/rnn", Look(), 80, 24, typing: "vvvv") { try .letters(.rnn) },
    screen("help/80x24", Look(), 80, 24, typing: "?") { try .letters() },
    screen("help/60x16-scrolled", Look(), 60, 16, typing: "?jjj") { try .letters() },
    screen("help/120x40", Look(colors: .indexed), 120, 40, typing: "?") { try .letters() },
    screen("export/80x24", Look(), 80, 24, typing: "e") { try .letters() },
    screen("export/60x16-long", Look(colors: .indexed), 60, 16) {
      $0.type("e")
      $0.handle(.paste(String(repeating: "folder/", count: 12)))
    } of: {
      try .letters()
    },
    screen("export/120x40-part", Look(colors: .indexed), 120, 40) {
      $0.type(":span 4..9\rjjE")
      $0.press(.up, .right)
    } of: {
      try bidirectional()
    },
    screen("export/80x24-fault", Look(colors: .indexed), 80, 24) {
      $0.type("e")
      $0.press(.tab, .tab)
      $0.type("7..99")
      $0.press(.tab)
      $0.type("9")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("prompt/line", Look(), 80, 24, typing: ":st") { try .letters() },
    screen("prompt/line-usage", Look(colors: .indexed), 80, 24, typing: ":export ") {
      try .letters()
    },
    screen("prompt/completion", Look(colors: .indexed), 80, 24) {
      $0.type(":view ")
      $0.press(.tab, .tab)
    } of: {
      try .letters()
    },
    screen("prompt/fault", Look(), 80, 24) {
      $0.type(":export a.csv --units 7,99")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("prompt/fault-right", Look(colors: .indexed), 60, 16) {
      $0.type(":export a-long-name-for-a-file.csv --units 1 --signals q")
      $0.press(.enter)
    } of: {
      try .letters()
    },
    screen("find/120x40", Look(colors: .indexed), 120, 40, typing: ":find any(f) > 0.95\rnn") {
      try tour()
    },
    screen("find/120x40-plain", Look(), 120, 40, typing: ":find fall(c[2])\rnnj") {
      try .letters()
    },
    screen("find/80x24", Look(), 80, 24, typing: ":find fall(c[2])\rnn") { try .letters() },
    screen("find/words", Look(), 120, 40, typing: ":find token == 'cat'\rj") { try words() },
    screen("find/numeric", Look(), 80, 24, typing: ":find x[1] > 1\r") { try numeric() },
    screen("find/fault", Look(colors: .indexed), 80, 24, typing: ":find f[99] < 0.1\r") {
      try .letters()
    },
    screen("find/completion", Look(), 80, 24, typing: ":find f[2] < 0.1 && ") { try .letters() },
    screen("find/armed", Look(colors: .indexed), 80, 24, typing: ":break rise(c[2])\r:+9\rjj ") {
      try .letters()
    },
    screen("find/broken", Look(), 80, 24, typing: ":break c[2] < -1.5\rG") { try .letters() },
    GoldenScreen(name: "find/searching") {
      var state = try Scene.letters().recordedState()
      _ = press(&state, keys(":find f[2] > 0.7") + [.enter])
      state.pending = .scan(Scan(wanted: .hit(through: 29), forwards: true, start: 0))
      return render(state)
    },
    screen("prompt/replace", Look(), 80, 24) {
      $0.handle(.exportExists(ExportRequest(path: "trace.csv")))
    } of: {
      try .letters()
    },
    screen("prompt/replace-long", Look(), 80, 24) {
      $0.handle(
        .exportExists(
          ExportRequest(path: String(repeating: "folder/", count: 12) + "trace.csv")))
    } of: {
      try .letters()
    },
    screen("message/unknown-key", Look(), 80, 24, typing: "!") { try .letters() },
    screen("message/failed", Look(colors: .indexed), 80, 24) {
      $0.handle(.exportFailed(message: "/nowhere/trace.csv: cannot be written: no such folder"))
    } of: {
      try .letters()
    },
    screen("message/playing", Look(), 80, 24, typing: " ") { try .letters() },
    GoldenScreen(name: "message/too-small") {
      render(try Scene.letters().state(width: 30, height: 10))
    },
    GoldenScreen(name: "message/computing") {
      var state = try Scene.letters().state()
      state.pending = .reach(step: 20)
      return render(state, recordingProgress: 0.43)
    },
    // What is drawn before the first step has been reached.
    GoldenScreen(name: "lanes/before-the-first-step") {
      render(try Scene.letters().state(colors: .indexed))
    },
    GoldenScreen(name: "cell/before-the-first-step") {
      var state = try Scene.letters().state()
      state.view = .cell
      return render(state)
    },
  ]

  // MARK: - What is shown

  private static func bidirectional() throws -> Scene {
    try Scene(
      try TestModels.bidirectional(), text: TestModels.reberText, name: "tagger.safetensors")
  }

  private static func chinese() throws -> Scene {
    let text = "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"
    var symbols: [String] = []
    for scalar in text.unicodeScalars where !symbols.contains(String(scalar)) {
      symbols.append(String(scalar))
    }
    return try Scene(try TestModels.symbols(symbols), text: text, name: "tang", title: "唐诗")
  }

  private static func words() throws -> Scene {
    let symbols = ["the", "cat", "sat", "on", "mat", "and", "purred", ".", "\n", " "]
    return try Scene(
      try TestModels.symbols(symbols),
      .tokens([0, 9, 1, 9, 2, 3, 0, 4, 5, 6, 7, 8, 0, 1, 6, 3, 0, 4, 7, 8, 0, 4, 2, 3, 0, 1]),
      name: "words.safetensors")
  }

  /// More steps than columns.
  private static func long() throws -> Scene {
    try Scene(
      try TestModels.letters(.lstm), .tokens((0..<400).map { ($0 * $0 + $0 / 3) % 7 }),
      name: "long")
  }

  private static func nan() throws -> Scene {
    try Scene(try TestModels.withNaN(), text: TestModels.reberText, name: "broken.safetensors")
  }

  private static func numeric() throws -> Scene {
    let model = TrainedModel(
      network: try TestModels.network([LayerShape(cell: .lstm, inputSize: 11, hiddenSize: 5)]))
    let values = (0..<20 * 11).map { place in Float((place * 37) % 41 - 20) / Float(16) }
    return try Scene(model, .features(values, width: 11), name: "sensor.safetensors")
  }

  private static func tour() throws -> Scene {
    let depth: [Float] = (0..<30).map { (step: Int) -> Float in
      Float(step < 12 ? step / 3 : max(0, 8 - step / 3))
    }
    let isOpen: [Float] = depth.map { $0 > 1 ? 1 : 0 }
    let text =
      "The forget gate of unit 2 stays open, so its cell keeps what the first letter wrote."
    return try Scene(
      try TestModels.letters(.lstm), .tokens((0..<30).map { ($0 * $0 + $0 / 3) % 7 }),
      title: "embedded Reber grammar",
      lanes: [
        GroundTruthLane(name: "depth", kind: .number, values: depth),
        GroundTruthLane(name: "is open", kind: .flag, values: isOpen),
      ],
      tour: Tour(
        stops: [
          TourStop(step: 9, unit: 2, signal: "f", text: text),
          TourStop(step: 14, view: .cell, unit: 2, text: text),
        ]))
  }

  private static func projected() throws -> Scene {
    try Scene(try TestModels.projected(), text: TestModels.reberText)
  }

  private static func varied() throws -> Scene {
    try Scene(try TestModels.varied(), text: TestModels.reberText)
  }

  private static func reluRNN() throws -> Scene {
    let shape = LayerShape(
      cell: .rnn, inputSize: 7, hiddenSize: 4, clip: 3,
      activations: CellActivations(candidate: .relu))
    return try Scene(try TestModels.letters(shape), text: TestModels.reberText)
  }

  /// More units and steps than a screen has cells.
  private static func far() throws -> Scene {
    try Scene(
      try TestModels.calm(units: 60), .tokens((0..<700).map { ($0 * $0 / 5 + $0) % 7 }))
  }

  // MARK: - How

  struct Look: Sendable {
    var colors = Capabilities.ColorDepth.none
    var unicode = true
    var theme = Theme.Name.dark
  }

  private static func screen(
    _ name: String, _ look: Look, _ width: Int, _ height: Int,
    _ use: @escaping @Sendable (Workbench) -> Void, of scene: @escaping @Sendable () throws -> Scene
  ) -> GoldenScreen {
    GoldenScreen(name: name) {
      let scene = try scene()
      let workbench = scene.workbench(
        scene.state(
          width: width, height: height, colors: look.colors, unicode: look.unicode,
          theme: look.theme))
      workbench.finish()
      use(workbench)
      return workbench.frame()
    }
  }

  static func screen(
    _ name: String, _ look: Look, _ width: Int, _ height: Int, typing text: String,
    of scene: @escaping @Sendable () throws -> Scene
  ) -> GoldenScreen {
    screen(name, look, width, height, { $0.type(text) }, of: scene)
  }
}
