import Screen

/// The span in hand and the places that match one, as a quiet band in the sequence and by their edges
/// in the heatmaps.
struct SpanBand {
  /// The span that is being chosen, or the one that was matched and the place that was gone to.
  let strong: [Range<Int>]
  /// The other places.
  let quiet: [Range<Int>]

  init(_ state: State) {
    let matches = state.matches
    let inHand = [matches?.chosenPlace?.steps, matches?.query.steps].compactMap { $0 }
    strong = state.span.map { [$0] } ?? inHand
    quiet = matches?.places.map(\.steps) ?? []
  }

  /// Puts the band under what stands there already. Without colours its first row is underlined.
  func draw(into grid: inout Grid, layout: StripLayout, rows: Range<Int>, _ theme: Theme) {
    guard !strong.isEmpty || !quiet.isEmpty else { return }
    for step in layout.steps {
      let isStrong = strong.contains { $0.contains(step) }
      guard isStrong || quiet.contains(where: { $0.contains(step) }) else { continue }
      for x in layout.column(of: step)..<layout.column(of: step + 1) {
        for y in rows {
          shade(&grid[x, y], isStrong: isStrong, isFirst: y == rows.lowerBound, theme)
        }
      }
    }
  }

  private func shade(_ cell: inout Cell, isStrong: Bool, isFirst: Bool, _ theme: Theme) {
    if let ground = theme.ground {
      guard cell.style.background == ground else { return }
      cell.style.background = isStrong ? theme.faint.foreground : theme.bar.background
    } else if isFirst {
      cell.style.attributes.formUnion(isStrong ? [.underline, .bold] : .underline)
    }
  }

  /// A thin line at the left of a span's first step and at the right of its last, in columns of a
  /// heatmap that show colours.
  ///
  /// - Parameters:
  ///   - columns: the columns of a step that is seen.
  func drawEdges(
    into grid: inout Grid, steps: Range<Int>, rows: Range<Int>, _ theme: Theme,
    hasRoomAtRight: Bool, columns: (Int) -> Range<Int>
  ) {
    guard theme.capabilities.heatByColor else { return }
    for span in strong {
      if steps.contains(span.lowerBound) {
        draw("▏", into: &grid, x: columns(span.lowerBound).lowerBound, rows, theme)
      }
      if hasRoomAtRight, steps.contains(span.upperBound - 1) {
        draw("▕", into: &grid, x: columns(span.upperBound - 1).upperBound - 1, rows, theme)
      }
    }
  }

  private func draw(
    _ edge: Unicode.Scalar, into grid: inout Grid, x: Int, _ rows: Range<Int>, _ theme: Theme
  ) {
    for y in rows where grid[x, y].style.background != theme.ground { grid[x, y].scalar = edge }
  }
}
