//! The help of the command in the language of its reader: the texts stand in `messages/help.*.txt` under the English
//! ones, which are declared with the arguments; the words of the library that draws it are in the catalogue.

use calc::wording::{Language, Message, message};
use clap::{Arg, Command};

const RUSSIAN: &str = include_str!("../../messages/help.ru.txt");

/// The English beginnings and their translations.
fn translations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut lines = RUSSIAN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    std::iter::from_fn(move || Some((lines.next()?, lines.next()?)))
}

/// The translation of a text: that of its longest known beginning.
fn translated(english: &str) -> Option<&'static str> {
    let found = translations().filter(|(start, _)| english.starts_with(start)).max_by_key(|(start, _)| start.len());
    found.map(|(_, translation)| translation)
}

/// The command with its help in a language.
pub fn localized(mut command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Ru => {
            // What the library adds itself, such as `--help`, is there only then.
            command.build();
            translate(command, language)
        }
    }
}

fn translate(mut command: Command, language: Language) -> Command {
    if let Some(about) = command.get_about().and_then(|about| translated(&about.to_string())) {
        command = command.about(about).long_about(None::<&str>);
    }
    let say = |message: Message| message.render(language);
    let heading = say(message!("usage-heading"));
    let style = *command.get_styles().get_usage();
    command = command
        .mut_args(|argument| translated_argument(argument, language))
        .subcommand_help_heading(say(message!("help-commands")))
        .help_template(format!("{{about-with-newline}}\n{style}{heading}{style:#} {{usage}}\n\n{{all-args}}"));
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = usage.replace("[OPTIONS]", &format!("[{}]", say(message!("help-options-word"))));
    let usage = usage.replace("COMMAND", &say(message!("help-command-word")));
    command = command.override_usage(usage);
    let names: Vec<String> = command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |subcommand| translate(subcommand, language)))
}

/// The help of an argument, with what the library would add to it in English.
fn translated_argument(mut argument: Arg, language: Language) -> Arg {
    let heading = if argument.is_positional() { message!("help-arguments") } else { message!("help-options") };
    argument = argument.help_heading(heading.render(language));
    if let Some(names) = argument.get_value_names() {
        let names: Vec<String> = names.iter().map(|name| value_name(name)).collect();
        argument = argument.value_names(names);
    }
    let help = argument.get_help().map(|help| {
        let english = help.to_string();
        translated(&english).map_or(english, str::to_owned)
    });
    let Some(help) = help else { return argument };
    let values: Vec<_> = argument.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    let takes_value = argument.get_action().takes_values();
    let (mut short, mut long) = (help.clone(), help);
    let mut add = |message: Message| {
        let note = format!("[{}]", message.render(language));
        short.push_str(&format!(" {note}"));
        long.push_str(&format!("\n\n{note}"));
    };
    if let Some(name) = argument.get_env().filter(|_| takes_value) {
        let value = std::env::var_os(name).unwrap_or_default();
        add(message!("help-environment", name = name.to_string_lossy(), value = value.to_string_lossy()));
    }
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_value && !defaults.is_empty() && !argument.is_hide_default_value_set() {
        add(message!("help-default", values = defaults.join(" ")));
    }
    if takes_value && !values.is_empty() && !argument.is_hide_possible_values_set() {
        let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        let listed = message!("usage-possible-values", values = names.join(", ")).render(language);
        short.push_str(&format!(" [{listed}]"));
        if values.iter().all(|value| value.get_help().is_none()) {
            long.push_str(&format!("\n\n[{listed}]"));
        } else {
            long.push_str(&format!("\n\n{}", message!("help-values").render(language)));
            let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
            for value in &values {
                let about = value.get_help().map(ToString::to_string).unwrap_or_default();
                let about = translated(&about).map_or(about.clone(), str::to_owned);
                let line = format!("- {:<width$} {about}", format!("{}:", value.get_name()), width = width + 1);
                long.push_str(&format!("\n{}", line.trim_end().trim_end_matches(':')));
            }
        }
    }
    argument.help(short).long_help(long).hide_possible_values(true).hide_default_value(true).hide_env(true)
}

/// The name of a value, such as `FILE`, as the language calls it.
fn value_name(english: &str) -> String {
    let name = format!("<{english}>");
    let known = translations().find(|(start, _)| *start == name).map(|(_, translation)| translation);
    known.map_or(english, |known| known.trim_matches(['<', '>'])).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{translated, translations};
    use clap::{Command, CommandFactory as _};

    fn texts(command: &Command, all: &mut Vec<String>) {
        all.extend(command.get_about().map(ToString::to_string));
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            all.extend(argument.get_help().map(ToString::to_string));
            if argument.get_action().takes_values() {
                let values = argument.get_possible_values();
                all.extend(values.iter().filter_map(|value| Some(value.get_help()?.to_string())));
                all.extend(argument.get_value_names().into_iter().flatten().map(|name| format!("<{name}>")));
            }
        }
        command.get_subcommands().for_each(|subcommand| texts(subcommand, all));
    }

    #[test]
    fn every_help_is_translated() {
        let mut all = Vec::new();
        let mut command = crate::commands::Arguments::command();
        command.build();
        texts(&command, &mut all);
        let is_letter = |name: &str| name.chars().count() == 3;
        let missing: Vec<&String> =
            all.iter().filter(|text| translated(text).is_none() && !is_letter(text) && text.as_str() != "<ID>").collect();
        assert!(missing.is_empty(), "messages/help.ru.txt lacks {missing:#?}");
        let needless: Vec<&str> =
            translations().map(|(start, _)| start).filter(|start| !all.iter().any(|text| text.starts_with(start))).collect();
        assert!(needless.is_empty(), "messages/help.ru.txt has what no help says: {needless:#?}");
    }
}
