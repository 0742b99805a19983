import Screen
import Testing

@testable import Figures

@Suite struct LengthTests {
  @Test(
    arguments: [
      ("84mm", 84.0), ("17.4cm", 174), ("3.3in", 83.82), ("240pt", 240 * 25.4 / 72),
      ("40mm", 40), ("1000mm", 1000),
    ] as [(String, Double)])
  func readsWhatJournalsWrite(_ text: String, _ millimetres: Double) throws {
    let length = try #require(Length(text))
    #expect(abs(length.millimetres - millimetres) < 1e-9)
  }

  @Test(arguments: [
    "", "84", "mm", "-84mm", "1e9mm", "84px", "39mm", "1001mm", "nanmm", "infmm", "8 4mm", "84mm ",
    "٨٤mm", "1.2.3mm", ".mm",
  ])
  func refusesWhatIsNoWidth(_ text: String) { #expect(Length(text) == nil) }
}

@Suite struct TicksTests {
  @Test(
    arguments: [
      (0.0, 1.0, 3, [0, 0.5, 1]), (-1, 1, 3, [-1, 0, 1]), (-0.9, 3.3, 5, [0, 2]),
      (0, 65, 8, [0, 10, 20, 30, 40, 50, 60]), (0.1, 0.3, 3, [0.1, 0.2, 0.3]),
      (-3e-5, 7e-5, 3, [0, 5e-5]), (0, 0, 3, []), (2, 1, 3, []), (0, .infinity, 3, []),
    ] as [(Double, Double, Int, [Double])])
  func areRoundAndInside(_ low: Double, _ high: Double, _ count: Int, _ expected: [Double]) {
    let ticks = Ticks.values(low, high, count: count)
    #expect(ticks.count == expected.count)
    for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) < 1e-12) }
  }

  @Test(
    arguments: [
      (0.30000000000000004, 0.1, "0.3"), (-2, 1, "−2"), (0, 0.5, "0"), (0.25, 0.05, "0.25"),
      (2e-5, 1e-5, "2e−5"), (3_000_000, 1_000_000, "3e6"),
    ] as [(Double, Double, String)])
  func areWrittenWithTheDigitsTheyNeed(_ value: Double, _ interval: Double, _ text: String) {
    #expect(Ticks.text(value, interval: interval) == text)
  }
}

@Suite struct SVGTests {
  /// Names and tokens are strangers' texts.
  @Test(
    arguments: [
      ("</text><script>", "&lt;/text&gt;&lt;script&gt;"),
      ("a & 'b' \"c\"", "a &amp; &#39;b&#39; &quot;c&quot;"),
      ("]]>", "]]&gt;"), ("\u{0}\u{1B}[2J\u{7F}\u{9B}", "��[2J��"), ("\u{202E}x\u{2066}", "�x�"),
      ("\u{FFFE}\u{FFFF}", "��"), ("é漢🙂", "é漢🙂"), ("&amp;", "&amp;amp;"), ("\n\t", "��"),
    ] as [(String, String)])
  func strangersTextsStayTexts(_ text: String, _ escaped: String) {
    #expect(SVGWriter.escaped(text) == escaped)
  }

