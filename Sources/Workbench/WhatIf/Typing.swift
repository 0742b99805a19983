import Inspector
import Recurrent
import Screen

/// Characters that are typed live at the end of the sequence.
public struct Typing: Sendable, Equatable {
  /// What was changed before.
  let base: Branches
  /// T without them.
  let length: Int
  var text = ""
  /// How many of its scalars are symbols; the rest begins one that is longer.
  var understood = 0

  /// The rest.
  var unfinished: String {
    String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(understood)))
  }
  /// As much as the network has read.
  var read: String { String(String.UnicodeScalarView(text.unicodeScalars.prefix(understood))) }
}

/// Carries out `type`: appends a text, or begins to take every key as a character of one.
func typeText(_ state: inout State, _ argument: String) throws(InstructionError) -> [Effect] {
  guard case .tokens = state.trace.input else { throw InstructionError(Words.typingNeedsSymbols) }
  guard state.session.model != nil else {
    throw InstructionError("\(ChangeError(.noModel, at: 0..<1))")
  }
  guard let vocabulary = state.session.model?.vocabulary else {
    throw InstructionError(Words.typingNeedsVocabulary)
  }
  var typing = Typing(base: state.arrangement.branches, length: state.session.length)
  guard !argument.isEmpty else {
    state.isPlaying = false
    state.typing = typing
    return move(&state, to: state.lastStep, stopping: true)
  }
  typing.text = argument.unquoted
  do {
    _ = try vocabulary.tokens(of: typing.text)
  } catch {
    let place = argument == typing.text ? error.position : 0
    let end = argument == typing.text ? place + 1 : argument.unicodeScalars.count
    throw InstructionError(Words.unknownSymbol(error), at: place..<end)
  }
  typing.understood = typing.text.unicodeScalars.count
  return try read(&state, typing)
}

/// A key while characters are typed.
func typeLive(_ state: inout State, _ key: Key) -> [Effect] {
  guard let typing = state.typing else { return [] }
  switch key {
  case .escape:
    endTyping(&state)
    return []
  case .character(let scalar): return append(&state, [scalar])
  case .enter: return append(&state, ["\n"])
  case .backspace:
    guard !typing.text.isEmpty else {
      state.message = .init(text: Words.nothingTyped, isError: false)
      return []
    }
    var shorter = typing
    shorter.text.unicodeScalars.removeLast()
    shorter.understood = min(typing.understood, shorter.text.unicodeScalars.count)
    return show(&state, shorter)
  case .up, .down, .tab, .backTab:
    // Another unit or lane may be watched meanwhile.
    return state.keymap.instruction(for: key).map { obey(&state, $0) } ?? []
  case .control, .left, .right, .shiftLeft, .shiftRight, .shiftUp, .shiftDown,
    .home, .end, .pageUp, .pageDown, .delete:
    state.message = .init(text: Words.typingEndsWithEsc, isError: false)
    return []
  }
}

/// Appends characters that were typed or pasted; those that the network does not know are left out.
func append(_ state: inout State, _ scalars: [Unicode.Scalar]) -> [Effect] {
  guard var typing = state.typing, let vocabulary = state.session.model?.vocabulary else {
    return []
  }
  for scalar in scalars {
    var longer = typing
    longer.text.unicodeScalars.append(scalar)
    longer.understood = longer.text.unicodeScalars.count
    do {
      _ = try vocabulary.tokens(of: longer.text)
    } catch {
      longer.understood = error.position
      let rest = longer.unfinished
      guard vocabulary.symbols.contains(where: { $0.hasPrefix(rest) }) else {
        state.message = .init(text: Words.unknownSymbol(error), isError: true)
        break
      }
    }
    typing = longer
  }
  return typing == state.typing ? [] : show(&state, typing)
}

private func show(_ state: inout State, _ typing: Typing) -> [Effect] {
  let message = state.message
  do throws(InstructionError) {
    let effects = try read(&state, typing)
    state.typing = typing
    state.message = message
    return effects
  } catch {
    state.message = .init(text: error.message, isError: true)
    return []
  }
}

/// What was typed so far as one change, beside those that were there before.
private func read(_ state: inout State, _ typing: Typing) throws(InstructionError) -> [Effect] {
  var branches = typing.base
  if !typing.read.isEmpty {
    do throws(ChangeError) {
      let change = try Change("insert \(typing.read.quoted) @ \(typing.length)")
      branches.set(WhatIf(branches.whatIf.entries + [.init(change)]))
    } catch {
      throw InstructionError("\(error)")
    }
  }
  _ = try adopt(&state, branches)
  return move(&state, to: state.lastStep, stopping: true)
}

/// Ends it; a replay types the text at once.
func endTyping(_ state: inout State) {
  guard let typing = state.typing else { return }
  state.typing = nil
  if !typing.read.isEmpty { state.journal.add(Instruction(.type, typing.read.quoted)) }
}

extension State {
  /// What the network finds likeliest after the last step that was typed, the likeliest first.
  var guesses: [String] {
    guard typing != nil, step == lastStep, isRecorded, session.predictsNext,
      let readout = trace.readout
    else { return [] }
    let block = readout.block(step..<step + 1)
    return block.likeliest(3, at: step).map { session.outputSymbol($0) }
  }
}

extension String {
  /// `"a\n"`: so that blanks at its ends stay.
  fileprivate var quoted: String {
    let text = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("\t", with: "\\t").replacing("\r", with: "\\r")
    return "\"\(text)\""
  }

  /// The same without the quotes, where it has any.
  fileprivate var unquoted: String {
    guard count >= 2, hasPrefix("\""), hasSuffix("\"") else { return self }
    let escaped: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r"]
    var text = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in unicodeScalars.dropFirst().dropLast() {
      if !isEscaped, scalar == "\\" {
        isEscaped = true
      } else {
        text.append(isEscaped ? escaped[scalar] ?? scalar : scalar)
        isEscaped = false
      }
    }
    return String(text)
  }
}
