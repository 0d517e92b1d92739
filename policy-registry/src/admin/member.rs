//! An entry of `members.json`, and one of `clients.json`.

use policy_model::{TenantId, UserId};
use serde::Deserialize;

use crate::principal::{client_subject, is_reserved_subject};
use crate::record::{Client, Membership, ScopeBound, Status, is_scope};

/// Longest issuer, in bytes: with the longest subject it fits DynamoDB's partition key when every byte is encoded.
pub const ISSUER_BYTES_MAX: usize = 400;

/// Longest name of a role or workspace, in bytes: policies name no longer ones.
pub const NAME_BYTES_MAX: usize = 256;

/// A membership as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MemberDocument {
    issuer: String,
    subject: String,
    tenant_id: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    workspaces: Vec<String>,
    status: String,
}

impl MemberDocument {
    pub(super) fn membership(self) -> Result<Membership, String> {
        let tenant = TenantId::parse(&self.tenant_id).map_err(|error| format!("tenantId is {error}"))?;
        let status = Status::from_word(&self.status).ok_or("status is neither ACTIVE nor SUSPENDED")?;
        let (roles, workspaces) = (self.roles, self.workspaces);
        let membership = Membership { issuer: self.issuer, subject: self.subject, tenant, roles, workspaces, status };
        check_membership(&membership)?;
        Ok(membership)
    }
}

/// A client's membership as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClientDocument {
    issuer: String,
    client_id: String,
    tenant_id: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    workspaces: Vec<String>,
    scopes: Vec<String>,
    status: String,
}

impl ClientDocument {
    pub(super) fn client(self) -> Result<Client, String> {
        let tenant = TenantId::parse(&self.tenant_id).map_err(|error| format!("tenantId is {error}"))?;
        let status = Status::from_word(&self.status).ok_or("status is neither ACTIVE nor SUSPENDED")?;
        let scopes = ScopeBound::of(self.scopes).ok_or("scopes has \"*\" among others; write [\"*\"] alone for all")?;
        let (issuer, client, roles, workspaces) = (self.issuer, self.client_id, self.roles, self.workspaces);
        let client = Client { issuer, client, tenant, roles, workspaces, scopes, status };
        check_client(&client)?;
        Ok(client)
    }
}

/// Whether a membership can be written and found.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn check_membership(membership: &Membership) -> Result<(), String> {
    check_issuer(&membership.issuer)?;
    let subject = UserId::parse(&membership.subject).map_err(|error| format!("subject is {error}"))?;
    if is_reserved_subject(&subject) {
        return Err("subject begins like a client's name; list clients in clients.json".to_owned());
    }
    check_names("a role", &membership.roles)?;
    check_names("a workspace", &membership.workspaces)
}

/// Whether a client can be written and found.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn check_client(client: &Client) -> Result<(), String> {
    check_issuer(&client.issuer)?;
    if client_subject(&client.client).is_none() {
        return Err(format!(
            "clientId is not 1 to {CLIENT_ID_BYTES_MAX} printable ASCII characters without space, comma, semicolon, \
             quotation mark and backslash"
        ));
    }
    check_names("a role", &client.roles)?;
    check_names("a workspace", &client.workspaces)?;
    let ScopeBound::OneOf(scopes) = &client.scopes else { return Ok(()) };
    check_names("a scope", scopes)?;
    if scopes.iter().any(|scope| !is_scope(scope)) {
        return Err("a scope has a character that no scope has (RFC 6749, section 3.3)".to_owned());
    }
    Ok(())
}

/// Reads a membership from JSON, as an entry of `members.json`.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn parse_membership(json: &str) -> Result<Membership, String> {
    serde_json::from_str::<MemberDocument>(json).map_err(|error| error.to_string())?.membership()
}

fn check_issuer(issuer: &str) -> Result<(), String> {
    if (1..=ISSUER_BYTES_MAX).contains(&issuer.len()) {
        return Ok(());
    }
    Err(format!("issuer is not 1 to {ISSUER_BYTES_MAX} bytes long"))
}

fn check_names(what: &str, names: &[String]) -> Result<(), String> {
    match names.iter().find(|name| !(1..=NAME_BYTES_MAX).contains(&name.len())) {
        None => Ok(()),
        Some(_) => Err(format!("{what} is not 1 to {NAME_BYTES_MAX} bytes long")),
    }
}

/// Longest id of a client, in bytes: among users it stands after a prefix.
const CLIENT_ID_BYTES_MAX: usize = 249;
