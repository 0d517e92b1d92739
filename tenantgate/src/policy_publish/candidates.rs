//! The policies to be published, as they are in files.

use std::collections::BTreeMap;
use std::path::Path;

use policy_model::TenantId;
use policy_model::policy::DOCUMENT_BYTES_MAX;
use policy_registry::operate::{PolicyDocument, PolicyScope};

use crate::failure::Failure;
use crate::{input, policy_folder};

/// A file, and the policy in it, if it is one.
pub(super) struct Candidate {
    pub(super) file: String,
    pub(super) document: Result<PolicyDocument, NoPolicy>,
}

/// A text that is no policy, and why.
pub(super) struct NoPolicy {
    text: Vec<u8>,
    pub(super) problem: String,
}

impl Candidate {
    /// The text of the file.
    pub(super) fn text(&self) -> &[u8] {
        match &self.document {
            Ok(document) => document.text().as_bytes(),
            Err(none) => &none.text,
        }
    }
}

/// Reads all files; that each tenant has one policy among them is checked.
pub(super) fn read(sources: &[String], only: Option<&TenantId>) -> Result<Vec<Candidate>, Failure> {
    input::check_once(sources.iter().map(String::as_str))?;
    let mut files = Vec::new();
    for source in sources {
        if source != input::STANDARD_INPUT && Path::new(source).is_dir() {
            let found = policy_folder::files(source)?;
            if found.is_empty() {
                return Err(Failure::input(format!("there is no *.json in {source}")));
            }
            files.extend(found.iter().map(|path| path.display().to_string()));
        } else {
            files.push(source.clone());
        }
    }
    let mut candidates = Vec::with_capacity(files.len());
    let mut scopes: BTreeMap<PolicyScope, String> = BTreeMap::new();
    for file in files {
        let text = input::read(&file, DOCUMENT_BYTES_MAX, "policy files")?;
        let file = input::name(&file).to_owned();
        let document = match String::from_utf8(text) {
            Ok(text) => {
                PolicyDocument::parse(text.clone()).map_err(|problem| NoPolicy { text: text.into_bytes(), problem })
            }
            Err(error) => Err(NoPolicy { text: error.into_bytes(), problem: "it is not UTF-8".to_owned() }),
        };
        if let Ok(document) = &document {
            if let Some(tenant) = only.filter(|tenant| document.scope().tenant() != Some(tenant)) {
                return Err(Failure::input(format!(
                    "{file} is for {}, not for tenant {tenant}; nothing was published",
                    document.scope()
                )));
            }
            if let Some(other) = scopes.insert(document.scope().clone(), file.clone()) {
                return Err(Failure::input(format!("{other} and {file} are both for {}; keep one", document.scope())));
            }
        }
        candidates.push(Candidate { file, document });
    }
    Ok(candidates)
}
