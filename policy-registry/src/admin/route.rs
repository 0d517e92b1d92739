//! The bindings of `routes.json`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use policy_model::AgentName;
use policy_model::request::AGENT_NAME_BYTES_MAX;
use serde::Deserialize;

use super::AdminError;
use super::folder::read_list;
use crate::record::{ROUTE_ID_BYTES_MAX, RouteBinding, RouteProtocol, RouteResponses, Status, is_route_id, item_bytes};
use crate::route_path::{BINDING_PATH_BYTES_MAX, BINDING_SEGMENTS_MAX, RoutePath, SEGMENT_BYTES_MAX};
use crate::routes::{TARGET_BINDINGS_MAX, TARGET_BYTES_MAX};
use crate::runtime_arn::RuntimeArn;

/// The longer paths first: a path below another is never bound like that one for a moment.
pub(super) fn read_routes(path: &Path) -> Result<Vec<RouteBinding>, AdminError> {
    let (mut paths, mut ids, mut targets, mut routes) = (HashMap::new(), HashMap::new(), HashMap::new(), Vec::new());
    for (index, document) in read_list::<RouteDocument>(path)?.into_iter().enumerate() {
        let wrong = |what: &str| AdminError::file(path, &format!("[{index}]: {what}"));
        let route = document.binding().map_err(|what| wrong(&what))?;
        if let Some(other) = paths.insert(route.path.clone(), index) {
            return Err(wrong(&format!("path {:?} is bound in [{other}]; keep one", route.path)));
        }
        if let Some(other) = ids.insert(route.binding_id.clone(), index) {
            return Err(wrong(&format!(
                "bindingId {:?} is that of [{other}]; give each binding its own",
                route.binding_id
            )));
        }
        let (bindings, bytes) = targets.entry(route.key().pk).or_insert((0, 0));
        *bindings += 1;
        *bytes += item_bytes(&route.to_item());
        if *bindings > TARGET_BINDINGS_MAX || *bytes > TARGET_BYTES_MAX {
            return Err(wrong(&format!(
                "the bindings with the first segment of {:?} are more than one read holds; keep at most {TARGET_BINDINGS_MAX}, whose \
                 items have at most {TARGET_BYTES_MAX} bytes",
                route.path
            )));
        }
        routes.push(route);
    }
    routes.sort_by_key(|route| Reverse(route.path.len()));
    Ok(routes)
}

/// The binding of a path as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RouteDocument {
    binding_id: String,
    path: String,
    protocol: String,
    agent_name: String,
    app_id: String,
    #[serde(default)]
    runtime_arn: Option<String>,
    #[serde(default)]
    responses: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

impl RouteDocument {
    fn binding(self) -> Result<RouteBinding, String> {
        let protocol =
            RouteProtocol::from_word(&self.protocol).ok_or("protocol is none of HTTP, A2A, MCP and INFERENCE")?;
        let responses = self.responses.as_deref().map(RouteResponses::from_word);
        let status = self.status.as_deref().map(Status::from_word);
        let route = RouteBinding {
            binding_id: self.binding_id,
            path: self.path,
            protocol,
            agent_name: self.agent_name,
            app_id: self.app_id,
            runtime_arn: self.runtime_arn,
            responses: responses.unwrap_or(Some(RouteResponses::Any)).ok_or("responses is neither ANY nor BUFFERED")?,
            status: status.unwrap_or(Some(Status::Active)).ok_or("status is neither ACTIVE nor SUSPENDED")?,
        };
        check_route(&route)?;
        Ok(route)
    }
}

/// Whether a binding can be written and found.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn check_route(route: &RouteBinding) -> Result<(), String> {
    check_id("bindingId", &route.binding_id)?;
    check_path(&route.path)?;
    if AgentName::parse(&route.agent_name).is_none() {
        return Err(format!("agentName is not 1 to {AGENT_NAME_BYTES_MAX} of A-Z a-z 0-9 . _ -"));
    }
    check_id("appId", &route.app_id)?;
    if route.runtime_arn.as_ref().is_some_and(|arn| RuntimeArn::parse(arn).is_none()) {
        return Err(format!("runtimeArn is not like {ARN_EXAMPLE}, with or without /runtime-endpoint/NAME after it"));
    }
    Ok(())
}

fn check_id(name: &str, text: &str) -> Result<(), String> {
    if is_route_id(text) {
        return Ok(());
    }
    Err(format!("{name} is not 1 to {ROUTE_ID_BYTES_MAX} of A-Z a-z 0-9 . _ - with a letter or digit first"))
}

/// Says what would be right, by the very path where that is clear.
fn check_path(path: &str) -> Result<(), String> {
    if RoutePath::parse_binding(path).is_ok() {
        return Ok(());
    }
    let plain: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let plain = format!("/{}", plain.join("/"));
    let right = RoutePath::parse_binding(&plain).map_or(PATH_EXAMPLE, |path| path.as_str());
    Err(format!(
        "path is not a binding's; it has 1 to {BINDING_SEGMENTS_MAX} segments, each with / before it, 1 to {SEGMENT_BYTES_MAX} of \
         A-Z a-z 0-9 . _ ~ : @ - and neither . nor .., no / at its end, and at most {BINDING_PATH_BYTES_MAX} bytes, like {right:?}"
    ))
}

const ARN_EXAMPLE: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/support-AbC123";

const PATH_EXAMPLE: &str = "/support";
