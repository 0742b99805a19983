import Inspector
import Recurrent
import Testing
import TraceFiles

/// What Gatescope writes it reads: the same numbers, and again the same bytes.
@Suite struct RoundTripTests {
  struct Narrowing: Sendable, CustomStringConvertible {
    let description: String
    var options = SelectionOptions()

    static let all: [Narrowing] = [
      Narrowing(description: "whole"),
      Narrowing(description: "steps 1..2", options: .init(steps: "1..2")),
      Narrowing(description: "steps ..2", options: .init(steps: "..2")),
      Narrowing(description: "units 0,2", options: .init(units: "0,2")),
      Narrowing(description: "units 1", options: .init(units: "1")),
      Narrowing(description: "layer 0", options: .init(layers: "0")),
      Narrowing(description: "h", options: .init(signals: "h")),
      Narrowing(description: "step 3, units 0..1", options: .init(steps: "3", units: "0..1")),
    ]
  }

  private static let formats: [TraceFormat] =
    [.npz] + CSVLayout.allCases.map { .csv($0) }

  @Test(arguments: Recording.all, Narrowing.all)
  func whatIsReadIsWrittenAsItWas(_ recording: Recording, _ narrowing: Narrowing) throws {
    let (trace, network) = try recording.trace()
    // The last layer has fewer units than some selections ask for.
    guard let selection = try? TraceSelection(narrowing.options, of: trace) else { return }
    for format in Self.formats {
      let first = try exported(trace, selection, format, network: network)
      // A table has the symbols, an archive the numbers.
      let symbols = format == .npz && recording.hasTokens ? recording.symbols : nil
      let read = try TraceReader.read(bytes: first, path: "t", .init(symbols: symbols))
      #expect(read.warnings == [])
      let again = try exported(read.trace, .all(of: read.trace), format, input: read.input)
      let knownLoss = narrowing.description == "h" && recording.description == "projected"
      if !knownLoss { #expect(again == first, "\(format)") }
      compare(read.trace, with: trace, selection)
    }
  }

  /// Every value under its own step, layer, signal and unit.
  private func compare(_ read: Trace, with trace: Trace, _ selection: TraceSelection) {
    #expect(read.length == selection.steps.count)
    let chosen = selection.tracks.map { trace.layout[$0] }
    for layout in read.layout {
      guard let track = trace.layout.firstIndex(where: { $0.track == layout.track }) else {
        Issue.record("\(layout.track) was not recorded")
        continue
      }
      #expect(chosen.contains { $0.track == layout.track })
      #expect(layout.missingSignals.isEmpty || selection.signals.count < 3)
      let index = read.layout.firstIndex { $0.track == layout.track } ?? 0
      for signal in layout.signals {
        for step in 0..<read.length {
          for unit in 0..<layout.units(of: signal) {
            let value = read.value(track: index, signal: signal, step: step, unit: unit)
            let original = trace.value(
              track: track, signal: signal, step: read.stepNumber(at: step),
              unit: layout.number(of: unit))
            if value.bitPattern != original.bitPattern {
              Issue.record("\(layout.track) \(signal) step \(step) unit \(unit)")
              return
            }
          }
        }
      }
    }
    for step in 0..<read.length where read.tokenText(at: step) != nil {
      #expect(read.tokenText(at: step) == trace.tokenText(at: read.stepNumber(at: step)))
    }
  }

  @Test(arguments: Recording.all)
  func theCellIsToldFromItsSignals(_ recording: Recording) throws {
    let (trace, network) = try recording.trace()
    for format in Self.formats {
      let file = try exported(trace, .all(of: trace), format, network: network)
      let read = try TraceReader.read(bytes: file, path: "t").trace
      #expect(read.layout.map(\.cell) == trace.layout.map(\.cell))
      #expect(read.layout.map(\.signals) == trace.layout.map(\.signals))
      #expect(read.layout.map(\.units) == trace.layout.map(\.units))
      #expect(read.layout.map(\.projectedUnits) == trace.layout.map(\.projectedUnits))
    }
  }

  @Test func anNPZHasNoTokenNumbersThatATableDidNotHave() throws {
    let (trace, _) = try Recording.all[0].trace()
    let table = try exported(trace, .all(of: trace), .csv(.unit))
    let read = try TraceReader.read(bytes: table, path: "t").trace
    #expect(!read.hasTokenNumbers)
    let archive = try TraceReader.read(
      bytes: try exported(read, .all(of: read), .npz), path: "t")
    #expect(archive.trace.token(at: 0) == nil)

    let known = try TraceReader.read(
      bytes: table, path: "t", .init(symbols: Recording.all[0].symbols))
    #expect(known.trace.hasTokenNumbers)
    #expect(known.trace.input == trace.input)
  }

  /// A table that other tools have narrowed may have other units in every layer.
  @Test func differentUnitsOfLayersAreNoNPZ() throws {
    let table = "step,layer,direction,unit,h\n0,0,fwd,1,0.5\n0,1,fwd,2,0.25\n"
    let trace = try TraceReader.read(bytes: Array(table.utf8), path: "t").trace
    #expect(trace.layout.map { $0.number(of: 0) } == [1, 2])
    #expect(
      message { _ = try exported(trace, .all(of: trace), .npz) }
        == "the layers have different units, which an .npz cannot say; write a .csv")
    let csv = try exported(trace, .all(of: trace), .csv(.unit))
    #expect(
      String(decoding: csv, as: UTF8.self)
        == "step,token,layer,direction,unit,h\n0,,0,fwd,1,0.5\n0,,1,fwd,2,0.25\n")
  }
}

/// Expressions and filters speak of steps and units by the numbers of the whole.
@Suite struct PartialTraceTests {
  private func part() throws -> (whole: Trace, part: Trace) {
    let (trace, _) = try Recording.all[0].trace()
    let file = try exported(
      trace, TraceSelection(.init(steps: "3..7", units: "1,3..4"), of: trace), .npz)
    return (trace, try TraceReader.read(bytes: file, path: "t").trace)
  }

  private func hits(_ text: String, in trace: Trace) throws -> [Int] {
    let search = try SignalExpression(text).bound(to: ExpressionScope(trace: trace))
    return search.hits(in: 0..<trace.length).map { trace.stepNumber(at: $0) }
  }

  @Test(arguments: ["h[3] > 0", "step > 4", "any(c[3..4]) > 0.1", "f[1] < i[4]"])
  func anExpressionFindsTheSameSteps(_ text: String) throws {
    let (whole, part) = try part()
    #expect(try hits(text, in: part) == hits(text, in: whole).filter { (3...7).contains($0) })
  }

  @Test func whatIsNotHereIsSaid() throws {
    let part = try part().part
    #expect(
      message { _ = try hits("h[2] > 0", in: part) }.contains(
        "unit 2 is not in this trace; it has units from 1 to 4"))
    #expect(
      message { _ = try TraceSelection(.init(units: "2"), of: part) }
        == "--units: there is no unit '2' in this trace; it has units 1..4")
    #expect(
      message { _ = try TraceSelection(.init(steps: "9"), of: part) }
        == "--steps: there is no step '9' in this trace; it has steps 3..7")
  }
}
