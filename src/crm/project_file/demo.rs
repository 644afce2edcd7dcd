//! The demo project that scripts run on when no database is given: a small shop.
//! Without variables, so that nothing in it answers to a name of a script.

use chrono::DateTime;

use super::{ProjectFile, ProjectFileError};

/// The project's text, also an example of the format.
pub const DEMO: &str = include_str!("demo.json");

/// The demo project.
///
/// # Errors
/// None: the text is tested. The type is that of any other project's text.
pub fn demo() -> Result<ProjectFile, ProjectFileError> {
    ProjectFile::parse(DEMO, DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demo_project_is_a_project() {
        let demo = super::demo();
        assert!(demo.is_ok(), "{demo:?}");
    }
}
