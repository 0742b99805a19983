import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// The text in a unit's colours, the signals under it, the strongest places beside it.
@Suite struct TextViewTests {
  static let sizes = [(60, 16), (80, 24), (97, 31), (120, 40), (200, 60)]

  private func state(
    _ scene: Scene, _ size: (Int, Int), _ colors: Capabilities.ColorDepth = .direct
  ) -> State {
    scene.preparedState(.text, size, colors)
  }

  private func long() throws -> Scene {
    try Scene(
      try TestModels.letters(.lstm), .tokens((0..<4000).map { ($0 * $0 + $0 / 3) % 7 }))
  }

  // MARK: - Where things stand

  @Test(arguments: sizes, [Capabilities.ColorDepth.none, .direct])
  func partsDoNotOverlap(_ size: (Int, Int), _ colors: Capabilities.ColorDepth) throws {
    for scene in [try Scene.letters(), try .letters(.gru), try .letters(.rnn), try long()] {
      let state = state(scene, size, colors)
      let body = FrameLayout(state).body
      let page = TextPage(state, body: body)
      #expect(page.layout.tokens.contains { $0.step == 17 })
      let last = try #require(page.layout.tokens.map { page.y(of: $0) }.max()) + page.leading - 1
      #expect(page.layout.tokens.allSatisfy { $0.column + $0.width <= page.text.width })
      #expect(page.text.y > body.y && last < page.values.y)
      let signals = state.currentTrack.signals.count
      #expect(
        page.values.height
          >= SignalValues.height(signals, isLong: page.hasLongValues))
      #expect(page.values.maxY == body.maxY)
      #expect(page.leading == (colors == .none ? 2 : page.leading))
      if size.0 >= 120 {
        #expect(page.text.width <= TextPage.longestLine && page.aside.x >= page.text.maxX)
        #expect(page.aside.maxX == body.maxX)
      } else {
        #expect(page.aside.width == 0 && page.text.width == body.width)
      }
    }
  }

  @Test func aShortTextIsSetWideAndWordsAreNot() throws {
    let letters = TextPage(
      state(try .letters(), (80, 24)), body: Rect(x: 1, y: 3, width: 78, height: 20))
    #expect(letters.leading == 2 && Set(letters.layout.tokens.map(\.width)) == [3])
    let symbols = ["a", "b", " "]
    let words = try Scene(try TestModels.symbols(symbols), .tokens((0..<40).map { $0 % 3 }))
    let page = TextPage(state(words, (80, 24)), body: Rect(x: 1, y: 3, width: 78, height: 20))
    #expect(page.leading == 1 && Set(page.layout.tokens.map(\.width)) == [1])
  }

  // MARK: - What is said of the step

  @Test(arguments: sizes, [CellKind.lstm, .gru, .rnn])
  func everySignalOfTheStepIsThere(_ size: (Int, Int), _ cell: CellKind) throws {
    let state = state(try .letters(cell), size)
    let grid = render(state)
    let values = TextPage(state, body: FrameLayout(state).body).values
    let rows = (values.y..<values.maxY).map { grid.text(row: $0) }
    for signal in state.currentTrack.signals {
      let value = state.trace.value(track: 0, signal: signal, step: 17, unit: 2)
      let number = Numbers.fitted(value, width: 6)
      let row = rows.first { $0.contains(" \(signal.rawValue) ") && $0.contains(" \(number)") }
      #expect(row != nil, "\(signal) \(number) in \(rows)")
    }
  }

  @Test(arguments: sizes)
  func aValueIsItsSignal(_ size: (Int, Int)) throws {
    let state = state(try .letters(), size)
    let grid = render(state)
    let area = TextPage(state, body: FrameLayout(state).body).values
    var lanes: Set<Int> = []
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX {
        guard case .spot(let spot)? = Hit(at: Point(x: x, y: y), in: state)?.target,
          let lane = spot.lane, lanes.insert(lane).inserted
        else { continue }
        #expect(String(grid[x, y].scalar) == state.currentTrack.signals[lane].rawValue)
      }
    }
    #expect(lanes == Set(0..<6))
  }

  @Test(arguments: [
    (0.0, "    ▏   "), (1, "    ▆▆▆▆"), (0.5, "    ▆▆  "), (-1, "▆▆▆▆▏   "), (-0.5, "  ▆▆▏   "),
    (0.4, "    ▆▆  "), (-0.1, "    ▏   "), (7, "    ▆▆▆▆"),
  ])
  func aBarHasItsSign(_ value: Float, _ bar: String) {
    for colors in [Capabilities.ColorDepth.none, .direct] {
      let theme = Theme(.dark, Capabilities(colors: colors, unicode: true))
      // A colour shows how far the scale goes; without one only where it begins.
      let bar = colors == .none ? bar : bar.replacing("▏", with: " ")
      var grid = Grid(width: 8, height: 1)
      ScaleBar(scale: HeatScale(.signed(limit: 1), theme), value: value, width: 8)
        .draw(into: &grid, x: 0, y: 0, theme.text)
      let drawn = (0..<8).map { x in
        grid[x, 0].style == theme.text ? String(grid[x, 0].scalar) : " "
      }.joined()
      #expect(drawn == bar)
    }
  }

  @Test(arguments: [(0.0, "▏   "), (0.5, "▆▆  "), (1, "▆▆▆▆"), (0.3, "▆   ")])
  func aShareIsFilledFromTheLeft(_ value: Float, _ bar: String) {
    let theme = Theme(.dark, Capabilities(colors: .none, unicode: true))
    var grid = Grid(width: 4, height: 1)
    ScaleBar(scale: HeatScale(.gate, theme), value: value, width: 4)
      .draw(into: &grid, x: 0, y: 0, theme.text)
    #expect((0..<4).map { String(grid[$0, 0].scalar) }.joined() == bar)
  }

  // MARK: - Values without colours

  @Test func marksHaveManyLevels() {
    func marks(_ colors: Capabilities.ColorDepth, _ kind: HeatScale.Kind) -> [Cell] {
      let theme = Theme(.dark, Capabilities(colors: colors, unicode: true))
      return (-8...8).map { TextMark(HeatScale(kind, theme)).cell(for: Float($0) / 8) }
    }
    #expect(marks(.none, .gate).suffix(9).map(\.scalar) == Array("▁▂▃▄▅▅▆▇█".unicodeScalars))
    let plain = marks(.none, .signed(limit: 1)).map(\.scalar)
    #expect(plain == Array("▓▓▒▒░··▁▁▂▃▄▅▅▆▇█".unicodeScalars))
    // In sixteen colours the hue has the sign, the height the amount.
    let signed = marks(.sixteen, .signed(limit: 1))
    #expect(signed.map(\.scalar) == Array(signed.map(\.scalar).reversed()))
    #expect(Set(signed).count >= 14)
  }

  @Test func everyTokenHasItsMark() throws {
    let state = state(try .letters(), (80, 24), .none)
    let grid = render(state)
    let page = TextPage(state, body: FrameLayout(state).body)
    let scale = SignalScales.alone(.c, unit: 2, state)
    for token in page.layout.tokens {
      let value = state.trace.value(track: 0, signal: .c, step: token.step, unit: 2)
      let mark = TextMark(scale).cell(for: value)
      for x in token.column..<token.column + token.width {
        #expect(grid[page.text.x + x, page.y(of: token) + 1] == mark, "\(token.step)")
      }
    }
  }

  // MARK: - The cursor

  /// Unlike every colour that a value has, and to be read.
  @Test(arguments: Theme.Name.allCases, Palette.Family.allCases)
  func theCursorStandsOut(_ name: Theme.Name, _ family: Palette.Family) throws {
    for depth in [Capabilities.ColorDepth.indexed, .direct] {
      var state = state(try .letters(), (120, 40), depth)
      state.theme = Theme(name, Capabilities(colors: depth, unicode: true), palette: family)
      let grid = render(state)
      let page = TextPage(state, body: FrameLayout(state).body)
      let token = try #require(page.layout.tokens.first { $0.step == 17 })
      let style = grid[page.text.x + token.column, page.y(of: token)].style
      let (ink, ground) = (try #require(style.foreground), try #require(style.background))
      #expect(ink.contrast(with: ground) >= 4.5)
      #expect(style.attributes.isSuperset(of: [.bold, .underline]))
      #expect(grid[page.text.x - 1, page.y(of: token)].scalar == "▶")
      guard name != .monochrome, family != .grey else { continue }
      for kind in [HeatScale.Kind.gate, .signed(limit: 1)] {
        for place in -50...50 {
          let cell = HeatScale(kind, state.theme).cell(for: Float(place) / 50)
          let other = try #require(cell.style.background)
          #expect(distance(ground, other) > 80, "\(kind) \(place)")
        }
      }
    }
  }

  private func distance(_ a: Color, _ b: Color) -> Double {
    func square(_ x: UInt8, _ y: UInt8) -> Double {
      (Double(x) - Double(y)) * (Double(x) - Double(y))
    }
    return (square(a.red, b.red) + square(a.green, b.green) + square(a.blue, b.blue)).squareRoot()
  }

  @Test func whatIsFoundIsUnderlined() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: .direct))
    workbench.type("4G:find f[2] < 0.6\r")
    let state = workbench.state
    let grid = workbench.frame()
    let page = TextPage(state, body: FrameLayout(state).body)
    var count = 0
    for token in page.layout.tokens where token.step != state.step {
      let value = state.trace.value(track: 0, signal: .f, step: token.step, unit: 2)
      let style = grid[page.text.x + token.column, page.y(of: token)].style
      #expect(style.attributes.contains(.underline) == (value < 0.6), "\(token.step)")
      count += value < 0.6 ? 1 : 0
    }
    #expect(count > 0)
  }

  // MARK: - The strongest places

  @Test(
    arguments: [
      ([], 1, []), ([0], 1, [0]), ([1, 1, 1], 1, [0]), ([0, 2, 2, 1], 1, [1]),
      ([0, 3, 0, 0, 0, 0, 0, 0, 0, 5], 1, [9, 1]),
      ([0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2], 1, [3, 11]),
      ([0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2], -1, [0]), ([.nan, 1, .nan], 1, [1]),
      ([.infinity, 0], 1, [0]),
    ] as [([Float], Float, [Int])])
  func strongestPlacesAreApart(_ values: [Float], _ sign: Float, _ steps: [Int]) {
    #expect(StrongPlaces.peaks(of: values, sign: sign).map(\.step) == steps)
  }

  /// The same as of all tops, sorted.
  @Test func fewTopsAreEnough() {
    var weights = TestWeights(seed: 3)
    for largest in [1, 3, 1000] {
      let values = weights.values(3000, largest: largest)
      for sign in [1, -1] as [Float] {
        let heights = values.map { $0 * sign }
        let tops = heights.indices.filter { step in
          (step == 0 || heights[step] > heights[step - 1])
            && (step + 1 == heights.count || heights[step] >= heights[step + 1])
        }.sorted { heights[$0] != heights[$1] ? heights[$0] > heights[$1] : $0 < $1 }
        var taken: [Int] = []
        for step in tops where taken.count < StrongPlaces.most {
          if taken.allSatisfy({ abs($0 - step) >= StrongPlaces.distance }) { taken.append(step) }
        }
        #expect(StrongPlaces.peaks(of: values, sign: sign).map(\.step) == taken)
      }
    }
  }

  /// No step that is far from all places is stronger than the weakest of a full list.
  @Test func noPlaceIsMissed() throws {
    let state = state(try long(), (200, 60))
    let places = try #require(state.strongPlaces)
    let values = (0..<4000).map { state.trace.value(track: 0, signal: .c, step: $0, unit: 2) }
    let (low, high) = (try #require(values.min()), try #require(values.max()))
    #expect(places.highest.first?.value == high && places.lowest.first?.value == low)
    #expect(places.highest.allSatisfy { $0.value >= (low + high) / 2 })
    #expect(places.lowest.allSatisfy { $0.value < (low + high) / 2 })
    #expect(places.highest.count == StrongPlaces.most)
    let weakest = try #require(places.highest.last?.value)
    for step in values.indices where values[step] > weakest {
      #expect(
        places.highest.contains { abs($0.step - step) < 2 * StrongPlaces.distance }, "\(step)")
    }
  }

  @Test func aPlaceIsGoneToByAClick() throws {
    let state = state(try long(), (200, 60))
    let grid = render(state)
    let body = FrameLayout(state).body
    let page = TextPage(state, body: body)
    let places = try #require(state.strongPlaces)
    let title = try #require(
      (0..<60).first { grid.text(row: $0).contains(Words.highest("c")) })
    for (row, place) in places.highest.prefix(3).enumerated() {
      let y = title + 1 + row
      #expect(grid.text(row: y).contains(" \(place.step) "))
      let hit = Hit(at: Point(x: page.aside.x + 4, y: y), in: state)
      #expect(hit?.target == .spot(.init(step: place.step)))
    }
    // The chart goes through the page.
    let steps = (page.aside.x..<page.aside.maxX).compactMap { x -> Int? in
      guard case .spot(let spot)? = Hit(at: Point(x: x, y: page.aside.y + 3), in: state)?.target
      else { return nil }
      return spot.step
    }
    #expect(steps.first == page.layout.steps.lowerBound && steps == steps.sorted())
    #expect(steps.count > 60 && steps.allSatisfy(page.layout.steps.contains))
  }

  @Test func anotherSignalHasOtherPlaces() throws {
    let scene = try long()
    let workbench = scene.workbench(scene.state(width: 200, height: 60))
    workbench.type("4jj")
    #expect(workbench.state.strongPlaces?.subject == .signal(.c, track: 0, unit: 2))
    workbench.type(":lane f\r")
    #expect(workbench.state.strongPlaces?.subject == .signal(.f, track: 0, unit: 2))
    #expect(workbench.frame().text.contains(Words.lowest("f")))
    workbench.type(":lane loss\r")
    #expect(!workbench.frame().text.contains(Words.lowest("f")))
  }

  /// Where a text is coloured by its loss, the tokens that nobody expected are listed: that of a token is
  /// the loss of the step before it.
  @Test func theGreatestSurprisesAreListed() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.recordedState())
    workbench.type("4:lane loss\r")
    workbench.finish()
    let state = workbench.state
    let places = try #require(state.strongPlaces)
    #expect(places.subject == .said(.loss) && places.lowest.isEmpty)
    let first = try #require(places.highest.first)
    let losses = state.said(.loss, 0..<state.session.length - 1)
    #expect(first.value == losses.max() && losses[first.step - 1] == first.value)
  }
}
