//! Claims that name somebody else, nobody, or another kind of token.

use interceptors::token::TokenFault::{self, Actor, Audience, Claims, Client, Issuer, Kind, Tenant, User};
use serde_json::{Value, json};

use super::Maker;
use crate::forge::{CLIENT, sha256};
use crate::signer::{AUDIENCE, ISSUER};

pub(super) fn make(maker: &mut Maker<'_>) {
    for (class, name, missing, cases) in [issuers(), audiences(), clients(), tenants(), users(), kinds(), actors()] {
        maker.class = class;
        if let Some(fault) = missing {
            maker.claim(name, None, Some(fault));
        }
        for (name, value, fault) in cases {
            maker.claim(name, Some(value), Some(fault));
        }
    }
}

type Cases = (&'static str, &'static str, Option<TokenFault>, Vec<(&'static str, Value, TokenFault)>);

fn cases(class: &'static str, name: &'static str, missing: Option<TokenFault>, all: Vec<(Value, TokenFault)>) -> Cases {
    (class, name, missing, all.into_iter().map(|(value, fault)| (name, value, fault)).collect())
}

fn issuers() -> Cases {
    let texts = [
        format!("{ISSUER}/"),
        ISSUER.to_uppercase(),
        format!(" {ISSUER}"),
        format!("{ISSUER}\0"),
        ISSUER.strip_suffix('n').unwrap().to_owned(),
        ISSUER.replace("https", "http"),
        ISSUER.replace("issuer", "\u{456}ssuer"),
        format!("{ISSUER}?"),
        "aws:iam".to_owned(),
        String::new(),
        "*".to_owned(),
    ];
    let texts = texts.into_iter().map(|text| (json!(text), Issuer));
    let others =
        [json!(null), json!([ISSUER]), json!(1), json!({"iss": ISSUER})].into_iter().map(|value| (value, Claims));
    cases("claims: issuer", "iss", Some(Issuer), texts.chain(others).collect())
}

fn audiences() -> Cases {
    let values = [
        json!("https://other.example"),
        json!(format!("{AUDIENCE}/")),
        json!(AUDIENCE.to_uppercase()),
        json!("https://gateway"),
        json!(""),
        json!(format!("{AUDIENCE},https://other.example")),
        json!(format!("{AUDIENCE} x")),
        json!([]),
        json!(["https://other.example"]),
        json!([[AUDIENCE]]),
        json!([AUDIENCE, 1]),
        json!([AUDIENCE, null]),
        json!({"aud": AUDIENCE}),
        json!({AUDIENCE: true}),
        json!(null),
        json!(1),
        json!(true),
        json!("*"),
    ];
    cases("claims: audience", "aud", Some(Audience), values.into_iter().map(|value| (value, Audience)).collect())
}

fn clients() -> Cases {
    let texts = ["other-app", "", "DESK-APP", "desk-app ", "desk", "desk-app,other-app", "*"]
        .into_iter()
        .map(|text| (json!(text), Client));
    let others =
        [json!(null), json!([CLIENT]), json!(1), json!({"id": CLIENT})].into_iter().map(|value| (value, Claims));
    cases("claims: client", "client_id", Some(Client), texts.chain(others).collect())
}

fn tenants() -> Cases {
    let values = [
        json!(null),
        json!(1),
        json!(true),
        json!(["acme"]),
        json!(["acme", "globex"]),
        json!([]),
        json!({"id": "acme"}),
        json!(""),
        json!("*"),
        json!(" acme"),
        json!("acme "),
        json!("acme,globex"),
        json!("acme globex"),
        json!("acme/globex"),
        json!("acme#globex"),
        json!("acme\r\nx: y"),
        json!("acme\0"),
        json!("\u{430}cme"),
        json!("acm\u{e9}"),
        json!("ac\u{200b}me"),
        json!(".acme"),
        json!("-acme"),
        json!("../acme"),
        json!("acme%23"),
        json!("t".repeat(64)),
    ];
    cases("claims: tenant", "custom:tenant_id", Some(Tenant), values.into_iter().map(|value| (value, Tenant)).collect())
}

fn users() -> Cases {
    let values = [
        json!(null),
        json!(1),
        json!(false),
        json!(["alice"]),
        json!({"id": "alice"}),
        json!(""),
        json!("*"),
        json!(" alice"),
        json!("alice bob"),
        json!("alice,bob"),
        json!("alice;bob"),
        json!("alice\"bob"),
        json!("alice\\bob"),
        json!("alice\r\nx-tenant-id: globex"),
        json!("alice\n"),
        json!("alice\0"),
        json!("\u{430}lice"),
        json!("\u{7f}"),
        json!("x".repeat(257)),
        json!("client:desk"),
        json!("client:"),
    ];
    cases("claims: user", "sub", Some(User), values.into_iter().map(|value| (value, User)).collect())
}

/// What has another purpose: ID tokens, security events, bound tokens, and those that say so.
fn kinds() -> Cases {
    let all = vec![
        ("at_hash", json!(sha256("token")), Kind),
        ("c_hash", json!(sha256("code")), Kind),
        ("s_hash", json!(sha256("state")), Kind),
        ("nonce", json!("n-0S6_WzA2Mj"), Kind),
        ("nonce", json!(null), Kind),
        ("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}}), Kind),
        ("cnf", json!({"jkt": sha256("key")}), Kind),
        ("cnf", json!({"x5t#S256": sha256("certificate")}), Kind),
        ("token_use", json!("id"), Kind),
        ("token_use", json!("refresh"), Kind),
        ("token_use", json!(null), Kind),
        ("token_use", json!(["access"]), Kind),
        ("typ", json!("ID"), Kind),
        ("typ", json!("Refresh"), Kind),
        ("typ", json!("Logout"), Kind),
        ("typ", json!(null), Kind),
        ("typ", json!("DPoP"), Kind),
    ];
    ("claims: of other tokens", "at_hash", None, all)
}

fn actors() -> Cases {
    let chain = |length: usize| (1..length).fold(json!({"sub": "a"}), |inner, _| json!({"sub": "a", "act": inner}));
    let values = [
        json!(null),
        json!("desk"),
        json!(1),
        json!([]),
        json!([{"sub": "desk"}]),
        json!({}),
        json!({"sub": ""}),
        json!({"sub": "*"}),
        json!({"sub": ["desk"]}),
        json!({"sub": "a b"}),
        json!({"sub": "a\r\nb"}),
        json!({"SUB": "desk"}),
        json!({"sub": "desk", "iss": "https://other.example"}),
        json!({"sub": "desk", "act": {"sub": "a b"}}),
        json!({"sub": "desk", "act": null}),
        chain(9),
    ];
    cases("claims: actor", "act", None, values.into_iter().map(|value| (value, Actor)).collect())
}
