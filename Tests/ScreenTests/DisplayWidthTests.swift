import Screen
import Testing

@Suite struct DisplayWidthTests {
  @Test(
    arguments: [
      ("A", 1), ("~", 1), (" ", 1), ("é", 1), ("─", 1), ("◆", 1), ("▶", 1), ("⊗", 1), ("…", 1),
      // Combining marks, joiners, selectors, soft hyphens take no column of their own.
      ("\u{301}", 0), ("\u{200B}", 0), ("\u{200D}", 0), ("\u{FE0F}", 0), ("\u{AD}", 0),
      ("\u{20DD}", 0), ("\u{3099}", 0), ("\u{1160}", 0),
      // Controls, of both kinds, and what would break the line.
      ("\0", 0), ("\n", 0), ("\u{1B}", 0), ("\u{7F}", 0), ("\u{85}", 0), ("\u{2028}", 0),
      ("\u{2029}", 0),
      ("春", 2), ("，", 2), ("　", 2), ("ひ", 2), ("カ", 2), ("한", 2), ("ᄀ", 2), ("Ａ", 2), ("￦", 2),
      ("𠮷", 2), ("ｶ", 1), ("\u{303F}", 1),
      ("😀", 2), ("⌚", 2), ("❤", 1), ("\u{1F3FD}", 2),
      // One of the two letters of a flag: N in UAX #11.
      ("\u{1F1E9}", 1),
    ] as [(Unicode.Scalar, Int)])
  func scalarsHaveTheirColumns(_ scalar: Unicode.Scalar, _ columns: Int) {
    #expect(scalar.displayWidth == columns)
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("e\u{301}", 1), ("春天", 4), ("a春b", 4), ("\r\n", 0), ("👩\u{200D}👧", 4),
    ("🇩🇪", 2),
  ])
  func textTakesTheSumOfItsScalars(_ text: String, _ columns: Int) {
    #expect(text.displayWidth == columns)
  }

  @Test(arguments: [
    ("gates", 5, "gates"), ("gates", 9, "gates"), ("gates", 4, "gat…"), ("gates", 2, "g…"),
    ("gates", 1, ""), ("gates", 0, ""), ("gates", -3, ""), ("", 0, ""), ("", -1, ""),
    // Blanks before the … go too; a wide scalar that does not fit whole leaves.
    ("to be", 4, "to…"), ("春眠不觉", 8, "春眠不觉"), ("春眠不觉", 7, "春眠不…"), ("春眠不觉", 6, "春眠…"),
    ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
  ])
  func fittedTextEndsInAnEllipsis(_ text: String, _ columns: Int, _ expected: String) {
    let fitted = text.fitted(to: columns)
    #expect(fitted == expected)
    #expect(fitted.displayWidth <= max(0, columns))
  }

  @Test func anEllipsisCanBeAnother() {
    #expect("candidate".fitted(to: 6, ellipsis: "...") == "can...")
    #expect("candidate".fitted(to: 3, ellipsis: "...") == "")
    #expect("candidate".fitted(to: 4, ellipsis: "") == "cand")
  }

  @Test(arguments: [
    ("7", 3, "  7", "7  "), ("春", 3, " 春", "春 "), ("long", 2, "long", "long"), ("a", 0, "a", "a"),
    ("a", -4, "a", "a"), ("e\u{301}", 2, " e\u{301}", "e\u{301} "),
  ])
  func paddingCountsColumns(_ text: String, _ columns: Int, _ left: String, _ right: String) {
    #expect(text.padded(left: columns) == left)
    #expect(text.padded(right: columns) == right)
  }
}
