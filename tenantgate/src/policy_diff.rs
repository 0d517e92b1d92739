//! `tenantgate policy diff`: who gains and who loses what between two versions of a policy, or of a folder of them.
//!
//! In reading order: `operand` says what is named, `files` reads and pairs the policies, `active` knows which are in force, `section` is what came of a pair, `text`, `markdown` and `document` tell it.

mod active;
mod document;
mod files;
mod markdown;
mod operand;
mod section;
mod text;

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};

use crate::cli::Verdict;
use crate::colour::Colour;
use crate::failure::Failure;
use crate::registry_access::RegistryArguments;
use operand::Operands;
use section::Counts;

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The older version: a policy file, a folder of policies (or with policies/ in it), or a version in the registry as acme@3; - is
    /// standard input
    #[arg(value_name = "OLD")]
    old: String,
    /// The newer version, of the same kind
    #[arg(value_name = "NEW")]
    new: String,
    /// The policy for all tenants, over both versions, a file or as '*@active' [default: in folders the policy of each for "*"]
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Compare what the versions mean, not their texts: it always is so, and this says it
    #[arg(long)]
    semantic: bool,
    #[command(flatten)]
    registry: RegistryArguments,
    /// What ends with exit code 1
    #[arg(long, value_name = "WHAT", default_value = "widen")]
    fail_on: FailOn,
    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// More may be done or seen, or it cannot be told
    Widen,
    /// Less may be done or seen, or it cannot be told
    Narrow,
    /// Anything is other
    Any,
    /// Nothing
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For pull requests
    Markdown,
}

/// Runs the command.
pub(crate) async fn run(arguments: &DiffArguments) -> Result<Verdict, Failure> {
    let operands = Operands::read(arguments).await?;
    let pairs = files::read(&operands)?;
    let sections = pairs.compare()?;
    let counts = Counts::of(&sections);
    let mut out = io::stdout().lock();
    let written = match arguments.format {
        Format::Text => {
            let colour = Colour::of(out.is_terminal());
            text::write(&mut out, &sections, &counts, colour)
        }
        Format::Json => document::write(&mut out, &sections, &counts),
        Format::Markdown => markdown::write(&mut out, &sections, &counts),
    };
    match written.and_then(|()| out.flush()) {
        // The verdict still counts when nobody reads on.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if arguments.fail_on.fails(&counts) { Verdict::FailuresFound } else { Verdict::Success })
}

impl FailOn {
    /// What was not compared, or cannot be told, counts as the worst that it may be.
    fn fails(self, counts: &Counts) -> bool {
        let is_untold = counts.changed + counts.gaps > 0;
        match self {
            FailOn::Widen => counts.widened > 0 || is_untold,
            FailOn::Narrow => counts.narrowed > 0 || is_untold,
            FailOn::Any => counts.widened + counts.narrowed + counts.logged > 0 || is_untold,
            FailOn::Never => false,
        }
    }
}
