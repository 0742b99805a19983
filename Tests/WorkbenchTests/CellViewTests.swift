import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What the pictures of the cells promise beyond their goldens.
@Suite struct CellViewTests {
  private func screen(
    _ scene: Scene, _ size: (Int, Int), unit: Int, colors: Capabilities.ColorDepth = .indexed
  ) -> (grid: Grid, state: State) {
    let workbench = scene.workbench(
      scene.state(width: size.0, height: size.1, colors: colors))
    workbench.type("Lll2")
    workbench.type(":unit \(unit)\r")
    return (workbench.frame(), workbench.state)
  }

  /// The slow state flows through the number of the unit in hand, lit from c' to the arrow.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)], [CellKind.lstm, .gru, .rnn])
  func theLineRunsThroughTheUnitInHand(_ size: (Int, Int), _ kind: CellKind) throws {
    for unit in [0, 3, 7] {
      let (grid, state) = screen(try .letters(kind), size, unit: unit)
      let body = FrameLayout(state).body
      let layout = try #require(CellView(state: state).diagram(in: body)?.layout)
      let y = layout.flowRow
      let number = grid.text(row: y).drop { $0 == " " }.prefix { $0 != " " }
      #expect(number == String(unit))
      #expect(grid[body.maxX - 1, y] == Cell("▶", state.theme.accent))
      let lit: Set<Unicode.Scalar> = ["━", "⊗", "⊕", "┯", "▶", "▸"]
      for x in layout.right(0)..<body.maxX {
        let cell = grid[x, y]
        // The rest are the strips with their numbers, and what is applied on the way.
        let isOnGround = cell.style.background == state.theme.ground && cell.scalar != " "
        if isOnGround {
          #expect(lit.contains(cell.scalar) && cell.style == state.theme.accent, "column \(x)")
        }
      }
    }
  }

  /// i and z go into their ⊗ from both sides; o and tanh c go into theirs, and h comes out.
  @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 60)])
  func whatGoesInHasAnArrowThere(_ size: (Int, Int)) throws {
    for unit in [0, 7] {
      let (grid, state) = screen(try .letters(), size, unit: unit, colors: .none)
      let body = FrameLayout(state).body
      let layout = try #require(CellView(state: state).diagram(in: body)?.layout)
      let row = grid.text(row: layout.bracketRow).filter { $0 != " " && $0 != "─" }
      #expect(row.contains("┌▶⊗◀┐") && row.contains("┌▶⊗┐"), "\(row)")
      let heads = grid.text(row: layout.flowRow + 1).filter { $0 == "▲" }
      #expect(heads.count == 2)
      #expect(grid[layout.center(7), layout.lowerLabels].scalar == "▼")
      for slot in [1, 3, 4, 6] {
        #expect(grid[layout.center(slot), layout.lowerLabels].scalar == "│")
      }
    }
  }

  /// Points stand under each other, and stay where they are from step to step.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func theDecimalsOfAStripAreAligned(_ size: (Int, Int)) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: size.0, height: size.1, colors: .direct))
    workbench.type("G2")
    let diagram = try #require(
      CellView(state: workbench.state).diagram(in: FrameLayout(workbench.state).body))
    var seen: [Int: Set<Int>] = [:]
    for _ in 0..<8 {
      let grid = workbench.frame()
      for strip in diagram.strips {
        let layout = diagram.layout
        let top = strip.isUpper ? layout.upperStrips : layout.lowerStrips
        for place in layout.places {
          let y = top + layout.offset(of: place)
          let points = (layout.left(strip.slot)..<layout.right(strip.slot)).filter {
            grid[$0, y].scalar == "."
          }
          #expect(points.count == 1)
          let key = strip.slot * 2 + (strip.isUpper ? 1 : 0)
          seen[key, default: []].formUnion(points)
        }
      }
      workbench.type("h")
    }
    #expect(seen.count == diagram.strips.count)
    #expect(seen.values.allSatisfy { $0.count == 1 })
  }

  @Test(arguments: [
    (Float(0.9), 5, 2), (9.99, 5, 2), (9.996, 5, 1), (25, 5, 1), (25, 6, 2), (120, 5, 0),
    (120, 6, 1), (4000, 5, 0), (.infinity, 5, 2),
  ])
  func largeValuesTakeDecimalsFromAll(_ largest: Float, _ room: Int, _ decimals: Int) {
    #expect(Strip.decimals(upTo: largest, room: room) == decimals)
  }

  /// Numbers enter as numbers, and a number comes out.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func aNumericModelShowsWhatEntersAndWhatComesOut(_ size: (Int, Int)) throws {
    let network = try TestModels.network(
      [LayerShape(cell: .lstm, inputSize: 2, hiddenSize: 1)], readout: 1, activation: .linear)
    let readout = try #require(network.readout)
    let scene = try Scene(
      TrainedModel(network: network), .features((0..<40).map { Float($0 % 7) / 4 }, width: 2))
    let (grid, state) = screen(scene, size, unit: 0)
    let entering = state.trace.input
    guard case .features(let values, 2) = entering else {
      Issue.record("\(entering)")
      return
    }
    let x = (0..<2).map { Numbers.fixed(values[state.step * 2 + $0]) }
    #expect(grid.text.contains("x " + x.joined(separator: " ")))
    let h = state.trace.value(track: 0, signal: .h, step: state.step, unit: 0)
    let weight = readout.weights[0]
    let bias = readout.bias?[0] ?? 0
    let y = Numbers.fixed(Double(h) * Double(weight) + Double(bias), decimals: 3)
    // Once above the views, once in the picture.
    #expect(grid.text.components(of: y).count == 2)
    if size.0 > 80 { #expect(grid.text.contains("y = \(Numbers.fixed(weight)) h ")) }
  }

  /// What enters an upper layer is the h of the one below, not the token.
  @Test func anUpperLayerReadsTheOneBelow() throws {
    let shapes = [
      LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 6),
      LayerShape(cell: .gru, inputSize: 6, hiddenSize: 5),
    ]
    let scene = try Scene(
      TrainedModel(network: try TestModels.network(shapes)),
      .features(Array(repeating: 0.5, count: 7 * 20), width: 7))
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: .none))
    workbench.type("Lll2]")
    #expect(workbench.frame().text.contains("x h of layer 0"))
    workbench.type("[")
    #expect(workbench.frame().text.contains("x 0.50 0.50 0.50 …"))
  }
}

extension String {
  fileprivate func components(of part: String) -> [Substring] {
    var found: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      found.append(rest[range])
      rest = rest[range.upperBound...]
    }
    return found
  }
}
