//! Whether a pattern covers what is asked for: the narrower reading in an ALLOW, the wider one in a DENY.

use crate::naive::globs::fits;
use crate::policy::{Effect, Kind, Policy};
use crate::request::Request;

const SEARCH_TOOL: &str = "x_amz_bedrock_agentcore_search";

pub(crate) fn covers(pattern: &str, effect: Effect, policy: &Policy, request: &Request) -> bool {
    if pattern.chars().all(|letter| letter == '*') {
        return true;
    }
    match (request.kind, effect) {
        (Kind::Tool | Kind::Prompt, Effect::Allow) => allows_tool(pattern, policy, request),
        (Kind::Tool | Kind::Prompt, Effect::Deny) => denies_tool(pattern, request),
        (Kind::Resource, Effect::Allow) => allows_uri(pattern, &request.name),
        (Kind::Resource, Effect::Deny) => fits(pattern, &request.name),
        (Kind::Agent, _) => is_about_agent(pattern, &request.name),
        (Kind::Model, Effect::Allow) => fits(pattern, &request.name),
        (Kind::Model, Effect::Deny) => denies_model(pattern, &request.name),
    }
}

fn allows_tool(pattern: &str, policy: &Policy, request: &Request) -> bool {
    if pattern == SEARCH_TOOL {
        return request.name == SEARCH_TOOL;
    }
    match (pattern.split_once("___"), request.target(), &policy.default_target) {
        (Some((target_pattern, tool_pattern)), Some((target, tool)), _) => {
            fits(target_pattern, target) && fits(tool_pattern, tool)
        }
        (Some(_), None, _) => false,
        (None, Some((target, tool)), Some(default)) => target == default && fits(pattern, tool),
        (None, None, None) => fits(pattern, &request.name),
        (None, Some(_), None) | (None, None, Some(_)) => false,
    }
}

fn denies_tool(pattern: &str, request: &Request) -> bool {
    let is_bare = !pattern.contains("___");
    let tool = request.target().map_or(request.name.as_str(), |(_, tool)| tool);
    fits(pattern, &request.name) || (is_bare && fits(pattern, tool))
}

/// Without `/` it is about agents and all of their skills, with `/` about skills alone.
fn is_about_agent(pattern: &str, name: &str) -> bool {
    match (pattern.split_once('/'), name.split_once('/')) {
        (None, None) => fits(pattern, name),
        (None, Some((agent, _))) => fits(pattern, agent),
        (Some(_), None) => false,
        (Some((agent_pattern, skill_pattern)), Some((agent, skill))) => {
            fits(agent_pattern, agent) && fits(skill_pattern, skill)
        }
    }
}

/// It is also about what follows any `/` of a name.
fn denies_model(pattern: &str, name: &str) -> bool {
    let mut ends = name.match_indices('/').filter_map(|(slash, _)| name.get(slash + 1..));
    fits(pattern, name) || ends.any(|end| fits(pattern, end))
}

/// A wildcard in the host stays in the host.
fn allows_uri(pattern: &str, uri: &str) -> bool {
    match (pattern.split_once("://"), uri.split_once("://")) {
        (Some((its_scheme, pattern)), Some((scheme, uri))) => {
            let (host_pattern, path_pattern) = pattern.split_at(pattern.find('/').unwrap_or(pattern.len()));
            let (host, path) = uri.split_at(uri.find('/').unwrap_or(uri.len()));
            its_scheme == scheme && fits(host_pattern, host) && fits(path_pattern, path)
        }
        (None, None) => fits(pattern, uri),
        (Some(_), None) | (None, Some(_)) => false,
    }
}
