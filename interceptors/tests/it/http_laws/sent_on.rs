//! What goes on is what was sent, with our headers over the caller's, and with nothing of ours but where it belongs.

use std::cell::Cell;
use std::collections::BTreeMap;

use interceptors::event::Point;
use proptest::prelude::{Strategy, any, prop};
use proptest::prop_oneof;
use proptest::sample::select;
use serde_json::{Value, json};

use super::events::body_text;
use super::samples::{self, Sample};
use super::stage::{BOUND, Caller, HttpStage, NARROW, REWRITTEN};
use crate::context_stage::{CONTEXT_ISSUER, Keys, p256_pem, part};
use crate::headers_of_claims::{name_like, value};
use crate::mutation::runner;
use crate::received::{Received, decoded};
use crate::twins::has_twins;

#[test]
fn what_goes_on_is_what_was_sent_under_headers_of_ours() {
    let stage = HttpStage::start();
    let callers: Vec<Caller> = stage.callers().iter().filter(|caller| caller.tenant != NARROW).cloned().collect();
    let rewritten = Cell::new(0);
    runner(1_500)
        .run(&(select(callers), select(samples::all()), headers()), |(caller, sample, headers)| {
            let event = with_headers(sample.asked.event(&caller.token), &headers);
            let reply = stage.reply(Point::Request, event.to_string().as_bytes(), &stage.new_id());
            assert!(!has_twins(&reply), "{reply}");
            let Received::Forwarded { headers, body } = Received::read(&reply) else { panic!("{event}\n{reply}") };
            assert_eq!(headers, carried(&caller, &sample), "{event}");
            let is_call = sample.asked.body.as_deref().is_some_and(|body| contains(body, "\"tools/call\""));
            if caller.tenant == REWRITTEN && sample.protocol == "MCP" && is_call {
                let mut expected: Value = serde_json::from_slice(sample.asked.body.as_deref().unwrap()).unwrap();
                expected["params"]["arguments"]["region"] = json!("eu");
                assert_eq!(serde_json::from_slice::<Value>(&decoded(&body)).unwrap(), expected);
                rewritten.set(rewritten.get() + 1);
            } else {
                assert_eq!(body, body_text(&event), "{event}");
            }
            Ok(())
        })
        .unwrap();
    assert!(rewritten.get() > 5, "{}", rewritten.get());
}

#[test]
fn the_tenant_context_in_metadata_is_ours_and_all_else_is_what_was_sent() {
    let keys = Keys::new();
    let key = keys.add("one", &p256_pem());
    let stage = HttpStage::with(|settings| {
        settings["tenantContext"] = json!({"issuer": CONTEXT_ISSUER, "keys": [key], "header": CONTEXT,
                                           "targets": {"support": {"audience": "a", "metadata": MEMBER}}});
    });
    let is_message = |sample: &Sample| sample.asked.body.as_deref().is_some_and(|body| contains(body, "hello"));
    let messages: Vec<Sample> = samples::all().into_iter().filter(is_message).collect();
    assert_eq!(messages.len(), 4);
    let (sent, overwritten) = (Cell::new(0), Cell::new(0));
    let requests = (select(stage.callers().to_vec()), select(messages), metadata(), metadata(), any::<bool>());
    runner(1_500)
        .run(&requests, |(caller, mut sample, of_message, of_params, is_bare)| {
            let mut body: Value = serde_json::from_slice(sample.asked.body.as_deref().unwrap()).unwrap();
            if !is_bare {
                message_of(&mut body)["metadata"] = of_message;
                params_of(&mut body)["metadata"] = of_params;
            }
            let written = body.to_string();
            sample.asked.body = Some(written.clone().into_bytes());
            let event = sample.asked.event(&caller.token);
            let received = stage.send(Point::Request, &event, &stage.new_id());
            let Received::Forwarded { headers, body: goes_on } = received else {
                assert!(received.is_refused() && !is_bare, "{event}\n{received:?}");
                return Ok(());
            };
            let text = String::from_utf8(decoded(&goes_on)).unwrap();
            assert!(!has_twins(&text), "{text}");
            let mut arrived: Value = serde_json::from_str(&text).unwrap();
            let token = message_of(&mut arrived)["metadata"][MEMBER].as_str().unwrap().to_owned();
            assert_eq!(part(&token, 1)["tenant"], json!(caller.tenant), "{text}");
            assert_eq!(headers[CONTEXT], token);
            if !written.contains(MEMBER) {
                let own = format!("\"{MEMBER}\":\"{token}\"");
                let own = if is_bare { format!(",\"metadata\":{{{own}}}") } else { own };
                let without = text.replace(&format!(",{own}"), "").replace(&own, "");
                assert_eq!(without, written);
                sent.set(sent.get() + 1);
            } else {
                overwritten.set(overwritten.get() + 1);
            }
            for body in [&mut arrived, &mut body] {
                bare(params_of(body));
                bare(message_of(body));
            }
            assert_eq!(arrived, body, "{event}");
            Ok(())
        })
        .unwrap();
    assert!(sent.get() > 100 && overwritten.get() > 100, "{} {}", sent.get(), overwritten.get());
}

