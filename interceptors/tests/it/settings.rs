//! Settings that cannot be used: each error names the place and what would be right, and nothing passes meanwhile.

use interceptors::event::Point;
use interceptors::interceptor::Interceptor;
use interceptors::settings::Settings;
use serde_json::{Value, json};

use crate::signer::Signer;
use crate::stage::{self, Stage, aws, reply};
use crate::{events, received::Received};

#[test]
fn settings_as_the_operator_writes_them_are_taken() {
    assert_eq!(problem(&base()), None);
    assert_eq!(problem(&changed("/registry", "endpointUrl", json!("http://[::1]:8000"))), None);
    assert_eq!(problem(&changed("/registry", "endpointUrl", json!("http://localhost:8000"))), None);
    assert_eq!(problem(&changed("", "refusal", json!("HTTP_403"))), None);
    for word in ["OPTIONAL", "REQUIRED"] {
        assert_eq!(problem(&changed("/registry", "baseline", json!(word))), None);
    }
    for word in ["STRIP", "KEEP", "HIDE"] {
        assert_eq!(problem(&changed("", "discovery", json!({"invisibleCharacters": word}))), None);
    }
    assert_eq!(problem(&changed("", "discovery", json!({}))), None);
    for word in ["KEEP", "STRIP", "REFUSE"] {
        assert_eq!(problem(&changed("", "arguments", json!({"controlCharacters": word}))), None);
    }
    assert_eq!(problem(&changed("", "arguments", json!({}))), None);
    for word in ["OFF", "RECORD"] {
        assert_eq!(problem(&changed("/registry", "tasks", json!(word))), None);
    }
    assert_eq!(problem(&changed("/issuers/0", "claims", json!({"scopes": "permissions"}))), None);
    assert_eq!(problem(&changed("", "headers", json!({"tenant": "X-Tenant"}))), None);
    let custom = "x-amzn-bedrock-agentcore-runtime-custom-tenant";
    assert_eq!(problem(&changed("", "headers", json!({"tenant": custom}))), None);
}

#[test]
fn a_value_that_is_wrong_is_named_with_its_place_and_what_would_be_right() {
    let url = "/issuers/0/keys";
    for (place, name, value, words) in [
        ("/registry", "table", json!(""), ["registry.table", "name or ARN"]),
        ("/registry", "endpointUrl", json!("http://10.0.0.1:8000"), ["registry.endpointUrl", "https://"]),
        ("/registry", "endpointUrl", json!("ftp://127.0.0.1"), ["registry.endpointUrl", "https://"]),
        ("/registry", "endpointUrl", json!("http://127.0.0.1@evil.example/"), ["registry.endpointUrl", "https://"]),
        ("/registry", "endpointUrl", json!("http://localhost.evil.example/"), ["registry.endpointUrl", "https://"]),
        ("/registry", "timeoutMs", json!(0), ["registry.timeoutMs", "50 to 30000"]),
        ("/registry", "timeoutMs", json!(30_001), ["registry.timeoutMs", "50 to 30000"]),
        ("/registry", "cacheTtlMs", json!(300_001), ["registry.cacheTtlMs", "0 to 300000"]),
        ("/registry", "cacheEntriesMax", json!(0), ["registry.cacheEntriesMax", "1 to 1000000"]),
        ("", "issuers", json!([]), ["issuers", "at least one"]),
        ("", "leewaySeconds", json!(301), ["leewaySeconds", "300"]),
        ("/issuers/0", "issuer", json!(""), ["issuers[0]: issuer", "1 to"]),
        ("/issuers/0", "audiences", json!([]), ["issuers[0]: audiences and clientIds", "any application"]),
        ("/issuers/0", "audiences", json!([""]), ["issuers[0]", "empty"]),
        ("/issuers/0", "clientIds", json!([""]), ["issuers[0]", "empty"]),
        ("/issuers/0", "algorithms", json!([]), ["issuers[0]: algorithms", "empty"]),
        ("/issuers/0", "algorithms", json!(["HS256"]), ["issuers[0]: algorithms", "ES256"]),
        ("/issuers/0", "algorithms", json!(["none"]), ["issuers[0]: algorithms", "ES256"]),
        ("/issuers/0", "algorithms", json!(["es256"]), ["issuers[0]: algorithms", "ES256"]),
        ("/issuers/0", "claims", json!({"tenant": ""}), ["a name that is not empty", "line"]),
        ("/issuers/0", "claims", json!({"scopes": []}), ["a name that is not empty", "line"]),
        ("/issuers/0", "keys", json!({}), ["issuers[0]: keys", "exactly one of jwks, file, url and discovery"]),
        (
            url,
            "url",
            json!("https://issuer.example/jwks"),
            ["issuers[0]: keys", "exactly one of jwks, file, url and discovery"],
        ),
        ("/issuers/0", "keys", json!({"url": "http://issuer.example"}), ["issuers[0]: keys.url", "https://"]),
        ("/issuers/0", "keys", json!({"file": "/no/such/file"}), ["issuers[0]: keys.file", "/no/such/file"]),
        ("/issuers/0", "keys", json!({"jwks": {}}), ["issuers[0]: keys.jwks", "{\"keys\": [..]}"]),
        ("/issuers/0", "keys", json!({"jwks": []}), ["issuers[0]: keys.jwks", "{\"keys\": [..]}"]),
        ("", "headers", json!({"user": "X-Tenant-Id"}), ["headers", "own"]),
    ] {
        check(&changed(place, name, value), &words);
    }
}

