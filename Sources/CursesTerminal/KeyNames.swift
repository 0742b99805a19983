import CNcurses
import Screen

/// What ncurses's numbers and the characters of a keyboard mean.
enum KeyNames {
  static func key(code: UInt32) -> Key? {
    switch Int(code) {
    case gs_key_left: .left
    case gs_key_right: .right
    case gs_key_up: .up
    case gs_key_down: .down
    case gs_key_shift_left: .shiftLeft
    case gs_key_shift_right: .shiftRight
    case gs_key_shift_up: .shiftUp
    case gs_key_shift_down: .shiftDown
    case gs_key_home: .home
    case gs_key_end: .end
    case gs_key_page_up: .pageUp
    case gs_key_page_down: .pageDown
    case gs_key_enter: .enter
    case gs_key_back_tab: .backTab
    case gs_key_backspace: .backspace
    case gs_key_delete: .delete
    default: nil
    }
  }

  static func key(character scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x08, 0x7F: .backspace
    case 0x01...0x1A: Unicode.Scalar(scalar.value + 0x60).map { .control($0) }
    case 0x00, 0x1C...0x1F, 0x80...0x9F: nil
    default: .character(scalar)
    }
  }
}
