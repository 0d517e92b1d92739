//! Tenants by tools: what each row's callers may do, and which rule says so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use policy_model::audience::{Asking, Audience, audience};
use policy_model::decision::Layer;
use policy_model::outline::{OutlinedRule, Span};
use policy_model::{Effect, Layers, Resource, ToolName};
use policy_registry::record::{Kill, KillScope, KillSwitch, Status};

use super::reading::{Registry, Tenant};
use super::span::Rules;

/// Rows, columns and cells. Tenants whose rows are the same share one.
#[derive(Debug, Default)]
pub(super) struct Matrix {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// What cells refer to.
    pub(super) reasons: Vec<String>,
    /// How many tools, and how many groups of tenants, are not in it.
    pub(super) left_out: [usize; 2],
}

/// A tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    /// Empty for a tool without a target.
    pub(super) target: String,
    /// Empty for all that no list names.
    pub(super) tool: String,
}

/// Tenants of whom the same is said.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) tenants: Vec<String>,
    /// Why nobody of them gets through, whatever rules say.
    pub(super) stopped: Option<String>,
    pub(super) cells: Vec<Cell>,
}

/// What is said of a tool, and the reason by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub(super) standing: Standing,
    pub(super) reason: usize,
}

/// Whether callers of a tenant may call a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    /// All of them, with any arguments.
    Allowed,
    /// It depends on the caller, the token, the arguments or the time.
    Conditional,
    /// None of them.
    Denied,
}

impl Standing {
    /// In one short word, which is read without colours.
    pub(super) fn word(self) -> &'static str {
        match self {
            Standing::Allowed => "yes",
            Standing::Conditional => "if",
            Standing::Denied => "no",
        }
    }
}

impl Column {
    /// As it is shown alone.
    pub(super) fn name(&self) -> String {
        let tool = if self.tool.is_empty() { "(any other)" } else { &self.tool };
        match self.target.as_str() {
            "" if self.tool.is_empty() => "(any other target)".to_owned(),
            "" => tool.to_owned(),
            target => format!("{target}___{tool}"),
        }
    }

    /// The tool, if it is one.
    fn one(&self) -> Option<String> {
        let is_one = !self.tool.is_empty() && !self.target.contains('*') && !self.tool.contains('*');
        is_one.then(|| self.name())
    }
}

/// The tools that policies name, by patterns too, and those of `others`; where a policy names all of a target, what else it may have.
pub(super) fn columns(registry: &Registry, others: impl IntoIterator<Item = String>) -> Vec<Column> {
    let baseline = registry.baseline.as_ref().and_then(|baseline| baseline.as_ref().ok());
    let rules = registry.contents.iter().flat_map(|content| &content.rules);
    let rules: Vec<&OutlinedRule> = rules.chain(baseline.into_iter().flat_map(|baseline| &baseline.rules)).collect();
    let names: BTreeSet<String> = rules.iter().flat_map(|rule| rule.tools.iter().cloned()).chain(others).collect();
    let mut columns = BTreeSet::new();
    for name in &names {
        let Ok(name) = ToolName::parse(name) else { continue };
        columns.insert(Column { target: name.target().unwrap_or_default().to_owned(), tool: name.tool().to_owned() });
    }
    let wildcards = rules.iter().flat_map(|rule| rule.wildcards.iter().cloned());
    columns.extend(wildcards.map(|(target, tool)| Column { target, tool }));
    let allowed = rules.iter().filter(|rule| rule.effect == Effect::Allow).flat_map(|rule| &rule.spans);
    let is_open = allowed.into_iter().any(|span| matches!(span, Span::Everything("tools") | Span::Several(_)));
    let mut targets: BTreeSet<String> = BTreeSet::new();
    if is_open {
        targets.extend(columns.iter().map(|column| column.target.clone()).filter(|target| !target.contains('*')));
    }
    targets.extend(rules.iter().flat_map(|rule| &rule.spans).filter_map(|span| match span {
        Span::Target(target) => Some(target.clone()),
        Span::Everything(_) | Span::Several(_) => None,
    }));
    targets.remove("");
    columns.extend(targets.into_iter().map(|target| Column { target, tool: String::new() }));
    if is_open {
        columns.insert(Column { target: String::new(), tool: String::new() });
    }
    columns.into_iter().collect()
}

