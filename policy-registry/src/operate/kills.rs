//! Kills: what is stopped for everybody at once. All of them stand in one item, which is written on condition that nobody else wrote it.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::TenantId;

use super::condition::Condition;
use super::held::Deed;
use super::transaction::{TransactFault, Write};
use super::{OperateError, Operator, checked_comment};
use crate::record::{Action, KILL_LOG_PREFIX, KILLS_MAX, Kill as Record, KillScope, KillSwitch, MalformedItem};

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KillTarget {
    /// Everything.
    All,
    /// All of a tenant.
    Tenant(TenantId),
    /// A tool, for all tenants or for one.
    Tool {
        /// The tool, as `orders___refund` or `orders___*`; or what else a rule can deny, as it names it: `agent:..`.
        tool: String,
        /// For whom; `None` for all.
        tenant: Option<TenantId>,
    },
}

/// A kill that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    /// What it is called.
    pub id: String,
    /// What is stopped.
    pub target: KillTarget,
    /// Why.
    pub reason: String,
    /// Who stopped it, as they say.
    pub by: String,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// What came of stopping something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Killed {
    /// The kill that is in force.
    pub kill: Kill,
    /// Whether it was written now: it may have been stopped before, by somebody else and for another reason.
    pub is_new: bool,
}

impl Operator {
    /// Stops something. The same target again keeps its kill and changes nothing.
    ///
    /// # Errors
    /// [`OperateError::Refused`] if there are [`KILLS_MAX`] or that is no tool; never a conflict with what others stop meanwhile,
    /// unless they never end.
    pub async fn kill(&self, target: &KillTarget, reason: &str) -> Result<Killed, OperateError> {
        target.check().map_err(OperateError::Refused)?;
        let reason = checked_comment(Some(reason))?;
        let scope = target.scope();
        for _ in 0..ATTEMPTS_MAX {
            let (mut switch, is_there) = self.kill_switch().await?;
            if let Some(known) = switch.kills.iter().find(|kill| kill.scope == scope) {
                return Ok(Killed { kill: Kill::of(known), is_new: false });
            }
            let most = target.most();
            if switch.kills.len() >= most {
                return Err(OperateError::Refused(format!("{most} kills are in force; lift one first, or stop all")));
            }
            let entry = self.entry(Deed::new(Action::Killed, reason.clone()));
            let (id, at) = (format!("K{}", switch.revision + 1), entry.at.seconds());
            let kill = Record { id, scope: scope.clone(), reason: reason.clone(), by: self.author.clone(), at };
            switch.kills.push(kill.clone());
            if switch.kills.iter().map(kill_bytes).sum::<usize>() > target.most() * KILL_BYTES {
                return Err(OperateError::Refused(
                    "the kills would be more than an item can hold; lift one first, or stop all".to_owned(),
                ));
            }
            switch.check().map_err(|error| OperateError::Refused(error.to_string()))?;
            if self.write_kills(switch, is_there, entry, &kill).await? {
                return Ok(Killed { kill: Kill::of(&kill), is_new: true });
            }
        }
        Err(contended())
    }

    /// Lifts a kill. What it was.
    ///
    /// # Errors
    /// [`OperateError::NotFound`].
    pub async fn lift(&self, id: &str, comment: Option<&str>) -> Result<Kill, OperateError> {
        let comment = checked_comment(comment)?;
        for _ in 0..ATTEMPTS_MAX {
            let (mut switch, is_there) = self.kill_switch().await?;
            let Some(index) = switch.kills.iter().position(|kill| kill.id == id) else {
                return Err(OperateError::NotFound(format!("a kill {id:?}")));
            };
            let kill = switch.kills.remove(index);
            let entry = self.entry(Deed::new(Action::KillLifted, comment.clone()));
            if self.write_kills(switch, is_there, entry, &kill).await? {
                return Ok(Kill::of(&kill));
            }
        }
        Err(contended())
    }

    /// Puts a switch that stops nothing in the place of one that cannot be read, and so refuses everybody. Whether there was one.
    ///
    /// # Errors
    /// [`OperateError::Conflict`] if somebody changed it meanwhile.
    pub async fn replace_unreadable_kills(&self, comment: Option<&str>) -> Result<bool, OperateError> {
        let comment = checked_comment(comment)?;
        let Some(item) = self.read_one(&KillSwitch::key()).await? else { return Ok(false) };
        let Err(MalformedItem(attribute)) = KillSwitch::from_item(&item) else { return Ok(false) };
        let mut entry = self.entry(Deed::new(Action::KillLifted, comment));
        entry.deed.details.push(("unreadable", attribute.to_owned()));
        let same = |condition: Condition, name: &&str| condition.same(name, item.get(*name));
        let condition = ATTRIBUTES.iter().fold(Condition::present(), same);
        // Kills are called by the revision: one that is no number goes on with one that no kill had.
        let revision = item.get(REVISION).and_then(|revision| revision.as_n().ok()?.parse::<u64>().ok());
        let revision = revision.unwrap_or_else(|| entry.at.seconds()).saturating_add(1);
        let next = KillSwitch { revision, kills: Vec::new() };
        let log = self.timed(&entry, None, KILL_LOG_PREFIX)?;
        let writes = [Write::put(next.to_item(), Some(condition)), Write::put(log, Some(Condition::absent()))];
        match self.transact(&writes).await {
            Ok(()) => Ok(true),
            Err(TransactFault::Condition) => Err(contended()),
            Err(TransactFault::Other(error)) => Err(error),
        }
    }

