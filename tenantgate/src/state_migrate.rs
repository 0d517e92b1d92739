//! From one flat state to one for each deploy unit. Only files are read and made; remote states are their owner's to push.

mod address;
mod flat;
mod folder;
mod moves;
mod report;
mod split;
mod units;

use std::path::Path;

use policy_model::json;

use self::flat::Flat;
use self::folder::Manifest;
use self::moves::Moves;
use self::units::Claim;
use crate::failure::Failure;
use crate::input;
use crate::state_unit::KnownTenants;

/// What is to be split, and how.
pub(crate) struct Request<'r> {
    pub(crate) state: &'r str,
    pub(crate) units: &'r str,
    pub(crate) tenants: &'r KnownTenants,
}

/// What goes where, and what was written.
#[derive(Debug)]
pub(crate) struct Migration {
    claims: Vec<Claim>,
    moves: Moves,
    written: Option<Manifest>,
}

/// Finds out what goes where; with `out`, and if nothing hinders it, writes the states into that new folder.
pub(crate) fn run(request: &Request<'_>, out: Option<&Path>) -> Result<Migration, Failure> {
    if let Some(out) = out {
        folder::check_new(out)?;
    }
    let claims = units::read(request.units, request.tenants)?;
    let text = input::read(request.state, json::TEXT_BYTES_MAX, "state")?;
    let wrong = |what: String| Failure::input(format!("{}: {what}", input::name(request.state)));
    let document = json::parse(&text).map_err(|error| wrong(format!("{error}; expected a Terraform state")))?;
    let flat = Flat::read(document.root()).map_err(wrong)?;
    let moves = Moves::of(&flat, &claims);
    let written = match out {
        Some(out) if moves.findings.is_empty() => {
            let states = split::split(&flat, &moves, claims.len()).map_err(Failure::Run)?;
            Some(folder::write(out, &flat, &claims, &moves, &states)?)
        }
        Some(_) | None => None,
    };
    Ok(Migration { claims, moves, written })
}
