/// Which part of a long row of things stands in a window so that one of them can be seen. It depends
/// on nothing but that one, jumps by half a window, and so leaves most of the screen as it was.
enum Paging {
  /// The first of `visible` things out of `count`, so that `place` is among them, with some of
  /// what follows it.
  static func first(showing place: Int, visible: Int, count: Int) -> Int {
    guard visible > 0, count > visible else { return 0 }
    let hop = max(1, visible / 2)
    let margin = min(2, visible / 4)
    let beyond = place + margin + 1 - visible
    let hops = beyond > 0 ? (beyond + hop - 1) / hop : 0
    return min(hops * hop, count - visible)
  }
}
