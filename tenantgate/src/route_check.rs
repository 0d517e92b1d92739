//! What disagrees between the bindings of paths, the targets of a gateway and the outputs of Terraform.

pub(crate) mod outputs;
pub(crate) mod report;
pub(crate) mod targets;

use policy_registry::record::Status;
use policy_registry::{RouteBinding, RouteProtocol, RuntimeArn};

use self::outputs::Outputs;
use self::targets::{Kind, Target};
pub(crate) use crate::finding::Finding;

/// What is compared.
pub(crate) struct Compared<'c> {
    pub(crate) bindings: &'c [RouteBinding],
    pub(crate) targets: &'c [Target],
    pub(crate) outputs: Option<&'c Outputs>,
    /// What the interceptor sets for those behind the gateway.
    pub(crate) headers: &'c [String],
}

/// Everything that disagrees, target by target and then binding by binding.
pub(crate) fn check(compared: &Compared<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for target in compared.targets.iter().filter(|target| target.kind.has_path()) {
        let bindings: Vec<&RouteBinding> =
            compared.bindings.iter().filter(|binding| target.is_reached_by(binding)).collect();
        findings.extend(unbound(target, &bindings));
        findings.extend(headers(target, &bindings, compared.headers));
    }
    for (index, binding) in compared.bindings.iter().enumerate() {
        let targets: Vec<&Target> = compared.targets.iter().filter(|target| target.is_reached_by(binding)).collect();
        findings.extend(dead(binding, &targets));
        for target in targets {
            findings.extend(protocol(binding, target));
            findings.extend(runtime(binding, target));
            findings.extend(compared.outputs.and_then(|outputs| mapped(binding, target, outputs)));
        }
        findings.extend(compared.outputs.and_then(|outputs| unknown_runtime(binding, outputs)));
        let earlier = compared.bindings.get(..index).unwrap_or_default();
        findings.extend(several_runtimes(binding, earlier));
    }
    findings.dedup();
    findings
}

fn unbound(target: &Target, bindings: &[&RouteBinding]) -> Option<Finding> {
    if !bindings.is_empty() || matches!(target.kind, Kind::Unknown) {
        return None;
    }
    let path = target.first_path();
    Some(Finding {
        code: "TARGET_UNBOUND",
        place: of_target(target),
        what: format!("no binding for {path}: every request to it is refused"),
        remedy: format!("add {{\"bindingId\": .., \"path\": \"{path}\", ..}} to routes.json, or delete the target"),
    })
}

fn dead(binding: &RouteBinding, targets: &[&Target]) -> Option<Finding> {
    // One that is suspended promises nothing.
    if !targets.is_empty() || binding.status == Status::Suspended {
        return None;
    }
    Some(Finding {
        code: "BINDING_DEAD",
        place: of_binding(binding),
        what: "the gateway has no target that this path leads to".to_owned(),
        remedy: "compare its first segment with the names of the targets, or take the binding out of routes.json"
            .to_owned(),
    })
}

fn protocol(binding: &RouteBinding, target: &Target) -> Option<Finding> {
    let own = binding.protocol;
    let (expected, why) = match &target.kind {
        Kind::Passthrough { protocol: Some(protocol) } => {
            let expected = match protocol.as_str() {
                "MCP" => RouteProtocol::Mcp,
                "A2A" => RouteProtocol::A2a,
                "INFERENCE" => RouteProtocol::Inference,
                "CUSTOM" => RouteProtocol::Http,
                _ => return None,
            };
            (expected, format!("is a passthrough with protocolType {protocol}"))
        }
        Kind::Inference => (RouteProtocol::Inference, "is a model provider".to_owned()),
        // What a runtime speaks is not in its target; models it is not.
        Kind::Runtime { .. } if own == RouteProtocol::Inference => {
            (RouteProtocol::Http, "is an agent's runtime".to_owned())
        }
        Kind::Runtime { .. }
        | Kind::Passthrough { protocol: None }
        | Kind::Mcp
        | Kind::Function
        | Kind::Other
        | Kind::Unknown => return None,
    };
    if own == expected {
        return None;
    }
    Some(Finding {
        code: "PROTOCOL_DIFFERS",
        place: of_binding(binding),
        what: format!("protocol is {}, but target {:?} {why}", own.word(), target.name),
        remedy: format!("write \"protocol\": \"{}\", or change the target", expected.word()),
    })
}