/// Decides every cell, each policy once, at a time in seconds since 1970. `kills` is what operators stopped, or that it cannot be read.
pub(super) fn matrix(
    registry: &Registry,
    mut columns: Vec<Column>,
    kills: Result<&KillSwitch, &str>,
    time: i64,
) -> Matrix {
    let tools_left = columns.len().saturating_sub(COLUMNS_MAX);
    columns.truncate(COLUMNS_MAX);
    let mut book = Book::default();
    let baseline = registry.baseline.as_ref();
    let over = baseline.and_then(|baseline| baseline.as_ref().ok());
    let mut decided: HashMap<(usize, Vec<String>), Vec<Cell>> = HashMap::new();
    let mut groups: BTreeMap<(String, Vec<usize>), Row> = BTreeMap::new();
    for tenant in &registry.tenants {
        let stopped = stopped(tenant, kills, baseline.is_some_and(Result::is_err));
        let content = tenant.content.as_ref().ok().copied().filter(|_| stopped.is_none());
        let content = content.and_then(|index| Some((index, registry.contents.get(index)?)));
        let cells = match content {
            Some((index, content)) => {
                let killed = kills.ok().and_then(|kills| kills.policy(&tenant.id).ok().flatten());
                let own: Vec<&Kill> = kills.iter().flat_map(|kills| of_tenant(kills, tenant)).collect();
                let ids = own.iter().map(|kill| kill.id.clone()).collect();
                let layers = Layers {
                    kills: killed.as_ref(),
                    baseline: over.map(|baseline| &baseline.policy),
                    policy: &content.policy,
                };
                let rules = Rules {
                    kills: own,
                    baseline: over.map(|baseline| baseline.rules.as_slice()).unwrap_or_default(),
                    policy: &content.rules,
                    needs_agent: layers.requires_actor(),
                };
                decided.entry((index, ids)).or_insert_with(|| book.row(layers, &rules, &columns, time)).clone()
            }
            None => {
                let reason = book.reason(stopped.clone().unwrap_or_default());
                vec![Cell { standing: Standing::Denied, reason }; columns.len()]
            }
        };
        let key = (stopped.clone().unwrap_or_default(), cells.iter().map(|cell| cell.reason).collect());
        let row = groups.entry(key).or_insert_with(|| Row { tenants: Vec::new(), stopped, cells });
        row.tenants.push(tenant.id.to_string());
    }
    let mut rows: Vec<Row> = groups.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.tenants.len()));
    let rows_left = rows.len().saturating_sub(ROWS_MAX);
    rows.truncate(ROWS_MAX);
    rows.sort_by(|one, other| one.tenants.first().cmp(&other.tenants.first()));
    Matrix { columns, rows, reasons: book.reasons, left_out: [tools_left, rows_left] }
}

/// The kills of things that a tenant could ask for.
fn of_tenant<'k>(kills: &'k KillSwitch, tenant: &Tenant) -> Vec<&'k Kill> {
    let is_own = |kill: &&Kill| match &kill.scope {
        KillScope::All | KillScope::Tenant(_) => false,
        KillScope::Resource { tenant: only, .. } => only.as_ref().is_none_or(|only| *only == tenant.id),
    };
    kills.kills.iter().filter(is_own).collect()
}

