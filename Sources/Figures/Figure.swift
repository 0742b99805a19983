import Screen

/// What a figure shows, before anybody knows where on the page it stands: its parts with their values
/// already as colours and lines, as the screen has them.
public struct Figure: Sendable {
  /// Above all of it; empty for none.
  public var caption: String
  /// What it shows, in a sentence, for those who do not see it.
  public var title: String
  /// What runs along the bottom of heatmaps, charts and bars.
  public var time: TimeAxis?
  public var panels: [Panel]
  public var width: Length
  /// Panels side by side; nil for as many as have room to be read.
  public var columns: Int?
  public var inks: Inks

  public init(
    caption: String = "", title: String, time: TimeAxis? = nil, panels: [Panel], width: Length,
    columns: Int? = nil, inks: Inks
  ) {
    self.caption = caption
    self.title = title
    self.time = time
    self.panels = panels
    self.width = width
    self.columns = columns
    self.inks = inks
  }

  public enum Panel: Sendable {
    case heat(HeatPanel)
    case chart(ChartPanel)
    case text(TextPanel)
    case causes(CausesPanel)
    case curves(CurvesPanel)
    case cell(CellPanel)
  }

  /// The colours of everything that is no value.
  public struct Inks: Sendable, Equatable {
    public var ground: Color
    public var text: Color
    public var muted: Color
    public var faint: Color
    public var accent: Color

    public init(_ theme: Theme) {
      ground = theme.ground ?? Color(0xFFFFFF)
      text = theme.text.foreground ?? Color(0x000000)
      muted = theme.muted.foreground ?? Color(0x555555)
      faint = theme.faint.foreground ?? Color(0xBBBBBB)
      accent = theme.accent.foreground ?? Color(0x0000CC)
      // Paper is white, whatever a screen's light ground is, and its ink is black.
      if theme.name == .light {
        ground = Color(0xFFFFFF)
        text = Color(0x000000)
        muted = Color(0x404040)
        faint = Color(0xB0B0B0)
        // No palette has it.
        accent = Color(0xC8006E)
      }
    }
  }
}

/// The steps of a figure.
public struct TimeAxis: Sendable, Equatable {
  /// The number of every step, in order.
  public var numbers: [Int]
  /// What is read at every step; empty where there are no tokens.
  public var tokens: [String]
  /// The step in hand, by its place among these; nil for none.
  public var present: Int?
  public var name: String

  public init(numbers: [Int], tokens: [String] = [], present: Int? = nil, name: String = "step") {
    self.numbers = numbers
    self.tokens = tokens
    self.present = present
    self.name = name
  }

  public var count: Int { numbers.count }
}

/// What colours stand for.
public struct ColorBar: Sendable, Equatable {
  /// From the low end to the high one.
  public var colors: [Color]
  public var low: String
  public var high: String

  public init(colors: [Color], low: String, high: String) {
    self.colors = colors
    self.low = low
    self.high = high
  }
}

/// A heatmap: units down, time across.
public struct HeatPanel: Sendable, Equatable {
  /// "f".
  public var letter: String
  /// "forget gate".
  public var name: String
  /// The number of the unit, or of the first of several, in every row.
  public var rows: [String]
  public var columns: Int
  /// Steps a column, but for the last, which may have fewer.
  public var stepsPerColumn: Int
  /// (rows, columns); nil where there is nothing, such as an error's NaN.
  public var colors: [Color?]
  public var bar: ColorBar
  /// The row of the unit in hand.
  public var marked: Int?
  /// "unit".
  public var rowName: String

  public init(
    letter: String, name: String, rows: [String], columns: Int, stepsPerColumn: Int = 1,
    colors: [Color?], bar: ColorBar, marked: Int? = nil, rowName: String = "unit"
  ) {
    self.letter = letter
    self.name = name
    self.rows = rows
    self.columns = columns
    self.stepsPerColumn = stepsPerColumn
    self.colors = colors
    self.bar = bar
    self.marked = marked
    self.rowName = rowName
  }
}

/// Values over time on an axis.
public struct ChartPanel: Sendable, Equatable {
  public struct Series: Sendable, Equatable {
    public var letter: String
    public var name: String
    /// A value a step; NaN where there is none.
    public var values: [Float]
    public var color: Color
    /// What a value below 0 looks like in bars; nil for the same.
    public var below: Color?
    public var dashes: [Double]

    public init(
      letter: String, name: String, values: [Float], color: Color, below: Color? = nil,
      dashes: [Double] = []
    ) {
      self.letter = letter
      self.name = name
      self.values = values
      self.color = color
      self.below = below
      self.dashes = dashes
    }
  }

  public enum Form: Sendable, Equatable {
    case lines
    /// Filled from 0, a step a bar.
    case bars
    /// A few words or letters a step rather than values.
    case words([String])
  }

  public var series: [Series]
  public var form: Form
  public var range: ClosedRange<Float>
  /// How high it is drawn, in points.
  public var height: Double
  /// What the values are counted in; empty for pure numbers.
  public var unit: String

