//! A deploy unit, and the key of its Terraform state. The module `terraform/modules/state-key` has the same rules.

mod raw_id;
mod tenants;

use std::fmt;

pub(crate) use tenants::KnownTenants;

/// What has a state of its own: an application, one of its agents, or a dedicated stack of one tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    env: String,
    app_id: String,
    own: Own,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Own {
    Application,
    Agent(String),
    DedicatedStack(String),
}

/// A unit as written: nothing of it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UnitDocument {
    pub(crate) env: String,
    pub(crate) app_id: String,
    pub(crate) agent_name: Option<String>,
    pub(crate) tenant_alias: Option<String>,
}

/// A part of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Env,
    AppId,
    AgentName,
    TenantAlias,
}

/// Why a part is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Characters,
    Length,
    RawId,
    Reserved,
    Together,
    KnownTenant,
}

/// A unit that has no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) part: Part,
    pub(crate) fault: Fault,
    value: String,
}

impl Unit {
    /// The first part that is wrong is the error.
    pub(crate) fn parse(document: &UnitDocument, tenants: &KnownTenants) -> Result<Unit, Refused> {
        let checked = |part: Part, value: &str| match part.fault_in(value, tenants) {
            None => Ok(value.to_owned()),
            Some(fault) => Err(Refused { part, fault, value: value.to_owned() }),
        };
        let env = checked(Part::Env, &document.env)?;
        let app_id = checked(Part::AppId, &document.app_id)?;
        let own = match (&document.agent_name, &document.tenant_alias) {
            (None, None) => Own::Application,
            (Some(agent), None) => Own::Agent(checked(Part::AgentName, agent)?),
            (None, Some(alias)) => Own::DedicatedStack(checked(Part::TenantAlias, alias)?),
            (Some(_), Some(alias)) => {
                return Err(Refused { part: Part::TenantAlias, fault: Fault::Together, value: alias.clone() });
            }
        };
        Ok(Unit { env, app_id, own })
    }

    /// Where its state is in the backend.
    pub(crate) fn key(&self) -> String {
        format!("{}/{STATE_FILE}", self.folder())
    }

    /// The key without the name of the file.
    pub(crate) fn folder(&self) -> String {
        let application = format!("{ROOT}/{}/{}", self.env, self.app_id);
        match &self.own {
            Own::Application => application,
            Own::Agent(name) => format!("{application}/{name}"),
            Own::DedicatedStack(alias) => format!("{application}/{TENANTS}/{alias}"),
        }
    }

    /// The unit as it is written.
    pub(crate) fn document(&self) -> UnitDocument {
        let (agent_name, tenant_alias) = match &self.own {
            Own::Application => (None, None),
            Own::Agent(name) => (Some(name.clone()), None),
            Own::DedicatedStack(alias) => (None, Some(alias.clone())),
        };
        UnitDocument { env: self.env.clone(), app_id: self.app_id.clone(), agent_name, tenant_alias }
    }
}

/// As it is called in messages.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "env={} app_id={}", self.env, self.app_id)?;
        match &self.own {
            Own::Application => Ok(()),
            Own::Agent(name) => write!(f, " agent_name={name}"),
            Own::DedicatedStack(alias) => write!(f, " tenant_alias={alias}"),
        }
    }
}

impl Part {
    /// All of them, in the order in which they are checked.
    pub(crate) const ALL: [Part; 4] = [Part::Env, Part::AppId, Part::AgentName, Part::TenantAlias];

    /// Its name in Terraform and in files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Env => "env",
            Part::AppId => "app_id",
            Part::AgentName => "agent_name",
            Part::TenantAlias => "tenant_alias",
        }
    }

    fn lengths(self) -> (usize, usize) {
        match self {
            Part::Env => (2, 16),
            Part::AppId => (2, 40),
            Part::AgentName => (2, 48),
            Part::TenantAlias => (3, 32),
        }
    }

    fn example(self) -> &'static str {
        match self {
            Part::Env => "prod",
            Part::AppId => "billing",
            Part::AgentName => "order-support",
            Part::TenantAlias => "blue-harbour",
        }
    }

    fn fault_in(self, value: &str, tenants: &KnownTenants) -> Option<Fault> {
        if !is_words(value) {
            return Some(Fault::Characters);
        }
        let (least, most) = self.lengths();
        if !(least..=most).contains(&value.len()) {
            return Some(Fault::Length);
        }
        let is_raw = match self {
            Part::TenantAlias => raw_id::is_shaped(value) || raw_id::is_named(value),
            Part::Env | Part::AppId | Part::AgentName => raw_id::is_shaped(value),
        };
        if is_raw {
            return Some(Fault::RawId);
        }
        match self {
            Part::Env => None,
            Part::AgentName if value == TENANTS => Some(Fault::Reserved),
            Part::AppId | Part::AgentName | Part::TenantAlias => tenants.has(value).then_some(Fault::KnownTenant),
        }
    }
}

/// Which part, what is wrong with it, and what would be right.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, example) = (self.part.name(), self.part.example());
        let shown: String = self.value.chars().take(SHOWN_CHARACTERS_MAX).collect();
        let cut = if shown.len() < self.value.len() { ".." } else { "" };
        write!(f, "{name} {shown:?}{cut} ")?;
        match self.fault {
            Fault::Characters => write!(
                f,
                "must be words of a-z and 0-9, joined by single hyphens, and begin with a letter, as in {example}"
            ),
            Fault::Length => {
                let (least, most) = self.part.lengths();
                write!(f, "must have {least} to {most} characters, as in {example}")
            }
            Fault::RawId => write!(f, "looks like an id; keys are made of names that people gave, as in {example}"),
            Fault::Reserved => {
                write!(f, "is the folder of the dedicated stacks; give the agent another name, as in {example}")
            }
            Fault::Together => write!(
                f,
                "stands beside an agent_name; a state belongs to an agent or to a dedicated stack, so leave one out"
            ),
            Fault::KnownTenant => {
                write!(f, "is a known tenant's id, which never stands in a key; choose a name, as in {example}")
            }
        }
    }
}

/// `[a-z][a-z0-9]*(-[a-z0-9]+)*`
fn is_words(value: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    value.starts_with(|first: char| first.is_ascii_lowercase()) && value.split('-').all(is_word)
}

/// What every key begins with.
const ROOT: &str = "agentcore";

/// The folder of an application's dedicated stacks.
const TENANTS: &str = "tenants";

/// What every key ends with.
pub(crate) const STATE_FILE: &str = "terraform.tfstate";

const SHOWN_CHARACTERS_MAX: usize = 80;

#[cfg(test)]
mod tests;
