//! What every case of a replay needs: registry, callers, secrets, and the functions, started when first used.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use interceptors::settings::HeaderNames;

use crate::callers::Callers;
use crate::client_context;
use crate::failure::Failure;
use crate::fixture::{Case, EVENT_FILE, Point, REQUEST_FILE};
use crate::function::{self, Function};
use crate::json::Json;
use crate::keys::KeyRing;
use crate::placeholder;
use crate::registry_host::RegistryHost;
use crate::secrets::Secrets;
use crate::settings::{self, Substitution};

/// Everything around the cases.
pub(crate) struct Stage {
    root: PathBuf,
    binaries: Option<PathBuf>,
    registry: RegistryHost,
    ring: KeyRing,
    callers: Callers,
    secrets: Secrets,
    functions: HashMap<Role, Function>,
}

/// One function process of a replay: which interceptor, and with which settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Role {
    point: Point,
    settings: String,
}

impl Role {
    pub(crate) fn of(case: &Case) -> Self {
        Self { point: case.document.point, settings: case.document.settings.clone() }
    }

    /// Who gets the request that a case comes after.
    pub(crate) fn before(case: &Case) -> Option<Self> {
        let after = case.document.after.as_ref()?;
        let settings = after.settings.as_ref().unwrap_or(&case.document.settings);
        Some(Self { point: Point::Request, settings: settings.clone() })
    }
}

/// What a case sends.
pub(crate) struct Given {
    pub(crate) event: Bytes,
    /// The event of the REQUEST point that goes before it.
    pub(crate) request: Option<Bytes>,
    /// The same with both.
    pub(crate) client_context: Option<String>,
}

impl Stage {
    /// Reads the fixtures around the cases; the registry must be filled.
    pub(crate) fn new(root: &Path, binaries: Option<&Path>, registry: RegistryHost) -> Result<Self, Failure> {
        Ok(Self {
            root: root.to_owned(),
            binaries: binaries.map(Path::to_owned),
            registry,
            ring: KeyRing::generate()?,
            callers: Callers::read(&root.join("callers.json"))?,
            secrets: Secrets::read(&root.join("canaries.json"))?,
            functions: HashMap::new(),
        })
    }

    /// What a case sends, with its placeholders replaced.
    pub(crate) fn given(&mut self, case: &Case) -> Result<Given, Failure> {
        let event = self.event(&case.directory.join(EVENT_FILE))?;
        let request = match &case.document.after {
            Some(_) => Some(self.event(&case.directory.join(REQUEST_FILE))?),
            None => None,
        };
        let client_context = match &case.document.client_context {
            Some(written) => {
                let expanded =
                    client_context::expand(written, &client_context::unique()?, |name| self.placeholder(name));
                let wrong = |error: String| Failure::input(format!("{}: `clientContext`: {error}", case.name));
                Some(expanded.map_err(wrong)?)
            }
            None => None,
        };
        Ok(Given { event, request, client_context })
    }

    fn event(&mut self, path: &Path) -> Result<Bytes, Failure> {
        let wrong = |text: String| Failure::input(format!("{}: {text}", path.display()));
        let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        placeholder::expand(&text, |name| self.placeholder(name)).map(Bytes::from).map_err(wrong)
    }

    fn placeholder(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        placeholder::event_bytes(name, |caller| {
            let token = self.callers.token(caller, &self.ring)?;
            self.secrets.add_token(&token);
            Ok(token)
        })
    }

    /// The running function of a role.
    pub(crate) async fn function(&mut self, role: &Role) -> Result<&Function, Failure> {
        if !self.functions.contains_key(role) {
            let function = self.start(role).await?;
            self.functions.insert(role.clone(), function);
        }
        let name = role.point.binary();
        self.functions.get(role).ok_or_else(|| Failure::run(format!("{name} is not running")))
    }

    async fn start(&self, role: &Role) -> Result<Function, Failure> {
        let path = self.settings_path(role);
        let substitution =
            Substitution { table: self.registry.table(), endpoint_url: self.registry.endpoint_url(), ring: &self.ring };
        let settings = substitution
            .apply(&settings::read(&path)?)
            .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
        let binary = function::binary_path(role.point.binary(), self.binaries.as_deref())?;
        let mut environment = self.registry.environment().await?;
        environment.push(("TENANTGATE_SETTINGS".to_owned(), settings));
        environment.push((HASH_SECRET_VARIABLE.to_owned(), HASH_SECRET.to_owned()));
        let function = Function::start(&binary, &environment).await?;
        function.ready(READY_TIMEOUT).await?;
        Ok(function)
    }

    /// The names of the headers that carry the tenant context under the settings of a role.
    pub(crate) fn header_names(&self, role: &Role) -> HeaderNames {
        // Settings that cannot be read let nothing pass.
        let text = settings::read(&self.settings_path(role)).unwrap_or_default();
        let text = Substitution { table: "", endpoint_url: "", ring: &self.ring }.apply(&text).unwrap_or_default();
        settings::header_names(&text)
    }

    fn settings_path(&self, role: &Role) -> PathBuf {
        self.root.join("settings").join(format!("{}.json", role.settings))
    }

    /// Ends a function that can no longer be trusted; the next case gets a new one.
    pub(crate) async fn discard(&mut self, role: &Role) -> Option<String> {
        let output = self.functions.remove(role)?.stop().await;
        self.secrets.found_in(&output)
    }

    /// Looks for secrets in what a function wrote since the last time.
    pub(crate) fn leak(&self, role: &Role) -> Option<String> {
        self.secrets.found_in(&self.functions.get(role)?.take_output())
    }

    /// Looks for secrets in a refusal, which goes to the caller.
    pub(crate) fn told(&self, refusal: &Json) -> Option<String> {
        self.secrets.found_in_refusal(refusal)
    }

    /// Ends every function; gives what leaked with its last words, and the registry.
    pub(crate) async fn close(mut self) -> (Vec<(Role, String)>, RegistryHost) {
        let mut leaks = Vec::new();
        for (role, function) in std::mem::take(&mut self.functions) {
            let output = function.stop().await;
            leaks.extend(self.secrets.found_in(&output).map(|leak| (role, leak)));
        }
        (leaks, self.registry)
    }
}

const READY_TIMEOUT: Duration = Duration::from_secs(15);

/// The secret that settings of fixtures may name.
const HASH_SECRET_VARIABLE: &str = "FIXTURE_HASH_SECRET";

/// The same in every replay, so that hashes can be compared.
const HASH_SECRET: &str = "no secret, but as long as one: 0123456789";
