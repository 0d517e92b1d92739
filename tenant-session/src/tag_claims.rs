//! The session tags that a user's own token asks AWS for, where the identity provider sets the tenant.
//!
//! AWS STS takes them from the claim `https://aws.amazon.com/tags`, an object, or from claims whose names have its members appended
//! (IAM User Guide, "Passing session tags using AssumeRoleWithWebIdentity"). They must ask for exactly what would be
//! asked for here: the tag of the resolved tenant, transitive, and nothing else.

use std::borrow::Cow;

use policy_model::TenantId;
use policy_model::json::{Kind, Value};

/// Why AWS is not asked with this token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagFault {
    /// There is no claim with tags.
    Missing,
    /// Both spellings stand in the token, or members that are not known.
    Unclear,
    /// Another tag than the tenant's, or none at all.
    Tags,
    /// The tag has another value than the one resolved tenant.
    Tenant,
    /// The tag is not transitive, or another one is.
    Transitive,
}

impl TagFault {
    /// The reason code of the log.
    pub fn code(self) -> &'static str {
        match self {
            TagFault::Missing => "TAGS_MISSING",
            TagFault::Unclear => "TAGS_UNCLEAR",
            TagFault::Tags => "TAGS_OTHER",
            TagFault::Tenant => "TAGS_TENANT",
            TagFault::Transitive => "TAGS_NOT_TRANSITIVE",
        }
    }
}

/// Checks what a verified token's claims ask AWS for.
///
/// # Errors
/// [`TagFault`]: not exactly the tag of this tenant.
pub fn check(claims: Value<'_>, tenant: &TenantId) -> Result<(), TagFault> {
    let mut nested = None;
    let mut flat = Asked::default();
    for member in claims.members() {
        let Some(name) = member.name.as_str() else { continue };
        let Some(rest) = name.strip_prefix(TAGS) else { continue };
        match rest {
            "" => nested = Some(member.value),
            "/transitive_tag_keys" => flat.transitive = Some(member.value),
            _ => match rest.strip_prefix("/principal_tags/") {
                Some(key) => flat.tags.push((key.to_owned(), member.value)),
                None => return Err(TagFault::Unclear),
            },
        }
    }
    let asked = match nested {
        Some(_) if flat.is_there() => return Err(TagFault::Unclear),
        Some(object) => Asked::nested(object)?,
        None if flat.is_there() => flat,
        None => return Err(TagFault::Missing),
    };
    asked.check(tenant)
}

/// What a token asks for, in either spelling.
#[derive(Default)]
struct Asked<'c> {
    tags: Vec<(String, Value<'c>)>,
    transitive: Option<Value<'c>>,
}

