import Demos
import Inspector
import Screen
import Testing

@testable import Workbench

/// What clicks, drags and the wheel do.
@Suite struct MouseTests {
  private func state(_ view: ViewKind = .lanes, _ width: Int = 80, _ height: Int = 24) throws
    -> State
  {
    var state = try Scene.letters().recordedState()
    (state.width, state.height) = (width, height)
    state.view = view
    state.step = 10
    state.unit = 3
    return state
  }

  private func mouse(_ kind: MouseEvent.Kind, _ place: Point, _ more: MouseEvent.Modifiers = [])
    -> Action
  {
    .mouse(MouseEvent(kind, at: place, more))
  }

  /// What was done since the start, without the size that a journal begins with.
  private func journal(_ state: State) -> [String] {
    state.journal.lines.filter { !$0.hasPrefix("size") }
  }

  /// Where a target is drawn.
  private func place(_ state: State, _ isMeant: (ScreenTarget) -> Bool) throws -> Point {
    for y in 0..<state.height {
      for x in 0..<state.width {
        let place = Point(x: x, y: y)
        if let hit = Hit(at: place, in: state), isMeant(hit.target) { return place }
      }
    }
    struct Nowhere: Error {}
    throw Nowhere()
  }

  private func place(_ state: State, _ lane: Int?, _ unit: Int?, _ step: Int?) throws -> Point {
    try place(state) { $0 == .spot(.init(lane: lane, unit: unit, step: step)) }
  }

  @Test(
    arguments: [
      (2, 5, 17, Place(step: 17, unit: 5, track: 0, lane: 2, view: .lanes)),
      (0, 3, 10, Place(step: 10, unit: 3, track: 0, lane: nil, view: .lanes)),
      (4, 6, nil, Place(step: 10, unit: 6, track: 0, lane: 4, view: .lanes)),
      (5, nil, nil, Place(step: 10, unit: 3, track: 0, lane: 5, view: .lanes)),
      (nil, nil, 4, Place(step: 4, unit: 3, track: 0, lane: nil, view: .lanes)),
    ] as [(Int?, Int?, Int?, Place)])
  func aClickGoesThere(_ lane: Int?, _ unit: Int?, _ step: Int?, _ expected: Place) throws {
    var state = try state()
    let here = state.place
    #expect(update(&state, mouse(.press(.left), try place(state, lane, unit, step))) == [])
    #expect(state.place == expected)
    // One click is one jump, whatever it takes.
    if unit != nil && unit != 3 || step != nil && step != 10 {
      _ = update(&state, .key(.control("o")))
      #expect(state.place == here)
    }
    #expect(state.message == nil)
  }

  @Test func otherButtonsAndEmptyPlacesDoNothing() throws {
    var state = try state()
    let before = (state.place, render(state))
    let cell = try place(state, 2, 5, 17)
    for kind in [MouseEvent.Kind.press(.right), .press(.middle), .drag(.left), .release(.left)] {
      #expect(update(&state, mouse(kind, cell)) == [])
    }
    for x in 0..<80 {
      for y in 0..<24 where Hit(at: Point(x: x, y: y), in: state) == nil {
        _ = update(&state, mouse(.press(.left), Point(x: x, y: y)))
      }
    }
    for place in [Point(x: -5, y: 3), Point(x: 500, y: 3), Point(x: 3, y: 24)] {
      _ = update(&state, mouse(.press(.left), place))
    }
    #expect(state.place == before.0 && render(state) == before.1)
  }