fn runtime(binding: &RouteBinding, target: &Target) -> Option<Finding> {
    let Kind::Runtime { arn: Some(theirs), qualifier } = &target.kind else { return None };
    let own_text = binding.runtime_arn.as_deref()?;
    let (own, other) = (RuntimeArn::parse(own_text)?, RuntimeArn::parse(theirs)?);
    let remedy = "make both name the runtime that is meant: what is audited must be what is called".to_owned();
    let (code, place) = ("RUNTIME_DIFFERS", of_binding(binding));
    if own.runtime() != other.runtime() {
        let what = format!("runtimeArn is {}, but target {:?} calls {}", own.runtime(), target.name, other.runtime());
        return Some(Finding { code, place, what, remedy });
    }
    let called = qualifier.as_deref().or(other.endpoint()).unwrap_or(DEFAULT_ENDPOINT);
    let named = own.endpoint().filter(|named| *named != called)?;
    let what = format!("runtimeArn names the endpoint {named:?}, but target {:?} calls {called:?}", target.name);
    Some(Finding { code, place, what, remedy })
}

fn unknown_runtime(binding: &RouteBinding, outputs: &Outputs) -> Option<Finding> {
    let own = RuntimeArn::parse(binding.runtime_arn.as_deref()?)?;
    if outputs.has(own.runtime()) {
        return None;
    }
    Some(Finding {
        code: "RUNTIME_NOT_IN_OUTPUTS",
        place: of_binding(binding),
        what: format!("no output of Terraform has the runtime {}", own.runtime()),
        remedy: "correct runtimeArn, or add an output with the runtime; is this the right state?".to_owned(),
    })
}

/// What Terraform says of the agent; where the binding names no runtime, that of the target counts.
fn mapped(binding: &RouteBinding, target: &Target, outputs: &Outputs) -> Option<Finding> {
    let (own, whose) = match (&binding.runtime_arn, &target.kind) {
        (Some(own), _) => (own, "runtimeArn is".to_owned()),
        (None, Kind::Runtime { arn: Some(arn), .. }) => (arn, format!("target {:?} calls", target.name)),
        (
            None,
            Kind::Runtime { arn: None, .. }
            | Kind::Passthrough { .. }
            | Kind::Inference
            | Kind::Mcp
            | Kind::Function
            | Kind::Other
            | Kind::Unknown,
        ) => return None,
    };
    let own = RuntimeArn::parse(own)?;
    let (output, mapped) = outputs.other_runtime_of(&binding.agent_name, own.runtime())?;
    Some(Finding {
        code: "AGENT_RUNTIME_DIFFERS",
        place: of_binding(binding),
        what: format!(
            "{whose} {}, but output {output:?} of Terraform maps agent {:?} to {mapped}",
            own.runtime(),
            binding.agent_name
        ),
        remedy: "correct agentName or runtimeArn: one of them means another agent".to_owned(),
    })
}

fn several_runtimes(binding: &RouteBinding, earlier: &[RouteBinding]) -> Option<Finding> {
    let runtime = |binding: &RouteBinding| {
        let arn = RuntimeArn::parse(binding.runtime_arn.as_deref()?)?;
        Some((arn.runtime().to_owned(), arn.endpoint().unwrap_or(DEFAULT_ENDPOINT).to_owned()))
    };
    let own = runtime(binding)?;
    let is_other = |other: &&RouteBinding| {
        other.agent_name == binding.agent_name && runtime(other).is_some_and(|runtime| runtime != own)
    };
    let other = earlier.iter().find(is_other)?;
    Some(Finding {
        code: "AGENT_SEVERAL_RUNTIMES",
        place: of_binding(binding),
        what: format!("agent {:?} runs elsewhere in binding {:?}", binding.agent_name, other.binding_id),
        remedy: "give each agent its own agentName: rules cannot tell these apart".to_owned(),
    })
}

/// Model providers are told nothing of users; everybody else behind the gateway relies on these headers.
fn headers(target: &Target, bindings: &[&RouteBinding], wanted: &[String]) -> Option<Finding> {
    let is_relied_on =
        |binding: &&&RouteBinding| binding.status == Status::Active && binding.protocol != RouteProtocol::Inference;
    bindings.iter().find(is_relied_on)?;
    not_allowed(target, wanted)
}

/// Which of these headers a target is not sent, as far as it is described.
pub(crate) fn not_allowed(target: &Target, wanted: &[String]) -> Option<Finding> {
    let allowed = target.headers.as_ref()?;
    let is_missing = |name: &&String| !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
    let missing: Vec<&str> = wanted.iter().filter(is_missing).map(String::as_str).collect();
    if missing.is_empty() {
        return None;
    }
    Some(Finding {
        code: "HEADERS_NOT_ALLOWED",
        place: of_target(target),
        what: format!("it is not sent {}", missing.join(", ")),
        remedy: "add them to metadataConfiguration.allowedRequestHeaders of the target (10 at most)".to_owned(),
    })
}

fn of_target(target: &Target) -> String {
    format!("target {:?}", target.name)
}

fn of_binding(binding: &RouteBinding) -> String {
    format!("binding {:?} ({})", binding.binding_id, binding.path)
}

/// What is called where nothing names an endpoint.
const DEFAULT_ENDPOINT: &str = "DEFAULT";
