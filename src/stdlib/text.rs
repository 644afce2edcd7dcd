//! Text (builtins.md, "Text"), except what looks for patterns and what encodes.

use super::{slice_range, text_of};
use crate::builtins;
use crate::function::{CallError, Flag, Rest, Sequence, Whole};
use crate::value::operators::item::slice_text;
use crate::value::{Text, Value};
use crate::wording::message;

builtins! {
    /// Texts: parts, case, blanks, phone numbers.
    pub static TEXT: General "text" = {
        /// How many characters a text has, or how many items a list or a dict.
        ///
        /// ```calc
        /// len("как прекрасен этот мир!") # => 23
        /// ```
        vendor fn len(context, x: Sequence => "a text, a list or a dict") -> usize {
            Ok(match &x {
                Sequence::Text(text) => text.chars().count(),
                Sequence::List(items) => items.len(),
                Sequence::Dict(entries) => entries.len(),
            })
        }

        /// The part of a text from one position up to another.
        ///
        /// Positions count from 0, negative ones from the end; the character at `b` is not included.
        ///
        /// ```calc
        /// substring("calculator", 0, -4) # => calcul
        /// ```
        vendor fn substring(context, s: Text => "the text", a: Whole => "the first position", b: Option<Whole> = "the end" => "the position after the last one") -> Text {
            Ok(slice_text(&s, slice_range(s.chars().count(), Some(a), b)))
        }

        /// Whether a text begins with another one.
        ///
        /// ```calc
        /// startswith("promo2024", "promo") # => True
        /// ```
        vendor fn startswith(context, s: Text => "the text", part: Text => "its beginning") -> bool {
            Ok(s.starts_with(part.as_str()))
        }

        /// Whether a text ends with another one.
        ///
        /// ```calc
        /// endswith("photo.jpg", ".jpg") # => True
        /// ```
        vendor fn endswith(context, s: Text => "the text", part: Text => "its end") -> bool {
            Ok(s.ends_with(part.as_str()))
        }

        /// Whether a text has another one in it.
        ///
        /// ```calc
        /// contains("Хочу Скидку", "скидку", False) # => True
        /// ```
        vendor fn contains(
            context, s: Text => "the text", part: Text => "what is looked for", case: Option<Flag> = "True" => "whether capital and small letters differ",
        ) -> bool {
            Ok(match case {
                Some(Flag(false)) => s.to_lowercase().contains(&part.to_lowercase()),
                _ => s.contains(part.as_str()),
            })
        }

        /// Joins the text forms of all arguments.
        ///
        /// Numbers are joined too, not added; `None` is empty text.
        ///
        /// ```calc
        /// concat("5", 3, " руб.") # => 53 руб.
        /// ```
        vendor fn concat(context, values: Rest => "what is joined") -> String {
            let mut joined = String::new();
            for value in &values.0 {
                let text = text_of(context, value)?;
                context.check_memory(joined.len() + text.len())?;
                joined.push_str(&text);
            }
            Ok(joined)
        }

        /// The parts of a text between separators.
        ///
        /// Blanks stay. With `n`, there are at most that many parts, and the last one keeps the rest.
        ///
        /// ```calc
        /// splitter("one,two,three", ",", 2) # => ["one", "two,three"]
        /// ```
        vendor fn splitter(
            context, s: Text => "the text", sep: Text => "what stands between the parts", n: Option<Whole> = "all" => "how many parts at most",
        ) -> Vec<Value> {
            if sep.is_empty() {
                return Err(CallError::argument_with_help(
                    "sep",
                    message!("separator-empty"),
                    message!("separator-empty-help"),
                ));
            }
            let most = match n {
                None => usize::MAX,
                Some(Whole(n)) if n < 1 => return Err(CallError::argument("n", message!("at-least-one-part", found = n))),
                Some(Whole(n)) => usize::try_from(n).unwrap_or(usize::MAX),
            };
            let count = s.matches(sep.as_str()).count().saturating_add(1).min(most);
            context.check_memory(s.len() + count * PER_PART)?;
            Ok(s.splitn(most, sep.as_str()).map(Value::from).collect())
        }

        /// A text in small letters.
        ///
        /// ```calc
        /// lower("ПРИВЕТ") # => привет
        /// ```
        vendor fn lower(context, s: Text => "the text") -> String {
            context.check_memory(s.len() * 3)?;
            Ok(s.to_lowercase())
        }

        /// A text in capital letters.
        ///
        /// ```calc
        /// upper("привет") # => ПРИВЕТ
        /// ```
        vendor fn upper(context, s: Text => "the text") -> String {
            context.check_memory(s.len() * 3)?;
            Ok(s.to_uppercase())
        }

        /// A text without the blanks and line ends around it.
        ///
        /// ```calc
        /// strip("  да ") # => да
        /// ```
        vendor fn strip(context, s: Text => "the text") -> Text {
            let stripped = s.trim();
            Ok(if stripped.len() == s.len() { s } else { Text::from(stripped) })
        }

        /// A text with its first letter as a capital; everything else stays.
        ///
        /// ```calc
        /// capitalize("анна Мария") # => Анна Мария
        /// ```
        vendor fn capitalize(context, s: Text => "the text") -> String {
            let mut characters = s.chars();
            let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
            Ok(first + characters.as_str())
        }

        /// A text in which every word begins with a capital and goes on in small letters.
        ///
        /// A word is a run of letters: what follows a hyphen or an apostrophe is a word too.
        ///
        /// ```calc
        /// title("анна-мария ИВАНОВА") # => Анна-Мария Иванова
        /// ```
        vendor fn title(context, s: Text => "the text") -> String {
            context.check_memory(s.len() * 3)?;
            let mut titled = String::with_capacity(s.len());
            let mut inside = false;
            for character in s.chars() {
                if inside {
                    titled.extend(character.to_lowercase());
                } else {
                    titled.extend(character.to_uppercase());
                }
                inside = character.is_alphabetic();
            }
            Ok(titled)
        }

        /// The digits of a phone number; of 11 digits, a leading 8 becomes 7.
        ///
        /// ```calc
        /// normalizePhone("8 (978) 999-99-99") # => 79789999999
        /// ```
        vendor fn normalizePhone(context, s: Text => "the phone number as it was written") -> String {
            let mut digits: String = s.chars().filter(char::is_ascii_digit).collect();
            if digits.len() == 11 && digits.starts_with('8') {
                digits.replace_range(..1, "7");
            }
            Ok(digits)
        }

        /// A text in which one part is replaced by another.
        ///
        /// ```calc
        /// replace("a-b-c", "-", "+", 1) # => a+b-c
        /// ```
        vendor fn replace(
            context, s: Text => "the text", old: Text => "what is replaced", new: Text => "what comes in its place",
            n: Option<Whole> = "all" => "how many times at most",
        ) -> Text {
            // As in Python, a negative number means all.
            let most = n.map_or(usize::MAX, |Whole(n)| usize::try_from(n).unwrap_or(usize::MAX));
            let count = s.matches(old.as_str()).take(most).count();
            if count == 0 {
                return Ok(s);
            }
            context.check_memory(s.len().saturating_add(count.saturating_mul(new.len())))?;
            Ok(Text::from(s.replacen(old.as_str(), &new, most)))
        }

        /// A text in which everything that Telegram's Markdown would take for markup has a backslash before it.
        ///
        /// ```calc
        /// tg_escape("1.5 * 2") # => 1\.5 \* 2
        /// ```
        vendor fn tg_escape(context, s: Text => "the text") -> String {
            context.check_memory(s.len() * 2)?;
            let mut escaped = String::with_capacity(s.len());
            for character in s.chars() {
                if TELEGRAM_MARKUP.contains(character) {
                    escaped.push('\\');
                }
                escaped.push(character);
            }
            Ok(escaped)
        }

        /// One of the parts of a text between `|`, chosen at random.
        ///
        /// ```calc
        /// select_random("Привет|Здравствуйте|Добрый день")
        /// ```
        vendor fn select_random(context, s: Text => "the texts to choose from, with `|` between them") -> Text {
            let chosen = context.random().usize(..=s.matches('|').count());
            Ok(Text::from(s.split('|').nth(chosen).unwrap_or_default()))
        }
    }
}

const TELEGRAM_MARKUP: &str = "_*[]()~`>#+-=|{}.!";

/// What a part of a text costs in a list, besides its characters.
const PER_PART: usize = 64;
