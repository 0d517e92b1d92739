//! Who asks.

use crate::json::Json;

/// What is known of a caller.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caller {
    pub(crate) tenant: String,
    pub(crate) user: String,
    pub(crate) issuer: String,
    pub(crate) agent: Option<String>,
    pub(crate) token_roles: Vec<String>,
    pub(crate) registry_roles: Vec<String>,
    pub(crate) workspaces: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) claims: Option<Json>,
}

impl Caller {
    /// The roles of token and registry together.
    pub(crate) fn roles(&self) -> Vec<String> {
        [self.token_roles.clone(), self.registry_roles.clone()].concat()
    }

    /// What conditions can find of a caller.
    pub(crate) fn document(&self) -> Json {
        let user = Json::object([
            ("id", Json::text(&self.user)),
            ("issuer", Json::text(&self.issuer)),
            ("roles", Json::texts(&self.roles())),
            ("workspaces", Json::texts(&self.workspaces)),
            ("scopes", Json::texts(&self.scopes)),
        ]);
        let mut members =
            vec![("tenant".to_owned(), Json::object([("id", Json::text(&self.tenant))])), ("user".to_owned(), user)];
        members.extend(self.claims.clone().map(|claims| ("claims".to_owned(), claims)));
        members
            .extend(self.agent.as_ref().map(|agent| ("agent".to_owned(), Json::object([("id", Json::text(agent))]))));
        Json::Object(members)
    }
}
