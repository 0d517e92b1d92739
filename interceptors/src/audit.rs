//! The audit line: one JSON line for each decision, with names and codes and nothing that a caller, token or target said.

mod words;

use std::time::Duration;

use aws_lc_rs::digest;
use policy_model::{Decision, Denial, Effect, Layer, Layers, LogOnly, PolicyId, Resource, RuleId, TenantId};
use policy_registry::{CacheState, Member, PrincipalKind, TaskId};

pub use words::{Ending, Passed, TenantSource};

use crate::event::Point;
use crate::token::Caller;
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
        }
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
            Resource::Uri(uri) => self.resource = Some(hash(&[uri.as_str()])),
            Resource::Template(template) => self.resource = Some(hash(&[template.as_str()])),
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

    /// Notes where the registry's answer came from.
    pub fn cache(&mut self, cache: CacheState) {
        self.cache = Some(cache);
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
                match (denial, layers.baseline) {
                    (Denial::Rule { layer: Layer::Baseline, .. }, Some(baseline)) => self.policy(baseline.id()),
                    (Denial::Rule { .. } | Denial::NoRule, _) => {}
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
        let [agent_name, app_id, binding] = match &self.route {
            None => [None; 3],
            Some(route) => route.each_ref().map(|word| Some(word.as_str())),
        };
        let shadow = self.shadow.as_ref();
        let shadow_policy = shadow.and_then(|shadow| shadow.policy.as_deref());
        let shadow_effect = shadow.map(|shadow| shadow.effect.map_or("INVALID", Effect::word));
        let shadow_rule = shadow.and_then(|shadow| shadow.rule.as_ref()).map(RuleId::as_str);
        tracing::info!(
            target: "tenantgate::audit",
            decisionId = decision_id,
            point,
            tenant = self.tenant.as_ref().map(TenantId::as_str),
            tenantFrom = self.tenant_from.and_then(TenantSource::code),
            subject = self.subject,
            agent = self.agent,
            machine = self.is_machine.then_some(true),
            agentName = agent_name,
            appId = app_id,
            routeBinding = binding,
            method = self.method,
            tool = self.tool,
            prompt = self.prompt,
            model = self.model,
            resource = self.resource,
            task = self.task,
            effect,
            ruleId = self.rule.as_ref().map(RuleId::as_str),
            policyId = self.policy.as_ref().map(PolicyId::as_str),
            reason,
            rewritten = self.is_rewritten.then_some(true),
            logOnlyEffect = self.log_only.as_ref().map(|would| would.effect.word()),
            logOnlyRuleId = self.log_only.as_ref().map(|would| would.rule.as_str()),
            shadowPolicyId = shadow_policy,
            shadowEffect = shadow_effect,
            shadowRuleId = shadow_rule,
            shadowGains = (self.shadow_gains > 0).then_some(self.shadow_gains),
            shadowLosses = (self.shadow_losses > 0).then_some(self.shadow_losses),
            pinsHidden = (self.pins_hidden > 0).then_some(self.pins_hidden),
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

/// What stands for issuer and subject.
pub(crate) fn subject_hash(member: &Member) -> String {
    hash(&[&member.issuer, member.subject.as_str()])
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
