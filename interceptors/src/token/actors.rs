//! Who calls on a user's behalf (RFC 8693, section 4.1).

use policy_model::UserId;
use policy_model::json::{Kind, Value};

use super::TokenFault;

/// The chain of actors in an `act` claim, the current one first. All of them must be names that its issuer gives.
///
/// # Errors
/// [`TokenFault::Actor`] if one is no object with an id, is of another issuer, or there are more than [`ACTORS_MAX`].
pub(super) fn actors(act: Value<'_>, issuer: &str) -> Result<Vec<UserId>, TokenFault> {
    let mut actors = Vec::new();
    let mut next = Some(act);
    while let Some(actor) = next {
        if actor.kind() != Kind::Object || actors.len() == ACTORS_MAX {
            return Err(TokenFault::Actor);
        }
        if actor.get("iss").is_some_and(|own| !own.is_str(issuer)) {
            return Err(TokenFault::Actor);
        }
        let id = actor.get("sub").and_then(Value::as_str).ok_or(TokenFault::Actor)?;
        actors.push(UserId::parse(&id).map_err(|_| TokenFault::Actor)?);
        next = actor.get("act");
    }
    Ok(actors)
}

/// Most actors of one token.
pub const ACTORS_MAX: usize = 8;
