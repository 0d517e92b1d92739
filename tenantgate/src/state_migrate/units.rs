//! `units.json`: which unit claims what of the flat state.

use serde::Deserialize;

use super::address::Address;
use crate::failure::Failure;
use crate::input;
use crate::state_unit::{KnownTenants, Unit, UnitDocument};

/// What one unit claims.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) unit: Unit,
    pub(crate) addresses: Vec<Address>,
    pub(crate) outputs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimDocument {
    env: String,
    app_id: String,
    agent_name: Option<String>,
    tenant_alias: Option<String>,
    addresses: Vec<String>,
    #[serde(default)]
    outputs: Vec<String>,
}

/// Reads and checks the file.
pub(super) fn read(file: &str, tenants: &KnownTenants) -> Result<Vec<Claim>, Failure> {
    let wrong = |what: String| Failure::input(format!("{}: {what}", input::name(file)));
    let text = input::read(file, UNITS_BYTES_MAX, "units file")?;
    if text.len() > UNITS_BYTES_MAX {
        return Err(wrong("longer than 16 MiB".to_owned()));
    }
    let documents: Vec<ClaimDocument> = serde_json::from_slice(&text).map_err(|error| {
        wrong(format!("{error}; expected [ {{ \"env\": .., \"app_id\": .., \"addresses\": [..] }} ]"))
    })?;
    if documents.is_empty() {
        return Err(wrong("no unit; expected one for each state".to_owned()));
    }
    let mut claims: Vec<Claim> = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        let claim = claim(document, tenants).map_err(|what| wrong(format!("[{index}]{what}")))?;
        if let Some(first) = claims.iter().position(|earlier| earlier.unit == claim.unit) {
            return Err(wrong(format!("[{index}] is the same unit as [{first}]; write one with all addresses")));
        }
        claims.push(claim);
    }
    Ok(claims)
}

fn claim(document: ClaimDocument, tenants: &KnownTenants) -> Result<Claim, String> {
    let ClaimDocument { env, app_id, agent_name, tenant_alias, addresses, outputs } = document;
    let unit = UnitDocument { env, app_id, agent_name, tenant_alias };
    let unit = Unit::parse(&unit, tenants).map_err(|refused| format!(".{refused}"))?;
    if addresses.is_empty() {
        return Err(".addresses is empty; name what belongs to the unit, or leave the unit out".to_owned());
    }
    let mut parsed = Vec::new();
    for (index, address) in addresses.iter().enumerate() {
        let address = Address::parse(address).map_err(|what| format!(".addresses[{index}]: {what}"))?;
        if parsed.contains(&address) {
            return Err(format!(".addresses[{index}] is there twice"));
        }
        parsed.push(address);
    }
    Ok(Claim { unit, addresses: parsed, outputs })
}

const UNITS_BYTES_MAX: usize = 1 << 24;
