import Screen
import Testing

@testable import Workbench

@Suite struct PlayTests {
  /// After a frame that took long it goes on from there: one step at once, then its pace again.
  @Test func aSlowTerminalIsNotCaughtUpWith() throws {
    var state = try Scene.letters().recordedState()
    let start = ContinuousClock.now
    var clock = PlayClock()
    #expect(clock.timeout(for: state, now: start) == nil)
    _ = press(&state, [" "])
    let interval = Duration.microseconds(1_000_000 / State.speeds[state.speed])
    let first = clock.timeout(for: state, now: start)
    let wait = try #require(first)
    #expect((wait - 1)...wait ~= Int(interval / .milliseconds(1)))
    #expect(clock.due(for: state, now: start + interval - .milliseconds(1)) == nil)
    #expect(clock.due(for: state, now: start + interval) == .playTick)
    #expect(clock.due(for: state, now: start + interval) == nil)
    let late = start + interval * 100
    #expect(clock.due(for: state, now: late) == .playTick)
    #expect(clock.due(for: state, now: late) == .playTick)
    #expect(clock.due(for: state, now: late) == nil)
    #expect(clock.due(for: state, now: late + interval) == .playTick)
    state.isPlaying = false
    #expect(clock.due(for: state, now: late + interval * 5) == nil)
    #expect(clock.timeout(for: state, now: late) == nil)
  }

  @Test func aTickIsAStepUntilTheEnd() throws {
    var state = try Scene.letters().recordedState()
    #expect(update(&state, .playTick) == [])
    #expect(state.step == 0, "not playing")
    _ = press(&state, [" "])
    #expect(state.isPlaying)
    for step in 1...29 {
      #expect(state.isPlaying)
      _ = update(&state, .playTick)
      #expect(state.step == step)
    }
    #expect(!state.isPlaying)
    #expect(state.message == nil)
    // At the end it begins anew.
    _ = press(&state, [" "])
    #expect(state.isPlaying && state.step == 0)
    _ = press(&state, [" "])
    #expect(!state.isPlaying)
  }

  /// Whether the steps are there already makes no difference to what is seen.
  @Test func playingComputesStepsAndEndsTheSameWay() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.press(" ")
    for step in 1...29 {
      #expect(workbench.state.isPlaying)
      workbench.handle(.playTick)
      workbench.finish()
      #expect(workbench.state.step == step)
      #expect(scene.session.trace.recordedSteps == step + 1)
    }
    #expect(!workbench.state.isPlaying)
    #expect(workbench.state.message == nil)
  }

  @Test(
    arguments: [["l"], ["h"], ["g"], ["G"], [.pageUp], [.pageDown], [.escape], [" "]] as [[Key]])
  func aMotionEndsPlaying(_ keys: [Key]) throws {
    var state = try Scene.letters().recordedState()
    state.step = 4
    _ = press(&state, [" "] + keys)
    #expect(!state.isPlaying)
  }

  @Test(arguments: [["j"], [.tab], ["v"], ["2"], ["+"], ["!"], ["?"], [.control("l")]] as [[Key]])
  func lookingElsewhereDoesNot(_ keys: [Key]) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, [" "] + keys)
    #expect(state.isPlaying)
  }

  @Test func aTickWaitsForTheStepBefore() throws {
    var state = try Scene.letters().state()
    state.isPlaying = true
    #expect(update(&state, .playTick) == [.record(through: 1)])
    #expect(update(&state, .playTick) == [], "still on the way")
    #expect(state.pending == .reach(step: 1))
  }

  @Test func speedHasLimitsAndSaysItself() throws {
    var state = try Scene.letters().recordedState()
    #expect(State.speeds[state.speed] == 4)
    _ = press(&state, ["+"])
    #expect(state.message?.text == "8 steps a second")
    _ = press(&state, keys("+++=="))
    #expect(State.speeds[state.speed] == 60)
    _ = press(&state, ["="])
    #expect(State.speeds[state.speed] == 60)
    _ = press(&state, keys("---------"))
    #expect(State.speeds[state.speed] == 1)
    #expect(state.message?.text == "1 step a second")
  }

  @Test func oneStepPlaysToItsEnd() throws {
    let scene = try Scene(try TestModels.letters(.lstm), text: "B")
    let workbench = scene.workbench(scene.state())
    workbench.press(" ")
    workbench.handle(.playTick)
    #expect(!workbench.state.isPlaying)
    #expect(workbench.state.step == 0)
  }
}
