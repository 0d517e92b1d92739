//! Settings of token exchange that cannot be used: each error names the place and what would be right, and no secret.

use interceptors::token_exchange::SigningKey;
use serde_json::{Value, json};

use crate::token_endpoint::{ACCESS_TOKEN, SECRET_VARIABLE, document, parse};
use crate::token_exchange_client::{es256, pem};

#[test]
fn settings_as_the_operator_writes_them_are_taken() {
    let secret = json!({"environment": SECRET_VARIABLE});
    for (place, name, value) in [
        ("", "endpoint", json!("http://127.0.0.1:1/token?tenant=a")),
        ("", "endpoint", json!("http://[::1]:1")),
        ("/client", "id", json!("a client: with/odd+ characters")),
        ("/client", "authentication", json!("CLIENT_SECRET_POST")),
        ("", "actor", json!({"clientCredentials": {}})),
        ("", "actor", json!({"clientCredentials": {"scopes": ["agents"], "audience": "https://idp.example"}})),
        ("", "actor", json!({"token": secret})),
        ("", "actor", json!({"token": secret, "tokenType": "urn:ietf:params:oauth:token-type:jwt"})),
        ("/targets", "a.b-C9", json!({"audience": "x"})),
        ("/targets", "a", json!({"resource": "urn:example:orders"})),
        (
            "/targets",
            "a",
            json!({"resource": "api://5f1c/orders", "audience": "a b", "requestedTokenType": ACCESS_TOKEN}),
        ),
        ("/targets", "a", json!({"audience": "x", "scopes": ["https://orders.example/read", "a!#[]~"]})),
    ] {
        assert_eq!(problem(&changed(place, name, value.clone())), None, "{value}");
    }
}

