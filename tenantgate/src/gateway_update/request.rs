//! The update that leaves a gateway as it is: every field that was read and can be written, byte for byte.

use policy_model::json::{Edit, Edits, Kind, Value};

use crate::excerpt::visible;

/// The field that is ours to change.
pub(crate) const INTERCEPTORS: &str = "interceptorConfigurations";

/// What the operator says of fields that this program does not know.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    /// Those that an update sets.
    pub(crate) keep: &'a [String],
    /// Those that it does not.
    pub(crate) drop: &'a [String],
}

impl Fields<'_> {
    /// What is wrong with the choice.
    pub(crate) fn check(&self) -> Result<(), String> {
        for name in self.keep.iter().chain(self.drop) {
            if WRITABLE.contains(&name.as_str()) || READ_ONLY.contains(&name.as_str()) {
                return Err(format!("{name} is known: --keep-field and --drop-field are for fields that are not"));
            }
        }
        match self.keep.iter().find(|name| self.drop.contains(name)) {
            Some(name) => Err(format!("{name} is both kept and dropped")),
            None => Ok(()),
        }
    }

    fn is_dropped(&self, name: &str) -> bool {
        READ_ONLY.contains(&name) || self.drop.iter().any(|dropped| dropped == name)
    }

    fn is_kept(&self, name: &str) -> bool {
        WRITABLE.contains(&name) || self.keep.iter().any(|kept| kept == name)
    }
}

/// What of a gateway an update can set, in the order and the bytes in which it was read.
///
/// # Errors
/// What would be lost, or is missing.
pub(crate) fn writable(gateway: Value<'_>, fields: &Fields<'_>) -> Result<String, String> {
    if gateway.kind() != Kind::Object {
        return Err("the answer is no gateway".to_owned());
    }
    if let Some(name) = gateway.duplicate_name() {
        return Err(format!("the member {:?} stands twice in the gateway, and only one would be kept", visible(&name)));
    }
    let names = gateway.members().filter_map(|member| member.name.as_str());
    let unknown: Vec<String> =
        names.filter(|name| !fields.is_dropped(name) && !fields.is_kept(name)).map(|name| visible(&name)).collect();
    if !unknown.is_empty() {
        return Err(format!(
            "the gateway has what this program does not know: {}. An update without it may reset it. Look it up in the documentation of \
             UpdateGateway: if it is there, give --keep-field NAME; if it is only in GetGateway, --drop-field NAME",
            unknown.join(", ")
        ));
    }
    for name in REQUIRED {
        if gateway.get(name).and_then(Value::as_str).is_none_or(|text| text.is_empty()) {
            return Err(format!("the gateway has no {name}, without which it cannot be updated"));
        }
    }
    Ok(without_read_only(gateway, fields))
}

/// The same without a look at what else is there.
pub(crate) fn without_read_only(gateway: Value<'_>, fields: &Fields<'_>) -> String {
    let mut edits = Edits::default();
    for member in gateway.members() {
        if member.name.as_str().is_some_and(|name| fields.is_dropped(&name)) {
            edits.add(member.value, Edit::Remove);
        }
    }
    edits.apply(gateway)
}

/// The same gateway with other interceptors, or none. An empty list would be refused by AWS: the field is left out.
pub(crate) fn with_interceptors(former: Value<'_>, interceptors: Option<String>) -> String {
    let mut edits = Edits::default();
    match (former.get(INTERCEPTORS), interceptors) {
        (Some(there), Some(text)) => edits.add(there, Edit::Replace(text.into())),
        (Some(there), None) => edits.add(there, Edit::Remove),
        (None, Some(text)) => edits.add(former, Edit::Append(format!("\"{INTERCEPTORS}\":{text}"))),
        (None, None) => {}
    }
    edits.apply(former)
}

/// What UpdateGateway takes (model of November 2026).
const WRITABLE: [&str; 14] = [
    "name",
    "description",
    "roleArn",
    "protocolType",
    "protocolConfiguration",
    "authorizerType",
    "authorizerConfiguration",
    "kmsKeyArn",
    "customTransformConfiguration",
    INTERCEPTORS,
    "policyEngineConfiguration",
    "exceptionLevel",
    "wafConfiguration",
    "domainOverride",
];

/// What only GetGateway tells.
const READ_ONLY: [&str; 9] = [
    "gatewayArn",
    "gatewayId",
    "gatewayUrl",
    "createdAt",
    "updatedAt",
    "status",
    "statusReasons",
    "workloadIdentityDetails",
    "webAclArn",
];

const REQUIRED: [&str; 3] = ["name", "roleArn", "authorizerType"];

#[cfg(test)]
mod tests {
    use policy_model::json;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::{Fields, INTERCEPTORS, READ_ONLY, REQUIRED, WRITABLE, with_interceptors, writable};

    const NONE: Fields<'static> = Fields { keep: &[], drop: &[] };

    const OURS: &str = r#"[{"ours":1}]"#;

