//! Measures tenantgate against the floor it stands on and beside other engines, in one run: absolute figures drift between
//! machines, ratios less.

mod compile;
mod decisions;
mod engines;
mod facts;
mod handler;
mod processes;
mod sample;
mod table;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use table::Table;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: bench FOLDER [engines], with the release binaries of interceptors and empty-lambda";
    let binaries = PathBuf::from(arguments.next().ok_or(usage)?);
    let is_all = match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => true,
        (Some("engines"), None) => false,
        (_, _) => return Err(usage.into()),
    };
    let mut out = std::io::stdout().lock();
    if is_all {
        own(&binaries, &mut out)?;
    }
    beside_others(&mut out)
}

/// What this project is measured by alone.
fn own(binaries: &Path, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut table = Table::new("Processes, on one Lambda Runtime API", "of the empty Lambda");
    runtime.block_on(processes::measure(binaries, &mut table))?;
    write!(out, "{table}")?;

    let mut table = Table::new("The handler without the runtime, everything cached", "of one serde_json parse");
    runtime.block_on(handler::measure(&mut table))?;
    write!(out, "{table}")?;

    let mut table = Table::new("One decision, by rules in the policy", "of 10 rules");
    decisions::measure(&mut table)?;
    write!(out, "{table}")?;

    let mut table = Table::new("What an audit line says of a call", "of its decision");
    facts::measure(&mut table)?;
    write!(out, "{table}")?;
    Ok(())
}

/// The same work done by other engines.
fn beside_others(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut table = Table::new("One decision without conditions, on the same policies", "of tenantgate");
    engines::measure(&mut table, engines::policies::unconditional)?;
    write!(out, "{table}")?;

    let mut table = Table::new("One decision with conditions, on the same policies", "of tenantgate");
    engines::measure(&mut table, engines::policies::conditional)?;
    write!(out, "{table}")?;

    let mut table = Table::new("Reading a policy", "of tenantgate");
    compile::measure(&mut table)?;
    write!(out, "{table}")?;
    Ok(())
}
