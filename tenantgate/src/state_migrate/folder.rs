//! The folder with the new states. It appears whole or not at all, and only its owner may read it.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use policy_registry::record::sha256_hex;
use serde_json::{Value, json};
use tempfile::Builder;

use super::flat::Flat;
use super::moves::Moves;
use super::split::{self, FIRST_SERIAL, State};
use super::units::Claim;
use crate::failure::Failure;
use crate::state_command::unit_json;
use crate::state_unit::{Unit, UnitDocument};
use crate::unseen;

/// What was written, and where.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) folder: String,
    pub(crate) document: Value,
}

/// Nothing is ever overwritten.
pub(super) fn check_new(out: &Path) -> Result<(), Failure> {
    if out.symlink_metadata().is_ok() {
        let out = out.display();
        return Err(Failure::input(format!(
            "{out} is there already; states are never overwritten, so name a new folder"
        )));
    }
    let parent = parent(out);
    if !parent.is_dir() {
        return Err(Failure::input(format!("there is no folder {} to make it in", parent.display())));
    }
    Ok(())
}

/// Writes the states and the manifest beside the folder, reads them again, and only then gives the folder its name.
pub(super) fn write(
    out: &Path,
    flat: &Flat<'_>,
    claims: &[Claim],
    moves: &Moves,
    states: &[State],
) -> Result<Manifest, Failure> {
    let failed = |error: io::Error| Failure::run(format!("cannot write {}: {error}", out.display()));
    let begun = Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent(out))
        .map_err(failed)?;
    let mut written = Vec::new();
    for (claim, state) in claims.iter().zip(states) {
        let file = begun.path().join(claim.unit.key());
        create(&file, state.text.as_bytes()).map_err(failed)?;
        written.push(fs::read_to_string(&file).map_err(failed)?);
    }
    split::verify(flat, moves, written.iter().map(String::as_str)).map_err(Failure::Run)?;
    let document = manifest(flat, claims, moves, states);
    let text = unseen::escaped(&format!("{document:#}\n"));
    create(&begun.path().join(MANIFEST_FILE), text.as_bytes()).map_err(failed)?;
    check_new(out)?;
    // What became of the folder's old name is nobody's concern.
    fs::rename(begun.path(), out).map_err(failed)?;
    drop(begun.keep());
    Ok(Manifest { folder: out.display().to_string(), document })
}

fn parent(out: &Path) -> &Path {
    out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn create(file: &Path, text: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(parent(file))?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(text)?;
    file.sync_all()
}

fn manifest(flat: &Flat<'_>, claims: &[Claim], moves: &Moves, states: &[State]) -> Value {
    let key = |unit: usize| claims.get(unit).map(|claim| claim.unit.key());
    let units: Vec<Value> = claims
        .iter()
        .zip(states)
        .enumerate()
        .map(|(unit, (claim, state))| {
            let key = claim.unit.key();
            let of_unit = moves.moves.iter().filter(|moved| moved.unit == unit);
            json!({
                "unit": unit_json(&claim.unit), "key": key, "file": key,
                "sha256": sha256_hex(state.text.as_bytes()), "lineage": state.lineage, "serial": FIRST_SERIAL,
                "instances": of_unit.map(|moved| super::moves::shown(&moved.address, moved.deposed.as_deref())).collect::<Vec<_>>(),
                "outputs": moves.outputs.iter().filter(|(_, of)| **of == unit).map(|(name, _)| name).collect::<Vec<_>>(),
                "commands": commands(&claim.unit),
            })
        })
        .collect();
    let lookups: Vec<Value> = moves
        .lookups
        .iter()
        .map(|lookup| {
            json!({
                "address": lookup.address.to_string(), "key": key(lookup.unit),
                "needs": lookup.needs.to_string(), "needs_key": key(lookup.needs_unit),
            })
        })
        .collect();
    json!({
        "source": {
            "lineage": flat.lineage, "serial": flat.serial.parse::<u64>().ok(),
            "sha256": sha256_hex(flat.root.source().as_bytes()),
        },
        "units": units, "remote_lookups": lookups, "left": moves.left,
    })
}

/// What puts a state into its place, run in the new folder; ROOT and BACKEND_CONFIG are absolute. A unit's parts need no quotes.
fn commands(unit: &Unit) -> [String; 4] {
    let UnitDocument { env, app_id, agent_name, tenant_alias } = unit.document();
    let own = match (agent_name, tenant_alias) {
        (Some(name), _) => format!(" --agent-name {name}"),
        (None, Some(alias)) => format!(" --tenant-alias {alias}"),
        (None, None) => String::new(),
    };
    let key = unit.key();
    [
        format!(
            "terraform -chdir=\"$ROOT\" init -reconfigure -input=false -backend-config=\"$BACKEND_CONFIG\" -backend-config=key={key}"
        ),
        format!("tenantgate state check --root \"$ROOT\" --env {env} --app-id {app_id}{own}"),
        format!("terraform -chdir=\"$ROOT\" state push \"$PWD/{key}\""),
        "terraform -chdir=\"$ROOT\" plan -detailed-exitcode".to_owned(),
    ]
}

const MANIFEST_FILE: &str = "manifest.json";

/// What a run that was killed leaves behind.
const UNFINISHED_PREFIX: &str = ".state-migrate-";
