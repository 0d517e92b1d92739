//! What a gateway's own description shows.

use std::collections::BTreeSet;

use ::interceptors::settings::{IssuerSettings, KeySettings, Settings};
use policy_model::json::{Kind, Value};

use super::code::{self, Severity};
use super::examination::Examination;
use crate::excerpt::visible;
use crate::function_arn::FunctionArn;
use crate::gateway_update::request::INTERCEPTORS;
use crate::gateway_update::{interceptors, status, warnings};

/// Whether answers are redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redaction {
    /// Some policy that was read does.
    Some,
    /// All policies were read, and none does.
    None,
    /// Not all were read.
    Unknown,
}

/// What of a gateway is wrong, whatever stands behind it.
pub(super) fn examine(gateway: Value<'_>, settings: Option<&Settings>, redaction: Redaction, out: &mut Examination) {
    let place = place(gateway);
    out.look_at(place.clone());
    let status = status(gateway);
    if status != "READY" {
        out.find(&code::GATEWAY_NOT_READY, place.as_str(), format!("it is {:?}", visible(&status)));
    }
    for warning in warnings::of_gateway(gateway) {
        let Some(code) = code::named(warning.code) else { continue };
        let severity = severity(code, settings, redaction);
        out.find_as(severity, code, place.as_str(), warning.what);
    }
    authorizer(gateway, settings, &place, out);
    points(gateway, &place, out);
    protocol(gateway, out);
    if let Some(level) = said(gateway, "exceptionLevel").filter(|level| !level.is_str("DEBUG")) {
        let why = format!("exceptionLevel is {}, which is not known", visible(level.text()));
        out.leave("whether callers are shown internal errors", why, "leave exceptionLevel out");
    }
    role(gateway, out);
}

/// What of the protocol's configuration is not as it is known. What is wrong with one that is known is found elsewhere.
fn protocol(gateway: Value<'_>, out: &mut Examination) {
    let configuration = said(gateway, "protocolConfiguration");
    let mcp = configuration.and_then(|configuration| said(configuration, "mcp"));
    let streaming = mcp.and_then(|mcp| said(mcp, "streamingConfiguration"));
    let switch = streaming.and_then(|streaming| said(streaming, "enableResponseStreaming"));
    let versions = mcp.and_then(|mcp| said(mcp, "supportedVersions"));
    let is_odd = [configuration, mcp, streaming].into_iter().flatten().any(|value| value.kind() != Kind::Object);
    if is_odd || switch.is_some_and(|switch| switch.kind() != Kind::Bool) {
        out.leave(
            "whether answers are streamed",
            "protocolConfiguration.mcp.streamingConfiguration is not as it is known",
            "set enableResponseStreaming there to false",
        );
    }
    let is_list = |versions: Value<'_>| {
        versions.kind() == Kind::Array
            && !versions.is_empty()
            && versions.elements().all(|version| version.kind() == Kind::String)
    };
    let why = match versions {
        Some(versions) if is_list(versions) => return,
        Some(_) => "supportedVersions is no list of versions",
        // A gateway of another kind says neither.
        None if said(gateway, "protocolType").is_none() && !is_odd => return,
        None => "it names none, so that AWS chooses",
    };
    out.leave(
        "which versions of MCP the gateway supports",
        why,
        "set protocolConfiguration.mcp.supportedVersions, without 2025-03-26",
    );
}

/// A member that is there and not null.
fn said<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    object.get(name).filter(|value| value.kind() != Kind::Null)
}

/// A gateway with all its names.
pub(super) fn place(gateway: Value<'_>) -> String {
    let text = |name: &str| gateway.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("gatewayId").or_else(|| text("gatewayArn")).or_else(|| text("name")).unwrap_or_default();
    format!("gateway {name}")
}

/// The functions that it calls, at REQUEST and at RESPONSE.
pub(super) fn functions(gateway: Value<'_>) -> [Option<String>; 2] {
    ["REQUEST", "RESPONSE"]
        .map(|point| interceptors::at_point(gateway.get(INTERCEPTORS), point).map(interceptors::name))
}

/// Two of them depend on what else is known.
fn severity(code: &code::Code, settings: Option<&Settings>, redaction: Redaction) -> Severity {
    match (code.word, redaction) {
        ("AUTHORIZER_NONE", _) if settings.is_some_and(|settings| !settings.issuers.is_empty()) => Severity::Warning,
        ("RESPONSE_STREAMING", Redaction::Some) => Severity::Error,
        ("RESPONSE_STREAMING", Redaction::None) => Severity::Note,
        (_, Redaction::Some | Redaction::None | Redaction::Unknown) => code.severity,
    }
}

fn authorizer(gateway: Value<'_>, settings: Option<&Settings>, place: &str, out: &mut Examination) {
    let kind = gateway.get("authorizerType").and_then(Value::as_str).unwrap_or_default();
    if kind == "CUSTOM_JWT" {
        let jwt = gateway.get("authorizerConfiguration").and_then(|all| all.get("customJWTAuthorizer"));
        return tokens(jwt, settings, place, out);
    }
    match (kind.as_ref(), settings) {
        // Found with what needs no settings.
        ("NONE", _) => {}
        ("AWS_IAM" | "AUTHENTICATE_ONLY", Some(settings)) if settings.iam.is_some() => {}
        ("AWS_IAM" | "AUTHENTICATE_ONLY", Some(_)) => {
            let what =
                format!("authorizerType is {kind}, and the settings know no AWS principals: everybody is refused");
            out.find(&code::AUTHORIZER_IAM_UNKNOWN, place, what);
        }
        ("AWS_IAM" | "AUTHENTICATE_ONLY", None) => {
            let why = format!("authorizerType is {kind}, and the settings that name AWS principals were not given");
            out.leave(WHO_MAY_CALL, why, "give --settings");
        }
        _ => {
            let kind = gateway.get("authorizerType").map_or("missing", |kind| kind.text());
            let why = format!("authorizerType is {}, which is not known", visible(kind));
            out.leave(WHO_MAY_CALL, why, "give the output of get-gateway, or set authorizerType to CUSTOM_JWT");
        }
    }
}

