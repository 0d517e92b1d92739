//! Who calls, and what is said of it: what verifying an access token and signing a tenant context cost beside the bare signature.
//!
//! Each figure is the least of many batches: what the work takes when nothing else wants the processor.

mod access_tokens;
mod contexts;

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use tenantgate::keys::{KeyName, KeyRing};

use access_tokens::Tokens;
use contexts::{Contexts, Kind};

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nIdentity, in this process\n{:<58} {:>12} {:>8}", "", "minimum", "ratio")?;
    let ring = KeyRing::generate().map_err(|failure| failure.to_string())?;
    for (key, algorithm) in [(KeyName::Rs256, "RS256"), (KeyName::Es256, "ES256"), (KeyName::EdDsa, "EdDSA")] {
        let tokens = Tokens::new(&ring, key)?;
        let bare = tokens.bare()?;
        let fresh = tokens.fresh(&runtime)?;
        let known = tokens.known(&runtime)?;
        row(&mut out, &format!("{algorithm}: the signature alone, aws-lc-rs"), bare, bare)?;
        row(&mut out, &format!("{algorithm}: an access token that was never seen"), fresh, bare)?;
        row(&mut out, &format!("{algorithm}: an access token that was verified before"), known, bare)?;
    }
    for (kind, algorithm) in [(Kind::P256, "ES256"), (Kind::Ed25519, "EdDSA")] {
        let contexts = Contexts::new(kind)?;
        let (bare, uncached, cached) = (contexts.bare()?, contexts.uncached(&runtime)?, contexts.cached(&runtime)?);
        row(&mut out, &format!("{algorithm}: signing alone, aws-lc-rs"), bare, bare)?;
        row(&mut out, &format!("{algorithm}: a tenant context that is signed"), uncached, bare)?;
        row(&mut out, &format!("{algorithm}: a tenant context that is used again"), cached, bare)?;
    }
    Ok(())
}

fn row(out: &mut impl Write, name: &str, time: Duration, floor: Duration) -> std::io::Result<()> {
    let micros = time.as_secs_f64() * 1e6;
    writeln!(out, "{name:<58} {micros:>9.2} us {:>7.2}x", time.as_secs_f64() / floor.as_secs_f64())
}

/// A time that tokens are of.
const NOW: u64 = 1_790_000_000;

/// Calls that are timed together: long enough for the clock, shorter than what a scheduler gives at once.
const BATCH: usize = 20;
