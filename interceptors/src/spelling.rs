//! Names that a reader who folds case would take for others.

use policy_model::json::Value;

/// Whether an object has a member that is one of `known` in another spelling: another case, or letters that fold to it.
pub(crate) fn is_misspelt(object: Value<'_>, known: &[&str]) -> bool {
    object.members().any(|member| {
        let name = member.name.as_str().unwrap_or_default();
        known.iter().any(|known| *known != name && folded(known) == folded(&name))
    })
}

/// Upper then lower case: folds also what only one of the two folds, like the long s and the Kelvin sign.
pub(crate) fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}
