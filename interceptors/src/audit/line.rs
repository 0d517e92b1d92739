//! Writing the audit line.

use std::time::Duration;

use policy_model::{PolicyId, RuleId, TenantId};
use policy_registry::CacheState;

use super::class::Class;
use super::words::{Ending, TenantSource};
use super::{Reporting, Trail};
use crate::event::Point;
use crate::method::Method;
use crate::view::Difference;

impl Trail {
    /// Writes the line, if it is not one of the allows that are left out, and counts the decision.
    pub(crate) fn emit(&self, decision_id: &str, ending: &Ending, took: Duration, reporting: Reporting<'_>) {
        let class = match ending {
            Ending::Passed(_) => Class::Allowed,
            Ending::Refused(refusal) => Class::of_refusal(refusal.code()),
        };
        if let Some(metrics) = reporting.metrics {
            self.count(ending, class, took, metrics);
        }
        let share = reporting.audit.sample_allows;
        let is_sampled = class == Class::Allowed && !self.is_unusual();
        if !is_sampled || share.includes(decision_id) {
            self.write(decision_id, ending, took, share.partial().filter(|_| is_sampled));
        }
    }

    /// Whether somebody will look for the line, although it passed: something would have been decided otherwise, or is hidden.
    fn is_unusual(&self) -> bool {
        self.log_only.is_some() || self.has_shadow_difference() || self.pins_hidden > 0
    }

    pub(super) fn has_shadow_difference(&self) -> bool {
        self.shadow.is_some() || self.shadow_gains > 0 || self.shadow_losses > 0
    }

    /// `share` is of how many lines like this one this is.
    fn write(&self, decision_id: &str, ending: &Ending, took: Duration, share: Option<f64>) {
        let (effect, reason) = ending.words();
        let point = match self.point {
            Point::Request => "request",
            Point::Response => "response",
        };
        let cache = match self.cache {
            Some(CacheState::Hit) => "HIT",
            Some(CacheState::Miss) => "MISS",
            None => "NONE",
        };
        let [agent_name, app_id, binding] = words(self.route.as_ref());
        let shadow = self.shadow.as_ref();
        let [trace_id, span_id] = words(self.trace.as_ref());
        let facts = self.facts.as_ref().map(ToString::to_string);
        let otel = self.open_telemetry(ending);
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
            shadowPolicyId = shadow.and_then(|shadow| shadow.policy.as_deref()),
            shadowEffect = shadow.map(Difference::word),
            shadowRuleId = shadow.and_then(|shadow| shadow.rule.as_ref()).map(RuleId::as_str),
            shadowGains = (self.shadow_gains > 0).then_some(self.shadow_gains),
            shadowLosses = (self.shadow_losses > 0).then_some(self.shadow_losses),
            pinsHidden = (self.pins_hidden > 0).then_some(self.pins_hidden),
            facts,
            sampleRate = share,
            trace_id,
            span_id,
            mcp.method.name = otel.method,
            gen_ai.operation.name = otel.operation,
            gen_ai.tool.name = otel.tool,
            gen_ai.prompt.name = otel.prompt,
            gen_ai.agent.name = otel.agent,
            gen_ai.request.model = otel.model,
            error.type = otel.error,
            cache,
            durationUs = micros(took),
        );
        if let Ending::Refused(refusal) = ending
            && let Some(detail) = refusal.detail()
        {
            let policy = self.policy.as_ref().map(PolicyId::as_str);
            let tenant = self.tenant.as_ref().map(TenantId::as_str);
            tracing::warn!(target: "tenantgate::operator", decisionId = decision_id, tenant, policy, reason, detail);
        }
    }

    /// What the line says, under the names that OpenTelemetry has for it.
    fn open_telemetry<'l>(&'l self, ending: &Ending) -> OpenTelemetry<'l> {
        if !self.is_traced {
            return OpenTelemetry::default();
        }
        OpenTelemetry {
            method: self.method.filter(|name| self.is_mcp(name)),
            operation: match self.method {
                Some("tools/call") => Some("execute_tool"),
                Some("chat/completions" | "messages" | "responses") => Some("chat"),
                Some(_) | None => None,
            },
            tool: self.tool.as_deref(),
            prompt: self.prompt.as_deref(),
            agent: self.route.as_ref().map(|[agent, _, _]| agent.as_str()),
            model: self.model.as_deref(),
            error: match ending {
                Ending::Passed(_) => None,
                Ending::Refused(refusal) => Some(refusal.code()),
            },
        }
    }
}

impl Trail {
    /// Whether a method is one of MCP. A2A has tasks of its own, by the same names.
    fn is_mcp(&self, method: &str) -> bool {
        Method::find(method).is_some() && !(self.route.is_some() && method.starts_with("tasks/"))
    }
}

/// Attributes of the semantic conventions for generative AI and MCP.
#[derive(Debug, Default)]
struct OpenTelemetry<'l> {
    method: Option<&'static str>,
    operation: Option<&'static str>,
    tool: Option<&'l str>,
    prompt: Option<&'l str>,
    agent: Option<&'l str>,
    model: Option<&'l str>,
    error: Option<&'static str>,
}

fn words<const N: usize>(texts: Option<&[String; N]>) -> [Option<&str>; N] {
    texts.map_or([None; N], |texts| texts.each_ref().map(|text| Some(text.as_str())))
}

pub(super) fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}
