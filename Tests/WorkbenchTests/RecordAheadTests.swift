import Inspector
import Recurrent
import Testing

@testable import Workbench

/// What a person sees first is whole where that takes no time.
@Suite struct RecordAheadTests {
  @Test func aShortSequenceIsRecordedBetweenFrames() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    #expect(workbench.state.trace.recordedSteps == 1)
    workbench.recordAhead()
    #expect(workbench.isBusy)
    // The first frame does not wait for it.
    #expect(workbench.state.trace.recordedSteps == 1)
    workbench.finish()
    #expect(workbench.state.trace.recordedSteps == workbench.state.session.length)
    #expect(workbench.state.step == 0)
    #expect(!workbench.isBusy)
  }

  @Test func aKeyOnTheWayIsObeyed() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.recordAhead()
    workbench.handle(.key("l"))
    workbench.finish()
    #expect(workbench.state.step == 1)
    #expect(workbench.state.trace.recordedSteps == workbench.state.session.length)
  }

  @Test func aLongOneIsLeftUntilSomebodyAsks() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens(Array(repeating: 0, count: 2_000_000)))
    let workbench = scene.workbench(scene.state())
    workbench.recordAhead()
    #expect(!workbench.isBusy)
  }
}
