//! The help of the command in the language of its reader: the texts stand in `messages/help.*.txt` under the English
//! ones, which are declared with the arguments.

use calc::wording::Language;
use clap::{Arg, ArgAction, Command};

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
pub fn localized(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        Language::Ru => translate(command),
    }
}

fn translate(mut command: Command) -> Command {
    if let Some(about) = command.get_about().and_then(|about| translated(&about.to_string())) {
        command = command.about(about).long_about(None::<&str>);
    }
    command = command.subcommand_help_heading("Команды").mut_args(|argument| {
        let help = argument.get_help().and_then(|help| translated(&help.to_string()));
        let heading = if argument.is_positional() { "Аргументы" } else { "Параметры" };
        let argument = argument.help_heading(heading);
        match help {
            Some(help) => argument.help(help).long_help(None::<&str>),
            None => argument,
        }
    });
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command = command.disable_help_flag(true).arg(help.help("Показать справку").help_heading("Параметры"));
    let names: Vec<String> = command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, translate))
}

#[cfg(test)]
mod tests {
    use super::{translated, translations};
    use clap::{Command, CommandFactory as _};

    fn texts(command: &Command, all: &mut Vec<String>) {
        all.extend(command.get_about().map(ToString::to_string));
        let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
        all.extend(shown.filter_map(|argument| Some(argument.get_help()?.to_string())));
        command.get_subcommands().for_each(|subcommand| texts(subcommand, all));
    }

    #[test]
    fn every_help_is_translated() {
        let mut all = Vec::new();
        texts(&crate::commands::Arguments::command(), &mut all);
        let missing: Vec<&String> = all.iter().filter(|text| translated(text).is_none()).collect();
        assert!(missing.is_empty(), "messages/help.ru.txt lacks {missing:#?}");
        let needless: Vec<&str> =
            translations().map(|(start, _)| start).filter(|start| !all.iter().any(|text| text.starts_with(start))).collect();
        assert!(needless.is_empty(), "messages/help.ru.txt has what no help says: {needless:#?}");
    }
}
