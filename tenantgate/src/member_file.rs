//! A file of members: CSV with a header, or JSON lines. Each line stands for itself: whatever is wrong with one says nothing about
//! the next.

mod csv_line;
mod json_line;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use clap::ValueEnum;
use policy_model::TenantId;
use policy_registry::admin::check_membership;
use policy_registry::record::{Membership, Status};

use crate::failure::Failure;
use crate::input;

/// How a file of members is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// CSV whose first line names the columns
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// What counts where a line does not say it.
#[derive(Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) issuer: Option<String>,
    pub(crate) tenant: Option<TenantId>,
}

/// The members of a file, and the lines that are none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct MemberFile {
    pub(crate) members: Vec<Line<Membership>>,
    pub(crate) refused: Vec<Line<String>>,
}

/// What a line is, or why it is refused; lines count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<T> {
    pub(crate) number: u64,
    pub(crate) what: T,
}

/// A line as written, before it is checked.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Row {
    issuer: Option<String>,
    subject: Option<String>,
    tenant_id: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    workspaces: Vec<String>,
    status: Option<String>,
}

/// Reads a file; how it is written is told by its name where nobody says it.
pub(crate) fn read(file: &str, format: Option<Format>, defaults: &Defaults) -> Result<MemberFile, Failure> {
    let name = input::name(file);
    if Path::new(file).is_dir() {
        return Err(Failure::input(format!("{name} is a folder; name a file of members")));
    }
    let by_name = || match file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("csv") => Ok(Format::Csv),
        Some("jsonl" | "ndjson") => Ok(Format::Jsonl),
        Some(_) | None => Err(Failure::input(format!(
            "the name of {name} does not say how it is written; give --format csv or --format jsonl"
        ))),
    };
    let format = format.map_or_else(by_name, Ok)?;
    let text = input::read(file, FILE_BYTES_MAX, "file of members")?;
    if text.len() > FILE_BYTES_MAX {
        return Err(Failure::input(format!("{name} is longer than {FILE_BYTES_MAX} bytes; split it")));
    }
    parse(&text, format, defaults).map_err(|what| Failure::input(format!("{name}: {what}")))
}

/// # Errors
/// What makes all of it unreadable.
fn parse(text: &[u8], format: Format, defaults: &Defaults) -> Result<MemberFile, String> {
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") || text.iter().take(4).any(|byte| *byte == 0) {
        return Err("it is not UTF-8; save it as UTF-8".to_owned());
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut lines = (1..).zip(lines).filter(|(_, line)| !line.trim_ascii().is_empty());
    let columns = match format {
        Format::Csv => match lines.next() {
            Some((_, header)) => Some(csv_line::Columns::parse(header)?),
            None => None,
        },
        Format::Jsonl => None,
    };
    let mut file = MemberFile::default();
    let mut seen: HashMap<(String, String, TenantId), u64> = HashMap::new();
    for (number, line) in lines {
        let row = if line.len() > LINE_BYTES_MAX {
            Err(format!("the line is longer than {LINE_BYTES_MAX} bytes"))
        } else {
            match &columns {
                Some(columns) => columns.row(line),
                None => json_line::row(line),
            }
        };
        match row.and_then(|row| row.membership(defaults)) {
            Err(reason) => file.refused.push(Line { number, what: reason }),
            Ok(member) => {
                let key = (member.issuer.clone(), member.subject.clone(), member.tenant.clone());
                match seen.entry(key) {
                    Entry::Occupied(first) => file.refused.push(Line {
                        number,
                        what: format!("line {} has the same issuer, subject and tenant; keep one", first.get()),
                    }),
                    Entry::Vacant(entry) => {
                        entry.insert(number);
                        file.members.push(Line { number, what: member });
                    }
                }
            }
        }
    }
    if file.members.is_empty() && file.refused.is_empty() {
        return Err("there is no member in it".to_owned());
    }
    Ok(file)
}

impl MemberFile {
    /// Refuses those members that there is a reason against.
    pub(crate) fn refuse(&mut self, reason: impl Fn(&Line<Membership>) -> Option<String>) {
        let mut kept = Vec::with_capacity(self.members.len());
        for line in std::mem::take(&mut self.members) {
            match reason(&line) {
                Some(what) => self.refused.push(Line { number: line.number, what }),
                None => kept.push(line),
            }
        }
        self.members = kept;
    }
}

impl Row {
    fn membership(self, defaults: &Defaults) -> Result<Membership, String> {
        let missing = |what: &str, option: &str| format!("there is no {what}; add it, or give {option}");
        let issuer = self.issuer.or_else(|| defaults.issuer.clone()).ok_or_else(|| missing("issuer", "--issuer"))?;
        let subject = self.subject.ok_or("there is no subject")?;
        let tenant = match (self.tenant_id, &defaults.tenant) {
            (Some(text), tenant) => {
                let own = TenantId::parse(&text).map_err(|error| format!("tenantId is {error}"))?;
                if tenant.as_ref().is_some_and(|tenant| *tenant != own) {
                    return Err("the tenantId is another one than --tenant says".to_owned());
                }
                own
            }
            (None, Some(tenant)) => tenant.clone(),
            (None, None) => return Err(missing("tenantId", "--tenant")),
        };
        let status = match self.status {
            Some(word) => Status::from_word(&word).ok_or("status is neither ACTIVE nor SUSPENDED")?,
            None => Status::Active,
        };
        let membership = Membership { issuer, subject, tenant, roles: self.roles, workspaces: self.workspaces, status };
        check_plain(&membership)?;
        check_membership(&membership)?;
        Ok(membership)
    }
}

/// What nobody means to write: a name that a space or a control character makes another one.
pub(crate) fn check_plain(member: &Membership) -> Result<(), String> {
    let texts = [("issuer", &member.issuer), ("subject", &member.subject)];
    let roles = member.roles.iter().map(|role| ("a role", role));
    let workspaces = member.workspaces.iter().map(|workspace| ("a workspace", workspace));
    texts.into_iter().chain(roles).chain(workspaces).try_for_each(|(what, text)| check_name(what, text))
}

/// The same of one name.
pub(crate) fn check_name(what: &str, text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err(format!("{what} has a control character in it"));
    }
    if text.trim() != text {
        return Err(format!("{what} has a space at its start or end"));
    }
    Ok(())
}

/// Longest file, in bytes: it is held in memory with what was read from it.
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Longest line, in bytes.
const LINE_BYTES_MAX: usize = 64 * 1024;

#[cfg(test)]
mod tests;
