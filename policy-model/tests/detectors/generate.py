"""Writes development.jsonl and held_out.jsonl: texts with labelled sensitive values. README.md beside it tells how to run it.

Values come from libraries that know nothing of the detectors. The held-out part has sentences, locales and regions of its own.
"""

import base64
import hashlib
import importlib.util
import json
import pathlib
import random
import re
import uuid

import jwt
import phonenumbers
import schwifty
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from faker import Faker
from jwcrypto import jwe, jwk

SEED = 2026
HERE = pathlib.Path(__file__).parent
LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
DIGITS = "0123456789"
WORD = LOWER + UPPER + DIGITS

LOCALES = {
    "development": ["en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "ja_JP", "ru_RU", "nl_NL", "sv_SE", "en_IN", "zh_CN"],
    "held_out": ["en_GB", "en_AU", "en_CA", "de_AT", "fr_BE", "es_MX", "pl_PL", "tr_TR", "ko_KR", "cs_CZ", "da_DK", "en_IE"],
}

# (kind, text): {NAME} is a value; {not_NAME} one that only looks alike; the rest is filled by Faker.
TEMPLATES = [
    # Sentences.
    "Hi {first_name}, could you forward the invoice to {EMAIL} before Friday?",
    "If nobody answers, reach {name} at {PHONE} or write to {EMAIL}.",
    "My number changed. The new one is {PHONE}, please update it.",
    "{name} moved to {city}; the landline there is {PHONE}.",
    "I paid with {PAYMENT_CARD} but the order {not_order} never arrived.",
    "The refund goes back to the card {PAYMENT_CARD} within {not_small} days.",
    "Please wire the deposit to {IBAN} (account holder: {name}).",
    "Our bank details: IBAN {IBAN}, BIC {not_bic}.",
    "The applicant's social security number is {US_SSN_any}.",
    "SSN on file: {US_SSN_any}; date of birth {not_date}.",
    "The login came from {IP_ADDRESS} at {not_time}.",
    "We saw {not_small} failed attempts from {IP_ADDRESS} and {IP_ADDRESS} yesterday.",
    "Don't share this: {BEARER_prefixed}",
    "I accidentally pushed {BEARER_prefixed} to the public repository.",
    "Here is my token, {JWT}, can you check why it is rejected?",
    "The key {AWS_id} was rotated on {not_date}.",
    "Use {URL_userinfo} for the staging database.",
    "Download it here: {URL_presigned}",
    "Der Rückruf geht bitte an {PHONE}, die Unterlagen an {EMAIL}.",
    "Überweisen Sie den Betrag auf das Konto {IBAN} bis zum {not_date}.",
    "Veuillez contacter {name} au {PHONE} ou par courriel : {EMAIL}.",
    "Le virement sera fait sur {IBAN}.",
    "Mi número es el {PHONE} y mi correo {EMAIL}.",
    "Il mio numero è {PHONE}, la carta finisce: {PAYMENT_CARD}",
    "連絡先は{EMAIL}、電話番号は{PHONE}です。",
    "我的邮箱是{EMAIL}，电话{PHONE}。",
    "Мой телефон {PHONE}, почта {EMAIL}.",
    "للتواصل: {EMAIL} أو {PHONE}",
    # Chats and tickets.
    "[{not_time}] {first_name}: call me {PHONE}\n[{not_time}] {first_name}: ok, give me {not_small} min",
    "<{first_name}> my mail is {EMAIL} and my ip is {IP_ADDRESS}",
    "Ticket #{not_order}\nReporter: {name} <{EMAIL}>\nPhone: {PHONE}\nCard: {PAYMENT_CARD}",
    "From: {name} <{EMAIL}>\nTo: {EMAIL}\nDate: {not_date}\nSubject: order {not_order}\n\nsee attached, {first_name}\nTel. {PHONE}",
    "customer says card no. {PAYMENT_CARD} exp 12/27 cvv 123 was declined, callback {PHONE}",
    # Log lines.
    "{not_timestamp} INFO  [http-nio-8080-exec-{not_small}] c.e.shop.OrderController - order={not_order} user={EMAIL} ip={IP_ADDRESS}",
    "{IP_ADDRESS} - - [{not_clf_date}] \"GET /api/v2/items/{not_order} HTTP/1.1\" 200 {not_order} \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Chrome/{not_version}\"",
    "{not_timestamp} WARN sshd[{not_small}]: Failed password for root from {IP_ADDRESS} port 50222 ssh2",
    "{not_timestamp} DEBUG request_id={not_uuid} payment pan={PAYMENT_CARD} amount={not_price}",
    "{not_timestamp} ERROR upstream {IP_ADDRESS}:8443 timed out after 30000 ms (trace {not_hex32})",
    "level=info ts={not_timestamp} caller=auth.go:112 msg=\"token issued\" sub={not_uuid} token={JWT}",
    "> Authorization: Bearer {BEARER_opaque}\n> Accept: */*",
    "> Authorization: Bearer {JWT}\n< HTTP/2 401",
    "> Authorization: Basic {BEARER_basic}",
    "{not_timestamp} INFO eth0 {not_mac} got lease {IP_ADDRESS} for 86400 s",
    "proxy: {URL_userinfo} -> {IP_ADDRESS}",
    # Tables and CSV.
    "id,name,email,phone\n{not_small},{name},{EMAIL},{PHONE}\n{not_small},{name},{EMAIL},{PHONE}",
    "{not_order};{last_name};{IBAN};{not_price};{not_date}",
    "{not_order},{PAYMENT_CARD},{not_date},{not_price},OK",
    "{not_uuid}\t{EMAIL}\t{IP_ADDRESS}\t{not_timestamp}",
    "{last_name},{first_name},{US_SSN},{not_date},{not_zip4}",
    "| Name | IBAN | Betrag |\n|---|---|---|\n| {name} | {IBAN} | {not_price} |",
    "| host | address | mac |\n| db-{not_small} | {IP_ADDRESS} | {not_mac} |",
    "| {name} | {PHONE} | {PAYMENT_CARD} |",
    # Code, settings, JSON.
    "const client = new Client({{ apiKey: '{BEARER_opaque}', timeout: 30000 }});",
    "export AWS_ACCESS_KEY_ID={AWS_id}\nexport AWS_SECRET_ACCESS_KEY={AWS_secret}\nexport AWS_DEFAULT_REGION=eu-central-1",
    "[default]\naws_access_key_id = {AWS_id}\naws_secret_access_key = {AWS_secret}",
    "{{\"Credentials\": {{\"AccessKeyId\": \"{AWS_id}\", \"SecretAccessKey\": \"{AWS_secret}\", \"SessionToken\": \"{AWS_session}\"}}}}",
    "GITHUB_TOKEN={BEARER_prefixed}\nLOG_LEVEL=debug\nBUILD={not_sha1}",
    "client_secret: \"{BEARER_opaque}\"\nredirect_uri: https://example.com/callback",
    "{{\"access_token\":\"{BEARER_opaque}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}",
    "curl -H 'X-Api-Key: {BEARER_opaque}' https://api.example.com/v1/items?page={not_small}",
    "DATABASE_URL={URL_userinfo}/app?sslmode=require",
    "git clone {URL_userinfo}/team/app.git",
    "GET /callback?code=abc&access_token={URL_value}&state={not_small} HTTP/1.1",
    "https://example.com/reset?user={not_small}&token={URL_value}",
    "jdbc:mysql://db.example.com:3306/shop?user=app&password={URL_password}",
    "wss://stream.example.com/ws?api_key={URL_value}",
    "kubectl create secret generic tls --from-literal=key='{PRIVATE_KEY}'",
    "{PRIVATE_KEY}\n",
    "{{\"private_key_id\": \"{not_sha1}\", \"private_key\": \"{PRIVATE_KEY_escaped}\\n\", \"client_email\": \"{EMAIL}\"}}",
    "ssl:\n  key: |\n{PRIVATE_KEY}\n  port: 8443",
    "INSERT INTO customer VALUES ({not_small}, '{last_name}', '{EMAIL}', '{PHONE}', '{not_date}');",
    "assert parse('{IP_ADDRESS}') == Address({not_small})  # see RFC 5952",
    "<a href=\"mailto:{EMAIL}\">{name}</a> <a href=\"tel:{PHONE_e164}\">{PHONE_e164}</a>",
    "{{\"user\":{{\"mail\":\"{EMAIL}\",\"mobile\":\"{PHONE}\",\"ssn\":\"{US_SSN}\"}},\"v\":\"{not_version}\"}}",
    "Cookie: session={JWT}; theme=dark",
    # A value alone, as a member of a document.
    "{EMAIL}", "{PHONE}", "{PAYMENT_CARD}", "{IBAN}", "{US_SSN}", "{IP_ADDRESS}", "{JWT}", "{AWS_id}", "{BEARER_prefixed}",
    "{URL_userinfo}", "{URL_presigned}",
    # Nothing to be found.
    "Order {not_order} shipped on {not_date}, tracking {not_tracking}, total {not_price}.",
    "ISBN {not_isbn}, {not_small} pages, {not_price}",
    "commit {not_sha1}\nAuthor: {name}\nDate: {not_date}\n\n    Bump to {not_version}",
    "sha256:{not_sha256}  app-{not_version}.tar.gz",
    "Position {not_coordinates}, altitude {not_small} m",
    "{not_uuid}",
    "{not_order}",
    "{not_date} {not_time}",
    "version {not_version4} (build {not_order})",
    "MAC {not_mac}, serial {not_part}, firmware {not_version}",
    "meeting {not_date} {not_time}-{not_time}, room {not_small}, dial-in to follow",
    "npm install @scope/pkg@{not_version} left-pad@{not_version}",
    "from datetime import timedelta\n@cache\ndef total(x: int) -> int:\n    return x * {not_small} + {not_order}",
    "std::collections::HashMap<u64, f64>::new() // {not_hex32}",
    "data:image/png;base64,{not_base64}",
    "EAN {not_ean}, part {not_part}, {not_price} each, {not_small} in stock",
    "epoch {not_epoch}, epoch ms {not_epoch_ms}, nonce {not_hex32}",
    "Zip {not_zip4}, tax id {not_ein}, fiscal year 2023-2024",
    "x = [{not_small}, {not_price}, {not_epoch}]; y = x[::2]; z = {{'a': '{not_base64}'}}",
    "The token was revoked; the bearer of this note may ask for a new secret at the desk.",
    "{not_small} x {not_small} = {not_order}; mean {not_price}, sd {not_price}",
    "table {not_part}: {not_numbers}",
    "@{first_name}_dev and @{last_name} replied at {not_time}",
    "etag W/\"{not_hex32}\" last-modified {not_clf_date} content-length {not_order}",
    "Kto-Nr. {not_order}, Kunden-Nr. {not_order}, Rechnung {not_part} vom {not_date}",
    "flight LH{not_small} {not_time}, booking {not_part}, seat 12A",
    "****", "****{not_small}", "card ending in {not_small}, phone ***-***-{not_small}",
    "license plate {not_part}, VIN {not_vin}",
]


class Values:
    """Draws values for one part of the set."""

    def __init__(self, part, draw):
        self.draw = draw
        self.fakers = [Faker(locale) for locale in LOCALES[part]]
        self.english = Faker("en_US")
        for faker in [*self.fakers, self.english]:
            faker.seed_instance(draw.random())
        regions = sorted(phonenumbers.SUPPORTED_REGIONS)
        self.regions = [region for index, region in enumerate(regions) if (index % 2 == 0) == (part == "development")]
        self.countries = sorted(schwifty.registry.get_countries())
        self.keys = [self.pem() for _ in range(8)]
        self.encryption_key = jwk.JWK(kty="oct", k=base64.urlsafe_b64encode(bytes(range(16))).rstrip(b"=").decode())

    def faker(self):
        return self.draw.choice(self.fakers)

    def word(self, name):
        """A name, a place, a street: whatever Faker calls so."""
        faker = self.faker()
        known = faker if hasattr(faker, name) else self.english
        return str(known.format(name)).replace("\n", ", ")

    def letters(self, alphabet, count):
        return "".join(self.draw.choice(alphabet) for _ in range(count))

    def random_bytes(self, count):
        return bytes(self.draw.randrange(256) for _ in range(count))

    # What is to be found. Each gives a text in which the value stands between two NUL characters where it is not all of it.

    def EMAIL(self):
        faker = self.faker()
        kind = self.draw.randrange(10)
        address = faker.ascii_company_email() if kind < 3 else faker.email() if kind < 6 else faker.free_email()
        if kind == 8:
            address = address.replace("@", "+" + self.english.word() + "@", 1)
        if kind == 9:
            address = f"{self.english.user_name()}@{self.english.word()}.{self.english.domain_name()}"
        return address

    def PHONE(self):
        if self.draw.random() < 0.5:
            return self.faker().phone_number()
        kinds = [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]
        number = None
        while number is None:
            number = phonenumbers.example_number_for_type(self.draw.choice(self.regions), self.draw.choice(kinds))
        digits = str(number.national_number)
        number.national_number = int(digits[:-4] + self.letters(DIGITS, 4)) if len(digits) > 7 else int(digits)
        formats = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, self.draw.choice([formats.E164, formats.INTERNATIONAL, formats.NATIONAL]))

    def PHONE_e164(self):
        number = phonenumbers.example_number_for_type(self.draw.choice(["US", "DE", "GB", "FR", "JP"]), phonenumbers.PhoneNumberType.MOBILE)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def PAYMENT_CARD(self):
        number = self.english.credit_card_number()
        shape = self.draw.randrange(4)
        if shape >= 2:
            return number
        cuts = [4, 10] if len(number) in (14, 15) else list(range(4, len(number), 4))
        parts = [number[start:end] for start, end in zip([0, *cuts], [*cuts, None])]
        return (" " if shape == 0 else "-").join(part for part in parts if part)

    def IBAN(self):
        account = schwifty.IBAN.random(country_code=self.draw.choice(self.countries), random=self.draw)
        return self.draw.choice([account.compact, account.formatted, account.formatted, account.compact.lower()])

    def US_SSN(self):
        number = self.english.ssn()
        return self.draw.choice([number, number, number, number.replace("-", " ")])

    def US_SSN_any(self):
        number = self.english.ssn()
        return self.draw.choice([number, number, number.replace("-", " "), number.replace("-", "")])

    def IP_ADDRESS(self):
        return self.draw.choice([self.english.ipv4, self.english.ipv4, self.english.ipv4_private, self.english.ipv6])()

    def JWT(self):
        claims = {"sub": self.english.uuid4(), "name": self.english.name(), "iat": self.draw.randrange(10**9, 2 * 10**9)}
        kind = self.draw.randrange(6)
        if kind == 0:
            token = jwe.JWE(json.dumps(claims).encode(), json.dumps({"alg": "A128KW", "enc": "A128GCM"}))
            token.add_recipient(self.encryption_key)
            return token.serialize(compact=True)
        headers = {"kid": self.english.uuid4()} if kind < 3 else None
        return jwt.encode(claims, self.letters(WORD, 64), algorithm=self.draw.choice(["HS256", "HS384", "HS512"]), headers=headers)

    def AWS_id(self):
        return self.draw.choice(["AKIA", "AKIA", "ASIA"]) + self.letters(UPPER + "234567", 16)

    def AWS_secret(self):
        return base64.b64encode(self.random_bytes(30)).decode()

    def AWS_session(self):
        return "IQoJb3JpZ2luX2Vj" + base64.b64encode(self.random_bytes(self.draw.randrange(200, 400))).decode()

    def pem(self):
        private = self.draw.choice(
            [
                lambda: ec.generate_private_key(ec.SECP256R1()),
                ed25519.Ed25519PrivateKey.generate,
                lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),
            ]
        )()
        forms = [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.OpenSSH]
        if not isinstance(private, ed25519.Ed25519PrivateKey):
            forms.append(serialization.PrivateFormat.TraditionalOpenSSL)
        form = self.draw.choice(forms)
        return private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode().strip()

    def PRIVATE_KEY(self):
        return self.draw.choice(self.keys)

    def PRIVATE_KEY_escaped(self):
        return self.draw.choice(self.keys).replace("\n", "\\n")

    def BEARER_prefixed(self):
        return self.draw.choice(
            [
                lambda: self.draw.choice(["ghp_", "gho_", "ghs_"]) + self.letters(WORD, 36),
                lambda: "github_pat_" + self.letters(WORD, 22) + "_" + self.letters(WORD, 59),
                lambda: "glpat-" + self.letters(WORD + "-_", 20),
                lambda: "xoxb-" + self.letters(DIGITS, 12) + "-" + self.letters(DIGITS, 12) + "-" + self.letters(WORD, 24),
                lambda: self.draw.choice(["sk_live_", "rk_live_", "sk_test_"]) + self.letters(WORD, 24),
                lambda: "sk-ant-api03-" + self.letters(WORD + "-_", 93) + "AA",
                lambda: "AIza" + self.letters(WORD + "-_", 35),
                lambda: "npm_" + self.letters(WORD, 36),
                lambda: "hf_" + self.letters(WORD, 34),
                lambda: "SG." + self.letters(WORD, 22) + "." + self.letters(WORD, 43),
                lambda: "dop_v1_" + self.letters("abcdef" + DIGITS, 64),
            ]
        )()

    def BEARER_opaque(self):
        return self.draw.choice(
            [
                lambda: self.letters(WORD, self.draw.randrange(20, 64)),
                lambda: self.random_bytes(self.draw.choice([16, 20, 32])).hex(),
                lambda: base64.urlsafe_b64encode(self.random_bytes(32)).rstrip(b"=").decode(),
                lambda: base64.b64encode(self.random_bytes(32)).decode(),
                self.english.uuid4,
            ]
        )()

    def BEARER_basic(self):
        return base64.b64encode(f"{self.english.user_name()}:{self.english.password()}".encode()).decode()

    def URL_userinfo(self):
        scheme = self.draw.choice(["postgres", "postgresql", "mysql", "amqp", "https", "redis", "mongodb+srv", "ftp"])
        password = self.letters(WORD + "-_.!~", self.draw.randrange(6, 24))
        return f"{scheme}://\0{self.english.user_name()}:{password}\0@{self.english.domain_name()}"

    def URL_presigned(self):
        signature = self.random_bytes(32).hex()
        date = self.english.date(pattern="%Y%m%d")
        kind = self.draw.randrange(3)
        if kind == 0:
            return (
                f"https://bucket.s3.amazonaws.com/{self.english.file_name()}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                f"\0{self.AWS_id()}%2F{date}%2Feu-west-1%2Fs3%2Faws4_request\0&X-Amz-Date={date}T101112Z&X-Amz-Expires=900"
                f"&X-Amz-SignedHeaders=host&X-Amz-Signature=\0{signature}\0"
            )
        if kind == 1:
            sign = base64.b64encode(self.random_bytes(32)).decode().replace("+", "%2B").replace("=", "%3D")
            return f"https://acct.blob.core.windows.net/c/{self.english.file_name()}?sv=2022-11-02&se=2026-01-01&sr=b&sp=r&sig=\0{sign}\0"
        return f"https://cdn.example.com/v/{self.english.uuid4()}.mp4?Expires=1767225600&Signature=\0{self.letters(WORD + '-~_', 120)}\0"

    def URL_value(self):
        return self.draw.choice([self.random_bytes(16).hex(), self.letters(WORD, 12), self.letters(WORD + "-_", 43)])

    def URL_password(self):
        return self.letters(WORD, self.draw.randrange(6, 16))

    # What only looks alike.

    def not_order(self):
        return self.letters("123456789", 1) + self.letters(DIGITS, self.draw.randrange(4, 16))

    def not_small(self):
        return str(self.draw.randrange(1, 9999))

    def not_price(self):
        amount = self.draw.randrange(100, 10**8) / 100
        return self.draw.choice([f"${amount:,.2f}", f"{amount:.2f} EUR", f"€{amount:,.2f}", f"{amount:,.2f}", f"{amount:.4f}"])

    def not_date(self):
        pattern = self.draw.choice(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y", "%Y%m%d", "%d-%m-%Y", "%Y/%m/%d", "%d/%m/%y"])
        return self.english.date(pattern=pattern)

    def not_time(self):
        return self.english.time(pattern=self.draw.choice(["%H:%M", "%H:%M:%S", "%I:%M %p", "%H.%M"]))

    def not_timestamp(self):
        return self.english.date(pattern="%Y-%m-%d") + self.english.time(pattern=self.draw.choice(["T%H:%M:%SZ", " %H:%M:%S,123", "T%H:%M:%S.123456+00:00"]))

    def not_clf_date(self):
        return self.english.date(pattern="%d/%b/%Y") + self.english.time(pattern=":%H:%M:%S +0000")

    def not_uuid(self):
        return str(uuid.UUID(bytes=self.random_bytes(16), version=4))

    def not_hex32(self):
        return self.random_bytes(16).hex()

    def not_sha1(self):
        return hashlib.sha1(self.random_bytes(8)).hexdigest()

    def not_sha256(self):
        return hashlib.sha256(self.random_bytes(8)).hexdigest()

    def not_version(self):
        parts = [str(self.draw.randrange(0, 130)) for _ in range(self.draw.choice([2, 3, 3, 3]))]
        return ".".join(parts) + self.draw.choice(["", "", "-rc.1", "-SNAPSHOT"])

    def not_version4(self):
        return ".".join(str(self.draw.randrange(0, 30)) for _ in range(4))

    def not_isbn(self):
        return self.draw.choice([self.english.isbn10, self.english.isbn13])(separator=self.draw.choice(["-", "-", " ", ""]))

    def not_ean(self):
        return self.draw.choice([self.english.ean13, self.english.ean8])()

    def not_coordinates(self):
        return f"{self.english.latitude()}, {self.english.longitude()}"

    def not_mac(self):
        return self.draw.choice([self.english.mac_address(), self.english.mac_address().replace(":", "-").upper()])

    def not_part(self):
        return self.english.bothify(self.draw.choice(["??-####-##", "###-???-####", "??####", "####-####-??", "?#?#?#", "##-###-##"])).upper()

    def not_tracking(self):
        return self.draw.choice(["1Z" + self.letters(UPPER + DIGITS, 16), self.letters(DIGITS, 20), self.letters(DIGITS, 12), "RR" + self.letters(DIGITS, 9) + "DE"])

    def not_base64(self):
        return base64.b64encode(self.random_bytes(self.draw.randrange(30, 120))).decode()

    def not_epoch(self):
        return str(self.draw.randrange(1_500_000_000, 1_800_000_000))

    def not_epoch_ms(self):
        return str(self.draw.randrange(1_500_000_000_000, 1_800_000_000_000))

    def not_zip4(self):
        return self.english.postcode() + "-" + self.letters(DIGITS, 4)

    def not_ein(self):
        return self.letters(DIGITS, 2) + "-" + self.letters(DIGITS, 7)

    def not_bic(self):
        return self.english.swift()

    def not_vin(self):
        return self.english.vin()

    def not_numbers(self):
        return " ".join(str(self.draw.randrange(10 ** self.draw.randrange(1, 5))) for _ in range(self.draw.randrange(4, 10)))


# Names in the templates of presidio-evaluator.
PRESIDIO = {"email": "EMAIL", "phone_number": "PHONE", "credit_card_number": "PAYMENT_CARD", "iban": "IBAN", "ip_address": "IP_ADDRESS", "ssn": "US_SSN"}
NUMBERS = {"PHONE", "PAYMENT_CARD", "IBAN", "US_SSN"}


def detector(name):
    """The detector that a placeholder is for."""
    for word in ("EMAIL", "PHONE", "PAYMENT_CARD", "IBAN", "US_SSN", "IP_ADDRESS", "JWT", "PRIVATE_KEY"):
        if name == word or name.startswith(word + "_"):
            return word
    return {"AWS": "AWS_KEY", "BEARER": "BEARER_TOKEN", "URL": "URL_CREDENTIALS"}[name.split("_")[0]]


def disguise(value, draw):
    """Some numbers as documents have them: other spaces, dashes and digits, characters that are not seen."""
    kind = draw.randrange(5)
    if kind == 0:
        return value.replace(" ", draw.choice("\u00a0\u2009\u202f"))
    if kind == 1:
        return value.replace("-", draw.choice("\u2010\u2011\u2013"))
    if kind == 2:
        zero = draw.choice([0xFF10, 0x660, 0x966])
        return "".join(chr(zero + int(c)) if c in DIGITS else c for c in value)
    if kind == 3:
        place = len(value) // 2
        return value[:place] + draw.choice("\u200b\u00ad\u2060") + value[place:]
    return value


def fill(template, values, draw):
    text, labels = "", []
    for piece in re.split(r"(\{\{|\}\}|\{\w+\})", template):
        if piece in ("{{", "}}"):
            text += piece[0]
        elif re.fullmatch(r"\{\w+\}", piece):
            name = piece[1:-1]
            if hasattr(values, name):
                value = getattr(values, name)()
                if name.startswith("not_"):
                    text += value
                    continue
                if name in NUMBERS and draw.random() < 0.06:
                    value = disguise(value, draw)
                kind = detector(name)
                parts = value.split("\0")
                for index, part in enumerate(parts):
                    if len(parts) == 1 or index % 2 == 1:
                        labels.append([len(text), len(text) + len(part), kind])
                    text += part
            else:
                text += values.word(name)
        else:
            text += piece
    return {"text": text, "labels": labels}


def presidio_templates():
    package = pathlib.Path(importlib.util.find_spec("presidio_evaluator").origin).parent
    lines = (package / "data_generator/raw_data/templates.txt").read_text(errors="replace").splitlines()
    known = Faker("en_US")
    for line in lines:
        names = re.findall(r"\{\{(\w+)\}\}", line)
        line = re.sub(r"[{}](?![{}\w])|(?<![{}\w])[{}]", "", line) if not names else line
        if all(name in PRESIDIO or hasattr(known, name) for name in names):
            plain = re.split(r"(\{\{\w+\}\})", line)
            yield "".join("{" + PRESIDIO.get(p[2:-2], p[2:-2]) + "}" if p.startswith("{{") else p.replace("{", "").replace("}", "") for p in plain)


def write(part, templates, count):
    draw = random.Random(f"{SEED} {part}")
    values = Values(part, draw)
    lines = [fill(templates[index % len(templates)], values, draw) for index in range(count)]
    draw.shuffle(lines)
    path = HERE / f"{part}.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def main():
    draw = random.Random(SEED)
    presidio = list(presidio_templates())
    valued = [template for template in presidio if re.search(r"\{[A-Z]", template)]
    plain = sorted(set(presidio) - set(valued))
    shuffled = TEMPLATES + valued + draw.sample(plain, 40)
    draw.shuffle(shuffled)
    cut = len(shuffled) * 6 // 10
    write("development", shuffled[:cut], 2800)
    write("held_out", shuffled[cut:], 2200)


main()
