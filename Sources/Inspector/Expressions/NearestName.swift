/// The known name that a person most likely meant; nil where none is near.
func nearestName(to name: String, among known: [String]) -> String? {
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

/// Letters to insert, delete or replace (Levenshtein 1966).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      let replaced = diagonal + (a == b ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[right.count]
}
