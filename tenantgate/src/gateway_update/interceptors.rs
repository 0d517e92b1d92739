//! Which interceptors a gateway has, which of them are ours, and what the list is to be.

use policy_model::json::{Edit, Edits, Kind, Value};

use crate::excerpt::visible;
use crate::function_arn::FunctionArn;

/// Our two functions.
#[derive(Debug)]
pub(crate) struct Ours<'a> {
    pub(crate) request: &'a FunctionArn,
    pub(crate) response: &'a FunctionArn,
}

impl<'a> Ours<'a> {
    fn at(&self) -> [(&'static str, &'a FunctionArn); 2] {
        [("REQUEST", self.request), ("RESPONSE", self.response)]
    }

    /// The list with exactly these.
    pub(crate) fn list(&self) -> String {
        let [request, response] = self.at().map(|(point, arn)| {
            format!(
                r#"{{"interceptor":{{"lambda":{{"arn":"{}"}}}},"interceptionPoints":["{point}"],"inputConfiguration":{{"passRequestHeaders":true}}}}"#,
                arn.text()
            )
        });
        format!("[{request},{response}]")
    }

    /// Whether the list has exactly these, in any order.
    pub(crate) fn are_exactly(&self, list: Option<Value<'_>>) -> bool {
        let Some(list) = list else { return false };
        let is_there = |(point, arn): (&str, &FunctionArn)| list.elements().any(|entry| is_exactly(entry, point, arn));
        list.len() == 2 && self.at().into_iter().all(is_there)
    }

    /// The interceptors in the list that are none of our functions, whatever the version.
    ///
    /// # Errors
    /// Why it cannot be replaced without losing something.
    pub(crate) fn displaced(&self, list: Option<Value<'_>>) -> Result<Vec<Displaced>, String> {
        let Some(list) = list.filter(|list| list.kind() != Kind::Null) else { return Ok(Vec::new()) };
        if list.kind() != Kind::Array {
            return Err("the gateway's interceptors are not a list".to_owned());
        }
        let mut displaced = Vec::new();
        for entry in list.elements() {
            let points = points(entry);
            let strange = points.iter().find(|point| self.at().iter().all(|(known, _)| known != point));
            if let Some(point) = strange {
                let point = visible(point);
                return Err(format!(
                    "there is an interceptor at the point {point:?}, which this program does not know"
                ));
            }
            let name = name(entry);
            let function = name.parse::<FunctionArn>().ok().map(|arn| arn.function().to_owned());
            if self.at().iter().all(|(_, ours)| function.as_deref() != Some(ours.function())) {
                displaced.push(Displaced { name, points: points.join(" and ") });
            }
        }
        Ok(displaced)
    }

    /// The list without these very ARNs at their points; all else in it stays byte for byte. `None` if nothing is left.
    pub(crate) fn taken_from(&self, list: Value<'_>) -> Option<String> {
        if list.kind() != Kind::Array {
            return Some(list.text().to_owned());
        }
        let mut edits = Edits::default();
        let mut left = 0;
        for entry in list.elements() {
            let (points, name) = (points(entry), name(entry));
            let is_ours = |point: &str| self.at().iter().any(|(ours, arn)| *ours == point && arn.text() == name);
            let stay: Vec<String> = points.iter().filter(|point| !is_ours(point)).cloned().collect();
            if !points.is_empty() && stay.is_empty() {
                edits.add(entry, Edit::Remove);
                continue;
            }
            left += 1;
            let list = entry.get(POINTS).filter(|_| stay.len() < points.len());
            for element in list.into_iter().flat_map(Value::elements) {
                if element.as_str().is_some_and(|point| is_ours(&point)) {
                    edits.add(element, Edit::Remove);
                }
            }
        }
        (left > 0).then(|| edits.apply(list))
    }

    /// Our functions in the list under another version or alias, which detaching does not touch.
    pub(crate) fn otherwise_qualified(&self, list: Option<Value<'_>>) -> Vec<String> {
        let names = list.into_iter().flat_map(Value::elements).map(name);
        let is_other = |name: &String| {
            let Ok(arn) = name.parse::<FunctionArn>() else { return false };
            self.at().iter().any(|(_, ours)| ours.function() == arn.function())
                && self.at().iter().all(|(_, ours)| ours.text() != arn.text())
        };
        names.filter(is_other).collect()
    }
}

