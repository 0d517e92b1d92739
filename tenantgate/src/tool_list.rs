//! Captured lists of tools: a `tools/list` response, its result, or the list itself, perhaps in several pages.

use std::collections::HashMap;

use policy_model::Digest;
use policy_model::invisible::{Found, find};
use policy_model::json::{self, CanonicalFault, Document, Kind, NotCanonical, Value};
use policy_registry::sha256;

use crate::excerpt::visible;
use crate::failure::Failure;
use crate::input;
use crate::value_path::path_of;

/// The files, read.
pub(crate) struct ToolFiles(Vec<(String, Document<'static>)>);

/// A tool of a list.
#[derive(Clone)]
pub(crate) struct ListedTool<'d> {
    pub(crate) name: String,
    pub(crate) entry: Value<'d>,
    /// Where it stands, as in `list.json: tools[3]`.
    pub(crate) place: String,
}

impl ToolFiles {
    pub(crate) fn read(files: &[String]) -> Result<ToolFiles, Failure> {
        let mut documents = Vec::new();
        for file in files {
            let wrong = |what: String| Failure::input(format!("{}: {what}", visible(input::name(file))));
            let bytes = input::read(file, LIST_BYTES_MAX, "captured lists")?;
            if bytes.len() > LIST_BYTES_MAX {
                return Err(wrong(format!("longer than {LIST_BYTES_MAX} bytes; capture a page a file")));
            }
            if bytes.iter().all(u8::is_ascii_whitespace) {
                return Err(wrong(format!("empty; {EXPECTED}")));
            }
            let text = String::from_utf8(bytes).map_err(|error| {
                wrong(format!("not JSON: invalid UTF-8 at byte {}", error.utf8_error().valid_up_to()))
            })?;
            let document = json::parse_owned(text).map_err(|error| wrong(format!("not JSON: {error}")))?;
            documents.push((visible(input::name(file)), document));
        }
        Ok(ToolFiles(documents))
    }

    /// All tools of all files, each name once.
    pub(crate) fn tools(&self) -> Result<Vec<ListedTool<'_>>, Failure> {
        let mut tools: Vec<ListedTool<'_>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (file, document) in &self.0 {
            let list = list_of(document.root()).map_err(|what| Failure::input(format!("{file}: {what}")))?;
            for (number, entry) in list.elements().enumerate() {
                let place = format!("{file}: tools[{number}]");
                let name = name_of(entry).map_err(|what| Failure::input(format!("{place}: {what}")))?;
                if let Some(other) = places.insert(name.clone(), tools.len()).and_then(|other| tools.get(other)) {
                    return Err(Failure::input(format!(
                        "{place}: tool {} stands in {} too; two tools of one name are hidden from every list, and neither can be \
                         pinned. If the files are one list at two times, give them apart",
                        shown(&name),
                        other.place
                    )));
                }
                tools.push(ListedTool { name, entry, place });
            }
        }
        Ok(tools)
    }

    /// Whether every page says that another one follows.
    pub(crate) fn goes_on(&self) -> bool {
        self.0.iter().all(|(_, document)| {
            let root = document.root();
            let cursor = root.get("result").unwrap_or(root).get("nextCursor");
            cursor.is_some_and(|cursor| cursor.kind() == Kind::String)
        })
    }
}

impl ListedTool<'_> {
    /// Whether somebody who reviews the definition would not see all of it.
    pub(crate) fn has_unseen(&self) -> bool {
        match find(self.entry, "name") {
            Found::Nothing => false,
            Found::InTexts(_) | Found::InNames => true,
        }
    }

    /// The digest of its definition.
    ///
    /// # Errors
    /// Why it has none, and where.
    pub(crate) fn digest(&self) -> Result<Digest, String> {
        self.entry.canonical().map(|text| sha256(text.as_bytes())).map_err(|NotCanonical { at, fault }| {
            let path = path_of(self.entry, at);
            match fault {
                CanonicalFault::DuplicateName => format!("{path}: this member stands twice; programs differ on which one counts"),
                CanonicalFault::InexactNumber => format!(
                    "{path}: {} is no number that a binary64 holds exactly, so that it could not be told from its neighbour",
                    cut(at.text())
                ),
            }
        })
    }
}

/// A name as a message shows it.
pub(crate) fn shown(name: &str) -> String {
    visible(&format!("{:?}", cut(name)))
}

fn list_of(root: Value<'_>) -> Result<Value<'_>, String> {
    if root.kind() == Kind::Array {
        return Ok(root);
    }
    let result = root.get("result").unwrap_or(root);
    for frame in [root, result] {
        if let Some(name) = frame.own_duplicate_name() {
            return Err(format!("member {} stands twice; programs differ on which one counts", shown(&name)));
        }
    }
    if let Some(message) = root.get("error") {
        let message = message.get("message").and_then(Value::as_str).unwrap_or_default();
        return Err(format!("the response is an error ({}), and no list; {EXPECTED}", shown(&message)));
    }
    // What the gateway's search tool returns has its list there.
    let list = result.get("tools").or_else(|| result.get("structuredContent")?.get("tools"));
    list.filter(|list| list.kind() == Kind::Array).ok_or_else(|| format!("there is no list of tools in it; {EXPECTED}"))
}

fn name_of(entry: Value<'_>) -> Result<String, String> {
    if entry.kind() != Kind::Object {
        return Err("expected an object with a \"name\"".to_owned());
    }
    let mut names = entry.members().filter(|member| member.name.is_str("name"));
    match (names.next().map(|member| member.value.as_str()), names.next()) {
        (Some(Some(name)), None) => Ok(name.into_owned()),
        (Some(_), Some(_)) => Err("\"name\" stands twice; such an entry is hidden from every list".to_owned()),
        (Some(None), None) => Err("\"name\" is not a string".to_owned()),
        (None, _) => Err("\"name\" is missing".to_owned()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}..", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

const EXPECTED: &str =
    "expected the response to tools/list, its result ({\"tools\": [..]}), or the list itself, as a file each page";

/// Longest file, in bytes: more than twice what the gateway lets a list have.
const LIST_BYTES_MAX: usize = 16 << 20;

const QUOTED_CHARACTERS_MAX: usize = 100;