/// Why nobody of a tenant gets through.
fn stopped(tenant: &Tenant, kills: Result<&KillSwitch, &str>, is_baseline_broken: bool) -> Option<String> {
    let killed = match kills {
        Ok(kills) if kills.stops(&tenant.id) => Some("an operator stopped it, or everything".to_owned()),
        Ok(_) => None,
        Err(why) => Some(format!("everybody is refused: what operators stopped cannot be read: {why}")),
    };
    let suspended = match tenant.status {
        Status::Active => None,
        Status::Suspended => Some("the tenant is suspended".to_owned()),
    };
    let broken = is_baseline_broken.then(|| "the baseline cannot be used".to_owned());
    let own = || tenant.content.as_ref().err().map(|why| format!("its policy cannot be used: {why}"));
    killed.or(suspended).or(broken).or_else(own)
}

/// Reasons, each once.
#[derive(Default)]
struct Book {
    reasons: Vec<String>,
    known: HashMap<String, usize>,
}

impl Book {
    fn reason(&mut self, text: String) -> usize {
        if let Some(known) = self.known.get(&text) {
            return *known;
        }
        self.reasons.push(text.clone());
        self.known.insert(text, self.reasons.len() - 1);
        self.reasons.len() - 1
    }

    fn row(&mut self, layers: Layers<'_>, rules: &Rules<'_>, columns: &[Column], time: i64) -> Vec<Cell> {
        let mut row = Vec::with_capacity(columns.len());
        for column in columns {
            let (standing, text) = match column.one() {
                Some(name) => match ToolName::parse(&name) {
                    Ok(name) => told(&audience(layers, &Resource::Tool(name), time)),
                    Err(_) => (Standing::Denied, "no tool has such a name".to_owned()),
                },
                None => rules.told(column, time),
            };
            row.push(Cell { standing, reason: self.reason(text) });
        }
        row
    }
}

/// What is said of a cell.
pub(super) fn told(audience: &Audience<'_>) -> (Standing, String) {
    match audience {
        Audience::Everybody(rule) => {
            (Standing::Allowed, format!("allowed to every member, with any arguments, by rule {rule}"))
        }
        Audience::Some { allows, denies, needs_agent } => {
            let mut text = format!("allowed by {}", rules(allows));
            if !denies.is_empty() {
                text += &format!("; but not where {}", rules(denies));
            }
            if *needs_agent {
                text += "; only if an agent calls for the user";
            }
            (Standing::Conditional, text)
        }
        Audience::Stopped(kill) => (Standing::Denied, format!("an operator stopped it: kill {kill}")),
        Audience::Denied(rule, layer) => {
            let whose = match layer {
                Layer::Baseline => "the baseline".to_owned(),
                Layer::Tenant => "the tenant's policy".to_owned(),
            };
            (Standing::Denied, format!("denied by rule {rule} of {whose}"))
        }
        Audience::NoRule => (Standing::Denied, "no rule allows it".to_owned()),
    }
}

