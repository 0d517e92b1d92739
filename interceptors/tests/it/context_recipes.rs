//! The recipes for receivers: the very files that `docs/tenant-context.md` shows, run on tokens of ours and on forged ones.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interceptors::tenant_context::{ContextSigner, ContextSubject};
use serde_json::{Value, json};

#[path = "../../../recipes/verify-context/rust/verify_context.rs"]
#[expect(unreachable_pub, reason = "the file is a service's own")]
mod verify_context;

use crate::context_stage::{ALICE, CONTEXT_ISSUER, Keys, context, ed25519_pem, p256_pem, part, soon};
use crate::signer::{Signer, unix_now};
use verify_context::Refused;

const AUDIENCE: &str = "https://orders.example";

#[tokio::test]
async fn the_rust_recipe_takes_what_we_sign_and_nothing_else() {
    for case in cases().await {
        let keys = verify_context::Keys::parse(&case.key_set).unwrap();
        let outcome = keys.verify(&case.token, CONTEXT_ISSUER, AUDIENCE);
        match &case.claims {
            Some(claims) => {
                let context = outcome.unwrap();
                assert_eq!((context.tenant, context.sub), ("acme".to_owned(), "alice".to_owned()));
                assert_eq!(context.act.unwrap().act.unwrap().sub, "agent-2");
                assert_eq!(
                    (json!(context.scope), json!(context.txn)),
                    (claims["scope"].clone(), claims["txn"].clone())
                );
                assert_eq!(
                    (json!(context.aud), json!(context.sub_id.iss)),
                    (claims["aud"].clone(), json!(ALICE.issuer))
                );
            }
            None => assert!(outcome.is_err(), "{}", case.what),
        }
    }
}

#[tokio::test]
async fn the_rust_recipe_says_when_a_key_may_be_new() {
    let case = cases().await.remove(0);
    let keys = verify_context::Keys::parse(r#"{"keys":[]}"#).unwrap();
    assert_eq!(keys.verify(&case.token, CONTEXT_ISSUER, AUDIENCE).unwrap_err(), Refused::UnknownKey);
    let keys = verify_context::Keys::parse(&case.key_set).unwrap();
    assert_eq!(
        keys.verify(&Signer::new("one").token("alice", "acme"), CONTEXT_ISSUER, AUDIENCE).unwrap_err(),
        Refused::Type
    );
}

#[tokio::test]
async fn suite_the_python_recipe_takes_what_we_sign_and_nothing_else() {
    let python = std::env::var("TENANTGATE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_library = Command::new(&python).args(["-c", "import jwt, cryptography"]).stderr(Stdio::null()).status();
    if !has_library.is_ok_and(|status| status.success()) {
        println!(
            "SKIPPED: there is no python3 with PyJWT[crypto] for verify_context.py; TENANTGATE_PYTHON may name one"
        );
        return;
    }
    let cases = cases().await;
    let folder = tempfile::tempdir().unwrap();
    let key_set = folder.path().join("jwks.json");
    for is_taken in [true, false] {
        let case = cases.iter().find(|case| case.claims.is_some() == is_taken).unwrap();
        std::fs::write(&key_set, &case.key_set).unwrap();
        let arguments = [recipe().into_os_string(), key_set.clone().into(), CONTEXT_ISSUER.into(), AUDIENCE.into()];
        let ended = run(&python, &arguments, &case.token);
        assert_eq!((ended.0, ended.1.is_empty()), (i32::from(!is_taken), !is_taken), "{}: {}", case.what, ended.2);
    }
    let tokens: Vec<Value> =
        cases.iter().map(|case| json!([serde_json::from_str::<Value>(&case.key_set).unwrap(), case.token])).collect();
    let arguments =
        ["-c".into(), IN_ONE_PROCESS.into(), recipe().parent().unwrap().into(), CONTEXT_ISSUER.into(), AUDIENCE.into()];
    let (code, out, err) = run(&python, &arguments, &json!(tokens).to_string());
    assert_eq!(code, 0, "{err}");
    let read: Vec<Option<Value>> = serde_json::from_str(&out).unwrap();
    assert_eq!(read.len(), cases.len());
    for (case, read) in cases.iter().zip(read) {
        assert_eq!(read, case.claims, "{}", case.what);
    }
    println!("verify_context.py: {} tokens", cases.len());
}

/// The recipe as a module, since a process for each token takes half a second.
const IN_ONE_PROCESS: &str = "
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from verify_context import Keys, Refused
def read(jwks, token):
    try:
        return Keys(jwks).verify(token, sys.argv[2], sys.argv[3])
    except Refused:
        return None
print(json.dumps([read(*case) for case in json.load(sys.stdin)]))
";

struct Case {
    what: &'static str,
    key_set: String,
    token: String,
    /// What a receiver must read; nothing where it must refuse.
    claims: Option<Value>,
}

/// Ours first, then forged ones, each of which differs from a good one in one thing.
async fn cases() -> Vec<Case> {
    let keys = Keys::new();
    let now = unix_now();
    let actors = ["agent-1".to_owned(), "agent-2".to_owned()];
    let subject = ContextSubject { actors: &actors, ..ALICE };
    let mut cases = Vec::new();
    for (what, pem) in [("ES256", p256_pem()), ("EdDSA", ed25519_pem())] {
        let signer = ContextSigner::new(&context(&json!({"keys": [keys.add("one", &pem)]})));
        let key_set = signer.key_set(soon()).await.unwrap();
        let token = async |audience: &str, now: u64| {
            signer.token(&subject, audience, "decision-1", now, soon()).await.unwrap().to_string()
        };
        let good = token(AUDIENCE, now).await;
        let claims = Some(part(&good, 1));
        let mut refused = |what: &'static str, token: String| {
            cases.push(Case { what, key_set: key_set.clone(), token, claims: None });
        };
        refused("another audience", token("crm", now).await);
        refused("expired", token(AUDIENCE, now - 100).await);
        refused("not yet", token(AUDIENCE, now + 100).await);
        refused("empty", String::new());
        refused("two parts", good.rsplit_once('.').unwrap().0.to_owned());
        refused("no signature", format!("{}.", good.rsplit_once('.').unwrap().0));
        refused("too long", format!("{good}{}", "A".repeat(4_096)));
        let claims_of = |changes: &Value| {
            let mut claims = part(&good, 1);
            for (name, value) in changes.as_object().unwrap() {
                claims[name] = value.clone();
            }
            claims.to_string()
        };
        let unsigned = |header: Value, claims: &str| {
            let signature = good.rsplit('.').next().unwrap();
            format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims))
        };
        let header = part(&good, 0);
        refused("another tenant", unsigned(header.clone(), &claims_of(&json!({"tenant": "other"}))));
        for (what, name, value) in
            [("alg none", "alg", "none"), ("alg HS256", "alg", "HS256"), ("another typ", "typ", "JWT")]
        {
            let mut header = header.clone();
            header[name] = json!(value);
            refused(what, unsigned(header, &claims_of(&json!({}))));
        }
        cases.insert(0, Case { what, key_set, token: good, claims });
    }
    cases.extend(signed_cases(&cases.first().unwrap().token));
    cases
}

