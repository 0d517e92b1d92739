//! An object of a caller's, read in the one way that everybody reads it.
//!
//! A protobuf-JSON parser takes every member in two spellings, others fold case: a member that matters stands as the protocol
//! writes it, or the request is refused.

use std::collections::HashSet;

use policy_model::json::{Kind, Value};

use crate::reserved::plain;

use super::fault::A2aFault;
use super::method::{Binding, Version};

/// How members are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the protocol writes them.
    Json,
    /// So, or by the names of the protobuf fields: the official client of version 0.3 writes HTTP+JSON with these. Everybody who
    /// reads them takes them for the same members.
    Fields,
}

impl Spelling {
    pub(super) fn of(binding: Binding, version: Version) -> Spelling {
        match (binding, version) {
            (Binding::HttpJson, Version::V0_3) => Spelling::Fields,
            (Binding::HttpJson, Version::V1_0) | (Binding::JsonRpc, _) => Spelling::Json,
        }
    }
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'d> {
    object: Value<'d>,
    spelling: Spelling,
}

impl<'d> Members<'d> {
    /// Reads an object that may have members which nobody knows.
    pub(super) fn read(object: Value<'d>, known: &[&str], spelling: Spelling) -> Result<Members<'d>, A2aFault> {
        Members::check(object, known, spelling, false)
    }

    /// Reads an object that has no others.
    pub(super) fn closed(object: Value<'d>, known: &[&str], spelling: Spelling) -> Result<Members<'d>, A2aFault> {
        Members::check(object, known, spelling, true)
    }

    fn check(object: Value<'d>, known: &[&str], spelling: Spelling, is_closed: bool) -> Result<Members<'d>, A2aFault> {
        if object.kind() != Kind::Object {
            return Err(A2aFault::Params);
        }
        let mut others = HashSet::new();
        for member in object.members() {
            let name = member.name.as_str().unwrap_or_default();
            if known.contains(&name.as_ref()) {
                continue;
            }
            let own = known.iter().find(|known| spelling == Spelling::Fields && field_name(known) == name);
            if let Some(own) = own {
                if object.get(own).is_some() {
                    return Err(A2aFault::AmbiguousMember);
                }
                continue;
            }
            let plain = plain(&name);
            if known.iter().any(|known| known.eq_ignore_ascii_case(&plain)) || !others.insert(plain) {
                return Err(A2aFault::AmbiguousMember);
            }
            if is_closed {
                return Err(A2aFault::StrayMember);
            }
        }
        Ok(Members { object, spelling })
    }

    /// A member; `null` is none, as for everybody.
    pub(super) fn get(&self, name: &str) -> Option<Value<'d>> {
        let found = self.object.get(name).or_else(|| match self.spelling {
            Spelling::Json => None,
            Spelling::Fields => self.object.get(&field_name(name)),
        });
        found.filter(|value| value.kind() != Kind::Null)
    }
}

/// The name of the protobuf field.
fn field_name(name: &str) -> String {
    let mut field = String::with_capacity(name.len() + 2);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            field.push('_');
        }
        field.push(character.to_ascii_lowercase());
    }
    field
}

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::*;

    #[test]
    fn a_member_stands_once_as_the_protocol_writes_it() {
        let check = |text: &str, spelling, expected: Result<Option<&str>, A2aFault>| {
            let document = json::parse(text.as_bytes()).unwrap();
            let read = Members::read(document.root(), &["taskId", "id"], spelling);
            let found = read.map(|members| members.get("taskId").map(|value| value.text().to_owned()));
            assert_eq!(found, expected.map(|it| it.map(str::to_owned)), "{text}");
        };
        use Spelling::{Fields, Json};
        check(r#"{"taskId":1}"#, Json, Ok(Some("1")));
        check(r#"{"taskId":null,"other":1}"#, Json, Ok(None));
        check(r#"{"task_id":1}"#, Fields, Ok(Some("1")));
        check(r#"{"task_id":1,"taskId":1}"#, Fields, Err(A2aFault::AmbiguousMember));
        for name in ["task_id", "TaskId", "taskid", "task-id", "ta\u{17f}kId", "\u{ff54}askId", "taskId\u{200b}"] {
            check(&format!(r#"{{"{name}":1}}"#), Json, Err(A2aFault::AmbiguousMember));
        }
        check(r#"{"Task_id":1}"#, Fields, Err(A2aFault::AmbiguousMember));
        check(r#"{"some":1,"Some":2}"#, Json, Err(A2aFault::AmbiguousMember));
        check("[]", Json, Err(A2aFault::Params));
        let stray = json::parse(br#"{"other":1}"#).unwrap();
        assert!(matches!(Members::closed(stray.root(), &["id"], Json), Err(A2aFault::StrayMember)));
    }
}
