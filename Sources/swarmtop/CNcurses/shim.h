// What Swift cannot import from curses.h: macros, mutable globals, and the feature macros it needs.
#ifndef SWARMTOP_CNCURSES_SHIM_H
#define SWARMTOP_CNCURSES_SHIM_H
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1
#include <errno.h>
#include <fcntl.h>
#include <wchar.h>
#include <locale.h>
#include <langinfo.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <curses.h>

extern int memfd_create(const char *name, unsigned int flags);

static const attr_t SW_A_BOLD = A_BOLD, SW_A_REVERSE = A_REVERSE, SW_A_DIM = A_DIM;

static inline int sw_colors(void) { return COLORS; }
static inline SCREEN *sw_newterm(const char *type, FILE *out) { return newterm(type, out, stdin); }

// Writes `length` characters in one style.
static inline void sw_put(int row, int column, const wchar_t *text, int length, attr_t attributes, int pair) {
    wattr_set(stdscr, attributes, (short)pair, NULL);
    mvwaddnwstr(stdscr, row, column, text, length);
}

static inline void sw_erase(void) { wattr_set(stdscr, A_NORMAL, 0, NULL); werase(stdscr); }
static inline void sw_move(int row, int column) { wmove(stdscr, row, column); }
static inline void sw_stage(void) { wnoutrefresh(stdscr); }
static inline void sw_redraw_all(void) { clearok(curscr, TRUE); }

static inline int sw_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// The window's size; false when descriptor is not a terminal.
static inline int sw_window_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return 0;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 1;
}

// A crash must not leave the operator's terminal unusable: what follows is safe in a signal handler.
static struct termios sw_saved_termios = {0};
static volatile sig_atomic_t sw_armed = 0;
#define SW_RESTORE "\033[?2026l\033[?1006l\033[?1000l\033[?2004l\033[0m\033[?1l\033>\033[?1049l\033[?25h"

static inline void sw_crash(int number) {
    if (sw_armed) {
        sw_armed = 0;
        ssize_t ignored = write(1, SW_RESTORE, sizeof(SW_RESTORE) - 1);
        (void)ignored;
        tcsetattr(0, TCSANOW, &sw_saved_termios);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static inline void sw_arm(const struct termios *saved) {
    static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGQUIT};
    sw_saved_termios = *saved;
    sw_armed = 1;
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) signal(fatal[i], sw_crash);
}

static inline void sw_disarm(void) { sw_armed = 0; }

// Signals become bytes of a pipe from the call on. A signal source of Dispatch would need them ignored
// before it listens, and lose what comes in between.
static volatile sig_atomic_t sw_signals = -1;

static inline void sw_forward(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(sw_signals, &byte, 1);
    (void)ignored;
    errno = error;
}

// Returns the end to read from, or -1.
static inline int sw_forward_signals(const int *numbers, int count) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    sw_signals = ends[1];
    for (int i = 0; i < count; i++) signal(numbers[i], sw_forward);
    return ends[0];
}
#endif
