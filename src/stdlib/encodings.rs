//! Encodings and hashes (builtins.md, "Text"): URLs, base64, MD5, SHA, HMAC.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::Md5;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use crate::builtins;
use crate::function::CallError;
use crate::value::arithmetic::shown;
use crate::value::{Text, Value};
use crate::wording::message;

/// The signature of a text with one algorithm.
macro_rules! signature {
    ($algorithm:ty, $key:expr, $text:expr) => {{
        let code = Hmac::<$algorithm>::new_from_slice($key);
        let code = code.map_err(|_| CallError::argument("key", message!("hmac-key-unusable")))?;
        Ok(hexadecimal(&code.chain_update($text).finalize().into_bytes()))
    }};
}

builtins! {
    /// URLs, base64 and hashes.
    pub static ENCODINGS: General "encodings" = {
        /// A text as it may stand in a URL.
        ///
        /// Everything but Latin letters, digits, `-`, `_`, `.` and `~` is written as `%` and two digits; a blank is `%20`.
        ///
        /// ```calc
        /// urlencode("Anna&Maria") # => Anna%26Maria
        /// ```
        vendor fn urlencode(context, s: Text => "the text") -> String {
            context.check_memory(s.len().saturating_mul(3))?;
            Ok(utf8_percent_encode(&s, RESERVED).to_string())
        }

        /// The text that stands in a URL; the reverse of `urlencode`.
        ///
        /// ```calc
        /// urldecode("%D0%B4%D0%B0%20%2B") # => да +
        /// ```
        vendor fn urldecode(context, s: Text => "the text from the URL") -> String {
            let decoded = percent_decode_str(&s).decode_utf8();
            decoded.map(String::from).map_err(|_| not_text("s", &s))
        }

        /// A text in base64.
        ///
        /// ```calc
        /// base64("Hello") # => SGVsbG8=
        /// ```
        vendor fn base64(context, s: Text => "the text") -> String {
            context.check_memory(s.len().saturating_mul(4) / 3)?;
            Ok(STANDARD.encode(s.as_bytes()))
        }

        /// The text that is written in base64.
        ///
        /// The alphabet for URLs is read too, and the `=` at the end may be missing.
        ///
        /// ```calc
        /// base64decode("SGVsbG8=") # => Hello
        /// ```
        vendor fn base64decode(context, s: Text => "text in base64") -> String {
            let plain: String = s.chars().filter(|c| !c.is_whitespace()).map(|c| match c { '-' => '+', '_' => '/', c => c }).collect();
            let bytes = LENIENT.decode(plain).map_err(|_| {
                CallError::argument("s", message!("base64-expected", found = shown(&Value::from(s.clone()))))
            })?;
            String::from_utf8(bytes).map_err(|_| not_text("s", &s))
        }

        /// The MD5 hash of a text, in hexadecimal digits.
        ///
        /// ```calc
        /// md5("Hello world") # => 3e25960a79dbc69b674cd4ec67a72c62
        /// ```
        vendor fn md5(context, s: Text => "the text") -> String {
            Ok(hexadecimal(&Md5::digest(s.as_bytes())))
        }

        /// The SHA-1 hash of a text, in hexadecimal digits.
        ///
        /// ```calc
        /// sha1("Hello world") # => 7b502c3a1f48c8609ae212cdfb639dee39673f5e
        /// ```
        vendor fn sha1(context, s: Text => "the text") -> String {
            Ok(hexadecimal(&Sha1::digest(s.as_bytes())))
        }

        /// The SHA-256 hash of a text, in hexadecimal digits.
        ///
        /// ```calc
        /// sha256("Hello world") # => 64ec88ca00b268e5ba1a35678a1b5316d212f4f366b2477232534a8aeca37f3c
        /// ```
        vendor fn sha256(context, s: Text => "the text") -> String {
            Ok(hexadecimal(&Sha256::digest(s.as_bytes())))
        }

        /// The signature of a text with a secret key (HMAC), in hexadecimal digits.
        ///
        /// ```calc
        /// hmac_hexdigest("key", "text", "md5") # => d0ca6177c61c975fd2f8c07d8c6528c6
        /// ```
        vendor fn hmac_hexdigest(
            context, key: Text => "the secret key", text: Text => "the text",
            algorithm: Option<Text> = "'sha256'" => "`sha256`, `sha512`, `sha1` or `md5`",
        ) -> String {
            let (key, text) = (key.as_bytes(), text.as_bytes());
            match algorithm.as_deref().unwrap_or("sha256") {
                "sha256" => signature!(Sha256, key, text),
                "sha512" => signature!(Sha512, key, text),
                "sha1" => signature!(Sha1, key, text),
                "md5" => signature!(Md5, key, text),
                other => Err(CallError::argument(
                    "algorithm",
                    message!("algorithm-expected", found = shown(&Value::from(other))),
                )),
            }
        }
    }
}

/// What must be escaped in a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Base64 with `=` at its end or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn not_text(parameter: &'static str, found: &Text) -> Box<CallError> {
    CallError::argument(parameter, message!("encoded-not-text", found = shown(&Value::from(found.clone()))))
}
