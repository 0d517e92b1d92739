//! Callers of a gateway that authorizes by AWS IAM: the principal that the gateway itself names in the event.

use std::sync::Arc;

use policy_model::UserId;
use policy_model::json::{self, quote};
use policy_registry::{Member, PrincipalKind};

use crate::event::Event;
use crate::headers::Found;
use crate::settings::{TenantBinding, TenantSelection};
use crate::token::{Caller, Scheme, TokenFault, scheme};

/// The issuer under which such callers are registered. No token has it.
pub const IAM_ISSUER: &str = "aws:iam";

/// Which principals may call.
#[derive(Debug, Clone)]
pub struct IamPrincipals(Vec<IamPrincipal>);

/// Principals that call as one registered client.
#[derive(Debug, Clone)]
pub(crate) struct IamPrincipal {
    pub(crate) pattern: ArnPattern,
    pub(crate) subject: UserId,
}

impl IamPrincipals {
    pub(crate) fn new(principals: Vec<IamPrincipal>) -> IamPrincipals {
        IamPrincipals(principals)
    }

    /// The caller that the gateway names; none if there is a bearer token to say who it is.
    ///
    /// # Errors
    /// [`TokenFault`]: two credentials, or a principal that is nobody's.
    pub(crate) fn identify(&self, event: &Event<'_>) -> Result<Option<Caller>, TokenFault> {
        let arn = match (&event.aws_principal, scheme(&event.headers)?) {
            (Found::Nothing, _) => return Ok(None),
            (Found::Ambiguous, _) | (Found::One(_), Some(Scheme::Bearer)) => {
                return Err(TokenFault::AmbiguousCredential);
            }
            (Found::One(_), Some(Scheme::Other)) => return Err(TokenFault::Scheme),
            (Found::One(arn), Some(Scheme::SigV4) | None) => arn,
        };
        let mut subjects = self.0.iter().filter(|known| known.pattern.matches(arn)).map(|known| &known.subject);
        let subject = subjects.next().ok_or(TokenFault::IamPrincipal)?;
        if subjects.any(|other| other != subject) {
            return Err(TokenFault::IamPrincipal);
        }
        let claims = json::parse_owned(format!("{{\"iss\":{},\"arn\":{}}}", quote(IAM_ISSUER), quote(arn)));
        Ok(Some(Caller {
            member: Member { kind: PrincipalKind::Client, issuer: Arc::from(IAM_ISSUER), subject: subject.clone() },
            tenant: None,
            tenants: TenantBinding::Memberships,
            tenant_selection: TenantSelection::Membership,
            roles: Vec::new(),
            scopes: None,
            actors: Vec::new(),
            claims: claims.map_err(|_| TokenFault::IamPrincipal)?,
            expires: u64::MAX,
        }))
    }
}

/// An ARN of IAM or STS in whose resource `*` stands for any characters but `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArnPattern {
    /// Up to and with the account.
    head: String,
    segments: Vec<String>,
}

impl ArnPattern {
    /// Takes a pattern.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub(crate) fn parse(text: &str) -> Result<ArnPattern, &'static str> {
        let (head, resource) = split(text).ok_or(
            "is no ARN of a principal; expected arn:aws:iam::<12 digits>:role/.., arn:aws:iam::<12 digits>:user/.. or \
             arn:aws:sts::<12 digits>:assumed-role/<role>/<session>, with `*` in the resource only",
        )?;
        let segments: Vec<String> = resource.split('/').map(str::to_owned).collect();
        let is_plain = |segment: &String| !segment.contains('*') && !segment.is_empty();
        match segments.as_slice() {
            [kind, role, _] if kind == "assumed-role" && role.bytes().any(|byte| byte != b'*') => {}
            [kind, name @ ..]
                if ["role", "user"].contains(&kind.as_str())
                    && name.last().is_some_and(|last| last.bytes().any(|byte| byte != b'*')) => {}
            [kind, ..] if !is_plain(kind) => return Err("has a `*` where the kind of principal stands"),
            _ => {
                return Err(
                    "would match principals of any name; name the role or user, with `*` in a part of it at most",
                );
            }
        }
        Ok(ArnPattern { head: head.to_owned(), segments })
    }

    /// Whether it is about this principal.
    pub(crate) fn matches(&self, arn: &str) -> bool {
        let Some((head, resource)) = split(arn) else { return false };
        let own: Vec<&str> = resource.split('/').collect();
        head == self.head
            && !resource.contains('*')
            && own.len() == self.segments.len()
            && self.segments.iter().zip(own).all(|(pattern, own)| is_match(pattern, own))
    }
}