#[test]
fn a_value_that_is_wrong_is_named_with_its_place_and_what_would_be_right() {
    let secret = json!({"environment": SECRET_VARIABLE});
    let orders = "/targets/orders";
    let long = "x".repeat(2_049);
    for (place, name, value, words) in [
        ("", "endpoint", json!("http://idp.example/token"), ["tokenExchange.endpoint", "https://"]),
        ("", "endpoint", json!("idp.example/token"), ["tokenExchange.endpoint", "https://"]),
        ("", "endpoint", json!("https://idp.example/token#a"), ["tokenExchange.endpoint", "without user and fragment"]),
        ("", "endpoint", json!("https://me@idp.example/"), ["tokenExchange.endpoint", "without user and fragment"]),
        ("", "endpoint", json!(format!("https://a.example/{long}")), ["tokenExchange.endpoint", "at most 2048"]),
        ("/client", "id", json!(""), ["tokenExchange.client.id", "printable"]),
        ("/client", "id", json!("é"), ["tokenExchange.client.id", "printable"]),
        ("/client", "id", json!("x".repeat(257)), ["tokenExchange.client.id", "256"]),
        ("/client", "secret", json!({}), ["tokenExchange.client.secret", "exactly one of file and environment"]),
        ("/client", "secret", json!({"file": "/no/such"}), ["tokenExchange.client.secret.file", "/no/such"]),
        ("/client", "secret", json!({"environment": "NO_SUCH"}), ["client.secret.environment", "NO_SUCH"]),
        ("/client", "secret", Value::Null, ["tokenExchange.client", "takes secret"]),
        ("/client", "privateKey", secret.clone(), ["tokenExchange.client", "neither privateKey nor keyId"]),
        ("/client", "keyId", json!("k"), ["tokenExchange.client", "neither privateKey nor keyId"]),
        ("/client", "authentication", json!("PRIVATE_KEY_JWT"), ["tokenExchange.client", "takes privateKey"]),
        ("/client", "authentication", json!("NONE"), ["unknown variant `NONE`", "CLIENT_SECRET_BASIC"]),
        ("", "actor", json!({}), ["tokenExchange.actor", "clientCredentials alone"]),
        ("", "actor", json!({"clientCredentials": {}, "token": secret}), ["tokenExchange.actor", "alone"]),
        ("", "actor", json!({"clientCredentials": {}, "tokenType": ACCESS_TOKEN}), ["tokenExchange.actor", "alone"]),
        ("", "actor", json!({"token": {}}), ["tokenExchange.actor.token", "exactly one"]),
        ("", "actor", json!({"token": secret, "tokenType": "jwt"}), ["unknown variant `jwt`", ACCESS_TOKEN]),
        (
            "",
            "actor",
            json!({"clientCredentials": {"scopes": ["a b"]}}),
            ["clientCredentials.scopes[0]", "without space"],
        ),
        ("", "actor", json!({"clientCredentials": {"audience": ""}}), ["clientCredentials.audience", "printable"]),
        ("", "targets", json!({}), ["tokenExchange.targets", "at least one"]),
        ("/targets", "a_b", json!({"audience": "x"}), ["targets[\"a_b\"]", "A-Z a-z 0-9 . -"]),
        ("/targets", "", json!({"audience": "x"}), ["targets[\"\"]", "A-Z a-z 0-9 . -"]),
        ("/targets", "*", json!({"audience": "x"}), ["targets[\"*\"]", "A-Z a-z 0-9 . -"]),
        ("/targets", "orders", json!({"scopes": ["a"]}), ["targets[\"orders\"]", "neither audience nor resource"]),
        (orders, "audience", json!(""), ["targets[\"orders\"].audience", "printable"]),
        (orders, "audience", json!("a\nb"), ["targets[\"orders\"].audience", "printable"]),
        (orders, "audience", json!(long), ["targets[\"orders\"].audience", "2048"]),
        (orders, "resource", json!(""), ["targets[\"orders\"].resource", "absolute URI"]),
        (orders, "resource", json!("/mcp"), ["targets[\"orders\"].resource", "absolute URI"]),
        (orders, "resource", json!("https://a.example/#x"), ["targets[\"orders\"].resource", "fragment"]),
        (orders, "resource", json!("https://me:pw@a.example/"), ["targets[\"orders\"].resource", "without user"]),
        (orders, "resource", json!("https://a b"), ["targets[\"orders\"].resource", "absolute URI"]),
        (orders, "scopes", json!([]), ["targets[\"orders\"].scopes", "leave it out"]),
        (orders, "scopes", json!([""]), ["targets[\"orders\"].scopes[0]", "without space"]),
        (orders, "scopes", json!(["a", "b c"]), ["targets[\"orders\"].scopes[1]", "without space"]),
        (orders, "scopes", json!(["a\""]), ["targets[\"orders\"].scopes[0]", "without space"]),
        (orders, "scopes", json!(["a", "b", "a"]), ["targets[\"orders\"].scopes[2]", "twice"]),
        (orders, "scopes", json!(vec!["a"; 101]), ["targets[\"orders\"].scopes", "more than 100"]),
        (orders, "requestedTokenType", json!("urn:x"), ["unknown variant `urn:x`", ACCESS_TOKEN]),
    ] {
        let error = problem(&changed(place, name, value.clone())).unwrap_or_else(|| panic!("taken: {place} {value}"));
        for word in words {
            assert!(error.contains(word), "{error:?} lacks {word:?}");
        }
        assert!(!error.contains("pw"), "{error}");
    }
}

#[test]
fn a_field_that_is_unknown_or_missing_is_named() {
    let secret = json!({"environment": SECRET_VARIABLE});
    for place in ["", "/client", "/client/secret", "/targets/orders", "/actor", "/actor/clientCredentials"] {
        let mut settings = changed("", "actor", json!({"clientCredentials": {}}));
        settings.pointer_mut(place).unwrap()["tennant"] = secret.clone();
        assert!(problem(&settings).unwrap().contains("unknown field `tennant`"), "{place}");
    }
    for (place, name) in [("", "endpoint"), ("", "client"), ("", "targets"), ("/client", "id")] {
        let mut settings = changed("", "actor", Value::Null);
        settings.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
        assert!(problem(&settings).unwrap().contains(&format!("missing field `{name}`")), "{name}");
    }
}

