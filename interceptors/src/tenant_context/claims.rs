//! What a context says, as JSON text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy_model::json::quote;
use policy_registry::record::is_scope;

use super::{Algorithm, CONTEXT_TYPE, ContextSubject};

/// What is to be signed. Times are in seconds since 1970.
pub(super) struct Statement<'s> {
    pub(super) issuer: &'s str,
    pub(super) audience: &'s str,
    pub(super) subject: &'s ContextSubject<'s>,
    pub(super) decision_id: &'s str,
    pub(super) issued: u64,
    pub(super) expires: u64,
}

impl Statement<'_> {
    /// What is signed: header and claims, in base64url, with a dot between (RFC 7515, section 5.1).
    pub(super) fn message(&self, key_id: &str, algorithm: Algorithm) -> String {
        let header = format!(
            "{{\"alg\":{},\"kid\":{},\"typ\":{}}}",
            quote(algorithm.name()),
            quote(key_id),
            quote(CONTEXT_TYPE)
        );
        let mut message = URL_SAFE_NO_PAD.encode(header);
        message.push('.');
        URL_SAFE_NO_PAD.encode_string(self.claims(), &mut message);
        message
    }

    fn claims(&self) -> String {
        let ContextSubject { tenant, issuer, subject, actors, scopes } = *self.subject;
        let user = quote(subject);
        format!(
            "{{\"iss\":{},\"aud\":{},\"iat\":{},\"exp\":{},\"tenant\":{},\"sub\":{user},\
             \"sub_id\":{{\"format\":\"iss_sub\",\"iss\":{},\"sub\":{user}}}{},\"scope\":{},\"txn\":{}}}",
            quote(self.issuer),
            quote(self.audience),
            self.issued,
            self.expires,
            quote(tenant),
            quote(issuer),
            chain(actors),
            quote(&scope(scopes)),
            quote(self.decision_id),
        )
    }
}

/// The actors, each inside of the one that acts for it (RFC 8693, section 4.1); nothing where there is none.
fn chain(actors: &[String]) -> String {
    let mut chain: String = actors.iter().map(|actor| format!(",\"act\":{{\"sub\":{}", quote(actor))).collect();
    chain.extend(actors.iter().map(|_| '}'));
    chain
}

/// The scopes in the order of their bytes, each once (RFC 8693, section 4.2).
fn scope(scopes: &[&str]) -> String {
    let mut tokens: Vec<&str> = scopes.iter().copied().filter(|scope| is_scope(scope)).collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens.join(" ")
}
