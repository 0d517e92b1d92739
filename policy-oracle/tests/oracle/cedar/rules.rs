//! A rule as a Cedar policy.

use crate::cedar::conditions::guard;
use crate::cedar::numbered::Numbered;
use crate::cedar::ranks::Ranks;
use crate::cedar::resource_type;
use crate::cedar::source::{entities, pattern, string, strings};
use crate::policy::{Effect, Kind, Policy, Principals, Rule};

const SEARCH_TOOL: &str = "x_amz_bedrock_agentcore_search";

pub(crate) fn rule_source(policy: &Policy, rule: &Rule, numbered: &Numbered<'_>, ranks: &Ranks) -> String {
    let effect = match rule.effect {
        Effect::Allow => "permit",
        Effect::Deny => "forbid",
    };
    let mut source = format!("{effect}(principal, action, resource is {})", resource_type(rule.kind));
    let mut when = |guard: String| source.push_str(&format!("\nwhen {{ {guard} }}"));
    let resources: Vec<String> = rule.resources.iter().map(|resource| covers(resource, policy, rule)).collect();
    when(resources.join(" || "));
    for (list, names) in &rule.principals {
        when(is_one_of(*list, names));
    }
    if !rule.scopes.is_empty() {
        when(format!("principal.scopes.containsAll({})", strings(&rule.scopes)));
    }
    for (operator, time) in [(">=", &rule.not_before), ("<=", &rule.not_after)] {
        if let Some(time) = time {
            when(format!("context.now {operator} datetime({})", string(time)));
        }
    }
    for condition in &rule.conditions {
        source.push_str(&guard(rule.effect, condition, numbered, ranks));
    }
    source.push(';');
    source
}

/// "In an ALLOW the narrower reading counts, in a DENY the wider one."
fn covers(resource: &str, policy: &Policy, rule: &Rule) -> String {
    let name_fits = format!("context.name like {}", pattern(resource));
    let is_all = resource.trim_matches('*').is_empty();
    match (rule.kind, rule.effect) {
        _ if is_all => name_fits,
        (Kind::Model, Effect::Allow) | (Kind::Resource, Effect::Deny) => name_fits,
        (Kind::Agent, _) => match resource.split_once('/') {
            None => format!("context.agent like {}", pattern(resource)),
            Some((agent, skill)) => format!(
                "context has skill && context.agent like {} && context.skill like {}",
                pattern(agent),
                pattern(skill)
            ),
        },
        (Kind::Model, Effect::Deny) => {
            format!("{name_fits} || context.name like {}", pattern(&format!("*/{resource}")))
        }
        (Kind::Tool | Kind::Prompt, Effect::Deny) => match resource.contains("___") {
            true => name_fits,
            false => format!("{name_fits} || context.tool like {}", pattern(resource)),
        },
        (Kind::Tool | Kind::Prompt, Effect::Allow) => match (resource.split_once("___"), &policy.default_target) {
            (Some((target, tool)), _) => format!(
                "context has target && context.target like {} && context.tool like {}",
                pattern(target),
                pattern(tool)
            ),
            (None, _) if resource == SEARCH_TOOL => format!("context.name == {}", string(resource)),
            (None, Some(target)) => format!(
                "context has target && context.target == {} && context.tool like {}",
                string(target),
                pattern(resource)
            ),
            (None, None) => format!("!(context has target) && {name_fits}"),
        },
        (Kind::Resource, Effect::Allow) => match resource.split_once("//") {
            None => name_fits,
            Some((scheme, rest)) => {
                let (host, path) =
                    rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
                format!(
                    "context has host && context.scheme == {} && context.host like {} && context.path like {}",
                    string(scheme),
                    pattern(host),
                    pattern(&path)
                )
            }
        },
    }
}

fn is_one_of(list: Principals, names: &[String]) -> String {
    let is_any = names == ["*"];
    match list {
        Principals::Users if is_any => "principal is User".to_owned(),
        Principals::Users => format!("principal in {}", entities("User", names)),
        Principals::Roles if is_any => "!principal.roles.isEmpty()".to_owned(),
        Principals::Roles => format!("principal.roles.containsAny({})", strings(names)),
        Principals::Workspaces if is_any => "principal in AnyWorkspace::\"any\"".to_owned(),
        Principals::Workspaces => format!("principal in {}", entities("Workspace", names)),
        Principals::Agents if is_any => "principal has agent".to_owned(),
        Principals::Agents => format!("principal has agent && principal.agent in {}", entities("Actor", names)),
    }
}