    #[test]
    fn what_is_written_is_kept_byte_for_byte() {
        let read = "{ \"gatewayId\":\"g\",\n  \"roleArn\" : \"r\\u0041\",\"status\":\"READY\", \"exceptionLevel\":null ,\"name\":\"n\",
 \"wafConfiguration\":{\"a\":1.00,\"later\":[ 1 ]},\"authorizerType\":\"NONE\",\"updatedAt\":1e9 }";
        let expected = "{\n  \"roleArn\" : \"r\\u0041\", \"exceptionLevel\":null ,\"name\":\"n\",
 \"wafConfiguration\":{\"a\":1.00,\"later\":[ 1 ]},\"authorizerType\":\"NONE\" }";
        let document = json::parse(read.as_bytes()).unwrap();
        let former = writable(document.root(), &NONE).unwrap();
        assert_eq!(former, expected);
        let former = json::parse(former.as_bytes()).unwrap();
        let request = with_interceptors(former.root(), Some(OURS.to_owned()));
        assert_eq!(request, expected.replace("\"NONE\" }", &format!("\"NONE\",\"{INTERCEPTORS}\":{OURS} }}")));
    }

    #[test]
    fn what_is_not_known_is_refused_by_name_until_it_is_kept_or_dropped() {
        let read = br#"{"name":"n","roleArn":"r","new\u001bOne":{"x":1},"authorizerType":"NONE"}"#;
        let document = json::parse(read).unwrap();
        let refusal = writable(document.root(), &NONE).unwrap_err();
        assert!(refusal.contains("know: new\u{241b}One.") && refusal.contains("--keep-field"), "{refusal}");
        let name = ["new\u{1b}One".to_owned()];
        let keep = Fields { keep: &name, drop: &[] };
        assert_eq!(writable(document.root(), &keep).unwrap().as_bytes(), read);
        let drop = Fields { keep: &[], drop: &name };
        let dropped = writable(document.root(), &drop).unwrap();
        assert_eq!(dropped, r#"{"name":"n","roleArn":"r","authorizerType":"NONE"}"#);
    }

    #[test]
    fn a_choice_about_what_is_known_is_refused() {
        let names = ["roleArn".to_owned(), "status".to_owned(), "new".to_owned()];
        let [role, status, new] = names.each_ref().map(std::slice::from_ref);
        for (keep, drop, right) in
            [(role, &[][..], false), (&[], role, false), (status, &[], false), (new, new, false), (new, &[], true)]
        {
            assert_eq!(Fields { keep, drop }.check().is_ok(), right, "{keep:?} {drop:?}");
        }
    }

    #[test]
    fn what_is_no_gateway_is_refused() {
        for text in [
            "[]",
            "null",
            "{}",
            r#"{"name":"n","roleArn":"r"}"#,
            r#"{"name":"n","roleArn":"","authorizerType":"NONE"}"#,
            r#"{"name":"n","roleArn":null,"authorizerType":"NONE"}"#,
            r#"{"name":"n","roleArn":"r","authorizerType":"NONE","name":"m"}"#,
            r#"{"name":"n","roleArn":"r","authorizerType":"NONE","protocolConfiguration":{"a":1,"a":1}}"#,
        ] {
            assert!(writable(json::parse(text.as_bytes()).unwrap().root(), &NONE).is_err(), "{text}");
        }
    }

    proptest! {
        /// Nothing is lost: the request is what was read, less what is read-only, with the interceptors.
        #[test]
        fn the_request_is_what_was_read_less_what_is_read_only(gateway in gateway(), attach in any::<bool>(), pretty in any::<bool>()) {
            let text = if pretty { format!("{gateway:#}") } else { gateway.to_string() };
            let document = json::parse(text.as_bytes()).unwrap();
            let former = writable(document.root(), &NONE).unwrap();
            let former = json::parse(former.as_bytes()).unwrap();
            let request = with_interceptors(former.root(), attach.then(|| OURS.to_owned()));
            // Read from the text, as serde_json may read a long fraction as its neighbour.
            let mut expected: Map<String, Value> = serde_json::from_str(&text).unwrap();
            expected.retain(|name, _| !READ_ONLY.contains(&name.as_str()) && name != INTERCEPTORS);
            if attach {
                expected.insert(INTERCEPTORS.to_owned(), serde_json::from_str(OURS).unwrap());
            }
            prop_assert_eq!(serde_json::from_str::<Value>(&request).unwrap(), Value::Object(expected.clone()));
            // Each value is the very text that was read.
            let request = json::parse(request.as_bytes()).unwrap();
            for name in expected.keys().filter(|name| *name != INTERCEPTORS) {
                let (read, put) = (document.root().get(name).unwrap(), request.root().get(name).unwrap());
                prop_assert_eq!(read.text(), put.text());
            }
        }
    }

    /// Any of the known fields with anything in them, and those that must be there.
    fn gateway() -> impl Strategy<Value = Value> {
        let names: Vec<&str> = WRITABLE.into_iter().chain(READ_ONLY).collect();
        let fields = proptest::collection::hash_map(proptest::sample::select(names), anything(), 0..20);
        (fields, proptest::collection::vec("[^\\x00]{1,8}", 3)).prop_map(|(fields, texts)| {
            let mut object: Map<String, Value> =
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            object.extend(REQUIRED.into_iter().map(ToOwned::to_owned).zip(texts.into_iter().map(Value::from)));
            Value::Object(object)
        })
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| Value::from(number))),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }
}
