//! What redaction takes of memory at its most, beside the payload.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use allocation_counter::measure as counted;

use crate::documents::{Kind, document};
use crate::redact;
use crate::rules::{Paths, policy};

pub(crate) fn measure(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    writeln!(
        out,
        "\nMemory beside the payload at its most, the reply included\n{:<58} {:>12} {:>8} of the payload",
        "", "bytes", "ratio"
    )?;
    for kind in Kind::ALL {
        let document = document(kind, 5_000_000);
        for paths in [Paths::Nothing, Paths::Descendants] {
            let policy = policy(paths, 10)?;
            let most = counted(|| drop(black_box(redact(&policy, &document)))).bytes_max;
            let ratio = most as f64 / document.len() as f64;
            writeln!(out, "{:<58} {most:>12} {ratio:>7.2}x", format!("{}, 10 rules, {}", kind.name(), paths.name()))?;
        }
    }
    Ok(())
}