/// Signed with the right key: another kind of token, and claims that are not quite right.
fn signed_cases(good: &str) -> Vec<Case> {
    let signer = Signer::new("one");
    let changed = |what: &'static str, typ: &str, changes: Value| {
        let header = json!({"alg": "ES256", "kid": "one", "typ": typ});
        let mut claims = part(good, 1);
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let token = signer.sign_message(&format!("{}.{}", encode(&header), encode(&claims)));
        Case { what, key_set: signer.jwks().to_string(), token, claims: None }
    };
    let context = "tenant-context+jwt";
    let mut cases = vec![
        changed("an access token", "JWT", json!({})),
        changed("another issuer", context, json!({"iss": "https://evil.example"})),
        changed("no issuer", context, json!({"iss": null})),
        changed("a list of audiences", context, json!({"aud": [AUDIENCE, "crm"]})),
        changed("no audience", context, json!({"aud": null})),
        changed("no end", context, json!({"exp": null})),
        changed("no tenant", context, json!({"tenant": null})),
        changed("an empty tenant", context, json!({"tenant": ""})),
        changed("a list of tenants", context, json!({"tenant": ["acme"]})),
        changed("another user", context, json!({"sub": "bob"})),
        changed("no sub_id", context, json!({"sub_id": null})),
        changed("no scope", context, json!({"scope": null})),
        changed("no txn", context, json!({"txn": null})),
    ];
    let twin = changed("unchanged", context, json!({}));
    cases.push(Case { claims: Some(part(&twin.token, 1)), ..twin });
    cases
}

fn recipe() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../recipes/verify-context/python/verify_context.py")
}

fn run(python: &str, arguments: &[OsString], input: &str) -> (i32, String, String) {
    let mut child = Command::new(python)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