  @Test func numbersAreShort() {
    #expect(
      [0, -0.001, 1.005, 12.5, -3.25, 1e4].map(SVGWriter.number) == [
        "0", "0", "1", "12.5", "-3.25", "10000",
      ])
  }

  private let inks = Figure.Inks(Theme(.light, Capabilities(colors: .direct, unicode: true)))

  private func figure(rows: Int, columns: Int, width: Double = 84) -> Figure {
    let (a, b) = (Color(0x112233), Color(0xFFEEDD))
    let colors = (0..<rows * columns).map { place -> Color? in
      place == 1 ? nil : place.isMultiple(of: 3) ? a : b
    }
    return Figure(
      title: "a <test>",
      time: TimeAxis(
        numbers: Array(0..<columns), tokens: (0..<columns).map { _ in "<" }, present: 1),
      panels: [
        .heat(
          HeatPanel(
            letter: "f", name: "forget & gate", rows: (0..<rows).map(String.init),
            columns: columns, colors: colors,
            bar: ColorBar(colors: [a, b], low: "0", high: "1"), marked: 1)),
        .chart(
          ChartPanel(
            series: [.init(letter: "c[1]", name: "", values: [0, .nan, 2, -1], color: a)],
            form: .lines, range: -1...2, height: 30)),
      ], width: Length(millimetres: width), inks: inks)
  }

  /// The whole document, so that a change of it is seen.
  @Test func aSmallFigureIsWrittenLikeThis() {
    let scene = FigureLayout.scene(of: figure(rows: 2, columns: 4))
    let lines = SVGWriter.text(of: scene).split(separator: "\n").map(String.init)
    #expect(lines[0] == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    #expect(lines[1].hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"84mm\" height="))
    #expect(lines[2] == "<title>a &lt;test&gt;</title>")
    // Neighbours of one colour are one piece, a missing value is none.
    let dark = lines.filter { $0.hasPrefix("<path fill=\"#112233\"") }
    #expect(dark.count == 2)  // of the colour bar, of the heatmap
    #expect(dark[1].split(separator: "M").count == 4)
    #expect(lines.contains { $0.hasSuffix(">forget &amp; gate</text>") })
    // A NaN parts a line: a point, and what comes after it.
    #expect(lines.count { $0.hasPrefix("<circle") } == 1)
    #expect(lines.last == "</svg>")
    #expect(!SVGWriter.text(of: scene).contains("NaN"))
    #expect(!SVGWriter.text(of: scene).contains("inf"))
  }

  /// For viewers that blend neighbours' edges: all cells once more under themselves, none past the end.
  @Test func forPrintCellsLieOnCells() {
    let scene = FigureLayout.scene(of: figure(rows: 2, columns: 4))
    let once = SVGWriter.text(of: scene).split(separator: "\n")
    let twice = SVGWriter.text(of: scene, isForPrint: true).split(separator: "\n")
    #expect(twice.count { $0.hasPrefix("<g ") } == 2 * once.count { $0.hasPrefix("<g ") })
    #expect(Set(once).isSubset(of: Set(twice)))
  }

  @Test(arguments: [40.0, 84, 174, 1000] as [Double], [(1, 1), (8, 66), (64, 500), (300, 7)])
  func nothingOverlapsAndNothingLeavesThePage(_ width: Double, _ size: (Int, Int)) {
    let scene = FigureLayout.scene(of: figure(rows: size.0, columns: size.1, width: width))
    expectTidy(scene)
  }

  /// Labels keep clear of each other and of the edges.
  private func expectTidy(_ scene: Scene) {
    let page = Box(x: 0, y: 0, width: scene.width, height: scene.height)
    let labels = scene.labels
    for (index, label) in labels.enumerated() {
      let box = label.box
      #expect(box.x >= -0.5 && box.maxX <= page.maxX + 0.5, "\(label.text)")
      #expect(box.y >= 0 && box.maxY <= page.maxY, "\(label.text)")
      for other in labels[(index + 1)...] where label.text != "<" || other.text != "<" {
        #expect(!box.meets(other.box), "\(label.text) on \(other.text)")
      }
    }
  }
}

@Suite struct FigureFormatTests {
  @Test func isToldByTheName() throws {
    #expect(try FigureFormat(forPath: "a/b.SVG") == .svg)
    #expect(try FigureFormat(forPath: "x.y.png") == .png)
    #expect(try FigureFormat(forPath: "fig.pdf") == .pdf)
    for path in ["fig", "fig.jpg", "svg", "a.svg/b", "", "fig."] {
      #expect(throws: FigureError.unknownFormat(path: path)) { try FigureFormat(forPath: path) }
    }
  }

  /// Where librsvg is installed; elsewhere the error says so.
  @Test func picturesComeFromLibrsvg() throws {
    let scene = Scene(
      width: 72, height: 36, ground: Color(0xFFFFFF), title: "t",
      marks: [.fill(Box(x: 0, y: 0, width: 36, height: 36), Color(0xFF0000))])
    do throws(FigureError) {
      let png = try FigureFormat.png.bytes(of: scene, resolution: 144)
      #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      // IHDR: 144 by 72.
      #expect(Array(png[16..<24]) == [0, 0, 0, 144, 0, 0, 0, 72])
      let pdf = try FigureFormat.pdf.bytes(of: scene)
      #expect(String(decoding: pdf.prefix(5), as: UTF8.self) == "%PDF-")
    } catch {
      #expect(error == .noRenderer(.png))
    }
    var tall = scene
    tall.height = 1e6
    #expect(throws: FigureError.self) { try FigureFormat.png.bytes(of: tall) }
  }
}
