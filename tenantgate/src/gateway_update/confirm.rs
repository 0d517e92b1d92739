//! Asking before a gateway is changed.

use std::io::{self, IsTerminal};

use super::report::Report;
use crate::confirm::read_answer;
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
    read_answer(&mut terminal, &format!("Update the gateway {}?", report.gateway))
}
