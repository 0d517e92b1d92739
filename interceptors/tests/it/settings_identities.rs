//! Settings that say who may call: keys, tenants, machines, agents and AWS principals, and each error in them.

use interceptors::settings::{AgentMode, Settings};
use serde_json::{Value, json};

use crate::settings::{base, changed, check, problem};
use crate::stage::aws;

#[test]
fn the_other_words_are_taken_as_well() {
    for (place, name, value) in [
        ("/issuers/0", "issuer", json!("x".repeat(400))),
        ("/issuers/0", "tenants", json!(["*"])),
        ("/issuers/0", "tenants", json!(["acme"])),
        ("/issuers/0", "tenantSelection", json!("CLAIM")),
        ("/issuers/0", "machineClients", json!("REFUSE")),
        ("/issuers/0", "actor", json!("ACT")),
        ("/issuers/0", "claims", json!({"tenant": ["a", "b", "c", "d", "e", "f", "g", "h"]})),
        ("/issuers/0", "keys", json!({"discovery": "http://127.0.0.1:8080/metadata"})),
        ("/issuers/0", "keys", json!({"discovery": "https://a.example", "hosts": ["b.example", "[::1]", "127.0.0.1"]})),
        ("", "headers", json!({"tenantSelector": "x-which-tenant"})),
        (
            "",
            "iam",
            iam(&["arn:aws:iam::123456789012:role/service/desk", "arn:aws-us-gov:iam::123456789012:user/desk*"]),
        ),
        ("/registry", "agents", json!("TOKEN")),
        ("/registry", "agents", json!("REGISTERED")),
    ] {
        assert_eq!(problem(&changed(place, name, value.clone())), None, "{name}: {value}");
    }
    let agents =
        |word: &str| Settings::parse(&changed("/registry", "agents", json!(word)).to_string(), aws()).unwrap().agents;
    assert_eq!((agents("TOKEN"), agents("REGISTERED")), (AgentMode::Token, AgentMode::Registered));
}

#[test]
fn principals_alone_are_settings() {
    let mut settings = changed("", "iam", iam(&["arn:aws:sts::123456789012:assumed-role/desk/*"]));
    settings.as_object_mut().unwrap().remove("issuers");
    assert_eq!(problem(&settings), None);
}

#[test]
fn an_issuer_that_is_wrong_is_told_what_would_be_right() {
    for (name, value, words) in [
        ("issuer", json!("x".repeat(401)), &["issuers[0]: issuer", "1 to 400 bytes"][..]),
        ("issuer", json!("aws:iam"), &["issuers[0]: issuer", "aws:iam", "`iam`"]),
        ("preset", json!("ping"), &["unknown variant `ping`", "generic-oidc", "line"]),
        ("preset", json!("Cognito"), &["unknown variant `Cognito`", "cognito"]),
        ("tenants", json!([]), &["issuers[0]: tenants", "empty", "leave it out"]),
        ("tenants", json!(["acme", "*"]), &["issuers[0]: tenants", "\"*\"", "tenant id"]),
        ("tenants", json!(["acme "]), &["issuers[0]: tenants", "\"acme \"", "A-Z a-z 0-9"]),
        ("tenants", json!("acme"), &["expected a sequence", "line"]),
        ("tenantSelection", json!("HEADER"), &["unknown variant `HEADER`", "CLAIM", "MEMBERSHIP"]),
        ("machineClients", json!("ALLOW"), &["unknown variant `ALLOW`", "REFUSE", "REGISTERED"]),
        ("actor", json!("AZP"), &["unknown variant `AZP`", "ACT", "CLIENT"]),
        ("algorithms", json!(["ES256", "ES512"]), &["issuers[0]: algorithms", "\"ES512\"", "RS256"]),
    ] {
        check(&changed("/issuers/0", name, value), words);
    }
    let mut none = base();
    none.pointer_mut("/issuers/0").unwrap().as_object_mut().unwrap().remove("algorithms");
    check(&none, &["issuers[0]: algorithms: not given", "RS256"]);
}

#[test]
fn a_claim_that_is_no_name_is_told_what_a_name_is() {
    let nine: Vec<String> = (0..9).map(|number| number.to_string()).collect();
    for claim in ["tenant", "user", "roles", "scopes", "clientId"] {
        for name in [
            json!(""),
            json!([]),
            json!([""]),
            json!(["a", ""]),
            json!(["a", 1]),
            json!(7),
            json!(true),
            json!({"a": "b"}),
            json!(nine),
        ] {
            check(
                &changed("/issuers/0", "claims", json!({claim: name})),
                &["custom:tenant_id", "realm_access", "1 to 8 names", "line"],
            );
        }
    }
}

