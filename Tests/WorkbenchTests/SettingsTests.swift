import Inspector
import Screen
import Testing

@testable import Workbench

/// Settings from a text, and their file.
@Suite struct SettingsTests {
  private func settings(_ change: (inout Settings) -> Void) -> Settings {
    var settings = Settings()
    change(&settings)
    return settings
  }

  static let good: [(String, String, @Sendable (inout Settings) -> Void)] = [
    ("theme", "light", { $0.theme = .light }), ("theme", "dark", { $0.theme = .dark }),
    ("theme", "high-contrast", { $0.theme = .highContrast }),
    ("theme", "monochrome", { $0.theme = .monochrome }),
    ("palette", "cividis", { $0.palette = .cividis }),
    ("palette", "blue-orange", { $0.palette = .blueOrange }),
    ("palette", "grey", { $0.palette = .grey }),
    ("colors", "24bit", { $0.colors = .direct }), ("colors", "256", { $0.colors = .indexed }),
    ("colors", "16", { $0.colors = .sixteen }), ("colors", "8", { $0.colors = .eight }),
    ("colors", "none", { $0.colors = .none }),
    ("mouse", "off", { $0.mouse = false }), ("mouse", "no", { $0.mouse = false }),
    ("mouse", "false", { $0.mouse = false }), ("mouse", "on", { _ in }),
    ("speed", "30", { $0.speed = 30 }), ("limits", "unit", { $0.limits = .unit }),
    ("limits", "quantile", { _ in }), ("limits", "lane", { $0.limits = .lane }),
    ("limits", "fixed", { $0.limits = .fixed }),
    (
      "limits", "2.5",
      {
        $0.limits = .fixed
        $0.fixedLimit = 2.5
      }
    ),
    ("memory", "64m", { $0.memory = MemorySize("64M")! }),
    ("memory", "1.5GiB", { $0.memory = MemorySize("1536M")! }), ("memory", "1024M", { _ in }),
  ]

  @Test(arguments: good.indices)
  func aNameIsSet(_ index: Int) throws {
    let (name, text, change) = Self.good[index]
    var settings = Settings()
    try settings.set(name, text)
    #expect(settings == self.settings(change))
    // What it is set to can be typed again.
    let known = try #require(Settings.Name(rawValue: name))
    let value = try #require(settings.value(of: known))
    try settings.set(name, value)
    #expect(settings == self.settings(change))
  }

