//! The audit line: one JSON line for each decision, with names and codes and nothing that a caller, token or target said.

use std::time::Duration;

use aws_lc_rs::digest;
use policy_model::{PolicyId, RuleId, TenantId};
use policy_registry::{CacheState, Principal};

use crate::event::Point;
use crate::refusal::Refusal;

/// What is known of a decision while it is made.
#[derive(Debug, Clone)]
pub struct Trail {
    point: Point,
    method: Option<&'static str>,
    tool: Option<String>,
    tenant: Option<TenantId>,
    subject: Option<String>,
    policy: Option<PolicyId>,
    rule: Option<RuleId>,
    cache: Option<CacheState>,
}

/// How a decision ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The message went on, as it was or filtered.
    Passed(Passed),
    /// It was refused.
    Refused(Refusal),
}

/// How a message passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// By a rule.
    AllowRule,
    /// As every known caller's.
    Session,
    /// An answer from which something was taken out.
    Redacted,
    /// An answer that stayed as it was.
    Unchanged,
}

impl Trail {
    /// An empty trail.
    pub fn new(point: Point) -> Trail {
        Trail { point, method: None, tool: None, tenant: None, subject: None, policy: None, rule: None, cache: None }
    }

    /// Notes a method of the closed list.
    pub fn method(&mut self, method: &'static str) {
        self.method = Some(method);
    }

    /// Notes a tool's name, which has been checked.
    pub fn tool(&mut self, tool: &policy_model::ToolName<'_>) {
        self.tool = Some(tool.as_str().to_owned());
    }

    /// Notes who is calling.
    pub fn principal(&mut self, principal: &Principal) {
        self.tenant = Some(principal.tenant.clone());
        self.subject = Some(subject_hash(principal));
    }

    /// Notes where the registry's answer came from.
    pub fn cache(&mut self, cache: CacheState) {
        self.cache = Some(cache);
    }

    /// Notes the policy.
    pub fn policy(&mut self, policy: &PolicyId) {
        self.policy = Some(policy.clone());
    }

    /// Notes the rule that settled the matter.
    pub fn rule(&mut self, rule: &RuleId) {
        self.rule = Some(rule.clone());
    }

    /// Writes the line.
    pub fn emit(&self, decision_id: &str, ending: &Ending, took: Duration) {
        let (effect, reason) = match ending {
            Ending::Passed(passed) => ("ALLOW", passed.code()),
            Ending::Refused(refusal) => ("DENY", refusal.code()),
        };
        let point = match self.point {
            Point::Request => "request",
            Point::Response => "response",
        };
        let cache = match self.cache {
            Some(CacheState::Hit) => "HIT",
            Some(CacheState::Miss) => "MISS",
            None => "NONE",
        };
        tracing::info!(
            target: "tenantgate::audit",
            decisionId = decision_id,
            point,
            tenant = self.tenant.as_ref().map(TenantId::as_str),
            subject = self.subject,
            method = self.method,
            tool = self.tool,
            effect,
            ruleId = self.rule.as_ref().map(RuleId::as_str),
            policyId = self.policy.as_ref().map(PolicyId::as_str),
            reason,
            cache,
            durationUs = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        );
        if let Ending::Refused(refusal) = ending
            && let Some(detail) = refusal.detail()
        {
            let policy = self.policy.as_ref().map(PolicyId::as_str);
            let tenant = self.tenant.as_ref().map(TenantId::as_str);
            tracing::warn!(target: "tenantgate::operator", decisionId = decision_id, tenant, policy, reason, detail);
        }
    }
}

impl Passed {
    fn code(self) -> &'static str {
        match self {
            Passed::AllowRule => "ALLOW_RULE",
            Passed::Session => "SESSION",
            Passed::Redacted => "REDACTED",
            Passed::Unchanged => "UNCHANGED",
        }
    }
}

/// Issuer and subject as 128 bits of SHA-256: lines of one user can be joined, and the user is not named.
fn subject_hash(principal: &Principal) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&(principal.issuer.len() as u64).to_be_bytes());
    context.update(principal.issuer.as_bytes());
    context.update(principal.subject.as_str().as_bytes());
    context.finish().as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
