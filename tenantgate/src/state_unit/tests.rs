//! The cases of `fixtures/state-keys.json`, which the Terraform module is tested with as well.

use serde::Deserialize;

use super::{Fault, KnownTenants, Part, Unit, UnitDocument};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    valid: Vec<Valid>,
    refused: Vec<RefusedGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    unit: UnitCase,
    #[serde(default)]
    tenant_ids: Vec<String>,
    key: String,
}

/// Each value is refused at each of the parts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedGroup {
    at: Vec<String>,
    because: String,
    #[serde(default)]
    beside: UnitCase,
    #[serde(default)]
    tenant_ids: Vec<String>,
    values: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitCase {
    env: Option<String>,
    app_id: Option<String>,
    agent_name: Option<String>,
    tenant_alias: Option<String>,
}

impl UnitCase {
    fn document(&self) -> UnitDocument {
        UnitDocument {
            env: self.env.clone().unwrap_or_else(|| "prod".to_owned()),
            app_id: self.app_id.clone().unwrap_or_else(|| "billing".to_owned()),
            agent_name: self.agent_name.clone(),
            tenant_alias: self.tenant_alias.clone(),
        }
    }
}

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Fault::Characters => "CHARACTERS",
            Fault::Length => "LENGTH",
            Fault::RawId => "RAW_ID",
            Fault::Reserved => "RESERVED",
            Fault::Together => "TOGETHER",
            Fault::KnownTenant => "KNOWN_TENANT",
        }
    }
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../../../fixtures/state-keys.json")).unwrap()
}

fn known(ids: &[String]) -> KnownTenants {
    KnownTenants::of(ids.iter().map(String::as_str))
}

#[test]
fn valid_units_have_their_keys() {
    let valid = cases().valid;
    assert!(valid.len() > 40);
    let mut keys: Vec<String> = Vec::new();
    for case in valid {
        let document = case.unit.document();
        let unit = Unit::parse(&document, &known(&case.tenant_ids)).unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!(unit.key(), case.key);
        assert_eq!(unit.document(), document);
        keys.push(case.key);
    }
    keys.sort();
    keys.dedup();
    assert!(keys.len() > 40, "keys that are not the same unit's are not the same");
}

#[test]
fn every_other_unit_is_refused_for_its_reason() {
    let mut tried = 0;
    for group in cases().refused {
        for (at, value) in group.at.iter().flat_map(|at| group.values.iter().map(move |value| (at, value))) {
            let mut document = group.beside.document();
            let part = Part::ALL.into_iter().find(|part| part.name() == at).unwrap();
            match part {
                Part::Env => document.env = value.clone(),
                Part::AppId => document.app_id = value.clone(),
                Part::AgentName => document.agent_name = Some(value.clone()),
                Part::TenantAlias => document.tenant_alias = Some(value.clone()),
            }
            let refused = Unit::parse(&document, &known(&group.tenant_ids)).unwrap_err();
            assert_eq!((refused.part, refused.fault.code()), (part, group.because.as_str()), "{at} = {value:?}");
            let text = refused.to_string();
            assert!(text.starts_with(at) && !text.contains(char::is_control), "{text}");
            tried += 1;
        }
    }
    assert!(tried > 700, "{tried}");
}
