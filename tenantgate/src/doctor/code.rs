//! What can be found, how bad it is, and what to do about it. docs/doctor.md says the same.

/// How bad a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Somebody is let through, or everybody refused.
    Error,
    /// It works, but not as it should, or not for long.
    Warning,
    /// A choice that should have been made knowingly.
    Note,
}

impl Severity {
    /// As it is shown.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A sort of mistake.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) word: &'static str,
    /// Where nothing makes it worse or better.
    pub(crate) severity: Severity,
    pub(crate) remedy: &'static str,
}

/// The code of this name. Mistakes that other commands know come with a name alone.
pub(crate) fn named(word: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.word == word).copied()
}

macro_rules! codes {
    ($($name:ident $severity:ident $remedy:literal)*) => {
        $(pub(crate) static $name: Code =
            Code { word: stringify!($name), severity: Severity::$severity, remedy: $remedy };)*

        /// All of them, in the order of docs/doctor.md.
        static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    GATEWAY_NOT_READY Warning "wait until it is READY; where it failed, mend what its statusReasons say"
    AUTHORIZER_NONE Error "set authorizerType to CUSTOM_JWT, or name the issuers in the interceptors' settings, which then check every token"
    AUTHORIZER_AUDIENCE_OPEN Warning "set allowedAudience or allowedClients of the gateway's authorizer"
    AUTHORIZER_ISSUER_DIFFERS Warning "make discoveryUrl that of an issuer in the settings: a token must pass both"
    AUTHORIZER_AUDIENCE_DIFFERS Warning "name the same audiences or clients in the authorizer and in the settings: a token must pass both"
    AUTHORIZER_IAM_UNKNOWN Error "name the callers in iam.principals of the settings, or set authorizerType to CUSTOM_JWT"
    REQUEST_NOT_ATTACHED Error "attach the interceptors: `tenantgate gateway attach --dry-run` shows the change"
    RESPONSE_NOT_ATTACHED Error "attach the interceptors: `tenantgate gateway attach --dry-run` shows the change"
    HEADERS_NOT_PASSED Error "set inputConfiguration.passRequestHeaders at both points: `tenantgate gateway attach` does"
    BODY_FILTERED Error "take payloadFilter away: `tenantgate gateway attach` does"
    FUNCTION_TWICE Error "attach the request interceptor at REQUEST and the response interceptor at RESPONSE: they are two programs"
    FUNCTION_UNQUALIFIED Warning "attach an alias, as NAME:live"
    FUNCTION_ELSEWHERE Warning "attach functions of the gateway's own region and account"
    EXCEPTION_LEVEL_DEBUG Error "leave exceptionLevel out"
    RESPONSE_STREAMING Warning "set streamingConfiguration.enableResponseStreaming to false"
    PROTOCOL_WITH_BATCHES Warning "leave 2025-03-26 out of supportedVersions"
    TARGET_NOT_READY Warning "wait until it is READY; where it failed, mend what its statusReasons say"
    HEADERS_NOT_ALLOWED Warning "add them to metadataConfiguration.allowedRequestHeaders of the target (10 at most)"
    TARGET_UNBOUND Warning "add a binding with `tenantgate route add`, or delete the target"
    BINDING_DEAD Warning "compare the first segment of its path with the names of the targets, or remove the binding"
    BINDING_MALFORMED Error "remove it and add it anew"
    PROTOCOL_DIFFERS Error "correct the protocol of the binding, or change the target"
    RUNTIME_DIFFERS Error "make both name the runtime that is meant: what is audited must be what is called"
    AGENT_SEVERAL_RUNTIMES Warning "give each agent its own agentName: rules cannot tell these apart"
    FUNCTION_NOT_ACTIVE Error "wait for the update; where it failed, see StateReason and LastUpdateStatusReason"
    FUNCTION_NOT_CALLED Warning "give the functions that the gateway calls, or attach these"
    FUNCTION_TIMEOUT_SHORT Error "set the function's timeout to registry.timeoutMs and a second more, at least: a function that is cut off refuses nobody, and the gateway tries again"
    FUNCTION_WITHOUT_SETTINGS Error "set exactly one of TENANTGATE_SETTINGS and TENANTGATE_SETTINGS_FILE"
    FUNCTION_SETTINGS_DIFFER Warning "deploy both functions with the same settings"
    FUNCTION_TENANT_ISOLATION Error "make the function without tenancy_config: the gateway sends no tenant id, so that every call fails"
    AUDIT_LINES_DROPPED Error "set ApplicationLogLevel to INFO: audit lines are written at that level"
    SECRET_NOT_SET Error "set the variable in the function's environment"
    INVOKE_BY_ANYBODY Error "take the statement out of the function's policy: the gateway's role needs none there"
    INVOKE_FROM_ANYWHERE Error "add the condition aws:SourceArn with the gateway's ARN, or take the statement away"
    INVOKE_BY_OTHER_ACCOUNT Warning "take the statement away, unless that account is known to need it"
    FUNCTION_URL_OPEN Error "delete the function URL and its statement: it goes around the gateway"
    SETTINGS_UNUSABLE Error "correct what is said: with these settings every request is refused"
    SETTINGS_ENDPOINT_LOCAL Warning "leave registry.endpointUrl out: a function has no DynamoDB of its own"
    SETTINGS_OTHER_TABLE Warning "give --table as in the settings, or change registry.table"
    REVOCATION_SLOW Warning "lower registry.cacheTtlMs: a suspended tenant goes on for so long"
    BASELINE_OPTIONAL Warning "set registry.baseline to REQUIRED, so that nobody gets through when it is lost"
    HASH_KEY_MISSING Error "add the key to hashKeys of the settings: results of these tenants are withheld"
    ISSUER_UNREACHABLE Error "correct the address in the settings, or mend the issuer: nobody with its tokens gets through"
    ISSUER_KEYS_UNUSABLE Error "compare algorithms in the settings with the issuer's keys: nobody with its tokens gets through"
    TABLE_MISSING Error "create it with `tenantgate registry create`, or correct its name, account or region"
    TABLE_NOT_ACTIVE Error "wait until it is active; where its key cannot be used, give it back its KMS key"
    TABLE_KEYS Error "create the table anew with `tenantgate registry create`, and load it"
    TABLE_INDEX Warning "add the global secondary index `directory` (listedIn, pk, all attributes), as `tenantgate registry create` does: lists need it"
    TABLE_EXPIRY Warning "set `expiresAt` as the table's time-to-live attribute: tasks and contexts are never deleted without"
    TABLE_PROVISIONED Warning "set BillingMode to PAY_PER_REQUEST: a throttled table refuses everybody"
    TABLE_RECOVERY Warning "switch point-in-time recovery on"
    TABLE_DELETABLE Warning "switch deletion protection on"
    TABLE_KEY_OF_AWS Note "give the table a KMS key of your own where others must be kept from reading it by a key's policy"
    TENANTS_NONE Warning "load or add tenants: everybody is refused"
    TENANT_UNKNOWN Warning "add the tenant, or remove its members"
    TENANT_UNREADABLE Error "publish the tenant's policy anew: until then its callers are refused"
    BASELINE_UNREADABLE Error "publish the baseline anew: until then every caller is refused"
    ITEM_MALFORMED Error "write the item anew with the command that made it, or delete it"
    ITEM_UNKNOWN Warning "find out who wrote it: the registry reads no such item"
    ITEM_UNLISTED Warning "load or add it anew: it is in force, but lists do not show it"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::CODES;

    #[test]
    fn every_code_is_documented_with_its_remedy_and_nothing_else_is() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/doctor.md");
        let page = std::fs::read_to_string(page).unwrap();
        let rows = page.lines().filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ").collect();
            let [word, severity, _, remedy] = cells.as_slice() else { return None };
            Some((word.trim_end_matches('`').to_owned(), (*severity).to_owned(), (*remedy).to_owned()))
        });
        let written: BTreeSet<_> = rows.collect();
        let known =
            CODES.iter().map(|code| (code.word.to_owned(), code.severity.word().to_owned(), code.remedy.to_owned()));
        assert_eq!(written, known.collect());
        assert!(CODES.len() > 50);
    }

    #[test]
    fn each_code_is_found_by_its_name() {
        for code in CODES {
            assert_eq!(super::named(code.word), Some(*code));
        }
        assert_eq!(super::named("NONE"), None);
    }
}