  @Test(arguments: [
    ("theme", "blue"), ("theme", ""), ("theme", "Dark"), ("palette", "rainbow"), ("colors", "24"),
    ("colors", "many"), ("mouse", "maybe"),
    ("speed", "3"), ("speed", "0"), ("speed", "fast"), ("limits", "0"), ("limits", "-1"),
    ("limits", "inf"), ("limits", "nan"), ("limits", "wide"), ("limits", "1e999"),
    ("memory", "0"), ("memory", "10"), ("memory", "much"), ("memory", "-1G"), ("memory", "2X"),
  ])
  func aBadValueChangesNothing(_ name: String, _ text: String) throws {
    var settings = Settings()
    let known = try #require(Settings.Name(rawValue: name))
    let error = #expect(throws: SettingsError.badValue(known, text)) {
      try settings.set(name, text)
    }
    #expect(settings == Settings())
    // What next: every word that it may be.
    for choice in Settings.choices(of: known) {
      #expect(error?.description.contains(choice) == true)
    }
  }

  @Test func anUnknownNameIsNamed() {
    var settings = Settings()
    let error = #expect(throws: SettingsError.unknownName("colour")) {
      try settings.set("colour", "x")
    }
    #expect(
      error?.description
        == "there is no setting 'colour'; theme, palette, colors, mouse, speed, limits and memory can be set"
    )
  }

  @Test func everyChoiceCanBeSet() throws {
    for name in Settings.Name.allCases {
      for choice in Settings.choices(of: name) {
        var settings = Settings()
        try settings.set(name.rawValue, choice)
      }
    }
  }

  // MARK: - The file

  private func read(_ text: String) -> SettingsFile {
    SettingsFile(text: text, path: "config.yml")
  }

  private func messages(_ text: String) -> [String] { read(text).problems.map(\.description) }

  /// What an editor on another system makes of a file changes nothing that it says: the settings, the
  /// lines of the problems and their words.
  @Test(arguments: [
    "theme: light\nspeed: 30\nkeys:\n  step-forward: [K]\n  quit: [\"!\"]\n",
    "theme: light\n\n# a note\nspeed: 7\nmouse: off",
    "theme: light\n: : :\n\nkeys:\n  step-forward: [K\n  quit: [\"!\"]\n  fly: [x]\nmouse: off\n",
    "theme: light\ntheme: dark\nkeys:\n\n  quit: [\"!\"]\n  # why\n  quit: [x]\n",
    "---\ntheme: light\n...\n", "speed:\n  - 3\n  - 4\nmouse: \"off\n",
  ])
  func lineEndsOfEverySystemAreRead(_ text: String) {
    let plain = read(text)
    for other in [text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text] {
      let file = read(other)
      #expect(file.settings == plain.settings)
      #expect(file.problems == plain.problems)
    }
  }

  @Test(arguments: [
    "", "\n\n", "# nothing\n", "---\n", "keys:\n", "keys: {}\n", "theme: dark\nkeys: null\n",
  ])
  func aFileMaySayNothing(_ text: String) {
    let file = read(text)
    #expect(file.problems == [])
    #expect(file.settings.keymap == .standard)
  }

  @Test func aWholeFileIsRead() throws {
    let file = read(
      """
      # How I like it
      theme: light
      palette: blue-orange   # both
      mouse: off
      speed: 8
      limits: 2
      keys:
        step-forward: [K, Right]
        quit: "^X"
        view cell: ["x"]
        go 0: [Del]
      """)
    #expect(file.problems == [])
    let settings = file.settings
    #expect(settings.theme == .light && settings.palette == .blueOrange && !settings.mouse)
    #expect(settings.speed == 8 && settings.limits == .fixed && settings.fixedLimit == 2)
    let keymap = settings.keymap
    #expect(keymap.instruction(for: "K") == Instruction(.stepForward))
    #expect(keymap.instruction(for: "l") == nil, "the list is all its keys")
    #expect(keymap.instruction(for: .control("x")) == Instruction(.quit))
    #expect(keymap.instruction(for: "x") == Instruction(.view, "cell"))
    #expect(keymap.instruction(for: .delete) == Instruction(.go, "0"))
    #expect(keymap.instruction(for: "j") == Instruction(.nextUnit))
  }

  static let bad: [(String, [String])] = [
    ("theme: blue\n", ["1: theme cannot be 'blue'; dark, light, high-contrast or monochrome can"]),
    (
      "\ncolour: red\nmouse: off\n",
      [
        "2: there is no setting 'colour'; theme, palette, colors, mouse, speed, limits and memory can be set"
      ]
    ),
    ("theme: [dark]\n", ["1: theme: takes one word, as in `theme: dark`"]),
    ("theme: {a: b}\n", ["1: theme: takes one word, as in `theme: dark`"]),
    (
      "mouse: off\nkeys: fast\n",
      ["2: keys: takes a list of keys, as in `step-forward: [l, Right]`"]
    ),
    (
      "keys:\n  play: [Spacebar]\n",
      [
        "2: play: there is no key 'Spacebar'; a sign, Right, PgDn, Space, Shift-Tab, ^L are keys"
      ]
    ),
    ("keys:\n  play: [[x]]\n", ["2: play: takes a list of keys, as in `step-forward: [l, Right]`"]),
    ("keys:\n  play: [\"3\"]\n", ["2: play: 3 is a digit, and digits choose views"]),
    ("keys:\n  play: ^C\n", ["2: play: the terminal keeps ^C for itself; choose another"]),
    (
      "keys:\n  play: [K]\n  quit: [q, K]\n",
      ["3: quit: K is already the key of play; choose another"]
    ),
    (
      "keys:\n  play: [e, Space]\n",
      ["2: export has no key left, since play took it; give it one, or type :export"]
    ),
    (
      "keys:\n  quit: []\n",
      ["2: quit: needs a key, or there is no way out; give it one, as in `quit: [q]`"]
    ),
    ("theme: dark\ntheme: light\n", ["2: theme stands twice; this one is left out"]),
    (
      "just words\n",
      ["1: cannot be read (it is no map of names to values); write it as `name: value`"]
    ),
  ]

  @Test(arguments: bad.indices)
  func aBadLineIsNamed(_ index: Int) {
    let (text, expected) = Self.bad[index]
    #expect(messages(text) == expected.map { "config.yml:" + $0 })
  }

  @Test func aCommandThatIsNoneIsNamed() {
    let message = messages("keys:\n  flay: [x]\n").first ?? ""
    #expect(message.hasPrefix("config.yml:2: keys: 'flay' is no command: "))
    #expect(message.contains("play"))
  }

  /// Whatever is wrong with one line, the others count.
  @Test(arguments: [
    "theme: blue", "speed: [", "speed: ]", "\"speed", "speed: 'x", "{", "}", "- a", "a: b: c",
    "\tspeed: 4", "keys: {play: [p", "? x", "&a *b", "*nowhere", "!!tag", "%YAML 9", "@", "`",
    "speed: 8\n speed: 9", "speed: !!binary x", "keys: [1, 2]", "\u{0}", "\u{FEFF}",
  ])
  func theOthersCountAllTheSame(_ line: String) {
    let file = read("palette: grey\n\(line)\nlimits: unit\nkeys:\n  quit: [x]\n")
    #expect(file.settings.palette == .grey && file.settings.limits == .unit)
    #expect(file.settings.keymap.instruction(for: "x") == Instruction(.quit))
    #expect(!file.problems.isEmpty || line == "\u{FEFF}")
    for problem in file.problems { #expect((2...4).contains(problem.line ?? 0), "\(problem)") }
  }

  @Test func aBadKeysLineLeavesTheOtherKeys() {
    let file = read("keys:\n  play: [p\n  quit: [x]\n\n  # more\n  help: 'h\n  export: [K]\n")
    #expect(file.settings.keymap.instruction(for: "x") == Instruction(.quit))
    #expect(file.settings.keymap.instruction(for: "K") == Instruction(.export))
    #expect(file.problems.map(\.line) == [2, 6])
  }

  /// Nothing in a file stops the program.
  @Test func rubbishIsOnlyRubbish() {
    var seed: UInt32 = 7
    let signs = Array("abk:[]{}\n\n  -'\"#&*!|>%@`?,~\t\u{0}é春themekeysplay1")
    for _ in 0..<400 {
      let text = String(
        (0..<60).map { _ in
          seed = seed &* 1_664_525 &+ 1_013_904_223
          return signs[Int(seed >> 16) % signs.count]
        })
      for problem in read(text).problems { #expect(!problem.description.contains("\n")) }
    }
  }

  // MARK: - Keys

  @Test func everyKeyHasItsName() {
    for key in Keymap.standard.bindings.flatMap(\.keys) {
      #expect(Key(named: key.label) == key)
    }
    let names: [(String, Key?)] = [
      ("RIGHT", .right), ("pagedown", .pageDown), ("ctrl-l", .control("l")), ("C-L", .control("l")),
      ("^i", .tab), ("^m", .enter), ("^H", .backspace), ("backtab", .backTab), ("é", "é"),
      ("春", "春"), ("", nil), ("ab", nil), ("^", "^"), ("^^", nil), ("^é", nil), ("\u{7}", nil),
      ("\u{301}", nil),
    ]
    for (name, key) in names { #expect(Key(named: name) == key, "\(name)") }
  }

  @Test func aKeyThatIsBoundElsewhereIsTaken() {
    var keymap = Keymap.standard
    keymap.bind(Instruction(.quit), to: ["j", .escape])
    #expect(keymap.instruction(for: "j") == Instruction(.quit))
    #expect(keymap.instruction(for: "q") == nil)
    #expect(keymap.keys(of: Instruction(.nextUnit)) == [.down])
    keymap.bind(Instruction(.lane, "f"), to: ["q"])
    keymap.bind(Instruction(.lane, "c"), to: ["x"])
    #expect(keymap.groups.count == Keymap.standard.groups.count + 1)
    #expect(keymap.instruction(for: "x") == Instruction(.lane, "c"))
    let keys = keymap.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }
}