impl<'c> Asked<'c> {
    fn nested(object: Value<'c>) -> Result<Asked<'c>, TagFault> {
        let mut asked = Asked::default();
        if object.kind() != Kind::Object {
            return Err(TagFault::Unclear);
        }
        for member in object.members() {
            match member.name.as_str().as_deref() {
                Some("transitive_tag_keys") => asked.transitive = Some(member.value),
                Some("principal_tags") if member.value.kind() == Kind::Object => {
                    for tag in member.value.members() {
                        let key = tag.name.as_str().ok_or(TagFault::Unclear)?;
                        asked.tags.push((key.into_owned(), tag.value));
                    }
                }
                Some(_) | None => return Err(TagFault::Unclear),
            }
        }
        Ok(asked)
    }

    fn is_there(&self) -> bool {
        !self.tags.is_empty() || self.transitive.is_some()
    }

    fn check(&self, tenant: &TenantId) -> Result<(), TagFault> {
        match self.tags.as_slice() {
            // AWS compares the keys of tags without regard to case, and keeps how they were written.
            [(key, value)] if key == TENANT_TAG => match only(*value) {
                Some(value) if value == tenant.as_str() => {}
                Some(_) | None => return Err(TagFault::Tenant),
            },
            [] | [..] => return Err(TagFault::Tags),
        }
        match self.transitive.and_then(only) {
            Some(key) if key == TENANT_TAG => Ok(()),
            Some(_) | None => Err(TagFault::Transitive),
        }
    }
}

/// A string, or the one string of a list.
fn only(value: Value<'_>) -> Option<Cow<'_, str>> {
    if value.kind() != Kind::Array {
        return value.as_str();
    }
    let mut elements = value.elements();
    match (elements.next(), elements.next()) {
        (Some(element), None) => element.as_str(),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// The one tag of a tenant's session.
pub const TENANT_TAG: &str = "TenantID";

const TAGS: &str = "https://aws.amazon.com/tags";

#[cfg(test)]
mod tests {
    use policy_model::json;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn check(claims: &Value) -> Result<(), TagFault> {
        let text = claims.to_string();
        let document = json::parse(text.as_bytes()).unwrap();
        super::check(document.root(), &TenantId::parse("acme").unwrap())
    }

    fn nested(tags: Value, transitive: Value) -> Value {
        json!({"sub": "alice", TAGS: {"principal_tags": tags, "transitive_tag_keys": transitive}})
    }

    #[test]
    fn exactly_the_tenants_transitive_tag_is_taken_in_either_spelling() {
        for claims in [
            nested(json!({"TenantID": ["acme"]}), json!(["TenantID"])),
            nested(json!({"TenantID": "acme"}), json!("TenantID")),
            json!({"https://aws.amazon.com/tags/principal_tags/TenantID": "acme",
                   "https://aws.amazon.com/tags/transitive_tag_keys": ["TenantID"]}),
            json!({"https://aws.amazon.com/tags/principal_tags/TenantID": ["acme"],
                   "https://aws.amazon.com/tags/transitive_tag_keys": "TenantID"}),
        ] {
            assert_eq!(check(&claims), Ok(()), "{claims}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let good = || nested(json!({"TenantID": ["acme"]}), json!(["TenantID"]));
        let mut both = good();
        both["https://aws.amazon.com/tags/principal_tags/TenantID"] = json!("acme");
        let mut unknown = good();
        unknown["https://aws.amazon.com/tags/more"] = json!("x");
        let mut member = good();
        member[TAGS]["more"] = json!({});
        for (claims, fault) in [
            (json!({"sub": "alice"}), TagFault::Missing),
            (json!({TAGS: "TenantID=acme"}), TagFault::Unclear),
            (json!({TAGS: {"principal_tags": ["TenantID"]}}), TagFault::Unclear),
            (both, TagFault::Unclear),
            (unknown, TagFault::Unclear),
            (member, TagFault::Unclear),
            (json!({TAGS: {}}), TagFault::Tags),
            (nested(json!({}), json!(["TenantID"])), TagFault::Tags),
            (nested(json!({"tenantid": ["acme"]}), json!(["tenantid"])), TagFault::Tags),
            (nested(json!({"TenantID": ["acme"], "Admin": ["yes"]}), json!(["TenantID"])), TagFault::Tags),
            (nested(json!({"TenantID": ["globex"]}), json!(["TenantID"])), TagFault::Tenant),
            (nested(json!({"TenantID": ["acme", "globex"]}), json!(["TenantID"])), TagFault::Tenant),
            (nested(json!({"TenantID": []}), json!(["TenantID"])), TagFault::Tenant),
            (nested(json!({"TenantID": [["acme"]]}), json!(["TenantID"])), TagFault::Tenant),
            (nested(json!({"TenantID": ["ACME"]}), json!(["TenantID"])), TagFault::Tenant),
            (nested(json!({"TenantID": ["acme"]}), json!([])), TagFault::Transitive),
            (nested(json!({"TenantID": ["acme"]}), json!(["TenantID", "x"])), TagFault::Transitive),
            (json!({TAGS: {"principal_tags": {"TenantID": ["acme"]}}}), TagFault::Transitive),
            (json!({"https://aws.amazon.com/tags/transitive_tag_keys": "TenantID"}), TagFault::Tags),
        ] {
            assert_eq!(check(&claims), Err(fault), "{claims}");
        }
    }

    proptest! {
        #[test]
        fn no_other_tenants_tag_passes(tenant in "[A-Za-z0-9._-]{0,8}", extra in "[a-zA-Z]{1,8}") {
            prop_assume!(tenant != "acme" && extra != TENANT_TAG);
            let other = nested(json!({TENANT_TAG: [tenant]}), json!([TENANT_TAG]));
            prop_assert_eq!(check(&other), Err(TagFault::Tenant));
            let mut tags = json!({TENANT_TAG: ["acme"]});
            tags[extra.as_str()] = json!(["x"]);
            let more = nested(tags, json!([TENANT_TAG]));
            prop_assert_eq!(check(&more), Err(TagFault::Tags));
        }
    }
}