/// Somebody else's interceptor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Displaced {
    pub(crate) name: String,
    pub(crate) points: String,
}

/// Whether two lists have the same interceptors; their order says nothing.
pub(crate) fn same(one: Option<Value<'_>>, other: Option<Value<'_>>) -> bool {
    let (one, other): (Vec<_>, Vec<_>) =
        (one.into_iter().flat_map(Value::elements).collect(), other.into_iter().flat_map(Value::elements).collect());
    let has = |all: &[Value<'_>], entry: &Value<'_>| all.iter().any(|candidate| candidate.equals(*entry));
    one.len() == other.len() && one.iter().all(|entry| has(&other, entry)) && other.iter().all(|entry| has(&one, entry))
}

/// The entry at a point: what is called there, and whether it is given the request's headers.
pub(crate) fn at_point<'d>(list: Option<Value<'d>>, point: &str) -> Option<Value<'d>> {
    list.into_iter().flat_map(Value::elements).find(|entry| points(*entry).iter().any(|at| at == point))
}

/// The function's ARN, or the interceptor as it is written if it is no function.
pub(crate) fn name(entry: Value<'_>) -> String {
    let interceptor = entry.get("interceptor");
    let arn = interceptor.and_then(|interceptor| interceptor.get("lambda")?.get("arn")?.as_str());
    let whole = || interceptor.unwrap_or(entry).canonical().unwrap_or_default();
    arn.map_or_else(whole, |arn| arn.into_owned())
}

pub(crate) fn passes_headers(entry: Value<'_>) -> bool {
    entry.get(INPUT).and_then(|input| input.get(HEADERS)).is_some_and(|pass| pass.text() == "true")
}

/// Whether something of what there is to look at is kept from the interceptor.
pub(crate) fn is_filtered(entry: Value<'_>) -> bool {
    let filter = entry.get(INPUT).and_then(|input| input.get("payloadFilter"));
    filter.is_some_and(|filter| filter.kind() != Kind::Null)
}

fn points(entry: Value<'_>) -> Vec<String> {
    let points = entry.get(POINTS).into_iter().flat_map(Value::elements);
    points.map(|point| point.as_str().map_or_else(|| point.text().to_owned(), |point| point.into_owned())).collect()
}

/// Whether an entry says this and nothing else; a member that is null says nothing.
fn is_exactly(entry: Value<'_>, point: &str, arn: &FunctionArn) -> bool {
    let has = |object: Value<'_>, names: &[&str]| {
        let mut said = object.members().filter(|member| member.value.kind() != Kind::Null);
        said.all(|member| names.iter().any(|name| member.name.is_str(name)))
    };
    let interceptor = entry.get("interceptor");
    let lambda = interceptor.and_then(|interceptor| interceptor.get("lambda"));
    has(entry, &["interceptor", POINTS, INPUT])
        && interceptor.is_some_and(|interceptor| has(interceptor, &["lambda"]))
        && lambda.is_some_and(|lambda| has(lambda, &["arn"]))
        && entry.get(INPUT).is_some_and(|input| has(input, &[HEADERS]))
        && name(entry) == arn.text()
        && points(entry) == [point]
        && passes_headers(entry)
}

const POINTS: &str = "interceptionPoints";

const INPUT: &str = "inputConfiguration";

const HEADERS: &str = "passRequestHeaders";

#[cfg(test)]
mod tests {
    use policy_model::json;

    use super::{FunctionArn, Ours};

    const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:";