#[test]
fn a_text_that_is_no_address_is_told_what_an_address_is() {
    for text in ["not an address", "file:///keys", "https://", "", "issuer.example/jwks"] {
        check(&changed("/registry", "endpointUrl", json!(text)), &["registry.endpointUrl", "https://"]);
        check(&changed("/issuers/0", "keys", json!({"url": text})), &["issuers[0]: keys.url", "https://"]);
    }
}

#[test]
fn an_issuer_that_stands_twice_is_named() {
    let mut settings = base();
    let issuer = settings["issuers"][0].clone();
    settings["issuers"].as_array_mut().unwrap().push(issuer);
    check(&settings, &["issuers[1].issuer", "one entry"]);
}

#[test]
fn names_of_headers_that_the_gateway_reserves_are_refused() {
    let long = "x".repeat(101);
    let wrong = ["", "x tenant", "x-tenant\r\n", "x-ténant", "x:y", &long];
    let reserved = [
        "authorization",
        "Authorization",
        "Proxy-Authorization",
        "WWW-Authenticate",
        "Cookie",
        "Set-Cookie",
        "Host",
        "User-Agent",
        "Origin",
        "Referer",
        "Connection",
        "Transfer-Encoding",
        "X-Forwarded-For",
        "X-Real-IP",
        "Accept",
        "Accept-Language",
        "Content-Type",
        "Content-Length",
        "Access-Control-Allow-Origin",
        "X-Amzn-Trace-Id",
        "x-amz-date",
        "Mcp-Session-Id",
        "MCP-Protocol-Version",
        "Sec-Fetch-Mode",
    ];
    for name in wrong.iter().copied().chain(reserved) {
        for member in ["tenant", "user"] {
            check(&changed("", "headers", json!({member: name})), &[&format!("headers.{member}"), "a-z"]);
        }
    }
}

#[test]
fn a_reserved_name_spelt_with_underscores_is_reserved_as_well() {
    for name in ["user_agent", "x_forwarded_for", "content_type", "mcp_session_id", "x_amzn_trace_id", "set_cookie"] {
        check(&changed("", "headers", json!({"tenant": name})), &["headers.tenant", "a-z"]);
    }
}

#[test]
fn two_headers_that_differ_only_in_underscores_are_one() {
    check(&changed("", "headers", json!({"tenant": "x-caller", "user": "X_Caller"})), &["headers", "own"]);
}

#[test]
fn a_field_that_is_unknown_is_named_with_those_that_are_known() {
    for (place, known) in [
        ("", "leewaySeconds"),
        ("/registry", "timeoutMs"),
        ("/issuers/0", "clientIds"),
        ("/issuers/0/claims", "tenant"),
        ("/issuers/0/keys", "url"),
    ] {
        check(&changed(place, "tennant", json!(1)), &["unknown field `tennant`", known, "line"]);
    }
}

