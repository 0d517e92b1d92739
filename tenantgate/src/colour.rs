//! Colours, for terminals only.

/// Whether a text may have colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Never,
    Always,
}

impl Colour {
    /// See <https://no-color.org>.
    pub(crate) fn of(is_terminal: bool) -> Colour {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if is_terminal && !unwanted { Colour::Always } else { Colour::Never }
    }

    /// The text in a colour of ECMA-48 (SGR).
    pub(crate) fn ink(self, code: &str, text: &str) -> String {
        match self {
            Colour::Never => text.to_owned(),
            Colour::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
