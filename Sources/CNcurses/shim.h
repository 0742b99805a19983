/* ncurses in its wide-character form, with accessors for what Swift cannot import: macros, variadic
 * functions and globals. */
#ifndef GATESCOPE_CNCURSES_SHIM_H
#define GATESCOPE_CNCURSES_SHIM_H

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <wchar.h>

static inline WINDOW *gs_stdscr(void) { return stdscr; }
static inline WINDOW *gs_curscr(void) { return curscr; }
static inline int gs_lines(void) { return LINES; }
static inline int gs_columns(void) { return COLS; }
static inline const char *gs_codeset(void) { return nl_langinfo(CODESET); }
/* What terminfo knows of the terminal that TERM names, before anything is sent to it: -1 nothing, 0 it
 * cannot move its cursor, 1 it can. */
static inline int gs_can_move_cursor(void) {
  int found = 0;
  if (setupterm(NULL, fileno(stdout), &found) != OK) return -1;
  int can = tigetstr((char *)"cup") != NULL;
  del_curterm(cur_term);
  return can;
}
/* A size in the environment that no screen has would make ncurses ask for as much memory; the terminal
 * says what it has. */
static inline void gs_forget_absurd_size(const char *name) {
  const char *text = getenv(name);
  if (text == NULL) return;
  char *end = NULL;
  long size = strtol(text, &end, 10);
  if (end == text || *end != 0 || size < 1 || size > 10000) unsetenv(name);
}
static inline SCREEN *gs_newterm(void) {
  gs_forget_absurd_size("COLUMNS");
  gs_forget_absurd_size("LINES");
  return newterm(NULL, stdout, stdin);
}
/* ^S would stop the terminal, and with it the program in the middle of a frame. */
static inline void gs_no_flow_control(void) {
  struct termios modes;
  if (tcgetattr(fileno(stdin), &modes) != 0) return;
  modes.c_iflag &= ~(tcflag_t)IXON;
  if (tcsetattr(fileno(stdin), TCSANOW, &modes) == 0) def_prog_mode();
}
static inline void gs_use_locale(void) { setlocale(LC_ALL, ""); }

/* A terminfo string that may be an extended one; NULL where the terminal has it not. */
static inline const char *gs_terminfo(const char *name) {
  char *value = tigetstr((char *)name);
  return value == NULL || value == (char *)-1 ? NULL : value;
}
/* A flag, a number or a string that may be an extended one. */
static inline int gs_has(const char *name) {
  return tigetflag((char *)name) > 0 || tigetnum((char *)name) > 0 || gs_terminfo(name) != NULL;
}
/* Below 0 where the terminal has it not. */
static inline int gs_number(const char *name) { return tigetnum((char *)name); }

/* A capability with its parameters put in; gone with the next call. */
static inline const char *gs_parameters(const char *capability, long a, long b, long c) {
  return tparm((char *)capability, a, b, c, 0L, 0L, 0L, 0L, 0L, 0L);
}

/* What keys are read from. It is never shown, so reading draws nothing, as it would with a window. */
static inline void *gs_reader(void) {
  WINDOW *reader = newpad(1, 1);
  if (reader != NULL) {
    keypad(reader, TRUE);
    nodelay(reader, TRUE);
  }
  return reader;
}

/* One read of the keyboard: a key's number, a character, a byte that makes no character (yet), or
 * nothing. */
enum gs_input_kind {
  gs_input_none,
  gs_input_key,
  gs_input_character,
  gs_input_part,
  gs_input_byte,
};

/* `state` keeps the beginning of a character whose bytes come apart; wget_wch would lose it. */
static inline enum gs_input_kind gs_read(void *reader, mbstate_t *state,
                                         unsigned *value) {
  int input = wgetch((WINDOW *)reader);
  if (input == ERR) return gs_input_none;
  *value = (unsigned)input;
  if (input > 0xFF) return gs_input_key;
  char byte = (char)input;
  wchar_t character = 0;
  size_t length = mbrtowc(&character, &byte, 1, state);
  if (length == (size_t)-1) *state = (mbstate_t){0};
  if (length == (size_t)-1 || length == (size_t)-2) return gs_input_part;
  *value = (unsigned)character;
  return gs_input_character;
}

/* The same for what is no text: a byte as it came. */
static inline enum gs_input_kind gs_read_byte(void *reader, unsigned *value) {
  int input = wgetch((WINDOW *)reader);
  if (input == ERR) return gs_input_none;
  *value = (unsigned)input;
  return input > 0xFF ? gs_input_key : gs_input_byte;
}

/* Fits ncurses to the terminal's size; wgetch then gives KEY_RESIZE where that has changed. */
static inline void gs_follow_size(void) {
  struct winsize size = {0};
  if (ioctl(fileno(stdout), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
  if (is_term_resized(size.ws_row, size.ws_col)) resizeterm(size.ws_row, size.ws_col);
}

enum {
  gs_key_left = KEY_LEFT,
  gs_key_right = KEY_RIGHT,
  gs_key_up = KEY_UP,
  gs_key_down = KEY_DOWN,
  gs_key_shift_left = KEY_SLEFT,
  gs_key_shift_right = KEY_SRIGHT,
  gs_key_shift_up = KEY_SR,
  gs_key_shift_down = KEY_SF,
  gs_key_home = KEY_HOME,
  gs_key_end = KEY_END,
  gs_key_page_up = KEY_PPAGE,
  gs_key_page_down = KEY_NPAGE,
  gs_key_enter = KEY_ENTER,
  gs_key_back_tab = KEY_BTAB,
  gs_key_backspace = KEY_BACKSPACE,
  gs_key_delete = KEY_DC,
  gs_key_resize = KEY_RESIZE,
  gs_key_paste_begin = KEY_MAX + 1,
  gs_key_paste_end = KEY_MAX + 2,
  gs_key_mouse = KEY_MAX + 3,
  gs_key_old_mouse = KEY_MAX + 4,
};

/* Calls that a signal interrupts go on afterwards, so that ncurses's output is never cut short; poll
 * is interrupted all the same. */
static inline void gs_handle_signal(int number, void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

/* A stack of their own for handlers: the program may be dying of a full one. */
static inline void gs_make_signal_stack(void) {
  static char memory[1 << 16];
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
  sigaltstack(&stack, NULL);
}

#endif