/// The part up to and with the account, and the resource.
fn split(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let fixed = [parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let resource = parts.next()?;
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_principal = match fixed {
        ["arn", partition, "iam" | "sts", "", account] => PARTITIONS.contains(&partition) && is_account(account),
        _ => false,
    };
    let is_resource = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/*".contains(&byte);
    let is_whole = arn.len() <= ARN_BYTES_MAX
        && resource.bytes().all(is_resource)
        && resource.split('/').all(|segment| !segment.is_empty());
    let head = arn.get(..arn.len() - resource.len())?;
    (is_principal && is_whole).then_some((head, resource))
}

/// Whether a text is one of a pattern, whose `*` are any characters: from the left, each piece at its first place.
fn is_match(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.split_once(piece) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last)
}

const PARTITIONS: &[&str] = &["aws", "aws-cn", "aws-us-gov"];

/// Longest ARN, in bytes (IAM's own limit).
const ARN_BYTES_MAX: usize = 2_048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_within_one_segment() {
        let check = |pattern: &str, arn: &str, expected: bool| {
            assert_eq!(ArnPattern::parse(pattern).unwrap().matches(arn), expected, "{pattern} {arn}");
        };
        let of = |resource: &str| format!("arn:aws:sts::123456789012:{resource}");
        for (pattern, resource, expected) in [
            ("assumed-role/desk/*", "assumed-role/desk/session-1", true),
            ("assumed-role/desk/*", "assumed-role/desk/a/b", false),
            ("assumed-role/desk/*", "assumed-role/desk-2/session", false),
            ("assumed-role/desk-*/batch", "assumed-role/desk-eu/batch", true),
            ("assumed-role/desk-*/batch", "assumed-role/desk-/batch", true),
            ("assumed-role/desk-*/batch", "assumed-role/desk-eu/batch2", false),
            ("assumed-role/*-desk/x*y*z", "assumed-role/eu-desk/xaybz", true),
            ("assumed-role/*-desk/x*y*z", "assumed-role/eu-desk/xaz", false),
            ("assumed-role/desk/x*x", "assumed-role/desk/x", false),
            ("assumed-role/desk/one", "assumed-role/desk/One", false),
            ("assumed-role/desk/*", "assumed-role/desk/*", false),
        ] {
            check(&of(pattern), &of(resource), expected);
        }
        check("arn:aws:iam::123456789012:role/path/desk", "arn:aws:iam::123456789012:role/path/desk", true);
        check("arn:aws:iam::123456789012:role/desk", "arn:aws:iam::123456789013:role/desk", false);
        check("arn:aws:iam::123456789012:role/desk", "arn:aws-cn:iam::123456789012:role/desk", false);
        check("arn:aws:iam::123456789012:role/desk", "arn:aws:sts::123456789012:role/desk", false);
    }

    #[test]
    fn a_pattern_that_would_let_anybody_in_is_refused() {
        for pattern in [
            "*",
            "",
            "arn:aws:iam::*:role/desk",
            "arn:aws:iam::12345678901:role/desk",
            "arn:aws:iam::123456789012:*",
            "arn:aws:iam::123456789012:root",
            "arn:aws:iam::123456789012:role/*",
            "arn:aws:iam::123456789012:*/desk",
            "arn:aws:iam::123456789012:role//desk",
            "arn:aws:sts::123456789012:assumed-role/*/*",
            "arn:aws:sts::123456789012:assumed-role/desk",
            "arn:aws:sts::123456789012:federated-user/desk",
            "arn:aws:s3:::bucket",
            "arn:aws:iam:eu-central-1:123456789012:role/desk",
            "arn:aws:iam::123456789012:role/de sk",
        ] {
            assert!(ArnPattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