fn rules(asking: &[Asking<'_>]) -> String {
    let shown = asking.iter().take(RULES_SHOWN_MAX).map(|own| {
        let whose = match own.layer {
            Layer::Baseline => " of the baseline",
            Layer::Tenant => "",
        };
        let asks = if own.asks.is_empty() { "always".to_owned() } else { own.asks.join(", ") };
        format!("rule {}{whose} ({asks})", own.rule)
    });
    let text = shown.collect::<Vec<String>>().join(" or ");
    match asking.len().saturating_sub(RULES_SHOWN_MAX) {
        0 => text,
        more => format!("{text} or {more} more rules"),
    }
}

/// More tools than this nobody reads across.
pub(super) const COLUMNS_MAX: usize = 150;

/// More groups of tenants than this nobody reads down.
pub(super) const ROWS_MAX: usize = 300;

const RULES_SHOWN_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use policy_model::outline::outline;
    use policy_model::{Policy, PolicyId, TenantId};
    use policy_registry::record::{Kill, KillScope, KillSwitch, Status};
    use serde_json::{Value, json};

    use super::super::reading::{Content, Registry, Tenant};

    fn rule(effect: &str, tool: &str) -> Value {
        json!({"effect": effect, "resourceType": "TOOL", "resources": [format!("agent:tool:{tool}")]})
    }

    fn cells(rules: &[Value], killed: Option<&str>) -> Vec<String> {
        let document = json!({"policyId": "P", "tenantId": "acme", "rules": rules}).to_string();
        let policy = Policy::parse(document.as_bytes()).unwrap();
        let mut registry = Registry::default();
        registry.contents.push(Content { policy, rules: outline(document.as_bytes()), tenants: 1 });
        let (id, own) = (TenantId::parse("acme").unwrap(), PolicyId::parse("P").unwrap());
        registry.tenants.push(Tenant { id, status: Status::Active, policy: own, content: Ok(0) });
        let kill = killed.map(|tool| Kill {
            id: "K1".to_owned(),
            scope: KillScope::Resource { resource: format!("agent:tool:{tool}"), tenant: None },
            reason: None,
            by: "op".to_owned(),
            at: 0,
        });
        let kills = KillSwitch { kills: kill.into_iter().collect(), ..KillSwitch::default() };
        let columns = super::columns(&registry, []);
        let matrix = super::matrix(&registry, columns, Ok(&kills), 1_800_000_000);
        let cells = matrix.columns.iter().zip(&matrix.rows[0].cells);
        cells.map(|(column, cell)| format!("{} {}", column.name(), cell.standing.word())).collect()
    }

    #[test]
    fn what_patterns_reach_is_never_a_wrong_yes_or_no() {
        let (allow, deny) = (|tool| rule("ALLOW", tool), |tool| rule("DENY", tool));
        let mut over = deny("orders___del*");
        over["notAfter"] = json!("2020-01-01T00:00:00Z");
        let mut begun = allow("orders___*");
        begun["notBefore"] = json!("2020-01-01T00:00:00Z");
        let mut logged = deny("orders___del*");
        logged["mode"] = json!("LOG_ONLY");
        for (rules, expected) in [
            (vec![allow("orders___get*")], vec!["orders___get* yes"]),
            (vec![allow("orders___get*"), deny("orders___getx")], vec!["orders___get* if", "orders___getx no"]),
            (vec![allow("orders___*"), deny("orders___getx")], vec!["orders___(any other) yes", "orders___getx no"]),
            (vec![allow("orders___*"), deny("orders___del*")], vec!["orders___(any other) if", "orders___del* no"]),
            (vec![begun, over], vec!["orders___(any other) yes", "orders___del* yes"]),
            (vec![allow("orders___*"), logged], vec!["orders___(any other) yes", "orders___del* yes"]),
            (vec![allow("*___get")], vec!["(any other target) if", "*___get yes"]),
            (vec![allow("ord*___x")], vec!["(any other target) if", "ord*___x yes"]),
            (vec![allow("*___*"), deny("x*")], vec!["(any other target) if", "x* no", "*___* if"]),
            (
                vec![allow("*"), deny("*delete*"), deny("crm___*"), allow("mail___send")],
                vec![
                    "(any other target) if",
                    "*delete* no",
                    "crm___(any other) no",
                    "mail___(any other) if",
                    "mail___send yes",
                ],
            ),
            (vec![allow("*"), deny("crm___*")], vec!["(any other target) yes", "crm___(any other) no"]),
            (vec![allow("*"), deny("lookup")], vec!["(any other target) if", "lookup no"]),
            (vec![deny("crm___*")], vec!["crm___(any other) no"]),
        ] {
            assert_eq!(cells(&rules, None), expected, "{rules:?}");
        }
        let open = [allow("orders___*")];
        assert_eq!(cells(&open, Some("orders___refund")), ["orders___(any other) if"]);
        assert_eq!(cells(&open, Some("orders___*")), ["orders___(any other) no"]);
        assert_eq!(cells(&open, Some("crm___*")), ["orders___(any other) yes"]);
    }
}