    #[test]
    fn ours_are_known_in_any_order_and_with_nothing_beside_them() {
        let (request, response) = arns();
        let ours = Ours { request: &request, response: &response };
        let is_ours = |list: &str| ours.are_exactly(Some(json::parse(list.as_bytes()).unwrap().root()));
        let list = ours.list();
        assert!(is_ours(&list));
        let mut entries: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
        entries.reverse();
        entries[0]["inputConfiguration"]["payloadFilter"] = serde_json::Value::Null;
        assert!(is_ours(&serde_json::to_string_pretty(&entries).unwrap()));
        for other in [
            "[]".to_owned(),
            list.replace("true", "false"),
            list.replace("true", "\"true\""),
            list.replace("\"RESPONSE\"", "\"REQUEST\""),
            list.replace("\"RESPONSE\"", "\"REQUEST\",\"RESPONSE\""),
            list.replace("b:live", "b:7"),
            list.replace("true", r#"true,"payloadFilter":{"exclude":[{"field":"RESPONSE_BODY"}]}"#),
            list.replace("\"lambda\"", "\"new\":{},\"lambda\""),
            list.replacen("{\"interceptor\"", "{\"order\":1,\"interceptor\"", 1),
            list.replacen("true}}", "true}},{}", 1),
        ] {
            assert!(!is_ours(&other), "{other}");
        }
        assert!(!ours.are_exactly(None));
    }

    #[test]
    fn whoever_is_not_ours_is_named_with_its_points() {
        let (request, response) = arns();
        let ours = Ours { request: &request, response: &response };
        let displaced = |list: &str| {
            let found = ours.displaced(Some(json::parse(list.as_bytes()).unwrap().root()));
            found.map(|all| all.into_iter().map(|one| (one.name, one.points)).collect::<Vec<_>>())
        };
        assert_eq!(displaced("[]"), Ok(vec![]));
        assert_eq!(displaced("null"), Ok(vec![]));
        assert_eq!(displaced(&ours.list().replace(":live", "")), Ok(vec![]));
        let audit = format!("{FUNCTION}audit:1");
        let both = format!(
            r#"[{{"interceptor":{{"lambda":{{"arn":"{audit}"}}}},"interceptionPoints":["RESPONSE","REQUEST"]}}]"#
        );
        assert_eq!(displaced(&both), Ok(vec![(audit, "RESPONSE and REQUEST".to_owned())]));
        let new = r#"[{"interceptor":{"wasm":{"url":"x"}},"interceptionPoints":["REQUEST"]}]"#;
        assert_eq!(displaced(new), Ok(vec![(r#"{"wasm":{"url":"x"}}"#.to_owned(), "REQUEST".to_owned())]));
        assert!(displaced(&ours.list().replace("RESPONSE", "TOOL")).unwrap_err().contains("\"TOOL\""));
        assert!(displaced("{}").is_err());
    }

    #[test]
    fn only_these_arns_are_taken_away() {
        let (request, response) = arns();
        let ours = Ours { request: &request, response: &response };
        let without = |list: &str| ours.taken_from(json::parse(list.as_bytes()).unwrap().root());
        assert_eq!(without(&ours.list()), None);
        assert_eq!(without(r#"{"new":1}"#).as_deref(), Some(r#"{"new":1}"#));
        let other = format!(
            r#"{{ "new":1.0, "interceptor":{{"lambda":{{"arn":"{FUNCTION}x"}}}},"interceptionPoints":["REQUEST"] }}"#
        );
        let mine = ours.list().trim_matches(['[', ']']).split_once(",{\"interceptor\"").unwrap().1.to_owned();
        let mine = format!("{{\"interceptor\"{mine}]");
        assert_eq!(without(&format!("[{other},{}", mine)), Some(format!("[{other}]")));
        // The other function's point, and another version, are not ours to take.
        let swapped = ours.list().replace("REQUEST", "X").replace("RESPONSE", "REQUEST").replace("X", "RESPONSE");
        assert_eq!(without(&swapped).as_deref(), Some(swapped.as_str()));
        let list = ours.list().replace("a:live", "a:7");
        let left = without(&list).unwrap();
        assert!(left.contains("a:7") && !left.contains("b:live"), "{left}");
        assert_eq!(
            ours.otherwise_qualified(Some(json::parse(list.as_bytes()).unwrap().root())),
            [format!("{FUNCTION}a:7")]
        );
        // One entry for both points keeps the other one.
        let both = format!(
            r#"[{{"interceptor":{{"lambda":{{"arn":"{FUNCTION}a:live"}}}},"interceptionPoints":["REQUEST", "RESPONSE"]}}]"#
        );
        assert_eq!(without(&both), Some(both.replace("\"REQUEST\",", "")));
    }

    fn arns() -> (FunctionArn, FunctionArn) {
        let arn = |name: &str| format!("{FUNCTION}{name}:live").parse().unwrap();
        (arn("a"), arn("b"))
    }
}