#[test]
fn a_target_that_stands_twice_is_named() {
    let whole = crate::stage::settings("http://127.0.0.1:1", &crate::signer::Signer::new("k"));
    let mut settings = whole;
    settings["tokenExchange"] = document("https://idp.example/token");
    let once = settings.to_string();
    let twice = once.replacen("\"targets\":{", "\"targets\":{\"orders\":{\"audience\":\"x\"},", 1);
    assert_ne!(once, twice);
    let parse = |text: &str| interceptors::settings::Settings::parse(text, crate::stage::aws());
    assert!(parse(&once).is_ok());
    let error = parse(&twice).unwrap_err().to_string();
    assert!(error.contains("\"orders\" stands twice"), "{error}");
}

#[test]
fn a_secret_that_cannot_be_sent_is_refused_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let long = "canary".repeat(1_000);
    let with_secret = |change: &dyn Fn(&mut Value)| {
        let mut settings = document("https://idp.example/token");
        change(&mut settings);
        problem(&settings)
    };
    for (content, is_taken) in [
        ("canary", true),
        ("canary\n", true),
        ("canary\r\n", true),
        (" canary %+& ", true),
        ("", false),
        ("\n", false),
        ("canary\n\n", false),
        ("canary\u{e9}", false),
        ("canary\0", false),
        (&long, false),
    ] {
        std::fs::write(&path, content).unwrap();
        let error = with_secret(&|settings| settings["client"]["secret"] = json!({"file": path}));
        assert_eq!(error.is_none(), is_taken, "{content:?}");
        if let Some(error) = error {
            assert!(error.contains("client.secret.file: not 1 to 4096") && !error.contains("canary"), "{error}");
        }
    }
    for (content, is_taken) in [("a.b-c_d~e+f/g==\n", true), ("canary token", false), ("canary,", false)] {
        std::fs::write(&path, content).unwrap();
        let error = with_secret(&|settings| settings["actor"] = json!({"token": {"file": path}}));
        assert_eq!(error.is_none(), is_taken, "{content:?}");
        assert!(!error.unwrap_or_default().contains("canary"));
    }
}

#[test]
fn only_a_private_key_of_a_known_kind_is_taken() {
    let (key, _, _) = es256();
    let good = pem(&key);
    assert_eq!(SigningKey::parse(good.as_bytes()).unwrap().algorithm(), "ES256");
    assert_eq!(format!("{:?}", SigningKey::parse(good.as_bytes()).unwrap()), "SigningKey(\"ES256\")");
    let other = |label: &str| good.replace("PRIVATE KEY", label);
    let long = format!("{good}{}", "\n".repeat(16 * 1024));
    for wrong in [
        "",
        "canary",
        &pem(b"canary"),
        &pem(&key[..key.len() - 1]),
        &other("EC PRIVATE KEY"),
        &other("ENCRYPTED PRIVATE KEY"),
        &other("PUBLIC KEY"),
        &long,
    ] {
        assert!(SigningKey::parse(wrong.as_bytes()).is_err(), "{wrong}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let mut settings = document("https://idp.example/token");
    settings["client"] = json!({"id": "tenantgate", "authentication": "PRIVATE_KEY_JWT", "privateKey": {"file": path}});
    std::fs::write(&path, "canary").unwrap();
    let error = problem(&settings).unwrap();
    assert!(error.contains("client.privateKey.file: expected one PKCS#8 key in PEM"), "{error}");
    std::fs::write(&path, good).unwrap();
    assert_eq!(problem(&settings), None);
    settings["client"]["keyId"] = json!("");
    assert!(problem(&settings).unwrap().contains("client.keyId"));
}

fn changed(place: &str, name: &str, value: Value) -> Value {
    let mut settings = document("https://idp.example/token");
    settings.pointer_mut(place).unwrap()[name] = value;
    settings
}

fn problem(settings: &Value) -> Option<String> {
    parse(settings).err()
}
