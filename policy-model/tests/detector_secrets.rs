//! Detectors of secrets: keys, tokens, passwords.
#![cfg(test)]

#[path = "support/detecting.rs"]
mod detecting;

use detecting::check;
use policy_model::detector::Detector;

#[test]
fn json_web_tokens_are_found() {
    for text in [
        format!("«{JWT}»"),
        format!("Authorization: Bearer «{JWT}», then"),
        format!("token=«{JWT}»."),
        format!("session.«{JWT}»"),
        "«eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.»".to_owned(),
        "«ewogICJhbGciOiAiSFMyNTYiCn0.e30.c2ln»".to_owned(),
        "«eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y2lwaGVydGV4dA.dGFn»".to_owned(),
    ] {
        check(Detector::Jwt, &text);
    }
}

#[test]
fn other_words_with_dots_are_no_json_web_tokens() {
    for text in [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0",
        "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiIxIn0.c2ln",
        "eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxIn0c2ln",
        "everything.is.in.some.package.name",
        "eyJhbGciOiJIUzI1NiJ9.****.****",
    ] {
        check(Detector::Jwt, text);
    }
}

#[test]
fn keys_of_aws_are_found() {
    for text in [
        "«AKIAIOSFODNN7EXAMPLE»",
        "id=«ASIAIOSFODNN7EXAMPLE», x",
        "«AKIA\u{200b}IOSFODNN7EXAMPLE»",
        "aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
        "\"SecretAccessKey\": \"«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»\"",
        "X-Amz-Credential=«AKIAIOSFODNN7EXAMPLE»/20240501/us-east-1/s3/aws4_request",
    ] {
        check(Detector::AwsKey, text);
    }
    let token = "IQoJb3JpZ2luX2VjEJr3aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789+/".repeat(3);
    check(Detector::AwsKey, &format!("export AWS_SESSION_TOKEN=«{token}==»"));
    check(Detector::AwsKey, &format!("«{token}»"));
}

#[test]
fn other_words_of_that_length_are_no_keys_of_aws() {
    for text in [
        "AKIAIOSFODNN7EXAMPL",
        "AKIAIOSFODNN7EXAMPLEX",
        "AKIAIOSFODNN7EXAMPLe",
        "AROAIOSFODNN7EXAMPLE",
        "ABCDEFGHIJKLMNOPQRST",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "secret da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "secret aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "AKIA****************",
    ] {
        check(Detector::AwsKey, text);
    }
}

#[test]
fn private_keys_are_found_to_their_end() {
    for text in [
        "a\n«-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----»\nb",
        "«-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----»\\n",
        "«-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn»",
        "«-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----», x",
        "«-----BEGIN EC PRIVATE KEY-----\nA\n-----END EC PRIVATE KEY-----» -----BEGIN CERTIFICATE-----",
    ] {
        check(Detector::PrivateKey, text);
    }
}

#[test]
fn public_keys_and_certificates_are_no_private_keys() {
    for text in [
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "-----END PRIVATE KEY-----",
        "---BEGIN PRIVATE KEY---",
        "BEGIN PRIVATE KEY",
        "----------",
    ] {
        check(Detector::PrivateKey, text);
    }
}

#[test]
fn tokens_are_found_by_their_scheme_name_or_prefix() {
    for text in [
        "Authorization: Bearer «mF_9.B5f-4.1JqM»",
        "authorization: bearer «abc12345»",
        "Authorization: Basic «dXNlcjpwYXNz»",
        "bearer_token: «0123456789abcdef0123»",
        "api_key=«0123456789abcdef0123456789abcdef»",
        "\"apiKey\": \"«Zm9vYmFyMTIzNDU2Nzg5»\"",
        "\\\"access_token\\\":\\\"«abcDEF123456ghiJKL789»\\\"",
        "client_secret => '«q8Z~abcDEF123456ghiJKL789»'",
        "pushed with «ghp_abcdefghijABCDEFGHIJ0123456789abcdef».",
        "«glpat-abcdefghij0123456789», «xoxb-123456789012-abcdefGHIJKL»",
        "«sk_live_abcdefghijklmnop0123456789» «sk-ant-api03-abcdefghijklmnop0123456789»",
        "«AIzaSyA0123456789abcdefghijklmnopqrstuv»",
    ] {
        check(Detector::BearerToken, text);
    }
}

#[test]
fn words_after_a_scheme_or_name_are_no_tokens() {
    for text in [
        "the bearer of this letter",
        "Bearer certificates",
        "Authorization: Bearer ****",
        "basic knowledge",
        "Basic abcdefgh",
        "token: none",
        "api_key=****",
        "token = get_token_from_the_store",
        "password: correct-horse-battery-staple",
        "key: 0123456789abcdef0123456789abcdef",
        "sha256: 0123456789abcdef0123456789abcdef",
        "token_id: 0123456789abcdef0123456789abcdef",
        "ghp_short",
        "glpat-abcdefghijklmnopqrst",
        "sk-learn-extensions-for-everybody-who-wants-to",
    ] {
        check(Detector::BearerToken, text);
    }
}

#[test]
fn secrets_in_urls_are_found() {
    for text in [
        "postgres://«app:s3cret»@db.example.com:5432/x",
        "https://«user:p@ss:word»@example.com/",
        "https://«x-access-token:abc»@example.com/",
        "https://****:«s3cret»@example.com/",
        "https://«s3cret:»@example.com/",
        "https://example.com/?a=1&token=«abc»&b=2",
        "https://s3/x?X-Amz-Credential=«AKIA%2F2024»&X-Amz-Signature=«0a1b»",
        "jdbc:postgresql://db/x?user=u&password=«p!x».",
        "https://example.com/cb#access_token=«abc»",
        "Server=db;Password=«x»; y",
    ] {
        check(Detector::UrlCredentials, text);
    }
}

#[test]
fn urls_without_secrets_stay() {
    for text in [
        "https://example.com/",
        "https://example.com:8080/@jane",
        "ssh://git@example.com/x.git",
        "https://example.com/?page=2&sort=name",
        "https://****@example.com/",
        "https://user:****@example.com/",
        "https://user:****abc@example.com/",
        "https://****:@example.com/",
        "https://example.com/?token=&x=1",
        "https://example.com/?token=****",
        "https://example.com/?token={token}",
        "token=abc",
        "a://b",
    ] {
        check(Detector::UrlCredentials, text);
    }
}

const JWT: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