/// The headers of ours, each once.
fn carried(caller: &Caller, sample: &Sample) -> BTreeMap<String, String> {
    let begins = |path: &str| sample.asked.path.starts_with(path);
    let bound = BOUND.iter().filter(|bound| begins(bound.path)).max_by_key(|bound| bound.path.len()).unwrap();
    let all = [
        ("x-tenant-id", caller.tenant),
        ("x-user-id", caller.user),
        ("x-agent-name", bound.agent),
        ("x-app-id", bound.app),
        ("x-route-binding-id", bound.id),
    ];
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn with_headers(mut event: Value, headers: &Value) -> Value {
    let own = event["http"]["gatewayRequest"]["headers"].as_object_mut().unwrap();
    own.extend(headers.as_object().unwrap().clone());
    event
}

/// Headers of the caller's own, those that are ours above all, in any spelling.
fn headers() -> impl Strategy<Value = Value> {
    let name = prop_oneof![5 => select(OURS).prop_flat_map(name_like), 1 => "[a-z]{1,3}-[a-z]{1,8}"];
    prop::collection::btree_map(name, value(), 0..8).prop_map(|headers| json!(headers))
}

/// Metadata that a caller writes, also under our name and under what looks like it.
fn metadata() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        3 => select(&[MEMBER, MEMBER, "TenantContext", "tenant_context"][..]).prop_map(str::to_owned),
        6 => "[a-z]{1,6}",
    ];
    prop::collection::btree_map(name, value(), 0..4).prop_map(|members| json!(members))
}

/// Metadata without ours; without any where ours was all.
fn bare(holder: &mut Value) {
    let is_empty = holder.get_mut("metadata").and_then(Value::as_object_mut).is_some_and(|metadata| {
        metadata.remove(MEMBER);
        metadata.is_empty()
    });
    if is_empty {
        holder.as_object_mut().unwrap().remove("metadata");
    }
}

fn params_of(body: &mut Value) -> &mut Value {
    if body.get("params").is_some() { &mut body["params"] } else { body }
}

fn message_of(body: &mut Value) -> &mut Value {
    let params = params_of(body);
    let name = if params.get("request").is_some() { "request" } else { "message" };
    &mut params[name]
}

fn contains(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

const OURS: &[&str] = &[
    "x-tenant-id",
    "x-user-id",
    "x-agent-name",
    "x-app-id",
    "x-route-binding-id",
    "x-tenant-selector",
    "x-forwarded-user",
    "x-tenant",
    "cookie",
    "baggage",
];

const MEMBER: &str = "tenantContext";

const CONTEXT: &str = "X-Tenant-Context";
