import Screen

/// The other way to send what has changed: pen by pen, over the whole screen.
///
/// To name a colour takes ten bytes and more, to move the cursor four or five. Where many cells of many
/// colours change, as when a page of heatmaps is turned, each pen is taken once, and the cursor goes to all
/// that it draws. On its way it draws over what has its turn later: a blank is one byte, a jump is more.
extension FrameWriter {
  /// Draws what has changed as far as it is one column wide and ends no row; the rest still differs from
  /// `screen` then.
  mutating func drawByPens(_ wanted: [PaintedCell], width: Int, height: Int) {
    for pass in passes(wanted, width) {
      var rows: [[Range<Int>]] = Array(repeating: [], count: height)
      for place in pass.places {
        let (y, x) = place.quotientAndRemainder(dividingBy: width)
        if let last = rows[y].last, passesOver(last.upperBound..<x, y * width, wanted, pass.pen) {
          rows[y][rows[y].count - 1] = last.lowerBound..<x + 1
        } else {
          rows[y].append(x..<x + 1)
        }
      }
      draw(rows, wanted, width, with: pass.pen)
    }
  }

  private struct Pass {
    let pen: Pen
    var places: [Int]
  }

  /// Grounds after each other, that of most cells first, so that there is much to draw over; the blanks of
  /// a ground, then its characters.
  private func passes(_ wanted: [PaintedCell], _ width: Int) -> [Pass] {
    var numbers: [Pen: Int] = [:]
    var passes: [Pass] = []
    for run in runs(wanted, width) {
      if let number = numbers[run.pen] {
        passes[number].places += run.places
      } else {
        numbers[run.pen] = passes.count
        passes.append(Pass(pen: run.pen, places: Array(run.places)))
      }
    }
    var counts: [Ink: Int] = [:]
    var firsts: [Ink: Int] = [:]
    for pass in passes {
      counts[pass.pen.ground, default: 0] += pass.places.count
      firsts[pass.pen.ground] = min(firsts[pass.pen.ground] ?? .max, pass.places[0])
    }
    return passes.map { pass in
      let pen = pass.pen
      let order = [
        -counts[pen.ground, default: 0], firsts[pen.ground, default: 0], pen.ink == .any ? 0 : 1,
        Int(pen.attributes.rawValue), pass.places[0],
      ]
      return (order, pass)
    }
    .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
  }

  /// Neighbours that one pen draws: blanks go with the characters that they stand beside, so that a number
  /// on its ground is one.
  private func runs(_ wanted: [PaintedCell], _ width: Int) -> [(pen: Pen, places: Range<Int>)] {
    var runs: [(pen: Pen, places: Range<Int>)] = []
    for place in wanted.indices where wanted[place] != screen[place] {
      let cell = wanted[place]
      guard place % width < width - 1, cell.scalar.isSurelyNarrow else { continue }
      if let last = runs.last, last.places.upperBound == place,
        place % width > 0, let pen = cell.pen(with: last.pen, after: last.places.count)
      {
        runs[runs.count - 1] = (pen, last.places.lowerBound..<place + 1)
      } else {
        runs.append((cell.pen, place..<place + 1))
      }
    }
    return runs
  }

  /// Whether cells between two of a pass are drawn over rather than jumped over: those that are to be drawn
  /// later anyhow, and those that come out as they are.
  private func passesOver(
    _ columns: Range<Int>, _ start: Int, _ wanted: [PaintedCell], _ pen: Pen
  ) -> Bool {
    guard columns.count <= 3 else { return false }
    return columns.allSatisfy { x in
      let cell = wanted[start + x]
      return cell != screen[start + x] || (cell.isDrawn(by: pen) && cell.scalar.isASCII)
    }
  }

  private mutating func draw(
    _ spans: [[Range<Int>]], _ wanted: [PaintedCell], _ width: Int, with pen: Pen
  ) {
    var rows = spans
    for y in rows.indices {
      while !rows[y].isEmpty {
        // Downwards where that is nearer than along the row.
        var (row, span) = (y, rows[y].removeFirst())
        while true {
          draw(span, row, wanted, width, with: pen)
          let along = rows[row].first.map { cursor.cost(to: Point(x: $0.lowerBound, y: row)) }
          guard let below = below(row, rows), below.cost + 2 <= along ?? 7 else { break }
          row = below.row
          span = rows[row].remove(at: below.index)
        }
      }
    }
  }

  /// The span of the next rows that is nearest.
  private func below(_ row: Int, _ rows: [[Range<Int>]]) -> (row: Int, index: Int, cost: Int)? {
    guard let place = cursor.place else { return nil }
    var best: (row: Int, index: Int, cost: Int)?
    for next in row + 1..<max(row + 1, min(row + 4, rows.count)) {
      let near = rows[next].firstIndex { abs($0.lowerBound - place.x) <= 4 }
      guard let near else { continue }
      let cost = cursor.cost(to: Point(x: rows[next][near].lowerBound, y: next))
      if cost < best?.cost ?? .max { best = (next, near, cost) }
    }
    return best
  }

  private mutating func draw(
    _ columns: Range<Int>, _ y: Int, _ wanted: [PaintedCell], _ width: Int, with wantedPen: Pen
  ) {
    let isBlank = wantedPen.ink == .any && wantedPen.attributes.isEmpty
    move(to: Point(x: columns.lowerBound, y: y))
    pen.take(wantedPen, isBlank: isBlank, to: &bytes)
    // What the terminal makes of a blank now.
    let blank = PaintedCell(" ", pen.pen)
    // "CSI n X" is four bytes.
    let erases =
      isBlank && strings.erasesSome && (strings.erasesWithGround || wantedPen.ground == .own)
      && columns.count >= 6
    if erases { bytes += Array("\u{1B}[\(columns.count)X".utf8) }
    for place in columns.lowerBound + y * width..<columns.upperBound + y * width {
      let cell = wanted[place].isDrawn(by: wantedPen) ? wanted[place] : blank
      screen[place] = cell
      if !erases { bytes += cell.scalar.utf8Bytes }
    }
    if !erases { cursor.advance(by: columns.count) }
  }
}

extension PaintedCell {
  /// The pen that draws it as well as a run of so many before it; nil where none does, or where blanks are
  /// so many that they are better erased.
  fileprivate func pen(with other: Pen, after count: Int) -> Pen? {
    if pen == other { return other }
    guard pen.ground == other.ground, pen.ground != .any, count < 8 else { return nil }
    let (isBlank, isAfterBlank) = (pen.ink == .any, other.ink == .any)
    let attributes = pen.attributes.union(other.attributes)
    guard isBlank != isAfterBlank, attributes.isDisjoint(with: [.underline, .reverse]) else {
      return nil
    }
    return isBlank ? other : pen
  }

  /// Whether a pen draws it as it is, so that it can be sent with others.
  fileprivate func isDrawn(by pen: Pen) -> Bool {
    if self.pen == pen { return scalar.isSurelyNarrow }
    return isBlank && self.pen.ground == pen.ground && pen.ground != .any
      && pen.attributes.isDisjoint(with: [.underline, .reverse])
  }
}
