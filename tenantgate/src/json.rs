//! JSON as written: numbers keep their text, members their order, and a member given twice is an error.

use std::fmt::{self, Write};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON value whose numbers keep their text.
#[derive(Clone, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// A string that no Unicode text can hold (a lone surrogate), as written, with its quotes.
    RawText(String),
    /// The elements in order.
    Array(Vec<Self>),
    /// The members in order, each name once.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Parses one JSON text; the error says what is wrong with it.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let raw: &RawValue = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        parse(raw, 0)
    }

    /// The member of an object.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(member, value)| (member == name).then_some(value))
    }

    /// The value reached by these member names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| value.member(name))
    }

    /// The string reached by these member names.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_text()
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number as written, if it is one.
    pub fn as_number(&self) -> Option<&str> {
        if let Self::Number(text) = self { Some(text) } else { None }
    }

    /// An object without the members so named; anything else unchanged.
    pub fn without(&self, unwanted: impl Fn(&str) -> bool) -> Self {
        let Self::Object(members) = self else { return self.clone() };
        Self::Object(members.iter().filter(|(name, _)| !unwanted(name)).cloned().collect())
    }

    /// The value over several lines, indented by two spaces, with a final line feed.
    pub fn pretty(&self) -> String {
        format!("{self:#}\n")
    }

    fn write(&self, out: &mut impl Write, indent: Option<usize>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(text) | Self::RawText(text) => out.write_str(text),
            Self::Text(text) => out.write_str(&quoted(text)),
            Self::Array(elements) => {
                write_list(out, indent, ['[', ']'], elements, |out, element, indent| element.write(out, indent))
            }
            Self::Object(members) => write_list(out, indent, ['{', '}'], members, |out, (name, value), indent| {
                let space = if indent.is_some() { " " } else { "" };
                write!(out, "{}:{space}", quoted(name))?;
                value.write(out, indent)
            }),
        }
    }
}

/// The order of members does not count, the text of a number does.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Number(one), Self::Number(other))
            | (Self::Text(one), Self::Text(other))
            | (Self::RawText(one), Self::RawText(other)) => one == other,
            (Self::Array(one), Self::Array(other)) => one == other,
            (Self::Object(one), Self::Object(other)) => sorted(one) == sorted(other),
            (_, _) => false,
        }
    }
}

fn sorted(members: &[(String, Json)]) -> Vec<&(String, Json)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

/// The value on one line, or with `{:#}` over several.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        {
            let indent = f.alternate().then_some(0);
            self.write(f, indent)
        }
    }
}

fn write_list<W: Write, T>(
    out: &mut W,
    indent: Option<usize>,
    [open, close]: [char; 2],
    items: &[T],
    write_item: impl Fn(&mut W, &T, Option<usize>) -> fmt::Result,
) -> fmt::Result {
    out.write_char(open)?;
    let inner = indent.map(|width| width + 2);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.write_char(',')?;
        }
        if let Some(width) = inner {
            write!(out, "\n{:width$}", "")?;
        }
        write_item(out, item, inner)?;
    }
    if let Some(width) = indent.filter(|_| !items.is_empty()) {
        write!(out, "\n{:width$}", "")?;
    }
    out.write_char(close)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn parse(raw: &RawValue, depth: usize) -> Result<Json, String> {
    if depth > DEPTH_MAX {
        return Err(format!("nested deeper than {DEPTH_MAX} levels"));
    }
    let text = raw.get();
    let inside = |error: serde_json::Error| error.to_string();
    match text.bytes().next() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text).map_err(inside)?;
            let parsed = members.into_iter().map(|(name, value)| Ok((name, parse(value, depth + 1)?)));
            Ok(Json::Object(parsed.collect::<Result<_, String>>()?))
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(inside)?;
            let parsed = elements.into_iter().map(|element| parse(element, depth + 1));
            Ok(Json::Array(parsed.collect::<Result<_, String>>()?))
        }
        Some(b'"') => Ok(serde_json::from_str(text).map_or_else(|_| Json::RawText(text.to_owned()), Json::Text)),
        Some(b'n') => Ok(Json::Null),
        Some(b't') => Ok(Json::Bool(true)),
        Some(b'f') => Ok(Json::Bool(false)),
        Some(_) | None => Ok(Json::Number(text.to_owned())),
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            if !names.insert(name.clone()) {
                return Err(serde::de::Error::custom(format!("member `{name}` is there twice")));
            }
            members.push((name, value));
        }
        Ok(Members(members))
    }
}

const DEPTH_MAX: usize = 512;

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn numbers_and_order_survive() {
        let text = r#"{"b":1.0,"a":[12345678901234567890123,-0,1e2,true,null,{}],"c":"é\n"}"#;
        let json = Json::parse(text.as_bytes()).unwrap();
        assert_eq!(json.to_string(), text);
        assert_eq!(Json::parse(json.pretty().as_bytes()).unwrap(), json);
    }

    #[test]
    fn values_are_equal_whatever_the_order_of_their_members() {
        let equal = |one: &str, other: &str| Json::parse(one.as_bytes()) == Json::parse(other.as_bytes());
        assert!(equal(r#"{"a":{"x":1,"y":2},"b":[]}"#, r#"{"b":[],"a":{"y":2,"x":1}}"#));
        assert!(!equal(r#"{"a":1}"#, r#"{"a":1,"b":1}"#));
        assert!(!equal(r#"{"a":1}"#, r#"{"a":1.0}"#));
        assert!(!equal("1", r#""1""#));
    }

    #[test]
    fn a_lone_surrogate_stays_as_written() {
        let text = r#"["\ud800"]"#;
        assert_eq!(Json::parse(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn a_member_given_twice_is_an_error() {
        assert!(Json::parse(br#"{"a":1,"\u0061":2}"#).unwrap_err().contains("member `a` is there twice"));
    }

    #[test]
    fn endless_nesting_is_an_error() {
        let text = "[".repeat(600) + &"]".repeat(600);
        assert!(Json::parse(text.as_bytes()).unwrap_err().contains("nested deeper"));
    }
}