#[test]
fn keys_that_cannot_be_found_are_told_where_they_could_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, "{}").unwrap();
    let long = json!({"keys": [], "x": "x".repeat(256 * 1024)});
    for (keys, words) in [
        (json!({"jwks": {"keys": []}, "discovery": "ISSUER"}), &["issuers[0]: keys", "exactly one"][..]),
        (json!({"url": "https://a.example", "file": "/x"}), &["issuers[0]: keys", "exactly one"]),
        (json!({"hosts": ["a.example"]}), &["issuers[0]: keys.hosts", "discovery only"]),
        (json!({"url": "https://a.example", "hosts": ["a.example"]}), &["issuers[0]: keys.hosts", "discovery only"]),
        (json!({"jwks": long}), &["issuers[0]: keys.jwks", "256 KiB"]),
        (json!({"jwks": {"keys": vec![json!({}); 101]}}), &["issuers[0]: keys.jwks", "100 keys"]),
        (json!({"file": file}), &["issuers[0]: keys.file", "keys.json", "{\"keys\": [..]}"]),
        (json!({"discovery": "http://issuer.example"}), &["issuers[0]: keys.discovery", "https://"]),
        (json!({"discovery": "issuer"}), &["issuers[0]: keys.discovery", "\"issuer\"", "https://"]),
        (json!({"discovery": ""}), &["issuers[0]: keys.discovery", "https://"]),
    ] {
        check(&changed("/issuers/0", "keys", keys), words);
    }
    let mut twice = base().to_string();
    twice = twice.replacen("\"keys\":[", "\"keys\":[],\"keys\":[", 1);
    assert!(Settings::parse(&twice, aws()).unwrap_err().to_string().contains("stands twice"));
    for host in [
        "",
        "https://b.example",
        "b.example:443",
        "b.example/keys",
        "user@b.example",
        "b example",
        "*.b example",
        "b.example?",
    ] {
        let keys = json!({"discovery": "https://a.example", "hosts": ["c.example", host]});
        check(
            &changed("/issuers/0", "keys", keys),
            &["issuers[0]: keys.discovery: hosts", "without scheme, port and path"],
        );
    }
}

#[test]
fn an_issuer_that_is_no_address_needs_its_keys_named() {
    for keys in [None, Some(json!({"discovery": "ISSUER"}))] {
        let mut settings = changed("/issuers/0", "issuer", json!("plant"));
        settings["issuers"][0]["preset"] = json!("generic-oidc");
        let words: &[&str] = if keys.is_none() {
            &["keys: not given, and not to be discovered", "https://"]
        } else {
            &["keys.discovery", "https://"]
        };
        match keys {
            None => drop(settings["issuers"][0].as_object_mut().unwrap().remove("keys")),
            Some(keys) => settings["issuers"][0]["keys"] = keys,
        }
        check(&settings, words);
    }
    let plain = changed("/issuers/0", "issuer", json!("http://issuer.example"));
    let mut plain = plain;
    plain["issuers"][0]["keys"] = json!({"discovery": "ISSUER"});
    check(&plain, &["issuers[0]: keys.discovery", "http://issuer.example", "https://"]);
}

#[test]
fn principals_that_are_wrong_are_named_with_their_place() {
    check(&changed("", "iam", json!({"principals": []})), &["iam.principals: empty", "leave `iam` out"]);
    check(&changed("", "iam", json!({})), &["missing field `principals`"]);
    check(&changed("", "iam", json!({"principals": [], "roles": []})), &["unknown field `roles`", "principals"]);
    check(&changed("", "iam", json!({"principals": [{"arn": ARN}]})), &["missing field `client`"]);
    check(&changed("", "iam", json!({"principals": [{"client": "desk"}]})), &["missing field `arn`"]);
    let many: Vec<&str> = vec![ARN; 1_001];
    check(&changed("", "iam", iam(&many)), &["iam.principals: more than 1000"]);
    assert_eq!(problem(&changed("", "iam", iam(&many[1..]))), None);
    for (arn, words) in [
        ("", &["is no ARN of a principal", "assumed-role/<role>/<session>"][..]),
        ("*", &["\"*\"", "is no ARN of a principal"]),
        ("arn:aws:iam::*:role/desk", &["is no ARN of a principal", "`*` in the resource only"]),
        ("arn:aws:s3:::bucket", &["is no ARN of a principal"]),
        ("arn:aws:iam::123456789012:role/", &["is no ARN of a principal"]),
        ("arn:aws:iam::123456789012:*/desk", &["has a `*` where the kind of principal stands"]),
        ("arn:aws:iam::123456789012:root", &["would match principals of any name"]),
        ("arn:aws:iam::123456789012:role/*", &["would match principals of any name", "name the role or user"]),
        ("arn:aws:sts::123456789012:assumed-role/*/desk", &["would match principals of any name"]),
        ("arn:aws:sts::123456789012:federated-user/desk", &["would match principals of any name"]),
    ] {
        let settings = changed("", "iam", iam(&[ARN, arn]));
        check(&settings, words);
        check(&settings, &["iam.principals[1].arn", &format!("{arn:?}")]);
    }
    for client in ["", " ", "a b", "a,b", "a;b", "a\"b", "a\\b", "\u{e9}", "a\n", &"x".repeat(250)] {
        let settings = changed("", "iam", json!({"principals": [{"arn": ARN, "client": client}]}));
        check(&settings, &["iam.principals[0].client", "1 to 249 printable ASCII characters"]);
    }
}

