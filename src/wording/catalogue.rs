//! The catalogue of sentences: `messages/*.ftl`, read by Fluent. A language is read when the first sentence of it is
//! rendered, so that a run nobody reads about costs nothing. The only file that knows Fluent.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{Argument, Language, Message};

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static RU: OnceLock<Bundle> = OnceLock::new();
    match language {
        Language::En => EN.get_or_init(|| read(Language::En)),
        Language::Ru => RU.get_or_init(|| read(Language::Ru)),
    }
}

fn read(language: Language) -> Bundle {
    let text = match language {
        Language::En => include_str!("../../messages/en.ftl"),
        Language::Ru => include_str!("../../messages/ru.ftl"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
    // Marks of direction around arguments are not for terminals.
    bundle.set_use_isolating(false);
    // `tests/wording.rs` holds that the files have no errors.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The sentence in a language; in English when that language lacks it. Words of a host are no id of the catalogue, and
/// stand for themselves.
pub(super) fn render(message: &Message, language: Language) -> String {
    [language, Language::En].into_iter().find_map(|language| formatted(message, language)).unwrap_or_else(|| match message.arguments() {
        [] => message.id().to_owned(),
        arguments => format!("{} {arguments:?}", message.id()),
    })
}

fn formatted(message: &Message, language: Language) -> Option<String> {
    let bundle = bundle(language);
    let pattern = bundle.get_message(message.id())?.value()?;
    let arguments: FluentArgs<'_> = message
        .arguments()
        .iter()
        .map(|(name, argument)| {
            let value = match argument {
                Argument::Number(number) => FluentValue::from(*number),
                other => FluentValue::from(other.render(language)),
            };
            (*name, value)
        })
        .collect();
    Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
}
