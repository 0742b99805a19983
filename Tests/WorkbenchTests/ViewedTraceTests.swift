import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing
import TraceFiles

@testable import Workbench

/// A recorded trace is looked at as the model is that made it, as far as it goes.
@Suite struct ViewedTraceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let scene: @Sendable () throws -> Scene
  }

  /// Without a readout, which no trace has.
  private static func letters(_ shapes: LayerShape...) throws -> Scene {
    try Scene(
      TrainedModel(
        network: try TestModels.network(shapes), vocabulary: Vocabulary(TestModels.letters)),
      text: TestModels.reberText)
  }

  static let cases: [Case] = [
    Case(testDescription: "LSTM") {
      try letters(LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 8))
    },
    Case(testDescription: "GRU") {
      try letters(LayerShape(cell: .gru, inputSize: 7, hiddenSize: 5))
    },
    Case(testDescription: "RNN") {
      try letters(LayerShape(cell: .rnn, inputSize: 7, hiddenSize: 5))
    },
    Case(testDescription: "projected") {
      try letters(LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 8, projectionSize: 5))
    },
    Case(testDescription: "two layers both ways") {
      try letters(
        LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 6, isBidirectional: true),
        LayerShape(cell: .lstm, inputSize: 12, hiddenSize: 5, isBidirectional: true))
    },
    Case(testDescription: "numbers") {
      try Scene(
        TrainedModel(
          network: try TestModels.network([LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 3)])),
        .features((0..<40).map { Float($0 % 7) / 4 }, width: 2))
    },
  ]

  /// Keys that go through the views and the layers, at the end of the sequence and elsewhere.
  private static let ways = ["", "jj", "2", "]2", "3", "4\t", "5", "h5G1", "g2", "g3", "]]1"]

  @Test(arguments: cases)
  func theViewIsTheOneOfTheModel(_ one: Case) throws {
    let scene = try one.scene()
    let file = try ViewedTraces.file(of: scene)
    let viewed = try Scene(
      viewing: file, name: "t.npz", symbols: scene.session.model?.vocabulary?.symbols)
    for (width, height) in [(80, 24), (120, 40)] {
      let opened = scene.workbench(
        scene.state(width: width, height: height, colors: .indexed, theme: .light))
      let view = viewed.workbench(
        viewed.state(width: width, height: height, colors: .indexed, theme: .light))
      for workbench in [opened, view] { workbench.type("G") }
      for keys in Self.ways {
        for workbench in [opened, view] {
          workbench.type(keys)
        }
        // A model says what an h that is alone does not.
        let isAlone = view.state.currentTrack.signals == [.h]
        if view.state.view == .cell, isAlone { continue }
        let (old, new) = (opened.frame(), view.frame())
        // The first row says what is open.
        let first =
          isAlone && view.state.view == .unit ? UnitLabels.width(view.state, available: width) : 0
        for y in 1..<height where (first..<width).contains(where: { old[$0, y] != new[$0, y] }) {
          if isAlone, new.text(row: y).contains("hidden state") { continue }
          Issue.record("\(width)x\(height) after \(keys), row \(y):\n\(old.text)\n\(new.text)")
          return
        }
      }
    }
  }

  @Test func whatIsExportedIsWhatWasThere() throws {
    let whole = try ViewedTraces.file(of: .letters())
    let scene = try Scene(viewing: whole, name: "t.npz")
    #expect(scene.session.exportName == "t.csv")
    let narrowed = try ViewedTraces.narrowed()
    let options = SelectionOptions(steps: "7..9", units: "5..6")
    let table = String(
      decoding: try ViewedTraces.file(of: narrowed, .csv(.unit), options), as: UTF8.self)
    let original = String(
      decoding: try ViewedTraces.file(
        of: .letters(), .csv(.unit),
        .init(steps: "7..9", units: "5..6", signals: "c,h")), as: UTF8.self)
    #expect(table == original)
  }

  @Test func numbersAreThoseOfTheWhole() throws {
    let scene = try ViewedTraces.narrowed()
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    #expect(workbench.frame().text.contains("step 5 in 5..20"))
    workbench.type(":8\r")
    #expect(workbench.state.step == 3)
    workbench.type("j")
    #expect(workbench.frame().text.contains("unit 5 "))
    workbench.type(":unit 7")
    workbench.press(.enter)
    #expect(workbench.state.unitNumber == 7)
    workbench.type(":unit 3")
    workbench.press(.enter)
    #expect(workbench.state.prompt?.fault?.message == "unit 3 is not in this trace")
    workbench.press(.escape)
    workbench.type(":export t.csv --steps 3")
    workbench.press(.enter)
    #expect(
      workbench.state.prompt?.fault?.message
        == "--steps: there is no step '3' in this trace; it has steps 5..20")
    workbench.press(.escape)
    workbench.type(":99\r")
    #expect(workbench.state.stepNumber == 20)
  }

  @Test func aRangeThatIsLeftHasNone() throws {
    let scene = try ViewedTraces.table("step,unit,f,h\n0,0,0.5,3\n1,0,1,-7\n")
    let workbench = scene.workbench(scene.state(width: 120, height: 40))
    workbench.finish()
    #expect(workbench.state.range(of: .f) == .unit)
    #expect(workbench.state.range(of: .h) == .unbounded)
    #expect(workbench.frame().text.contains("-8"))
  }

  /// Legends of a large trace come in slices, and keys are answered in between.
  @Test func aLargeTraceIsLookedAtInSlices() throws {
    let trace = Trace(
      recorded: [TrackLayout(track: Track(layer: 0), cell: .lstm, units: 8, signals: [.c])],
      values: Hundreds(), input: nil, beginsWithZeros: [true])
    let scene = Scene(viewing: trace)
    var state = scene.state()
    #expect(update(&state, .recorded) == [.surveyMore])
    #expect(state.surveyedSteps > 0 && state.surveyedSteps < 60_000)
    let workbench = scene.workbench(scene.state())
    workbench.press("l")
    #expect(workbench.state.step == 1)
    #expect(workbench.state.surveyedSteps == 60_000)
    #expect(workbench.state.extents[0][.c]?.largest.first == 99)
  }

  private final class Hundreds: TraceValues {
    let recordedSteps = 60_000
    func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
      var place = 0
      for step in request.steps {
        for _ in request.units {
          values[place] = Float(step % 100)
          place += 1
        }
      }
    }
  }
}

