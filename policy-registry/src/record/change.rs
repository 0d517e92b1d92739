//! What was last seen of a pinned tool that no pin of its tenant allowed.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{Digest, TenantId, ToolName};

use super::attributes::{check_header, header, take, take_seconds, take_tenant, text};
use super::{Item, MalformedItem};
use crate::key::Key;

/// A definition that a list showed, and that no pin allowed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRecord {
    /// The tenant whose policy pins the tool.
    pub tenant: TenantId,
    /// The tool's name.
    pub tool: String,
    /// The definition's digest; `None` if it has none.
    pub definition: Option<Digest>,
    /// When it was first seen, in seconds since 1970.
    pub seen_at: u64,
}

impl ChangeRecord {
    /// The item.
    pub fn to_item(&self, key: Key) -> Item {
        let mut item = header(key, KIND);
        item.insert("tenantId".into(), text(self.tenant.as_str()));
        item.insert("tool".into(), text(&self.tool));
        item.insert(SHA256.into(), text(&definition_word(self.definition)));
        item.insert(SEEN_AT.into(), AttributeValue::N(self.seen_at.to_string()));
        item
    }

    /// Takes the item of a tenant's tool, which must be about that very tool whatever its key says.
    pub(crate) fn from_item(
        item: &Item,
        tenant: &TenantId,
        tool: &ToolName<'_>,
    ) -> Result<ChangeRecord, MalformedItem> {
        check_header(item, KIND)?;
        if take_tenant(item)? != *tenant {
            return Err(MalformedItem("tenantId"));
        }
        if take(item, "tool")? != tool.as_str() {
            return Err(MalformedItem("tool"));
        }
        let definition = match take(item, SHA256)? {
            NO_DIGEST => None,
            digest => Some(Digest::parse(digest).ok_or(MalformedItem(SHA256))?),
        };
        Ok(ChangeRecord {
            tenant: tenant.clone(),
            tool: tool.as_str().to_owned(),
            definition,
            seen_at: take_seconds(item, SEEN_AT)?,
        })
    }
}

/// How a definition stands in an item.
pub(crate) fn definition_word(definition: Option<Digest>) -> String {
    definition.map_or_else(|| NO_DIGEST.to_owned(), |digest| digest.to_string())
}

/// The attribute with the digest.
pub(crate) const SHA256: &str = "sha256";

/// The attribute with the time.
pub(crate) const SEEN_AT: &str = "seenAt";

const KIND: &str = "change";

/// What stands in the place of a digest where there is none; no policy can pin it.
const NO_DIGEST: &str = "NONE";
