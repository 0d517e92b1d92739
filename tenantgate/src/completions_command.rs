//! `tenantgate completions` and `tenantgate man`: what a shell and `man` are to know about the command.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::Verdict;
use crate::failure::Failure;

/// Print what completes the command line in a shell
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate completions bash > /etc/bash_completion.d/tenantgate
  tenantgate completions zsh > ~/.zfunc/_tenantgate
  tenantgate completions fish > ~/.config/fish/completions/tenantgate.fish

Exit codes:
  0  done
  2  wrong usage")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page, or write one for each subcommand
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  tenantgate man | man -l -
  tenantgate man --out /usr/local/share/man/man1

Exit codes:
  0  done
  2  wrong usage, or a folder that cannot be written to")]
pub(crate) struct ManArguments {
    /// The folder for the pages, as tenantgate-policy-publish.1; it must be there
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the completion script.
pub(crate) fn complete(arguments: &CompletionsArguments, mut command: Command) -> Result<Verdict, Failure> {
    // Into memory first: the generator has no other answer to a closed pipe than a panic.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Verdict::Success)
}

/// Prints or writes the manual.
pub(crate) fn manual(arguments: &ManArguments, command: Command) -> Result<Verdict, Failure> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    match &arguments.out {
        None => io::stdout().lock().write_all(&page(&command)?)?,
        Some(folder) => {
            let pages = write(&command, folder)?;
            writeln!(io::stdout().lock(), "wrote {pages} pages to {}", folder.display())?;
        }
    }
    Ok(Verdict::Success)
}

/// Writes the page of a command and those of its subcommands, and says how many.
fn write(command: &Command, folder: &Path) -> Result<usize, Failure> {
    let path = folder.join(Man::new(command.clone()).get_filename());
    fs::write(&path, page(command)?)
        .map_err(|error| Failure::input(format!("cannot write {}: {error}", path.display())))?;
    let mut pages = 1;
    for subcommand in command.get_subcommands() {
        pages += write(subcommand, folder)?;
    }
    Ok(pages)
}

/// As `Man::render` has it, but with the lines of the examples and exit codes as they are in the help.
fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(text) = command.get_after_long_help() {
        let mut notes = Roff::new();
        notes.control("SH", ["NOTES"]).control("nf", []);
        for line in text.to_string().lines() {
            notes.text([roman(line)]);
        }
        notes.control("fi", []);
        notes.to_writer(&mut page)?;
    }
    Ok(page)
}

const NAME: &str = "tenantgate";
