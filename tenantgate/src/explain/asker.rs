//! Who asks: what the command line says of the token, and what the registry says of the member.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use interceptors::refusal::Refusal;
use policy_model::json::Document;
use policy_model::{Caller, TenantId, UserId};
use policy_registry::operate::Subject;
use policy_registry::{Principal, PrincipalKind, Refusal as RegistryRefusal, client_subject};
use serde_json::{Value, json};

use super::read_value;
use super::source::{Chosen, Desk};
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::operator_desk::{readable, tenant};

/// Who asks, and what its token says.
#[derive(Debug, Args)]
pub(crate) struct AskerArguments {
    /// The user, as its issuer names it
    #[arg(long = "as", value_name = "USER", conflicts_with = "client", help_heading = "Caller")]
    user: Option<String>,
    /// The machine in the place of a user
    #[arg(long, value_name = "CLIENT", help_heading = "Caller")]
    client: Option<String>,
    /// The tenant [default: the only one that the caller is a member of]
    #[arg(long, value_name = "TENANT", value_parser = tenant, help_heading = "Caller")]
    pub(crate) tenant: Option<TenantId>,
    /// Who says so [default: the only issuer of --settings, or of such a member]
    #[arg(long, value_name = "ISSUER", help_heading = "Caller")]
    pub(crate) issuer: Option<String>,
    /// A role in the token, besides those of the registry; may be repeated
    #[arg(long = "role", value_name = "ROLE", help_heading = "Caller")]
    roles: Vec<String>,
    /// A scope of the token; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", help_heading = "Caller")]
    scopes: Vec<String>,
    /// The token's claims: a JSON object, @FILE, or - for standard input
    #[arg(long, value_name = "JSON", help_heading = "Caller")]
    claims: Option<String>,
    /// The agent that calls for the user
    #[arg(long, value_name = "AGENT", help_heading = "Caller")]
    agent: Option<String>,
    /// A workspace; only with --policy, where no registry says them; may be repeated
    #[arg(long = "workspace", value_name = "WORKSPACE", requires = "policy", help_heading = "Caller")]
    workspaces: Vec<String>,
}

/// A caller.
pub(crate) struct Asker {
    pub(crate) kind: PrincipalKind,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) user: UserId,
    pub(crate) issuer: Option<String>,
    agent: Option<String>,
    /// Of the token, and of the registry.
    roles: [Vec<String>; 2],
    workspaces: Vec<String>,
    scopes: Vec<String>,
    /// Scopes of the token that do not count.
    uncounted: Vec<String>,
    claims: Option<Document<'static>>,
}

impl AskerArguments {
    /// Whether somebody is named.
    pub(crate) fn is_named(&self) -> bool {
        self.user.is_some() || self.client.is_some()
    }

    /// What the command line says.
    pub(crate) fn read(&self) -> Result<Asker, Failure> {
        let (kind, user) = match (&self.user, &self.client) {
            (Some(user), _) => {
                let user = UserId::parse(user).map_err(|error| {
                    Failure::input(format!(
                        "--as {:?} is {error}; the user's token is refused with TOKEN_USER",
                        visible(user)
                    ))
                })?;
                (PrincipalKind::User, user)
            }
            (None, Some(client)) => {
                let user = client_subject(client)
                    .ok_or_else(|| Failure::input(format!("--client {:?} is no client's id", visible(client))))?;
                (PrincipalKind::Client, user)
            }
            (None, None) => return Err(Failure::input("say who asks: --as USER, or --client CLIENT")),
        };
        let claims = self.claims.as_deref().map(|text| read_value(text, "claims")).transpose()?;
        if claims.as_ref().is_some_and(|claims| claims.root().kind() != policy_model::json::Kind::Object) {
            return Err(Failure::input("the claims are not a JSON object, as those of every token are"));
        }
        Ok(Asker {
            kind,
            tenant: self.tenant.clone(),
            user,
            issuer: self.issuer.clone(),
            agent: self.agent.clone(),
            roles: [self.roles.clone(), Vec::new()],
            workspaces: self.workspaces.clone(),
            scopes: self.scopes.clone(),
            uncounted: Vec::new(),
            claims,
        })
    }
}

impl Asker {
    /// What the registry says: the same question as the interceptors', with the same refusals.
    pub(crate) async fn enroll(&mut self, desk: &Desk, chosen: &Chosen) -> Result<Result<(), Refusal>, Failure> {
        let nobody = Ok(Err(Refusal::Registry(RegistryRefusal::NotAMember)));
        if self.issuer.is_none() {
            self.issuer = match chosen.issuers.as_slice() {
                [only] => Some(only.clone()),
                _ => self.find_issuer(desk).await?,
            };
        }
        let Some(issuer) = self.issuer.clone() else { return nobody };
        if self.tenant.is_none() {
            self.tenant = self.find_tenant(desk, &issuer).await?;
        }
        let Some(tenant) = self.tenant.clone() else { return nobody };
        let agent = match (&self.agent, chosen.has_agents) {
            (Some(agent), true) => match UserId::parse(agent) {
                Ok(agent) => Some(agent),
                Err(error) => return Err(Failure::input(format!("--agent is {error}"))),
            },
            (Some(_) | None, _) => None,
        };
        let subject = self.user.clone();
        let principal = Principal { kind: self.kind, issuer: Arc::from(issuer), subject, tenant, agent };
        let deadline = tokio::time::Instant::now() + DEADLINE;
        let grant = match desk.registry.resolve(&principal, deadline).await.grant {
            Ok(grant) => grant,
            Err(refusal) => return Ok(Err(Refusal::Registry(refusal))),
        };
        self.roles = [std::mem::take(&mut self.roles).into_iter().next().unwrap_or_default(), grant.roles.clone()];
        self.workspaces.clone_from(&grant.workspaces);
        (self.scopes, self.uncounted) =
            std::mem::take(&mut self.scopes).into_iter().partition(|scope| grant.scopes.includes(scope));
        Ok(Ok(()))
    }

