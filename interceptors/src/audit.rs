//! The audit line: one JSON line for each decision, with names and codes and nothing that a caller, token or target said.

mod class;
mod line;
mod metrics;
mod sampling;
mod words;

use std::time::Duration;

use aws_lc_rs::digest;
use policy_model::recorded::Facts;
use policy_model::{Decision, Denial, Layer, Layers, LogOnly, PolicyId, Resource, RuleId, TenantId};
use policy_registry::{CacheState, Member, PrincipalKind, TaskId};

pub use sampling::Share;
pub use words::{Ending, Passed, TenantSource};

use crate::event::Point;
use crate::headers::Headers;
use crate::settings::{AuditSettings, MetricsSettings};
use crate::token::Caller;
use crate::trace;
use crate::view::Difference;

/// What is known of a decision while it is made.
#[derive(Debug, Clone)]
pub struct Trail {
    point: Point,
    method: Option<&'static str>,
    tool: Option<String>,
    prompt: Option<String>,
    /// A hash: an address can be a secret.
    resource: Option<String>,
    /// A hash: who knows an id may ask for the task.
    task: Option<String>,
    tenant: Option<TenantId>,
    /// Where the tenant comes from, if it does not stand in the token.
    tenant_from: Option<TenantSource>,
    subject: Option<String>,
    /// A hash, as the subject is.
    agent: Option<String>,
    is_machine: bool,
    /// The agent that the path is bound to, its application, and the binding.
    route: Option<[String; 3]>,
    model: Option<String>,
    policy: Option<PolicyId>,
    rule: Option<RuleId>,
    log_only: Option<LogOnly>,
    shadow: Option<Difference>,
    shadow_gains: u32,
    shadow_losses: u32,
    cache: Option<CacheState>,
    is_rewritten: bool,
    pins_hidden: u32,
    /// Whether facts are to be noted.
    takes_facts: bool,
    facts: Option<Facts>,
    /// Whether the names of OpenTelemetry are to be written.
    is_traced: bool,
    /// The ids of the trace and of the span.
    trace: Option<[String; 2]>,
    /// How long the registry took to say what a caller is granted.
    registry_time: Option<Duration>,
    verification_time: Option<Duration>,
}

/// How decisions are written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporting<'s> {
    pub(crate) audit: &'s AuditSettings,
    pub(crate) metrics: Option<&'s MetricsSettings>,
}

impl Trail {
    /// An empty trail.
    pub fn new(point: Point) -> Trail {
        Trail {
            point,
            method: None,
            tool: None,
            prompt: None,
            resource: None,
            task: None,
            tenant: None,
            tenant_from: None,
            subject: None,
            agent: None,
            is_machine: false,
            route: None,
            model: None,
            policy: None,
            rule: None,
            log_only: None,
            shadow: None,
            shadow_gains: 0,
            shadow_losses: 0,
            cache: None,
            is_rewritten: false,
            pins_hidden: 0,
            takes_facts: false,
            facts: None,
            is_traced: false,
            trace: None,
            registry_time: None,
            verification_time: None,
        }
    }

    /// The same with what these settings want to have noted. Facts are those of calls before they go on.
    pub(crate) fn wanting(self, audit: &AuditSettings) -> Trail {
        let takes_facts = audit.facts && self.point == Point::Request;
        Trail { takes_facts, is_traced: audit.open_telemetry, ..self }
    }

    /// Notes which trace the request belongs to.
    pub(crate) fn headers(&mut self, headers: &Headers<'_>) {
        if self.is_traced {
            self.trace = trace::ids(headers);
        }
    }

    /// Notes what deciding again needs.
    pub(crate) fn facts(&mut self, facts: impl FnOnce() -> Option<Facts>) {
        if self.takes_facts {
            self.facts = facts();
        }
    }

    /// Notes how long it took to find out who is calling.
    pub(crate) fn verified(&mut self, took: Duration) {
        self.verification_time = Some(took);
    }

    /// Notes a method of the closed list.
    pub fn method(&mut self, method: &'static str) {
        self.method = Some(method);
    }

