//! What policies decide, and what becomes of calls and answers.

use super::{Reason, reason};

pub(super) const REASONS: &[Reason] = &[
    reason(
        "ALLOW_RULE",
        "The rule in the line allowed it.",
        "Nothing is wrong; `tenantgate explain` shows what of the rule fitted.",
    ),
    reason(
        "SESSION",
        "Every known caller may do it: opening a session, or asking for a list that is filtered on its way back.",
        "Nothing is wrong.",
    ),
    reason(
        "REDACTED",
        "The answer passed, and something was taken out of it.",
        "Nothing is wrong; `tenantgate redact` shows which redaction takes out what of a captured answer.",
    ),
    reason("UNCHANGED", "The answer passed as it was.", "Nothing is wrong."),
    reason(
        "NO_RULE",
        "No ALLOW rule of the tenant's policy applied, and what no rule allows is denied.",
        "Ask `tenantgate explain` which rules name the thing and what of them did not fit; then add a rule, or what the rule wants to the caller.",
    ),
    reason(
        "DENY_RULE",
        "The DENY rule in the line applied; whatever else allows does not count then.",
        "Ask `tenantgate explain` which of its parts fitted; if the policy in the line is the baseline's, it is the platform's rule and not the tenant's.",
    ),
    reason(
        "METHOD_NOT_GRANTABLE",
        "The protocol's method is one that no policy can grant.",
        "Use a method that the documents list; there is nothing to configure.",
    ),
    reason(
        "ARGUMENTS_LIMIT",
        "The arguments are larger than a limit of the policies allows.",
        "Send less, or raise the bound in `limits` of the policy.",
    ),
    reason(
        "ARGUMENTS_CONTROL_CHARACTER",
        "The arguments have control characters, and the settings refuse them.",
        "Leave them out, or choose another `controlCharacters` in the settings.",
    ),
    reason(
        "ARGUMENTS_REFUSED",
        "The arguments have something that an entry of `arguments` with REFUSE names.",
        "Leave it out; the operator's line with the same decision id says which path.",
    ),
    reason(
        "ARGUMENTS_UNRESOLVED",
        "The policy changes the arguments, and cannot do so with these.",
        "The operator's line with the same decision id says which entry and why; correct the entry, or the caller's arguments.",
    ),
    reason(
        "ARGUMENT_CONFLICT",
        "A policy writes the argument in which the target finds the tenant context.",
        "Name another argument in the policy or in the settings' tenant context.",
    ),
    reason(
        "HEADER_UNRESOLVED",
        "A header that a policy adds has a `valuePath` that does not find exactly one string.",
        "Look at the header in the operator's line; the token lacks the claim, or the path is wrong.",
    ),
    reason(
        "HEADER_CONFLICT",
        "A policy adds a header that is an identity header of the settings.",
        "Rename one of them.",
    ),
    reason(
        "CONTEXT_TOO_LONG",
        "The tenant context would be longer than a header may be, or has more than 32 actors.",
        "Shorten what goes into it: fewer scopes, or a shorter chain of actors.",
    ),
    reason(
        "CONTEXT_KEY_UNAVAILABLE",
        "The key that signs tenant contexts could not be had in time.",
        "Look at the function's access to its key, and at the lines of its log.",
    ),
    reason(
        "CONTEXT_SIGNING",
        "The key does not sign tenant contexts.",
        "Check the key's kind and its permissions; `tenantgate keys jwks` shows what receivers verify with.",
    ),
    reason(
        "EXCHANGE_REFUSED",
        "The token endpoint gives no token for the target.",
        "Read the endpoint's error in the operator's line; mostly the client may not exchange for that audience.",
    ),
    reason(
        "EXCHANGE_UNAVAILABLE",
        "The token endpoint cannot be asked, or not in time.",
        "Look at its reachability from the function, and its time to answer.",
    ),
    reason(
        "EXCHANGE_ANSWER",
        "What the token endpoint answers is no such token.",
        "Compare its answer with what the settings ask for.",
    ),
    reason(
        "EXCHANGE_ISSUER",
        "The caller's token is of an issuer whose tokens the endpoint may not see, or there is no token.",
        "Add the issuer to the exchange's `issuers`, if it may; machines without a token cannot call such targets.",
    ),
    reason(
        "EXCHANGE_SCOPE",
        "The caller has no scope to pass on, or the endpoint grants more than was asked for.",
        "Give the caller one of the target's scopes, or narrow the endpoint's grant.",
    ),
    reason(
        "TASK_UNKNOWN",
        "No task of that id is recorded for the tenant.",
        "Check the id; tasks are recorded only with `registry.tasks` RECORD, and last as long as the server says, 24 hours at most.",
    ),
    reason(
        "TASK_FOREIGN",
        "The task is another caller's of the tenant.",
        "Nothing: only whoever made it may ask for it.",
    ),
    reason("TASK_EXPIRED", "The task's time is over.", "Make a new one."),
    reason(
        "TASK_CONFLICT",
        "The target gave one task id to two calls, and the answer is withheld.",
        "Have the target make ids that are unique among all its users.",
    ),
    reason(
        "TASK_MALFORMED",
        "The task's item in the registry is not what it should be.",
        "The operator's line names the attribute; find out who writes such items.",
    ),
    reason(
        "PIN_CHANGED",
        "The tool is pinned, and was last seen with another definition.",
        "Compare with `tenantgate tools diff`; pin the new definition if it is wanted, or restore the tool.",
    ),
    reason(
        "PIN_CHANGES_TOO_MANY",
        "A list shows more changed tools than are noted at once, and is withheld.",
        "Ask again: each list notes 1,000; then look at what changed so many tools.",
    ),
    reason(
        "ANSWER_UNREADABLE",
        "The target's answer is not one that can be checked, and is withheld.",
        "Look at what the target sends; it must be the protocol's JSON, without members that stand twice.",
    ),
    reason("ANSWER_MISSING", "The target gave no answer.", "Look at the target's own log."),
    reason(
        "REDACTION_RESIDUE",
        "A value that was redacted is still in the answer where no rule reaches, and the answer is withheld.",
        "Run `tenantgate redact` on a captured answer and add the place that it names to the redactions.",
    ),
    reason(
        "REDACTION_OPAQUE",
        "The answer has something that nobody can look into, and the policy wants such answers withheld.",
        "Have the target send text, or choose `opaqueContent` MASK.",
    ),
    reason(
        "REDACTION_KEY",
        "The policy hashes values, and the settings have no key of that name.",
        "Add the secret to the settings, or correct `hashKey`.",
    ),
    reason(
        "REDACTION_WORK",
        "The answer takes longer to redact than there is time, and is withheld.",
        "Have the target answer with less, or in pages; look at paths with `..` and filters.",
    ),
    reason("REPLY_TOO_LARGE", "The reply would be larger than Lambda takes.", "Ask for less at once."),
    reason(
        "STREAMING",
        "The answer would be streamed past the redactions that it needs.",
        "Ask without streaming, or let the gateway buffer answers of this target.",
    ),
    reason(
        "MAX_TOKENS",
        "The request says more tokens than the policy allows, or does not say how many.",
        "Say `max_tokens` within the limit, or raise `maxTokens` in the policy.",
    ),
    reason(
        "PUSH_URL",
        "The policy does not allow notifications to that URL.",
        "Add it to `pushNotificationUrls`; hosts of the own network are never called.",
    ),
    reason(
        "DEADLINE",
        "There was no decision in time.",
        "Look at the registry's and the issuers' time to answer, and at the function's timeout and memory.",
    ),
    reason(
        "PANIC",
        "A defect of the interceptor: it stopped before it had decided, and refused.",
        "Report it with the decision id; nothing passed.",
    ),
    reason(
        "SETTINGS",
        "The function's settings are missing or malformed; it refuses everything.",
        "Its first log line says what is wrong and where; correct the settings and deploy again.",
    ),
];