extension GoldenTests {
  static let viewedScreens: [GoldenScreen] = [
    screen("view/narrowed-lanes", Look(colors: .indexed), 80, 24, typing: "lllj") {
      try ViewedTraces.narrowed()
    },
    screen("view/narrowed-cell", Look(), 80, 24, typing: "lllj2") { try ViewedTraces.narrowed() },
    screen("view/narrowed-unit", Look(), 120, 40, typing: "lllj3") { try ViewedTraces.narrowed() },
    screen("view/narrowed-table", Look(), 80, 24, typing: "llljvvvv") {
      try ViewedTraces.narrowed()
    },
    screen("view/without-i-lanes", Look(), 120, 40, typing: "lllllllllj") {
      try ViewedTraces.withoutInputGate()
    },
    screen("view/without-i-cell", Look(), 120, 40, typing: "lllllllllj2") {
      try ViewedTraces.withoutInputGate()
    },
    screen("view/unknown-lanes", Look(), 80, 24, typing: "lll") {
      try ViewedTraces.unknownArrays()
    },
    screen("view/unknown-text", Look(), 80, 24, typing: "lll]4") {
      try ViewedTraces.unknownArrays()
    },
    screen("view/hidden-alone-cell", Look(), 80, 24, typing: "2") {
      try ViewedTraces.table("step,token,unit,h\n0,a,0,0.25\n0,a,1,-0.5\n1,b,0,0.5\n1,b,1,0\n")
    },
    screen("view/large-numbers", Look(), 80, 24, typing: "llj") {
      try ViewedTraces.largeNumbers()
    },
    screen("view/gru-cell", Look(), 80, 24, typing: "ll2") {
      try ViewedTraces.table("step,token,unit,u,h\n3,a,0,0.25,1\n4,b,0,0.5,0.75\n5,b,0,1,0.75\n")
    },
  ]
}
