//! What is no credential, or not exactly one, or not a compact token.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use interceptors::token::TokenFault;
use serde_json::json;

use super::Maker;
use crate::forge::Forge;

pub(super) fn make(maker: &mut Maker<'_>) {
    let forge = maker.forge;
    let good = forge.token(&Forge::header("ES256"), &Forge::claims(), "ES256");
    let other = forge.token(&Forge::header("EdDSA"), &Forge::claims(), "EdDSA");
    let bearer = format!("Bearer {good}");
    maker.class = "credential: none";
    for (what, headers) in [
        ("no headers", json!({})),
        ("a cookie", json!({"Cookie": format!("access_token={good}; Authorization={bearer}")})),
        ("another header", json!({"X-Authorization": bearer, "X-Access-Token": good, "X-Api-Key": good})),
        ("a proxy's header", json!({"Proxy-Authorization": bearer})),
        ("a longer name", json!({"Authorization2": bearer})),
        ("a look-alike name", json!({"Auth\u{043e}rization": bearer})),
        ("a session id", json!({"Mcp-Session-Id": good})),
        ("a query", json!({":path": format!("/mcp?access_token={good}")})),
        ("a forwarded header", json!({"X-Forwarded-Authorization": bearer, "X-Original-Authorization": bearer})),
        ("a user agent", json!({"User-Agent": bearer})),
    ] {
        maker.headers(what, headers, Some(TokenFault::NoCredential));
    }
    maker.class = "credential: several";
    for (what, headers) in [
        ("two cases", json!({"Authorization": bearer, "authorization": bearer})),
        ("two tokens", json!({"Authorization": bearer, "AUTHORIZATION": format!("Bearer {other}")})),
        ("an empty one as well", json!({"Authorization": bearer, "authorization": ""})),
        ("a padded name", json!({"Authorization": bearer, " Authorization": bearer})),
        ("a list", json!({"Authorization": [bearer]})),
        ("an empty list", json!({"Authorization": []})),
        ("a number", json!({"Authorization": 1})),
        ("null", json!({"Authorization": null})),
        ("an object", json!({"Authorization": {"Bearer": good}})),
        ("joined by a comma", json!({"Authorization": format!("{bearer}, {bearer}")})),
        ("joined without space", json!({"Authorization": format!("{bearer},Bearer {other}")})),
        ("tokens joined", json!({"Authorization": format!("{bearer},{other}")})),
    ] {
        maker.headers(what, headers, Some(TokenFault::AmbiguousCredential));
    }
    maker.class = "credential: another scheme";
    for value in [
        good.clone(),
        String::new(),
        "Bearer".to_owned(),
        format!("Basic {good}"),
        format!("DPoP {good}"),
        format!("Token {good}"),
        format!("Bearer\t{good}"),
        format!("Bearer:{good}"),
        format!(" {bearer}"),
        format!("Bearer\u{a0}{good}"),
        format!("\u{ff22}earer {good}"),
        format!("Basic YTpi, {bearer}"),
    ] {
        let what = value.chars().take(12).collect::<String>();
        maker.headers(what, json!({"Authorization": value}), Some(TokenFault::Scheme));
    }
    maker.class = "credential: an AWS signature";
    for scheme in ["AWS4-HMAC-SHA256", "aws4-hmac-sha256", "AWS4-ECDSA-P256-SHA256"] {
        let value = format!("{scheme} Credential=AKIDEXAMPLE/20261121/eu-central-1/x/aws4_request, Signature=00");
        maker.headers(scheme, json!({"Authorization": value}), Some(TokenFault::SigV4));
    }
    maker.class = "format";
    let parts: Vec<&str> = good.split('.').collect();
    let (header, claims, signature) = (parts[0], parts[1], parts[2]);
    let json_form = json!({"protected": header, "payload": claims, "signature": signature});
    let general = json!({"payload": claims, "signatures": [{"protected": header, "signature": signature}]});
    let encoded = URL_SAFE_NO_PAD.encode(json_form.to_string());
    let padded = |text: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(text).unwrap());
    // 64 bytes leave four bits of the last character unused.
    let last = signature.len() - 1;
    let loose: Vec<String> =
        ["B", "R", "h", "x"].iter().map(|end| format!("{}{end}", signature.get(..last).unwrap())).collect();
    let standard = STANDARD.encode(forge.sign("RS256", forge_message(&good).as_bytes()));
    for (what, token) in [
        ("nothing", String::new()),
        ("a space before", format!(" {good}")),
        ("a space after", format!("{good} ")),
        ("a line feed after", format!("{good}\n")),
        ("quotes", format!("\"{good}\"")),
        ("NUL after", format!("{good}\0")),
        ("a letter of another script", format!("{good}\u{0430}")),
        ("one part", header.to_owned()),
        ("two parts", format!("{header}.{claims}")),
        ("four parts", format!("{good}.{signature}")),
        ("five parts, as encrypted ones have", format!("{header}.{claims}.{signature}.{signature}.{signature}")),
        ("a dot before", format!(".{good}")),
        ("a dot after", format!("{good}.")),
        ("dots alone", "..".to_owned()),
        ("no header", format!(".{claims}.{signature}")),
        ("padded", format!("{}.{}.{}", padded(header), padded(claims), padded(signature))),
        ("base64 of another alphabet", format!("{header}.{claims}.{}+/", standard.get(..80).unwrap())),
        ("a broken character in the header", format!("{}!.{claims}.{signature}", header.get(1..).unwrap())),
        ("a header of one character", format!("A.{claims}.{signature}")),
        ("the flattened form", json_form.to_string()),
        ("the general form", general.to_string()),
        ("the flattened form, encoded", encoded),
        ("two tokens", format!("{good} {other}")),
        ("longer than 16 KiB", format!("{good}{}", "A".repeat(16 * 1024))),
        ("percent-encoded", good.replace('.', "%2E")),
    ] {
        // An empty header is none that could be read.
        let fault = if ["dots alone", "no header"].contains(&what) || token.starts_with("..") {
            TokenFault::Header
        } else if what.starts_with("the ") && !what.ends_with("encoded") {
            TokenFault::AmbiguousCredential
        } else {
            TokenFault::Format
        };
        maker.token(what, &token, Some(fault));
    }
    maker.class = "format: another spelling of the same signature";
    for loose in loose.iter().filter(|loose| *loose != signature) {
        maker.token(loose.clone(), &format!("{header}.{claims}.{loose}"), Some(TokenFault::Signature));
    }
}

fn forge_message(token: &str) -> &str {
    token.rsplit_once('.').unwrap().0
}