    /// Notes what is asked for, whose name has been checked.
    pub fn resource(&mut self, resource: &Resource<'_>) {
        match resource {
            Resource::Tool(name) => self.tool = Some(name.as_str().to_owned()),
            Resource::Prompt(name) => self.prompt = Some(name.as_str().to_owned()),
            Resource::Uri(uri) => self.resource = Some(resource_hash(uri.as_str())),
            Resource::Template(template) => self.resource = Some(resource_hash(template.as_str())),
            // The route says it.
            Resource::Agent(_) => {}
            Resource::Model(name) => self.model = Some(name.as_str().to_owned()),
        }
    }

    /// Notes the task that is asked for or was made.
    pub fn task(&mut self, id: &TaskId) {
        self.task = Some(hash(&[id.as_str()]));
    }

    /// Notes who is calling, and through whom.
    pub fn caller(&mut self, caller: &Caller) {
        let Member { kind, issuer, subject: _ } = &caller.member;
        self.subject = Some(subject_hash(&caller.member));
        self.agent = caller.agent().map(|agent| hash(&[issuer, agent.as_str()]));
        self.is_machine = match kind {
            PrincipalKind::User => false,
            PrincipalKind::Client => true,
        };
    }

    /// Notes where the path leads.
    pub fn route(&mut self, agent: &str, app: &str, binding: &str) {
        self.route = Some([agent, app, binding].map(str::to_owned));
    }

    /// Notes for which tenant, and who says so.
    pub fn tenant(&mut self, tenant: &TenantId, source: TenantSource) {
        self.tenant = Some(tenant.clone());
        self.tenant_from = Some(source);
    }

    /// Notes where the registry's answer came from, and how long it took.
    pub(crate) fn looked_up(&mut self, cache: CacheState, took: Duration) {
        self.cache = Some(cache);
        self.registry_time = Some(took);
    }

    /// Notes whether the policies changed the arguments.
    pub fn rewritten(&mut self, is_rewritten: bool) {
        self.is_rewritten = is_rewritten;
    }

    /// Notes the policy.
    pub fn policy(&mut self, policy: &PolicyId) {
        self.policy = Some(policy.clone());
    }

    /// Notes the rule that settled the matter, and whose it is.
    pub fn decision<T>(&mut self, layers: Layers<'_>, decision: &Decision<T>) {
        match decision {
            Decision::Permit(permit) => self.rule = permit.rule().cloned(),
            Decision::Denial(denial) => {
                self.rule = denial.rule().cloned();
                let settling = match denial {
                    Denial::Killed { .. } => layers.kills,
                    Denial::Rule { layer: Layer::Baseline, .. } => layers.baseline,
                    Denial::Rule { layer: Layer::Tenant, .. } | Denial::NoRule => None,
                };
                if let Some(policy) = settling {
                    self.policy(policy.id());
                }
            }
        }
    }

    /// Notes what rules that only log would have settled.
    pub fn log_only(&mut self, would: Option<LogOnly>) {
        self.log_only = would;
    }

    /// Notes what the shadow policy says otherwise.
    pub fn shadow(&mut self, difference: Option<Difference>) {
        self.shadow = difference;
    }

    /// Notes how many entries of a list the shadow policy would show and hide.
    pub fn shadow_list(&mut self, gains: u32, losses: u32) {
        (self.shadow_gains, self.shadow_losses) = (gains, losses);
    }

    /// Notes how many tools a list showed with other definitions than those pinned.
    pub fn pins_hidden(&mut self, count: u32) {
        self.pins_hidden = count;
    }
}

/// What stands for issuer and subject in audit lines.
pub fn subject_hash(member: &Member) -> String {
    hash(&[&member.issuer, member.subject.as_str()])
}

/// What audit lines say for the address of a resource.
pub fn resource_hash(uri: &str) -> String {
    hash(&[uri])
}

/// 128 bits of SHA-256 over texts of which all but the last are given with their length.
fn hash(texts: &[&str]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    if let Some((last, before)) = texts.split_last() {
        for text in before {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
        context.update(last.as_bytes());
    }
    context.finish().as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
