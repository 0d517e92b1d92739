//! Whether the issuers' keys can be had: asked for as the interceptors ask, and where they would.

use interceptors::settings::{IssuerSettings, KeySettings};
use interceptors::token::fetch_keys;
use tokio::task::JoinSet;

use super::code;
use super::examination::Examination;
use crate::finding::plural;

/// Asks all issuers at once; each has 2 seconds a document.
pub(super) async fn examine(issuers: &[IssuerSettings], out: &mut Examination) {
    let mut asked = JoinSet::new();
    for (index, issuer) in issuers.iter().cloned().enumerate() {
        asked.spawn(async move { (index, fetch_keys(&issuer).await.map(|keys| keys.count_for(&issuer.algorithms))) });
    }
    let mut answers: Vec<_> = asked.join_all().await;
    answers.sort_by_key(|(index, _)| *index);
    for (issuer, (_, answer)) in issuers.iter().zip(answers) {
        let (place, source) = (format!("issuer {:?}", issuer.issuer), source(&issuer.keys));
        match answer {
            Err(problem) => {
                out.find(&code::ISSUER_UNREACHABLE, place, format!("its keys, {source}, cannot be had: {problem}"));
            }
            Ok(0) => {
                let what = format!("its keys, {source}, have none that verifies {:?}", issuer.algorithms);
                out.find(&code::ISSUER_KEYS_UNUSABLE, place, what);
            }
            Ok(count) => out.look_at(format!("{place}: {}, {source}", plural(count, "usable key"))),
        }
    }
}

/// Nobody is asked.
pub(super) fn leave(issuers: &[IssuerSettings], out: &mut Examination) {
    for issuer in issuers {
        out.leave(format!("the keys of issuer {:?}", issuer.issuer), "--offline asks nobody", "leave --offline out");
    }
}

fn source(keys: &KeySettings) -> String {
    match keys {
        KeySettings::Given(_) => "given with the settings".to_owned(),
        KeySettings::Url(address) => format!("at {address}"),
        KeySettings::Discovery { document, .. } => format!("as {document} says"),
    }
}
