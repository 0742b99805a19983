import Files
import Recurrent

/// What a Parquet file says about its columns, as entries of its key-value metadata.
enum CorpusMetadata {
  static func entries(
    _ preview: Trace, _ selection: TraceSelection, _ tracks: [SelectedTrack], _ form: CorpusForm
  ) -> [(key: String, value: String)] {
    let cells = Set(tracks.map(\.layout.cell))
    var entries = [
      (key: "gatescope.cell", value: cells.count == 1 ? cells.first!.rawValue : "mixed"),
      (
        key: "gatescope.tracks",
        value: json(
          tracks.map { track in
            let layout = track.layout
            return "{\"layer\": \(layout.track.layer), \"direction\": "
              + "\"\(layout.track.direction.rawValue)\", \"cell\": \"\(layout.cell.rawValue)\", "
              + "\"units\": \(json(track.units.joined().map(String.init)))}"
          })
      ),
    ]
    if let symbols = preview.symbols {
      entries.append((key: "gatescope.vocabulary", value: json(symbols.map(jsonString))))
    }
    if let outputs = preview.readout?.symbols, !selection.readout.isEmpty {
      entries.append((key: "gatescope.outputs", value: json(outputs.map(jsonString))))
    }
    if let reduction = form.reduction {
      entries.append((key: "gatescope.reduce", value: reduction.rawValue))
    }
    if let condition = form.condition {
      entries.append((key: "gatescope.where", value: condition.source))
    }
    return entries
  }

  private static func json(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ", ") + "]"
  }
}
