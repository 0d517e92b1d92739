//! Measures tenantgate against the floor it stands on, in one run: absolute figures drift between machines, ratios less.

mod decisions;
mod handler;
mod processes;
mod sample;
mod table;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use table::Table;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let binaries = match (arguments.next(), arguments.next()) {
        (Some(folder), None) => PathBuf::from(folder),
        (_, _) => return Err("usage: bench FOLDER, with the release binaries of interceptors and empty-lambda".into()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut out = std::io::stdout().lock();

    let mut table = Table::new("Processes, on one Lambda Runtime API", "of the empty Lambda");
    runtime.block_on(processes::measure(&binaries, &mut table))?;
    write!(out, "{table}")?;

    let mut table = Table::new("The handler without the runtime, everything cached", "of one serde_json parse");
    runtime.block_on(handler::measure(&mut table))?;
    write!(out, "{table}")?;

    let mut table = Table::new("One decision, by rules in the policy", "of 10 rules");
    decisions::measure(&mut table)?;
    write!(out, "{table}")?;
    Ok(())
}
