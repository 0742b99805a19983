/// The known name that a person most likely meant by one that nothing has.
///
/// - Returns: one that differs in a letter or two, or only in capitals; nil where none is near.
public func nearestName(to name: String, among known: [String]) -> String? {
  if let sameLetters = known.first(where: { $0.lowercased() == name.lowercased() }) {
    return sameLetters
  }
  let letters = Array(name.unicodeScalars.prefix(40))
  // In a short name every letter counts.
  let limit = min(2, letters.count / 3)
  let distances = known.map { editDistance(letters, Array($0.unicodeScalars.prefix(40))) }
  guard let least = distances.min(), least <= limit else { return nil }
  return distances.firstIndex(of: least).map { known[$0] }
}

/// Letters to insert, delete or replace, or neighbours to swap (Damerau 1964), where no letter is
/// touched twice.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var before: [Int] = []
  var last = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var row = [i + 1]
    for (j, b) in right.enumerated() {
      var least = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a == right[j - 1], b == left[i - 1] { least = min(least, before[j - 1] + 1) }
      row.append(least)
    }
    (before, last) = (last, row)
  }
  return last[right.count]
}
