//! The redactions that are tried: what they say, who is exempt, and the keys for hashes.

use policy_model::json::{self, Document, Value};
use policy_model::policy::DOCUMENT_BYTES_MAX;
use policy_model::redaction::{HASH_SECRET_BYTES_MIN, HashKey, HashKeys, Numbered};
use policy_model::{Layer, Layers, Policy, TenantId};

use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input;
use crate::unseen::escaped;

/// The policies that a caller is under.
pub(crate) struct Policies {
    baseline: Option<Written>,
    tenants: Written,
    pub(crate) tenant: TenantId,
}

/// A policy and its text.
struct Written {
    policy: Policy,
    document: Document<'static>,
}

/// A redaction as its author knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) policy: String,
    pub(crate) number: usize,
    /// With what it takes beside it.
    pub(crate) action: String,
    /// The path or the detectors.
    pub(crate) what: String,
    pub(crate) is_path: bool,
}

impl Said {
    /// Where it is.
    pub(crate) fn place(&self) -> String {
        format!("{} redactions[{}]", self.policy, self.number)
    }
}

impl Policies {
    pub(crate) fn read(policy: &str, baseline: Option<&str>) -> Result<Policies, Failure> {
        let tenants = Written::read(policy)?;
        let Some(tenant) = tenants.policy.tenant().cloned() else {
            return Err(Failure::input(format!(
                "{} is the baseline (its tenantId is \"*\"); give it with --baseline, beside the policy of a tenant",
                input::name(policy)
            )));
        };
        let baseline = baseline.map(|file| Written::read(file).map(|written| (file, written))).transpose()?;
        if let Some((file, written)) = &baseline
            && written.policy.tenant().is_some()
        {
            let name = input::name(file);
            return Err(Failure::input(format!("{name} is no baseline: its tenantId is not \"*\"")));
        }
        let policies = Policies { baseline: baseline.map(|(_, written)| written), tenants, tenant };
        if policies.written().all(Written::only_logs) {
            return Err(Failure::input(format!(
                "{} is in LOG_ONLY, in which nothing is redacted; to try its redactions leave its \"mode\" out",
                policies.tenants.policy.id()
            )));
        }
        Ok(policies)
    }

    pub(crate) fn layers(&self) -> Layers<'_> {
        Layers {
            kills: None,
            baseline: self.baseline.as_ref().map(|written| &written.policy),
            policy: &self.tenants.policy,
        }
    }

    /// The ids of the policies that redact nothing since they only log.
    pub(crate) fn that_only_log(&self) -> Vec<&str> {
        self.written().filter(|written| written.only_logs()).map(|written| written.policy.id().as_str()).collect()
    }

    /// What a redaction says.
    pub(crate) fn said(&self, one: Numbered) -> Said {
        let written = match one.layer {
            Layer::Baseline => self.baseline.as_ref().unwrap_or(&self.tenants),
            Layer::Tenant => &self.tenants,
        };
        let redactions = written.document.root().get("redactions");
        let own = redactions.and_then(|list| list.elements().nth(one.number));
        let get = |name: &str| own.and_then(|own| own.get(name));
        let text = |value: Value<'_>| value.as_str().unwrap_or_default().into_owned();
        let with = PARAMETERS.iter().filter_map(|name| get(name).map(|value| format!(" {name} {}", value.text())));
        let path = get("path").map(|path| format!("{}{}", text(path), if ignores_case(own) { CASE } else { "" }));
        let detectors = get("detect").into_iter().flat_map(Value::elements).map(text).collect::<Vec<_>>().join(", ");
        Said {
            policy: written.policy.id().as_str().to_owned(),
            number: one.number,
            action: escaped(&format!("{}{}", get("action").map(text).unwrap_or_default(), with.collect::<String>())),
            is_path: path.is_some(),
            what: escaped(&path.unwrap_or(detectors)),
        }
    }

    /// How many redactions there are.
    pub(crate) fn count(&self) -> usize {
        let lists = self.written().filter_map(|written| written.document.root().get("redactions"));
        lists.map(Value::len).sum()
    }

    /// What HASH makes its hashes of.
    pub(crate) fn keys(&self, secret_file: Option<&str>) -> Result<HashKeys, Failure> {
        let Some(file) = secret_file else { return Ok(HashKeys::default()) };
        let secret = input::read(file, SECRET_BYTES_MAX, "secret")?;
        // The line break that an editor or `echo` puts at the end is none of it.
        let secret = secret.strip_suffix(b"\n").unwrap_or(&secret);
        let wrong = |what: String| Failure::input(format!("--hash-secret-file {}: {what}", visible(input::name(file))));
        if secret.len() > SECRET_BYTES_MAX {
            return Err(wrong(format!("more than {SECRET_BYTES_MAX} bytes; is it another file?")));
        }
        let Some(key) = HashKey::of_tenant(secret, &self.tenant) else {
            let length = secret.len();
            return Err(wrong(format!("{length} bytes; a secret has {HASH_SECRET_BYTES_MIN} or more")));
        };
        Ok(HashKeys { baseline: Some(key.clone()), tenant: Some(key) })
    }

    fn written(&self) -> impl Iterator<Item = &Written> {
        self.baseline.iter().chain([&self.tenants])
    }
}

impl Written {
    fn read(file: &str) -> Result<Written, Failure> {
        let text = input::read(file, DOCUMENT_BYTES_MAX, "policy")?;
        let name = input::name(file);
        let policy = Policy::parse(&text).map_err(|error| {
            Failure::input(visible(&format!("{name} is no policy: {error}; `tenantgate policy lint` shows where")))
        })?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let document = json::parse_owned(text).map_err(|error| Failure::input(format!("{name}: {error}")))?;
        Ok(Written { policy, document })
    }

    fn only_logs(&self) -> bool {
        self.document.root().get("mode").is_some_and(|mode| mode.is_str("LOG_ONLY"))
    }
}

fn ignores_case(redaction: Option<Value<'_>>) -> bool {
    let value = redaction.and_then(|redaction| redaction.get("caseInsensitiveKeys"));
    value.is_some_and(|value| value.text() == "true")
}

const CASE: &str = " (names in any case)";

/// What an action takes beside it.
const PARAMETERS: &[&str] = &["keepFirst", "keepLast", "length", "with", "preserveType"];

const SECRET_BYTES_MAX: usize = 1 << 16;
