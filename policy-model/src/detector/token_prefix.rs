//! Tokens that say by their prefix whose they are.

/// Whether a token begins with a known prefix and is long enough after it.
pub(super) fn is_prefixed(token: &[u8]) -> bool {
    let is_mixed = token.iter().any(u8::is_ascii_digit) && token.iter().any(u8::is_ascii_alphabetic);
    is_mixed
        && PREFIXES.iter().any(|(prefix, rest_bytes_min)| {
            let is_likely = prefix.as_bytes().first() == token.first() && token.len() >= prefix.len() + rest_bytes_min;
            let has_digit = |rest: &[u8]| rest.iter().any(u8::is_ascii_digit);
            is_likely && token.strip_prefix(prefix.as_bytes()).is_some_and(has_digit)
        })
}

/// Prefixes as their makers document them, and how many bytes follow at least.
const PREFIXES: &[(&str, usize)] = &[
    // GitHub, GitLab.
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 22),
    ("glpat-", 20),
    ("gldt-", 20),
    ("glrt-", 20),
    ("glptt-", 20),
    ("glcbt-", 20),
    // Slack.
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("xoxr-", 16),
    ("xoxs-", 16),
    ("xoxe-", 16),
    ("xoxe.", 16),
    ("xapp-", 16),
    // Payments: Stripe, Square, Shopify.
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("rk_test_", 16),
    ("whsec_", 24),
    ("sq0atp-", 22),
    ("sq0csp-", 22),
    ("shpat_", 32),
    ("shpca_", 32),
    ("shppa_", 32),
    ("shpss_", 32),
    // Models: Anthropic, OpenAI, Hugging Face, Groq, xAI, Replicate, Perplexity.
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk-svcacct-", 20),
    ("sk-", 40),
    ("hf_", 30),
    ("gsk_", 40),
    ("xai-", 40),
    ("r8_", 30),
    ("pplx-", 40),
    // Clouds: Google, DigitalOcean, Databricks, Heroku, Vault, Terraform, Fly.
    ("AIza", 35),
    ("ya29.", 20),
    ("GOCSPX-", 20),
    ("dop_v1_", 60),
    ("doo_v1_", 60),
    ("dor_v1_", 60),
    ("dapi", 32),
    ("HRKU-", 20),
    ("hvs.", 20),
    ("hvb.", 20),
    ("fo1_", 40),
    // Packages: npm, PyPI, RubyGems, crates.io, Docker.
    ("npm_", 30),
    ("pypi-AgE", 50),
    ("rubygems_", 40),
    ("cio", 32),
    ("dckr_pat_", 20),
    // Others: SendGrid, Linear, Notion, Postman, New Relic, Grafana, Sentry, Figma, Atlassian, Airtable.
    ("SG.", 40),
    ("lin_api_", 30),
    ("ntn_", 40),
    ("PMAK-", 40),
    ("NRAK-", 24),
    ("glsa_", 30),
    ("glc_", 30),
    ("sntrys_", 40),
    ("figd_", 30),
    ("ATATT3", 60),
];