/// A token must pass the gateway's authorizer and the settings.
fn tokens(jwt: Option<Value<'_>>, settings: Option<&Settings>, place: &str, out: &mut Examination) {
    let list = |name: &str| -> BTreeSet<String> {
        let list = jwt.and_then(|jwt| jwt.get(name)).into_iter().flat_map(Value::elements);
        list.filter_map(|element| element.as_str().map(|text| text.into_owned())).collect()
    };
    let (audiences, clients) = (list("allowedAudience"), list("allowedClients"));
    let has_claims = jwt.and_then(|jwt| jwt.get("customClaims")).is_some_and(|claims| !claims.is_empty());
    if audiences.is_empty() && clients.is_empty() && list("allowedScopes").is_empty() && !has_claims {
        let what = "its authorizer admits tokens of the issuer that were made for any application";
        out.find(&code::AUTHORIZER_AUDIENCE_OPEN, place, what);
    }
    let Some(settings) = settings else { return };
    let address = jwt.and_then(|jwt| jwt.get("discoveryUrl")).and_then(Value::as_str).unwrap_or_default();
    let own = settings.issuers.iter().filter(|issuer| {
        let is_document = match &issuer.keys {
            KeySettings::Discovery { document, .. } => document == address.as_ref(),
            KeySettings::Url(_) | KeySettings::Given(_) => false,
        };
        is_document || below(&address) == Some(issuer.issuer.trim_end_matches('/'))
    });
    let own: Vec<_> = own.collect();
    if own.is_empty() {
        let what = format!("no issuer of the settings is that of its authorizer, {}", visible(&address));
        return out.find(&code::AUTHORIZER_ISSUER_DIFFERS, place, what);
    }
    let differs = |allowed: &BTreeSet<String>, accepted: fn(&IssuerSettings) -> &[String]| {
        !allowed.is_empty()
            && own.iter().all(|issuer| {
                let accepted = accepted(issuer);
                !accepted.is_empty() && !accepted.iter().any(|name| allowed.contains(name))
            })
    };
    if differs(&audiences, |issuer| &issuer.audiences) || differs(&clients, |issuer| &issuer.client_ids) {
        let what =
            "no audience or client that its authorizer admits is one that the settings accept: everybody is refused";
        out.find(&code::AUTHORIZER_AUDIENCE_DIFFERS, place, what);
    }
}

/// The issuer whose metadata has this address, if it has the usual one.
fn below(address: &str) -> Option<&str> {
    let issuer = address.strip_suffix("/.well-known/openid-configuration");
    issuer.or_else(|| address.strip_suffix("/.well-known/oauth-authorization-server"))
}

fn points(gateway: Value<'_>, place: &str, out: &mut Examination) {
    let list = gateway.get(INTERCEPTORS);
    let consequences = [
        ("REQUEST", &code::REQUEST_NOT_ATTACHED, "nothing is decided, and every call goes on"),
        ("RESPONSE", &code::RESPONSE_NOT_ATTACHED, "lists show everything, and nothing is redacted"),
    ];
    for (point, code, consequence) in consequences {
        let Some(entry) = interceptors::at_point(list, point) else {
            out.find(code, place, format!("no interceptor at {point}: {consequence}"));
            continue;
        };
        let place = format!("{place}, {point}");
        if !interceptors::passes_headers(entry) {
            let what = "the request's headers are not passed, so that nobody has an identity and everybody is refused";
            out.find(&code::HEADERS_NOT_PASSED, place.as_str(), what);
        }
        if interceptors::is_filtered(entry) {
            out.find(&code::BODY_FILTERED, place.as_str(), "a payloadFilter keeps bodies from the interceptor");
        }
        let Ok(function) = interceptors::name(entry).parse::<FunctionArn>() else {
            let what = format!("the interceptor is no function that can be looked at: {}", interceptors::name(entry));
            out.leave(place, what, "attach functions with `tenantgate gateway attach`");
            continue;
        };
        for warning in warnings::of_function(gateway, &function) {
            if let Some(code) = code::named(warning.code) {
                out.find(code, place.as_str(), warning.what);
            }
        }
    }
    if let [Some(request), Some(response)] = functions(gateway)
        && request == response
    {
        out.find(&code::FUNCTION_TWICE, place, format!("{} is called at both points", visible(&request)));
    }
}

/// IAM is not asked.
fn role(gateway: Value<'_>, out: &mut Examination) {
    let functions: Vec<String> = functions(gateway).into_iter().flatten().collect();
    let role = gateway.get("roleArn").and_then(Value::as_str).unwrap_or_default();
    if !functions.is_empty() {
        let statement =
            serde_json::json!({"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": functions});
        out.leave(
            format!("whether the gateway's role {} may invoke the functions", visible(&role)),
            "IAM is not asked",
            format!("aws iam simulate-principal-policy, or see that the role has {statement}"),
        );
    }
}

const WHO_MAY_CALL: &str = "who may call the gateway";
