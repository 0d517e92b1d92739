//! A tree of lines for people.

use crate::colour::Colour;
use crate::excerpt::visible;

/// A line of it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    depth: usize,
    mark: Mark,
    text: String,
}

/// What stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    /// A headline.
    Head,
    /// It fits, or is allowed.
    Yes,
    /// It does not, or is denied.
    No,
    /// It cannot be told.
    Unsure,
}

impl Line {
    pub(crate) fn new(depth: usize, mark: Mark, text: impl Into<String>) -> Line {
        Line { depth, mark, text: text.into() }
    }
}

impl Mark {
    /// Of something that holds or does not.
    pub(crate) fn of(holds: bool) -> Mark {
        if holds { Mark::Yes } else { Mark::No }
    }
}

/// The lines, each below the other; nothing in them moves the cursor.
pub(crate) fn render(lines: &[Line], colour: Colour) -> String {
    let mut out = String::new();
    for line in lines {
        let text = visible(&line.text);
        let text = match line.mark {
            Mark::None => text,
            Mark::Head => colour.ink("1", &text),
            Mark::Yes => format!("{} {text}", colour.ink("1;32", "+")),
            Mark::No => format!("{} {text}", colour.ink("1;31", "-")),
            Mark::Unsure => format!("{} {text}", colour.ink("1;33", "?")),
        };
        out += &format!("{:width$}{text}\n", "", width = 2 * line.depth);
    }
    out
}