#[test]
fn the_header_that_chooses_a_tenant_is_none_that_says_who_is_calling() {
    for name in ["x-tenant-id", "X_Tenant_Id", "x-user-id"] {
        check(&changed("", "headers", json!({"tenantSelector": name})), &["headers.tenantSelector", "its own"]);
    }
    check(&changed("", "headers", json!({"tenant": "x-tenant-selector"})), &["headers.tenantSelector", "its own"]);
    for name in ["", "authorization", "host", "x tenant", "mcp-session-id", &"x".repeat(101)] {
        check(&changed("", "headers", json!({"tenantSelector": name})), &["headers.tenantSelector", "a-z"]);
    }
}

#[test]
fn other_words_for_agents_are_named() {
    for word in ["", "registered", "ANY"] {
        check(&changed("/registry", "agents", json!(word)), &["unknown variant", "TOKEN", "REGISTERED", "line"]);
    }
}

#[test]
fn a_preset_whose_tokens_name_an_api_needs_its_audience() {
    for preset in ["entra", "okta", "auth0", "keycloak", "generic-oidc"] {
        let mut settings = changed("/issuers/0", "preset", json!(preset));
        assert_eq!(problem(&settings), None, "{preset}");
        settings["issuers"][0]["audiences"] = json!([]);
        settings["issuers"][0]["clientIds"] = json!(["app"]);
        check(&settings, &["issuers[0]: audiences: empty", "the API that they are for"]);
    }
    let mut settings = changed("/issuers/0", "preset", json!("cognito"));
    settings["issuers"][0]["audiences"] = json!([]);
    settings["issuers"][0]["clientIds"] = json!(["app"]);
    assert_eq!(problem(&settings), None);
}

#[test]
fn an_address_with_a_password_or_without_a_real_port_is_refused_and_the_password_not_shown() {
    for url in ["https://user:canary@id.example/jwks", "https://canary@id.example", "http://canary@127.0.0.1:1/"] {
        let error = problem(&changed("/issuers/0", "keys", json!({"url": url}))).unwrap();
        assert!(error.contains("an address with a user in it") && !error.contains("canary"), "{error}");
    }
    for url in ["https://id.example:83616/jwks", "https://id.example:/jwks", "http://127.0.0.1:x/"] {
        check(&changed("/issuers/0", "keys", json!({"url": url})), &["issuers[0]: keys.url"]);
    }
    for url in ["https://id.example/users/@me", "http://[::1]:8080/jwks", "http://[::1]/jwks"] {
        assert_eq!(problem(&changed("/issuers/0", "keys", json!({"url": url}))), None, "{url}");
    }
}

#[test]
fn the_trace_is_no_header_for_an_identity_and_no_name_stands_twice() {
    for member in ["tenant", "user", "tenantSelector"] {
        check(&changed("", "headers", json!({member: "TraceParent"})), &[&format!("headers.{member}")]);
    }
    let settings = base().to_string();
    for (part, words) in [
        ("\"hashKeys\":{\"a\":{\"file\":\"x\"},\"a\":{\"file\":\"y\"}}", "\"a\" stands twice"),
        (
            "\"tenantContext\":{\"issuer\":\"i\",\"keys\":[],\"targets\":{\"orders\":{},\"orders\":{\"argument\":\"x\"}}}",
            "\"orders\" stands twice",
        ),
    ] {
        let document = settings.replacen('{', &format!("{{{part},"), 1);
        let error = Settings::parse(&document, aws()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

fn iam(arns: &[&str]) -> Value {
    let principals: Vec<Value> = arns.iter().map(|arn| json!({"arn": arn, "client": "desk"})).collect();
    json!({"principals": principals})
}

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/desk/*";
