//! What a path is bound to: an agent, an application, and how they are spoken to.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::AgentName;

use super::attributes::{check_header, header, take, take_seconds, take_status, text};
use super::{Item, MalformedItem, Status};
use crate::key::{Key, LISTED_IN, PK, ROUTES, SK};
use crate::route_path::RoutePath;
use crate::runtime_arn::RuntimeArn;

/// The binding of a path, and of all below it that have none of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteBinding {
    /// Its name in audit lines and headers.
    pub binding_id: String,
    /// The [path of a binding](RoutePath::parse_binding).
    pub path: String,
    /// What is spoken there.
    pub protocol: RouteProtocol,
    /// The agent that answers, an [`AgentName`].
    pub agent_name: String,
    /// The application that it belongs to.
    pub app_id: String,
    /// Where the agent runs, a [`RuntimeArn`].
    pub runtime_arn: Option<String>,
    /// What is known of its answers.
    pub responses: RouteResponses,
    /// Whether it may be used.
    pub status: Status,
}

/// What is spoken on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteProtocol {
    /// An agent with a body of its own making.
    Http,
    /// Agent to agent.
    A2a,
    /// The Model Context Protocol, passed through.
    Mcp,
    /// Model providers.
    Inference,
}

/// What is known of the answers on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteResponses {
    /// Nothing: they may stream past the RESPONSE interceptor.
    Any,
    /// Each of them is whole, and passes the RESPONSE interceptor.
    Buffered,
}

impl RouteProtocol {
    /// All of them.
    pub const ALL: [RouteProtocol; 4] =
        [RouteProtocol::Http, RouteProtocol::A2a, RouteProtocol::Mcp, RouteProtocol::Inference];

    /// The protocol as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            RouteProtocol::Http => "HTTP",
            RouteProtocol::A2a => "A2A",
            RouteProtocol::Mcp => "MCP",
            RouteProtocol::Inference => "INFERENCE",
        }
    }

    /// Takes the word; `None` for any other.
    pub fn from_word(word: &str) -> Option<RouteProtocol> {
        RouteProtocol::ALL.into_iter().find(|protocol| protocol.word() == word)
    }
}

impl RouteResponses {
    /// The same as written in an item.
    pub fn word(self) -> &'static str {
        match self {
            RouteResponses::Any => "ANY",
            RouteResponses::Buffered => "BUFFERED",
        }
    }

    /// Takes the word; `None` for any other.
    pub fn from_word(word: &str) -> Option<RouteResponses> {
        [RouteResponses::Any, RouteResponses::Buffered].into_iter().find(|responses| responses.word() == word)
    }
}

/// Whether a text can be the id of a binding or application: 1 to 128 of `[A-Za-z0-9._-]`, a letter or digit first.
pub(crate) fn is_route_id(text: &str) -> bool {
    (1..=ROUTE_ID_BYTES_MAX).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl RouteBinding {
    /// The key of its item.
    pub fn key(&self) -> Key {
        Key::route(&self.path)
    }

    /// The item.
    pub fn to_item(&self) -> Item {
        let mut item = header(self.key(), "route");
        item.insert(LISTED_IN.into(), text(ROUTES));
        item.insert("bindingId".into(), text(&self.binding_id));
        item.insert("path".into(), text(&self.path));
        item.insert("protocol".into(), text(self.protocol.word()));
        item.insert("agentName".into(), text(&self.agent_name));
        item.insert("appId".into(), text(&self.app_id));
        if let Some(arn) = &self.runtime_arn {
            item.insert("runtimeArn".into(), text(arn));
        }
        item.insert("responses".into(), text(self.responses.word()));
        item.insert("status".into(), text(self.status.word()));
        item
    }

    /// Takes an item, whose path must be the one that its key says.
    pub(crate) fn from_item(item: &Item) -> Result<RouteBinding, MalformedItem> {
        check_header(item, "route")?;
        let path = take(item, "path")?;
        let key = Key::route(path);
        if RoutePath::parse_binding(path).is_err() || take(item, PK)? != key.pk || take(item, SK)? != key.sk {
            return Err(MalformedItem("path"));
        }
        let runtime_arn = match item.get("runtimeArn") {
            None => None,
            Some(_) => Some(take_checked(item, "runtimeArn", |arn| RuntimeArn::parse(arn).is_some())?),
        };
        Ok(RouteBinding {
            binding_id: take_checked(item, "bindingId", is_route_id)?,
            path: path.to_owned(),
            protocol: RouteProtocol::from_word(take(item, "protocol")?).ok_or(MalformedItem("protocol"))?,
            agent_name: take_checked(item, "agentName", |name| AgentName::parse(name).is_some())?,
            app_id: take_checked(item, "appId", is_route_id)?,
            runtime_arn,
            responses: RouteResponses::from_word(take(item, "responses")?).ok_or(MalformedItem("responses"))?,
            status: take_status(item)?,
        })
    }
}

fn take_checked(item: &Item, name: &'static str, is_right: impl Fn(&str) -> bool) -> Result<String, MalformedItem> {
    let text = take(item, name)?;
    if is_right(text) { Ok(text.to_owned()) } else { Err(MalformedItem(name)) }
}

/// What counts the changes of routes.
pub(crate) fn route_revision(revision: u64) -> Item {
    let mut item = header(Key::route_revision(), "routes");
    item.insert("revision".into(), AttributeValue::N(revision.to_string()));
    item
}

/// How many there were.
pub(crate) fn route_revision_number(item: &Item) -> Result<u64, MalformedItem> {
    check_header(item, "routes")?;
    take_seconds(item, "revision")
}

/// Longest id of a binding or application, in bytes.
pub const ROUTE_ID_BYTES_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_begins_with_a_letter_or_digit() {
        for text in ["a", "0", "support-a2a", "A.b_c-d", &"x".repeat(128)] {
            assert!(is_route_id(text), "{text}");
        }
        for text in ["", "-a", ".a", "_a", "a b", "a/b", "a#b", "\u{e9}", "*", &"x".repeat(129)] {
            assert!(!is_route_id(text), "{text:?}");
        }
    }
}
