//! Tokens by the hundreds, made for the clock of now: every class of attack on headers and tokens, and good ones of every form.

mod claims;
mod credentials;
mod headers;
mod identity;
mod signatures;
mod valid;

use std::collections::BTreeMap;

use interceptors::token::TokenFault;
use serde_json::{Value, json};

use crate::forge::{ALGORITHMS, Forge, outcome};

/// How many vectors each class has.
const CLASSES: &[(&str, usize)] = &[
    ("claims: a member twice", 14),
    ("claims: actor", 16),
    ("claims: audience", 19),
    ("claims: client", 12),
    ("claims: issuer", 16),
    ("claims: not one object", 15),
    ("claims: of other tokens", 17),
    ("claims: tenant", 26),
    ("claims: time", 38),
    ("claims: user", 22),
    ("credential: an AWS signature", 3),
    ("credential: another scheme", 12),
    ("credential: none", 10),
    ("credential: several", 12),
    ("format", 25),
    ("format: another spelling of the same signature", 4),
    ("header: a shared secret of public material", 24),
    ("header: an algorithm that the issuer may not use", 8),
    ("header: an offered key", 41),
    ("header: another algorithm", 18),
    ("header: another kind of token", 19),
    ("header: key ids", 20),
    ("header: members that change what is signed", 11),
    ("header: no algorithm", 18),
    ("header: not one object", 15),
    ("key: not for signatures", 15),
    ("key: of another kind", 27),
    ("key: the right one under another algorithm", 30),
    ("signature: broken", 132),
    ("signature: other claims than signed", 27),
    ("valid: a key for one algorithm", 1),
    ("valid: claims", 26),
    ("valid: each algorithm and type", 54),
    ("valid: keys offered in the header", 8),
    ("valid: the header of the request", 10),
];

#[tokio::test]
async fn no_wrong_token_is_accepted_and_no_right_one_refused() {
    let forge = Forge::new();
    let verifier = forge.verifier();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    let vectors = all(&forge);
    for vector in &vectors {
        *counts.entry(vector.class).or_default() += 1;
        let outcome = outcome(&verifier, &vector.headers).await;
        if outcome != vector.expected.map_or(Ok(()), Err) {
            wrong.push(format!("{}, {}: {outcome:?} instead of {:?}", vector.class, vector.what, vector.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), CLASSES);
    let valid = vectors.iter().filter(|vector| vector.expected.is_none()).count();
    assert_eq!((vectors.len(), valid), (765, 99), "in all, and to be accepted");
}

#[tokio::test]
async fn a_wrong_token_is_refused_after_a_right_one_and_again() {
    let forge = Forge::new();
    let verifier = forge.verifier();
    let vectors = all(&forge);
    for _ in 0..2 {
        for vector in &vectors {
            let expected = vector.expected.map_or(Ok(()), Err);
            assert_eq!(outcome(&verifier, &vector.headers).await, expected, "{}, {}", vector.class, vector.what);
        }
    }
}

/// A request's headers, and what is wrong with their credential.
struct Vector {
    class: &'static str,
    what: String,
    headers: Value,
    expected: Option<TokenFault>,
}

/// The vectors as they are made. Their algorithms take turns.
struct Maker<'f> {
    forge: &'f Forge,
    class: &'static str,
    vectors: Vec<Vector>,
}

fn all(forge: &Forge) -> Vec<Vector> {
    let mut maker = Maker { forge, class: "", vectors: Vec::new() };
    valid::make(&mut maker);
    credentials::make(&mut maker);
    headers::make(&mut maker);
    signatures::make(&mut maker);
    claims::make(&mut maker);
    identity::make(&mut maker);
    maker.vectors
}

impl Maker<'_> {
    /// A request with these headers.
    fn headers(&mut self, what: impl Into<String>, headers: Value, expected: Option<TokenFault>) {
        self.vectors.push(Vector { class: self.class, what: what.into(), headers, expected });
    }

    /// A request with this token.
    fn token(&mut self, what: impl Into<String>, token: &str, expected: Option<TokenFault>) {
        self.headers(what, json!({"Authorization": format!("Bearer {token}")}), expected);
    }

    /// A token with one member of the header otherwise; `None` takes it out.
    fn header(&mut self, name: &str, value: Option<Value>, expected: Option<TokenFault>) {
        let algorithm = self.algorithm();
        let header = changed(Forge::header(algorithm), name, value.clone());
        let token = self.forge.token(&header, &Forge::claims(), algorithm);
        self.token(format!("{algorithm} header {name}: {}", shown(value)), &token, expected);
    }

    /// A token with one claim otherwise; `None` takes it out.
    fn claim(&mut self, name: &str, value: Option<Value>, expected: Option<TokenFault>) {
        let algorithm = self.algorithm();
        let claims = changed(Forge::claims(), name, value.clone());
        let token = self.forge.token(&Forge::header(algorithm), &claims, algorithm);
        self.token(format!("{algorithm} {name}: {}", shown(value)), &token, expected);
    }

    /// A token whose claims are this text.
    fn claims_text(&mut self, what: &str, claims: impl AsRef<[u8]>, expected: Option<TokenFault>) {
        let algorithm = self.algorithm();
        let token = self.forge.raw(Forge::header(algorithm).to_string(), claims, algorithm);
        self.token(what, &token, expected);
    }

    /// The next one.
    fn algorithm(&self) -> &'static str {
        ALGORITHMS[self.vectors.len() % ALGORITHMS.len()]
    }
}

fn changed(mut object: Value, name: &str, value: Option<Value>) -> Value {
    let members = object.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    object
}

fn shown(value: Option<Value>) -> String {
    value.map_or("not there".to_owned(), |value| value.to_string().chars().take(60).collect())
}
