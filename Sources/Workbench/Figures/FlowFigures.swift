import Figures
import Screen

/// How far back a step reaches, as curves over the lag.
extension FigureMaker {
  func flow() throws(FigureRefusal) -> Figure {
    guard state.session.hasFlow else {
      throw .noAnswer(
        state.session.model == nil ? Words.flowNeedsModel : Words.flowNeedsUnchanged)
    }
    let view = FlowView(state: state)
    let area = Rect(x: 0, y: 0, width: 200, height: 60)
    let panels = [
      view.gradient(view.rows(in: area), isNarrow: false), view.memory(isNarrow: false),
    ]
    let drawn = panels.filter { !$0.curves.isEmpty }
    guard !drawn.isEmpty else {
      throw .noAnswer(panels.compactMap(\.problem).first ?? Words.flowNothing)
    }
    let curves = drawn.enumerated().map { index, panel in
      Figure.Panel.curves(
        CurvesPanel(
          title: panel.titles[0],
          curves: panel.curves.map { curve in
            .init(
              name: curve.name.isEmpty ? Words.keptShort : curve.name,
              color: curve.style.foreground ?? Color(0),
              dashes: curve.texture == .solid ? [] : [2, 1.5], logs: curve.filled)
          }, longest: panel.longest, floor: panel.floor ?? -8, xName: panel.words,
          yName: panel.titles == panels[0].titles ? "norm of the gradient" : "|Δh|"))
    }
    return figure(curves, title: "how far back a step reaches", hasTime: false)
  }
}
