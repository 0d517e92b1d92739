//! What is known of the values that paths find besides claims and arguments.

use crate::pattern::ResourceType;
use crate::request::{ARGUMENTS, CLAIMS, DECISION};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// An object, and where in it a text is that may be meant.
    Object(Option<&'static str>),
    /// A text.
    Text,
    /// The time.
    Time,
    /// A list of texts.
    List,
    /// Never anything; what there is.
    Nothing(&'static str),
}

/// What stands at a path of names in a rule of this kind; none if that is up to the caller.
pub(super) fn fact(names: &[&str], kind: ResourceType) -> Option<Fact> {
    let members = |members: &'static [(&'static str, Fact)], own: Fact, known: &'static str| match names.get(1..) {
        None | Some([]) => own,
        Some([name]) => {
            members.iter().find(|(member, _)| member == name).map_or(Fact::Nothing(known), |(_, fact)| *fact)
        }
        Some(_) => Fact::Nothing(known),
    };
    match (*names.first()?, kind) {
        (ARGUMENTS, ResourceType::Resource | ResourceType::Agent | ResourceType::Model) => {
            Some(Fact::Nothing("$.arguments is there in rules about TOOL and PROMPT only"))
        }
        (CLAIMS | ARGUMENTS, _) => (names.len() == 1).then_some(Fact::Object(None)),
        ("tool", ResourceType::Tool) => Some(members(
            &[("name", Fact::Text), ("target", Fact::Text)],
            Fact::Object(Some("$.tool.name")),
            "$.tool has name and target",
        )),
        ("tool", _) => Some(Fact::Nothing("$.tool is there in rules about TOOL only")),
        ("tenant", _) => {
            Some(members(&[("id", Fact::Text)], Fact::Object(Some("$.tenant.id")), "$.tenant has only id"))
        }
        ("user", _) => Some(members(
            &[
                ("id", Fact::Text),
                ("issuer", Fact::Text),
                ("roles", Fact::List),
                ("workspaces", Fact::List),
                ("scopes", Fact::List),
            ],
            Fact::Object(Some("$.user.id")),
            "$.user has id, issuer, roles, workspaces and scopes",
        )),
        ("agent", _) => Some(members(&[("id", Fact::Text)], Fact::Object(Some("$.agent.id")), "$.agent has only id")),
        (DECISION, _) => {
            Some(members(&[("id", Fact::Text)], Fact::Object(Some("$.decision.id")), "$.decision has only id"))
        }
        ("time", _) => Some(members(&[], Fact::Time, "$.time is a text")),
        (_, _) => None,
    }
}
