//! Asking before a gateway is changed.

use std::io::{self, BufRead, IsTerminal, Write};

use super::report::Report;
use crate::failure::Failure;

/// Ends with a failure unless somebody at a terminal says yes to the change, which is shown there first if it was not before.
pub(crate) fn ask(report: &Report, show: bool) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::input(
            "there is no terminal to ask at, and nothing was changed; give --yes, or --dry-run to see what would change",
        ));
    }
    let mut terminal = io::stderr().lock();
    if show {
        report.write_plan(&mut terminal)?;
    }
    write!(terminal, "Update the gateway {}? [y/N] ", report.gateway)?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::run("nothing was changed")),
    }
}
