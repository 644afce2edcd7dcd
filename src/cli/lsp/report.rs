//! What is wrong with a file, as the editor is told.

use calc::diagnostic::{Diagnostic, Severity};
use lsp_server::{Message, Notification};
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, MessageType, NumberOrString, PublishDiagnosticsParams, Uri};

use super::Server;
use super::configuration::Configuration;
use super::documents::Member;
use super::places::Places;

impl Server {
    /// The diagnostics of all open files that changes may concern.
    pub(super) fn reports(&mut self) -> Vec<Message> {
        let mut uris: Vec<Uri> = Vec::new();
        for changed in std::mem::take(&mut self.changed) {
            let concerned = if self.documents.version(&changed).is_some() { self.documents.open_with(&changed) } else { vec![changed] };
            uris.extend(concerned.into_iter().filter(|uri| !uris.contains(uri)).collect::<Vec<_>>());
        }
        let reports: Vec<PublishDiagnosticsParams> = uris.into_iter().map(|uri| self.report(uri)).collect();
        let problems = self.documents.configurations.take_problems();
        let told: Vec<Message> = problems.iter().map(|problem| self.tell(MessageType::WARNING, problem)).collect();
        let published = reports.into_iter().map(|params| Notification::new("textDocument/publishDiagnostics".to_owned(), params).into());
        told.into_iter().chain(published).collect()
    }

    fn report(&mut self, uri: Uri) -> PublishDiagnosticsParams {
        let version = self.documents.version(&uri);
        let (member, found) = self.diagnostics(&uri);
        let Some(member) = member else { return PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version } };
        let places = Places::new(member.unit.text(), self.encoding);
        let mut diagnostics: Vec<_> = found.iter().map(|diagnostic| shown(diagnostic, &member.configuration, &uri, &places)).collect();
        diagnostics.extend(self.test_diagnostics(&uri, &places));
        PublishDiagnosticsParams { uri, diagnostics, version }
    }

    /// A file with what is wrong with it as part of its bot.
    pub(super) fn diagnostics(&mut self, uri: &Uri) -> (Option<Member>, Vec<Diagnostic>) {
        let bot = self.documents.bot(uri);
        let Some(member) = bot.first() else { return (None, Vec::new()) };
        let units: Vec<&calc::check::Unit> = bot.iter().map(|member| &*member.unit).collect();
        let mut found = calc::check::check_first(member.engine(), &units, member.configuration.project.as_ref());
        found.retain(|diagnostic| member.configuration.includes(diagnostic));
        (Some(member.clone()), found)
    }
}

/// A diagnostic as editors take it.
pub(super) fn shown(diagnostic: &Diagnostic, configuration: &Configuration, uri: &Uri, places: &Places<'_>) -> lsp_types::Diagnostic {
    let language = configuration.language;
    let mut message = diagnostic.message.render(language);
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{}", help.render(language));
    }
    let related = diagnostic.labels.iter().map(|label| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), places.range(label.span)),
        message: label.message.render(language),
    });
    lsp_types::Diagnostic {
        range: places.range(diagnostic.span),
        severity: Some(match configuration.severity(diagnostic) {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Notice => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(diagnostic.code.text().to_owned())),
        source: Some("calc".to_owned()),
        message,
        related_information: (!diagnostic.labels.is_empty()).then(|| related.collect()),
        ..lsp_types::Diagnostic::default()
    }
}
