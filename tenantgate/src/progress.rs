//! How far a long command is, on stderr.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Tells how much is done: on a terminal in one line that is written over, elsewhere by a line now and then.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    is_terminal: bool,
    told: Instant,
    is_line_open: bool,
}

impl Progress {
    /// Begins; `what` is what is counted, as in `members written`.
    pub(crate) fn new(what: &'static str) -> Progress {
        Progress { what, is_terminal: io::stderr().is_terminal(), told: Instant::now(), is_line_open: false }
    }

    /// Tells that this much is done, unless it told something a moment ago.
    pub(crate) fn tell(&mut self, done: u64, total: u64) {
        let pause = if self.is_terminal { TERMINAL_PAUSE } else { LINE_PAUSE };
        if self.told.elapsed() < pause {
            return;
        }
        self.write(&format!("{done} of {total}"));
    }

    /// The same where nobody knows how much there is.
    pub(crate) fn tell_open(&mut self, done: u64) {
        let pause = if self.is_terminal { TERMINAL_PAUSE } else { LINE_PAUSE };
        if self.told.elapsed() >= pause {
            self.write(&done.to_string());
        }
    }

    fn write(&mut self, count: &str) {
        self.told = Instant::now();
        let (start, end) = if self.is_terminal { ("\r\u{1b}[K", "") } else { ("", "\n") };
        let mut terminal = io::stderr().lock();
        // Without stderr there is nobody to tell.
        drop(write!(terminal, "{start}tenantgate: {count} {}{end}", self.what));
        drop(terminal.flush());
        self.is_line_open = self.is_terminal;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_line_open {
            // Without stderr there is nobody to tell.
            drop(write!(io::stderr().lock(), "\r\u{1b}[K"));
        }
    }
}

const TERMINAL_PAUSE: Duration = Duration::from_millis(100);

const LINE_PAUSE: Duration = Duration::from_secs(5);