  @Test func aStepThatIsNotReachedIsComputed() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    let cell = try place(workbench.state, 1, 4, 12)
    workbench.handle(mouse(.press(.left), cell))
    workbench.finish()
    #expect(workbench.state.step == 12 && workbench.state.unit == 4)
    #expect(scene.session.trace.recordedSteps == 13)
  }

  @Test func aDragMovesThroughTimeAndStaysInItsLane() throws {
    var state = try state()
    let start = try place(state, 0, 2, 3)
    _ = update(&state, mouse(.press(.left), start))
    #expect(state.drag?.step == 3)
    let time = try #require(LanesLayout(state).frame).time
    for (x, step) in [(2, 5), (5, 8), (-2, 1), (-40, 0), (1, 4)] {
      // Far below, where other lanes are: only the column counts.
      _ = update(&state, mouse(.drag(.left), Point(x: start.x + x * time.cellSize, y: 22)))
      #expect(state.step == step && state.unit == 2 && state.lane == 0)
    }
    _ = update(&state, mouse(.drag(.left), Point(x: 400, y: -3)))
    #expect(state.step == time.things.upperBound - 1)
    _ = update(&state, mouse(.release(nil), start))
    _ = update(&state, mouse(.drag(.left), start))
    #expect(state.step == time.things.upperBound - 1, "the button is up")
  }

  @Test func theWheelGoesThroughTimeAndOverUnitsThroughUnits() throws {
    var state = try state()
    let cell = try place(state, 2, 5, 17)
    let number = try place(state, 2, 5, nil)
    let turns: [(MouseEvent.Wheel, Point, MouseEvent.Modifiers, Int, Int)] = [
      (.down, cell, [], 11, 3), (.down, cell, [], 12, 3), (.up, cell, [], 11, 3),
      (.right, cell, [], 12, 3), (.left, number, [], 11, 3), (.down, number, [], 11, 4),
      (.up, number, [], 11, 3), (.down, cell, .shift, 11, 4), (.up, cell, .alt, 11, 3),
      (.down, Point(x: 300, y: 300), [], 12, 3),
    ]
    for (wheel, place, more, step, unit) in turns {
      #expect(update(&state, mouse(.wheel(wheel), place, more)) == [])
      #expect((state.step, state.unit) == (step, unit), "\(wheel) \(place)")
    }
  }

  @Test func theTableIsSortedAndItsUnitsChosen() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.recordedState())
    workbench.type("5")
    func click(_ isMeant: (ScreenTarget) -> Bool) throws {
      workbench.handle(mouse(.press(.left), try place(workbench.state, isMeant)))
      workbench.finish()
    }
    let byKeys = scene.workbench(workbench.state)
    for column in [2, 0, 0] {
      try click { $0 == .column(column) }
      while byKeys.state.tableColumn != column {
        byKeys.press(byKeys.state.tableColumn < column ? .tab : .backTab)
      }
      byKeys.type("s")
      #expect(workbench.state.shown == byKeys.state.shown)
      #expect(workbench.state.shown != nil && workbench.state.tableColumn == column)
    }
    try click { $0 == .spot(.init(unit: 6)) }
    #expect(workbench.state.unit == 6)
    let row = workbench.state.placeOfUnit
    let next = row < 7 ? workbench.state.unit(at: row + 1) : 6
    workbench.handle(mouse(.wheel(.down), Point(x: 30, y: 15)))
    #expect(workbench.state.unit == next)
  }

  @Test(arguments: ViewKind.allCases)
  func aViewsNameShowsIt(_ view: ViewKind) throws {
    for shown in ViewKind.allCases {
      var state = try state(shown)
      let name = try place(state) { $0 == .view(view) }
      _ = update(&state, mouse(.press(.left), name))
      #expect(state.view == view)
      #expect(journal(state) == (shown == view ? [] : ["view \(view.name)"]))
    }
  }

  /// The label of every key in the footer does what the key does; two keys have two halves.
  @Test(arguments: [(60, 16), (80, 24), (120, 40)], ViewKind.allCases)
  func aFootersLabelIsItsKey(_ size: (Int, Int), _ view: ViewKind) throws {
    let state = try state(view, size.0, size.1)
    let row = Array(render(state).text(row: size.1 - 1).unicodeScalars)
    var found: Set<String> = []
    for x in row.indices {
      guard
        case .instruction(let instruction)? = Hit(at: Point(x: x, y: size.1 - 1), in: state)?.target
      else { continue }
      if found.insert(instruction.description).inserted {
        var clicked = state
        var pressed = state
        _ = update(&clicked, mouse(.press(.left), Point(x: x, y: size.1 - 1)))
        let key = try #require(state.keymap.keys(of: instruction).first)
        _ = update(&pressed, .key(key))
        #expect(render(clicked) == render(pressed), "\(instruction) at \(x)")
      }
      // A label of one sign is the key itself.
      let isAlone = (x == 0 || row[x - 1] == " ") && (x + 1 == row.count || row[x + 1] == " ")
      if isAlone || "←→↑↓".unicodeScalars.contains(row[x]) {
        #expect(state.keymap.instruction(for: Key(named: String(row[x]))!) == instruction)
      }
    }
    #expect(found.isSuperset(of: ["step-forward", "step-back", "help", "quit"]))
  }

  @Test func aPromptIsNotLostToAClick() throws {
    var state = try state()
    let cell = try place(state, 2, 5, 17)
    _ = press(&state, keys(":screen a"))
    let typed = state.prompt
    for kind in [MouseEvent.Kind.press(.left), .drag(.left), .wheel(.down), .release(.left)] {
      #expect(update(&state, mouse(kind, cell)) == [])
    }
    #expect(typed != nil && state.prompt == typed && state.step == 10)
  }

  @Test func aLineOfTheHelpIsDone() throws {
    var state = try state(.lanes, 120, 40)
    _ = press(&state, ["?"])
    let grid = render(state)
    let y = try #require((0..<40).first { grid.text(row: $0).contains("the next unit") })
    let words = grid.text(row: y)
    let range = try #require(words.firstRange(of: "the next unit"))
    let x = words.distance(from: words.startIndex, to: range.lowerBound)
    var scrolled = state
    _ = update(&scrolled, mouse(.wheel(.down), Point(x: 5, y: 5)))
    #expect(scrolled.help == 1 && scrolled.step == 10)
    _ = update(&state, mouse(.press(.left), Point(x: x, y: y)))
    #expect(state.help == nil && state.unit == 4)
  }

  /// A journal of clicks is one of commands, and does the same again.
  @Test func whatWasClickedCanBeReplayed() throws {
    var clicked = try state()
    for (lane, unit, step) in [(2, 5, 17), (1, 0, 3), (1, 0, 4)] {
      _ = update(&clicked, mouse(.press(.left), try place(clicked, lane, unit, step)))
      _ = update(&clicked, mouse(.wheel(.down), Point(x: 40, y: 10)))
    }
    #expect(journal(clicked).first == "lane i")
    var replayed = try state()
    for line in journal(clicked) {
      _ = update(&replayed, .instruct(try Instruction(parsing: line)))
    }
    #expect(replayed.place == clicked.place)
  }

  @Test func theToursKeysAreClicked() throws {
    let stops = [3, 9].map { step in
      TourStop(
        step: step, view: .lanes, layer: 0, unit: 1, signal: "c", text: "words", claims: [])
    }
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens((0..<30).map { $0 % 7 }), tour: Tour(stops: stops))
    var state = scene.recordedState()
    _ = press(&state, ["t"])
    for (instruction, stop) in [(Command.tourNext, 1), (.tourBack, 0), (.tour, nil)] {
      let key = try place(state) {
        $0 == .instruction(Instruction(instruction)) && state.tourStop != nil
      }
      #expect(FrameLayout(state).tour.contains(key) || instruction == .tour)
      _ = update(&state, mouse(.press(.left), key))
      #expect(state.tourStop == stop)
    }
  }
}
