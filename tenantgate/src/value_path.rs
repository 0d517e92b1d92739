//! Where a value stands in another one, as a JSONPath.

use policy_model::json::Value;

use crate::unseen::escaped;

/// The path from `root` to a value in it, or to the member of a name in it.
pub(crate) fn path_of(root: Value<'_>, wanted: Value<'_>) -> String {
    let mut path = "$".to_owned();
    let mut value = root;
    loop {
        let member = value.members().find(|member| member.name.id() == wanted.id() || member.value.contains(wanted));
        let element = value.elements().enumerate().find(|(_, element)| element.contains(wanted));
        value = match (member, element) {
            (Some(member), _) => {
                path = member_path(&path, &member.name.as_str().unwrap_or_default());
                if member.name.id() == wanted.id() {
                    return path;
                }
                member.value
            }
            (None, Some((number, element))) => {
                path = element_path(&path, number);
                element
            }
            (None, None) => return path,
        };
        if value.id() == wanted.id() {
            return path;
        }
    }
}

/// The path of a member below a path, in which every character is seen.
pub(crate) fn member_path(path: &str, name: &str) -> String {
    let is_plain = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !name.starts_with(|character: char| character.is_ascii_digit())
        && !name.is_empty();
    if is_plain { format!("{path}.{name}") } else { format!("{path}[{}]", escaped(&policy_model::json::quote(name))) }
}

/// The path of an element below a path.
pub(crate) fn element_path(path: &str, number: usize) -> String {
    format!("{path}[{number}]")
}
