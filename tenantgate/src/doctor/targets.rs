//! What stands behind a gateway: whether it is sent what says whose call it is, and whether paths are bound to it.

use interceptors::settings::Settings;
use policy_registry::RouteBinding;
use serde_json::Value;

use super::code::{self, Severity};
use super::examination::Examination;
use crate::finding::plural;
use crate::route_check::targets::{Gateway, Kind};
use crate::route_check::{self, Compared};

/// What of the targets is wrong. `bindings` are all of the registry's, where they were read.
pub(super) fn examine(
    gateway: &Gateway,
    settings: Option<&Settings>,
    bindings: Option<&[RouteBinding]>,
    out: &mut Examination,
) {
    let wanted = Wanted::of(settings);
    out.look_at(plural(gateway.targets.len(), "target"));
    for note in &gateway.notes {
        out.leave("some of the targets", note, "capture each with get-gateway-target, or give --gateway");
    }
    for target in &gateway.targets {
        let is_tools = match target.kind {
            Kind::Mcp => true,
            Kind::Function
            | Kind::Runtime { .. }
            | Kind::Passthrough { .. }
            | Kind::Inference
            | Kind::Other
            | Kind::Unknown => false,
        };
        if let Some(finding) = route_check::not_allowed(target, &wanted.by_tools).filter(|_| is_tools) {
            out.take(finding);
        }
    }
    let has_paths = gateway.targets.iter().any(|target| target.kind.has_path());
    match bindings {
        Some(bindings) => {
            let compared = Compared { bindings, targets: &gateway.targets, outputs: None, headers: &wanted.by_agents };
            for finding in route_check::check(&compared) {
                // Agents act for the user that these headers name.
                let is_identity = finding.code == code::HEADERS_NOT_ALLOWED.word;
                out.take(finding);
                if let Some(last) = out.found.last_mut().filter(|_| is_identity) {
                    last.severity = Severity::Error;
                }
            }
        }
        None if has_paths => {
            out.leave(
                "which paths are bound to the targets",
                "the registry's routes were not read",
                "give the registry",
            );
        }
        None => {}
    }
}

/// Which of the targets are not ready, where it is said. Each stands in a list or alone.
pub(super) fn statuses(described: &[(String, Value)], out: &mut Examination) {
    for (_, document) in described {
        let lists = ["items", "targets"].iter().filter_map(|name| document.get(name)?.as_array()).flatten();
        for target in lists.chain(document.as_array().into_iter().flatten()).chain([document]) {
            let text = |name: &str| target.get(name).and_then(Value::as_str);
            if let (Some(name), Some(status)) = (text("name"), text("status").filter(|status| *status != "READY")) {
                out.find(&code::TARGET_NOT_READY, format!("target {name:?}"), format!("it is {status:?}"));
            }
        }
    }
}

/// The headers that the interceptors set.
struct Wanted {
    by_tools: Vec<String>,
    by_agents: Vec<String>,
}

impl Wanted {
    fn of(settings: Option<&Settings>) -> Wanted {
        let names = settings.map(|settings| settings.headers.clone()).unwrap_or_default();
        let context = settings.and_then(|settings| settings.tenant_context.as_ref()).map(|context| &context.header);
        let by_tools: Vec<String> = [&names.tenant, &names.user].into_iter().chain(context).cloned().collect();
        let more = [&names.agent_name, &names.app_id, &names.route_binding].map(String::clone);
        Wanted { by_agents: by_tools.iter().cloned().chain(more).collect(), by_tools }
    }
}