  public init(
    series: [Series], form: Form, range: ClosedRange<Float>, height: Double, unit: String = ""
  ) {
    self.series = series
    self.form = form
    self.range = range
    self.height = height
    self.unit = unit
  }
}

/// Tokens in the colours of a value.
public struct TextPanel: Sendable, Equatable {
  public struct Token: Sendable, Equatable {
    public var text: String
    public var number: Int
    /// Nil where there is no value.
    public var color: Color?
    public var ink: Color
    public var isPresent: Bool
    /// Whether a line ends after it.
    public var endsLine: Bool

    public init(
      text: String, number: Int, color: Color?, ink: Color, isPresent: Bool = false,
      endsLine: Bool = false
    ) {
      self.text = text
      self.number = number
      self.color = color
      self.ink = ink
      self.isPresent = isPresent
      self.endsLine = endsLine
    }
  }

  public var letter: String
  public var name: String
  public var tokens: [Token]
  /// Whether tokens are words, with a gap between them.
  public var isSpaced: Bool
  public var bar: ColorBar

  public init(letter: String, name: String, tokens: [Token], isSpaced: Bool, bar: ColorBar) {
    self.letter = letter
    self.name = name
    self.tokens = tokens
    self.isSpaced = isSpaced
    self.bar = bar
  }
}

/// Parts of a sum, each a bar from 0.
public struct CausesPanel: Sendable, Equatable {
  public struct Cause: Sendable, Equatable {
    public var name: String
    public var value: Double
    /// As it is written.
    public var text: String
    public var color: Color

    public init(name: String, value: Double, text: String, color: Color) {
      self.name = name
      self.value = value
      self.text = text
      self.color = color
    }
  }

  public var title: String
  /// From the top down.
  public var causes: [Cause]
  /// What is left out, and the sum; each a name and a number.
  public var foot: [(name: String, text: String)] {
    get { footNames.indices.map { (footNames[$0], footTexts[$0]) } }
    set { (footNames, footTexts) = (newValue.map(\.name), newValue.map(\.text)) }
  }
  /// What the bars' axis is called.
  public var axis: String
  private var footNames: [String] = []
  private var footTexts: [String] = []

  public init(
    title: String, causes: [Cause], foot: [(name: String, text: String)] = [], axis: String
  ) {
    self.title = title
    self.causes = causes
    self.axis = axis
    self.foot = foot
  }
}

/// Curves over the lag on a logarithmic axis.
public struct CurvesPanel: Sendable, Equatable {
  public struct Curve: Sendable, Equatable {
    /// Empty for one that is only drawn.
    public var name: String
    public var color: Color
    public var dashes: [Double]
    /// A logarithm to the base 10 a lag; NaN where there is none, -∞ where it is nothing.
    public var logs: [Double]

    public init(name: String, color: Color, dashes: [Double] = [], logs: [Double]) {
      self.name = name
      self.color = color
      self.dashes = dashes
      self.logs = logs
    }
  }

  public var title: String
  /// From front to back.
  public var curves: [Curve]
  public var longest: Int
  /// The lowest power of ten that is drawn.
  public var floor: Double
  public var xName: String
  public var yName: String

  public init(
    title: String, curves: [Curve], longest: Int, floor: Double, xName: String, yName: String
  ) {
    self.title = title
    self.curves = curves
    self.longest = longest
    self.floor = floor
    self.xName = xName
    self.yName = yName
  }
}

/// A cell at one step: the classic picture, every vector a strip of its values.
public struct CellPanel: Sendable, Equatable {
  public enum Kind: Sendable, Equatable { case lstm, gru, rnn, unknown }

  /// A vector.
  public struct Strip: Sendable, Equatable {
    public var name: String
    /// From the top down; nil where there is no value.
    public var colors: [Color?]

    public init(name: String, colors: [Color?]) {
      self.name = name
      self.colors = colors
    }
  }

  public var kind: Kind
  public var strips: [Strip]
  /// The numbers of the units, from the top down.
  public var rows: [String]
  /// The row of the unit in hand.
  public var marked: Int?
  /// What is read, and what comes of it.
  public var input: String
  /// σ and tanh as this cell has them: of gates, candidate, output.
  public var gates: String
  public var candidate: String
  public var output: String
  /// The unit in hand in numbers, a line each.
  public var equations: [String]
  /// What colours stand for: of gates, of the states, of the slow state.
  public var bars: [(name: String, bar: ColorBar)] {
    get { barNames.indices.map { (barNames[$0], barColors[$0]) } }
    set { (barNames, barColors) = (newValue.map(\.name), newValue.map(\.bar)) }
  }
  private var barNames: [String] = []
  private var barColors: [ColorBar] = []

  public init(
    kind: Kind, strips: [Strip], rows: [String], marked: Int?, input: String, gates: String,
    candidate: String, output: String, equations: [String], bars: [(name: String, bar: ColorBar)]
  ) {
    self.kind = kind
    self.strips = strips
    self.rows = rows
    self.marked = marked
    self.input = input
    self.gates = gates
    self.candidate = candidate
    self.output = output
    self.equations = equations
    self.bars = bars
  }
}