    /// The issuer of the only such member.
    async fn find_issuer(&self, desk: &Desk) -> Result<Option<String>, Failure> {
        let Some(tenant) = &self.tenant else {
            return Err(Failure::input("name the tenant, or the issuer, by --tenant, --issuer or --settings"));
        };
        let mut issuers: Vec<String> = Vec::new();
        let name = self.name();
        match self.kind {
            PrincipalKind::User => {
                let mut pages = desk.operator.members(tenant);
                while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
                    let own = readable(page).into_iter().filter(|member| member.subject == name);
                    issuers.extend(own.map(|member| member.issuer));
                }
            }
            PrincipalKind::Client => {
                let mut pages = desk.operator.clients(tenant);
                while let Some(page) = pages.next().await.map_err(|error| desk.failure(&error))? {
                    let own = readable(page).into_iter().filter(|client| client.client == name);
                    issuers.extend(own.map(|client| client.issuer));
                }
            }
        }
        match issuers.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only.clone())),
            several => Err(Failure::input(visible(&format!(
                "{name} is a member of {tenant} by several issuers; choose one with --issuer: {}",
                several.join(", ")
            )))),
        }
    }

    async fn find_tenant(&self, desk: &Desk, issuer: &str) -> Result<Option<TenantId>, Failure> {
        match self.kind {
            PrincipalKind::Client => return Err(Failure::input("name the tenant of the client by --tenant")),
            PrincipalKind::User => {}
        }
        let subject = Subject { issuer: issuer.to_owned(), name: self.name().to_owned() };
        let all = desk.operator.memberships_of(&subject).take(TENANTS_TOLD_MAX).await;
        let tenants: Vec<TenantId> =
            readable(all.map_err(|error| desk.failure(&error))?).into_iter().map(|own| own.tenant).collect();
        match tenants.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only.clone())),
            several => {
                let names: Vec<&str> = several.iter().map(TenantId::as_str).collect();
                Err(Failure::input(format!(
                    "{} is a member of several tenants, which the token or the selector must tell apart (TENANT_AMBIGUOUS); \
                     choose one with --tenant: {}",
                    visible(self.name()),
                    names.join(", ")
                )))
            }
        }
    }

    /// As the issuer names it.
    pub(crate) fn name(&self) -> &str {
        let name = self.user.as_str();
        match self.kind {
            PrincipalKind::User => name,
            PrincipalKind::Client => name.strip_prefix("client:").unwrap_or(name),
        }
    }

    /// Whether it calls without an agent, and is a user.
    pub(crate) fn lacks_agent(&self) -> bool {
        match self.kind {
            PrincipalKind::User => self.agent.is_none(),
            PrincipalKind::Client => false,
        }
    }

    /// As the policies see it.
    pub(crate) fn caller<'c>(&'c self, tenant: &'c TenantId) -> Caller<'c> {
        let [token, registry] = &self.roles;
        Caller {
            tenant,
            user: &self.user,
            issuer: self.issuer.as_deref().unwrap_or_default(),
            agent: self.agent.as_deref(),
            roles: [token, registry],
            workspaces: &self.workspaces,
            scopes: &self.scopes,
            claims: self.claims.as_ref().map(Document::root),
        }
    }

    /// In words, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        let what = match self.kind {
            PrincipalKind::User => "user",
            PrincipalKind::Client => "client",
        };
        let tenant = self.tenant.as_ref().map_or("no tenant", TenantId::as_str);
        let issuer = self.issuer.as_deref().map_or(String::new(), |issuer| format!(", known by {issuer}"));
        let [token, registry] = &self.roles;
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let claims = if self.claims.is_some() { "as given" } else { "none given" };
        let agent = self.agent.as_deref().unwrap_or("none");
        let mut lines = vec![
            format!("{what} {} of {tenant}{issuer}", self.name()),
            format!(
                "roles: {} of the registry, {} of the token; workspaces: {}",
                list(registry),
                list(token),
                list(&self.workspaces)
            ),
            format!("scopes: {}; agent: {agent}; claims: {claims}", list(&self.scopes)),
        ];
        if !self.uncounted.is_empty() {
            lines.push(format!("scopes of the token that do not count for it: {}", list(&self.uncounted)));
        }
        lines
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let kind = match self.kind {
            PrincipalKind::User => "USER",
            PrincipalKind::Client => "CLIENT",
        };
        let [token, registry] = &self.roles;
        json!({"kind": kind, "name": self.name(), "tenantId": self.tenant.as_ref().map(TenantId::as_str), "issuer": self.issuer,
            "tokenRoles": token, "registryRoles": registry, "workspaces": self.workspaces, "scopes": self.scopes,
            "uncountedScopes": self.uncounted, "agent": self.agent, "hasClaims": self.claims.is_some()})
    }
}

const DEADLINE: Duration = Duration::from_secs(20);

/// Most tenants that are named where several are possible.
const TENANTS_TOLD_MAX: usize = 20;
