//! The interceptor functions as Lambda describes them.

use std::collections::BTreeMap;
use std::time::Duration;

use interceptors::settings::{SETTINGS_FILE_VARIABLE, SETTINGS_VARIABLE, Settings};
use serde_json::Value;

use super::code;
use super::examination::Examination;
use super::settings::{self, Document, Source};
use crate::failure::Failure;
use crate::input;
use crate::route_check::targets;

/// What is known of functions.
#[derive(Debug, Default)]
pub(super) struct Functions {
    pub(super) described: Vec<Function>,
    /// What may call them: function and resource policy.
    pub(super) policies: Vec<(String, Value)>,
}

/// A function as `get-function-configuration` describes it.
#[derive(Debug)]
pub(super) struct Function {
    /// With the version or alias that was asked for, if one was.
    pub(super) arn: String,
    configuration: Value,
}

impl Functions {
    /// Reads files with the output of `get-function-configuration`, `get-function` and `get-policy`, one after another.
    pub(super) fn read(files: &[String]) -> Result<Functions, Failure> {
        let mut functions = Functions::default();
        for file in files {
            for document in targets::documents(file)? {
                functions.take(document).map_err(|what| Failure::input(format!("{}: {what}", input::name(file))))?;
            }
        }
        Ok(functions)
    }

    /// Takes one answer of Lambda.
    ///
    /// # Errors
    /// It is none of these.
    pub(super) fn take(&mut self, document: Value) -> Result<(), String> {
        if let Some(policy) = document.get("Policy").and_then(Value::as_str) {
            let policy: Value = serde_json::from_str(policy).map_err(|error| format!("Policy is not JSON: {error}"))?;
            let statements = policy.get("Statement").and_then(Value::as_array).into_iter().flatten();
            let resource = statements.filter_map(|statement| statement.get("Resource")?.as_str()).next();
            self.policies.push((resource.unwrap_or("function").to_owned(), policy));
            return Ok(());
        }
        let configuration = document.get("Configuration").cloned().unwrap_or(document);
        let arn = configuration.get("FunctionArn").and_then(Value::as_str).map(str::to_owned);
        let arn =
            arn.ok_or("expected the output of `aws lambda get-function-configuration` or `aws lambda get-policy`")?;
        self.described.push(Function { arn, configuration });
        Ok(())
    }
}

impl Function {
    fn text(&self, name: &str) -> &str {
        self.configuration.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn place(&self) -> String {
        format!("function {}", self.arn)
    }

    /// Its variables, unless Lambda could not decrypt them.
    pub(super) fn environment(&self) -> Option<BTreeMap<&str, &str>> {
        let environment = self.configuration.get("Environment");
        if environment.and_then(|environment| environment.get("Error")).is_some_and(|error| !error.is_null()) {
            return None;
        }
        let variables = environment.and_then(|environment| environment.get("Variables")?.as_object());
        Some(
            variables
                .into_iter()
                .flatten()
                .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
                .collect(),
        )
    }

    /// The settings in its variable, if there are some.
    pub(super) fn settings(&self) -> Option<&str> {
        self.environment()?.get(SETTINGS_VARIABLE).copied().filter(|text| !text.is_empty())
    }
}

/// What of a function is wrong. `settings` are those that it should have, where they are known.
pub(super) fn examine(
    function: &Function,
    settings: Option<&Settings>,
    document: Option<&Document>,
    out: &mut Examination,
) {
    let place = function.place();
    out.look_at(place.clone());
    let (state, update) = (function.text("State"), function.text("LastUpdateStatus"));
    if !matches!(state, "Active" | "") || !matches!(update, "Successful" | "") {
        out.find(
            &code::FUNCTION_NOT_ACTIVE,
            place.as_str(),
            format!("State is {state:?}, LastUpdateStatus is {update:?}"),
        );
    }
    if function.configuration.get("TenancyConfig").is_some_and(|tenancy| !tenancy.is_null()) {
        let what = "it has a TenancyConfig, and wants a tenant id with every call";
        out.find(&code::FUNCTION_TENANT_ISOLATION, place.as_str(), what);
    }
    let logging =
        |name: &str| function.configuration.get("LoggingConfig").and_then(|logging| logging.get(name)?.as_str());
    let level = logging("ApplicationLogLevel").unwrap_or("INFO");
    if logging("LogFormat") == Some("JSON") && !matches!(level, "TRACE" | "DEBUG" | "INFO") {
        out.find(&code::AUDIT_LINES_DROPPED, place.as_str(), format!("ApplicationLogLevel is {level}"));
    }
    timeout(function, settings, &place, out);
    environment(function, document, &place, out);
}

fn timeout(function: &Function, settings: Option<&Settings>, place: &str, out: &mut Examination) {
    let Some(seconds) = function.configuration.get("Timeout").and_then(Value::as_u64) else {
        return out.leave(
            format!("the timeout of {place}"),
            "it is not told",
            "give the output of get-function-configuration",
        );
    };
    let Some(settings) = settings else {
        return out.leave(
            format!("whether {seconds} s are enough for {place}"),
            "the settings are not known",
            "give --settings",
        );
    };
    let lookup = settings.registry.client.timeout;
    if Duration::from_secs(seconds) < lookup + MARGIN {
        let what = format!("it has {seconds} s, and a lookup may take registry.timeoutMs, {} ms", lookup.as_millis());
        out.find(&code::FUNCTION_TIMEOUT_SHORT, place, what);
    }
}

fn environment(function: &Function, document: Option<&Document>, place: &str, out: &mut Examination) {
    let Some(variables) = function.environment() else {
        return out.leave(
            format!("the variables of {place}"),
            "Lambda could not decrypt them",
            "use credentials that may use their KMS key",
        );
    };
    let is_set = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
    if is_set(SETTINGS_VARIABLE) == is_set(SETTINGS_FILE_VARIABLE) {
        let which = if is_set(SETTINGS_VARIABLE) { "both" } else { "neither" };
        let what =
            format!("{which} of {SETTINGS_VARIABLE} and {SETTINGS_FILE_VARIABLE} is set: every request is refused");
        out.find(&code::FUNCTION_WITHOUT_SETTINGS, place, what);
    }
    let own = function.settings().and_then(|text| settings::of_function(text, format!("settings of {place}"), out));
    if is_set(SETTINGS_FILE_VARIABLE) {
        out.leave(
            format!("the settings of {place}"),
            "they are in a file of its package",
            format!("give that file with --settings, or set {SETTINGS_VARIABLE} instead"),
        );
    }
    if let (Some(own), Some(document)) = (&own, document)
        && own.value != document.value
    {
        let what = format!("its settings are not those of {}", document.place);
        out.find(&code::FUNCTION_SETTINGS_DIFFER, place, what);
    }
    let Some(document) = own.as_ref().or(document) else { return };
    for reference in document.references() {
        match reference.source {
            Source::Environment(name) if !is_set(&name) => {
                let what = format!("{} wants the variable {name}, which is not set", reference.place);
                out.find(&code::SECRET_NOT_SET, place, what);
            }
            Source::Environment(_) => {}
            Source::Elsewhere(name) => out.leave(
                format!("the secret {name:?} of {}, for {place}", reference.place),
                "it is neither a variable nor in a description of the function",
                "invoke the function once: without it every request is refused with the reason code SETTINGS",
            ),
        }
    }
}

/// What a function needs beside a lookup, to refuse in time.
const MARGIN: Duration = Duration::from_secs(1);