    /// What is stopped, in the order in which it was.
    ///
    /// # Errors
    /// [`OperateError::Malformed`] if what stands there cannot be read, which refuses everybody; [`OperateError::Table`].
    pub async fn kills(&self) -> Result<Vec<Kill>, OperateError> {
        Ok(self.kill_switch().await?.0.kills.iter().map(Kill::of).collect())
    }

    /// What stands in the table, and whether something does.
    async fn kill_switch(&self) -> Result<(KillSwitch, bool), OperateError> {
        let item = self.read_one(&KillSwitch::key()).await?;
        let switch = item.as_ref().map(KillSwitch::from_item).transpose();
        let switch = switch.map_err(|malformed| OperateError::malformed("the item of the kills", malformed))?;
        Ok((switch.unwrap_or_default(), item.is_some()))
    }

    /// Whether it was written; it is not if somebody else did.
    async fn write_kills(
        &self,
        switch: KillSwitch,
        is_there: bool,
        mut entry: super::held::Entry,
        kill: &Record,
    ) -> Result<bool, OperateError> {
        let read = AttributeValue::N(switch.revision.to_string());
        let condition = if is_there { Condition::present().same(REVISION, Some(&read)) } else { Condition::absent() };
        let details = &mut entry.deed.details;
        details.push(("kill", kill.id.clone()));
        match &kill.scope {
            KillScope::All => {}
            KillScope::Tenant(tenant) => details.push(("tenant", tenant.as_str().to_owned())),
            KillScope::Resource { resource, tenant } => {
                details.push(("resource", resource.clone()));
                details.extend(tenant.as_ref().map(|tenant| ("tenant", tenant.as_str().to_owned())));
            }
        }
        let log = self.timed(&entry, None, KILL_LOG_PREFIX)?;
        let next = KillSwitch { revision: switch.revision + 1, ..switch };
        let writes = [Write::put(next.to_item(), Some(condition)), Write::put(log, Some(Condition::absent()))];
        match self.transact(&writes).await {
            Ok(()) => Ok(true),
            Err(TransactFault::Condition) => Ok(false),
            Err(TransactFault::Other(error)) => Err(error),
        }
    }
}

impl KillTarget {
    /// How many kills there may be before it: some room is left for what stops whole tenants.
    fn most(&self) -> usize {
        match self {
            KillTarget::All => KILLS_MAX,
            KillTarget::Tenant(_) => KILLS_MAX - 1,
            KillTarget::Tool { .. } => KILLS_MAX - TENANTS_LEFT,
        }
    }

    /// Whether it can be stopped: what is named must be what a rule can deny.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub fn check(&self) -> Result<(), String> {
        let KillTarget::Tool { tool, .. } = self else { return Ok(()) };
        let kill = Record { id: "K1".to_owned(), scope: self.scope(), reason: None, by: String::new(), at: 0 };
        let problem = KillSwitch { revision: 0, kills: vec![kill] }.check().err();
        problem.map_or(Ok(()), |error| Err(format!("{tool:?} is no tool that can be stopped: {}", error.problem())))
    }

    fn scope(&self) -> KillScope {
        match self {
            KillTarget::All => KillScope::All,
            KillTarget::Tenant(tenant) => KillScope::Tenant(tenant.clone()),
            KillTarget::Tool { tool, tenant } => {
                let is_resource = tool.starts_with(RESOURCE_PREFIX);
                let resource = if is_resource { tool.clone() } else { format!("{TOOL_PREFIX}{tool}") };
                KillScope::Resource { resource, tenant: tenant.clone() }
            }
        }
    }
}

impl Kill {
    fn of(record: &Record) -> Kill {
        let target = match &record.scope {
            KillScope::All => KillTarget::All,
            KillScope::Tenant(tenant) => KillTarget::Tenant(tenant.clone()),
            KillScope::Resource { resource, tenant } => {
                let tool = resource.strip_prefix(TOOL_PREFIX).unwrap_or(resource).to_owned();
                KillTarget::Tool { tool, tenant: tenant.clone() }
            }
        };
        let (id, by) = (record.id.clone(), record.by.clone());
        Kill { id, target, reason: record.reason.clone().unwrap_or_default(), by, at: record.at }
    }
}

fn contended() -> OperateError {
    OperateError::Conflict {
        what: "the kills".to_owned(),
        expected: "nobody else to be changing them".to_owned(),
        found: "a change each time".to_owned(),
    }
}

/// What a kill takes of the item, in bytes.
fn kill_bytes(kill: &Record) -> usize {
    let resource = match &kill.scope {
        KillScope::All | KillScope::Tenant(_) => 0,
        KillScope::Resource { resource, .. } => resource.len(),
    };
    let reason = kill.reason.as_ref().map_or(0, |reason| serde_json::Value::from(reason.as_str()).to_string().len());
    FRAME_BYTES + resource + reason + kill.by.len()
}

/// Room for kills of tenants beside those of tools.
const TENANTS_LEFT: usize = 100;

/// What kills may take on average: all of them fit an item.
const KILL_BYTES: usize = 380;

/// Of a kill without its texts: names of members, id, tenant and time.
const FRAME_BYTES: usize = 200;
const REVISION: &str = "revision";

/// All attributes of the item besides its key.
const ATTRIBUTES: [&str; 4] = ["schema", "kind", REVISION, "document"];

const RESOURCE_PREFIX: &str = "agent:";

const TOOL_PREFIX: &str = "agent:tool:";

const ATTEMPTS_MAX: usize = 50;