#[test]
fn a_field_that_is_missing_or_of_another_type_is_told_with_its_line() {
    for (place, name) in [("", "registry"), ("/registry", "table"), ("/issuers/0", "issuer")] {
        let mut settings = base();
        settings.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
        check(&settings, &["missing field", name, "line"]);
    }
    let mut none = base();
    none.as_object_mut().unwrap().remove("issuers");
    check(&none, &["issuers: none", "iam"]);
    let mut no_keys = base();
    no_keys.pointer_mut("/issuers/0").unwrap().as_object_mut().unwrap().remove("keys");
    check(&no_keys, &["issuers[0]: keys: not given", "preset"]);
    for value in [json!(-1), json!(1.5), json!("30"), json!(true), json!([])] {
        check(&changed("", "leewaySeconds", value), &["u64", "line"]);
    }
    check(&changed("", "refusal", json!("ALLOW")), &["unknown variant `ALLOW`", "HTTP_403", "line"]);
    for value in [json!("required"), json!(""), json!(true), json!(null)] {
        check(&changed("/registry", "baseline", value), &["line"]);
    }
    check(&changed("/registry", "baseline", json!("STRICT")), &["unknown variant `STRICT`", "OPTIONAL", "REQUIRED"]);
    check(&changed("/registry", "tasks", json!("ON")), &["unknown variant `ON`", "OFF", "RECORD"]);
    check(
        &changed("", "discovery", json!({"invisibleCharacters": "strip"})),
        &["unknown variant `strip`", "STRIP", "HIDE"],
    );
    check(
        &changed("", "arguments", json!({"controlCharacters": "HIDE"})),
        &["unknown variant `HIDE`", "STRIP", "REFUSE"],
    );
    check(&changed("", "arguments", json!({"controls": "STRIP"})), &["unknown field `controls`", "controlCharacters"]);
}

#[test]
fn a_field_that_stands_twice_is_named() {
    let settings = base().to_string();
    for (once, twice) in [
        ("\"table\":", "\"table\":\"x\",\"table\":"),
        ("\"issuer\":", "\"issuer\":\"x\",\"issuer\":"),
        ("\"keys\":{\"jwks\"", "\"keys\":{},\"keys\":{\"jwks\""),
    ] {
        let document = settings.replacen(once, twice, 1);
        assert_ne!(document, settings, "{once}");
        let error = Settings::parse(&document, aws()).unwrap_err().to_string();
        assert!(error.contains("duplicate field"), "{error}");
    }
}

#[test]
fn what_is_no_settings_document_is_told_with_its_line() {
    for document in ["", " ", "null", "[]", "{}", "\"x\"", "{", "{}{}", "\u{feff}{}"] {
        let error = Settings::parse(document, aws()).unwrap_err().to_string();
        assert!(error.contains("line 1"), "{document:?}: {error}");
    }
}

#[tokio::test]
async fn an_interceptor_without_settings_refuses_every_event_as_unavailable() {
    let stage = Stage::start().await;
    let token = stage.signer.token("alice", "acme");
    let call = events::call("orders___getOrder");
    let request = events::request(&token, &call);
    assert!(!stage.send(Point::Request, request.as_bytes()).await.is_refused());
    let response = events::response(&token, &call, &events::result(&json!({"content": []})));
    for point in [Point::Request, Point::Response] {
        let interceptor = Interceptor::new(point, Settings::parse("{}", aws()));
        for event in [request.as_str(), &response, "", "null", "{}", "{\"http\":{}}", "\u{0}"] {
            let received = Received::read(&reply(&interceptor, event.as_bytes()).await);
            assert_eq!(received.told(), Some("authorization is not available"), "{event}");
        }
    }
}

pub(crate) fn base() -> Value {
    stage::settings("http://127.0.0.1:8000", &Signer::new("k"))
}

pub(crate) fn changed(place: &str, name: &str, value: Value) -> Value {
    let mut settings = base();
    settings.pointer_mut(place).unwrap()[name] = value;
    settings
}

pub(crate) fn check(settings: &Value, words: &[&str]) {
    let error = problem(settings).unwrap_or_else(|| panic!("taken: {settings}"));
    for word in words {
        assert!(error.contains(word), "{error:?} lacks {word:?}");
    }
    assert!(error.starts_with(|first: char| first.is_lowercase()), "{error:?}");
}

pub(crate) fn problem(settings: &Value) -> Option<String> {
    Settings::parse(&settings.to_string(), aws()).err().map(|error| error.to_string())
}
