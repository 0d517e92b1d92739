//! Names that a reader who folds case would take for others.

use policy_model::json::Value;
use policy_model::spelling::is_other_spelling;

/// Whether an object has a member that is one of `known` in another spelling: another case, or letters that fold to it.
pub(crate) fn is_misspelt(object: Value<'_>, known: &[&str]) -> bool {
    object.members().any(|member| {
        let name = member.name.as_str().unwrap_or_default();
        known.iter().any(|known| is_other_spelling(known, &name))
    })
}
