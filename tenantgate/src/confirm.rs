//! Asking before something is taken away.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;

use crate::failure::Failure;

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ConfirmArguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl ConfirmArguments {
    /// Ends with a failure unless `--yes` was given or somebody at a terminal says yes to the question.
    pub(crate) fn ask(self, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            return Err(Failure::input(format!(
                "there is no terminal to ask at, and nothing was changed; give --yes to say yes to: {question}"
            )));
        }
        read_answer(&mut io::stderr().lock(), question)
    }
}

/// Puts a question to whoever sits at the terminal; ends with a failure unless the answer is yes.
pub(crate) fn read_answer(terminal: &mut impl Write, question: &str) -> Result<(), Failure> {
    write!(terminal, "{question} [y/N] ")?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::run("nothing was changed")),
    }
}
