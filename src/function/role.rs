//! What a parameter stands for beyond the kind of its value. The declaration says it; nothing goes by names.

use super::{Builtin, Parameter};

/// What a parameter stands for: by its type ([`ParameterType::ROLE`](super::ParameterType::ROLE)), or said in the declaration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Nothing that anybody has to know.
    #[default]
    Plain,
    /// The name of a variable.
    VariableName,
    /// The value of the variable that another parameter names.
    VariableValue,
    /// A dict of names and values of variables.
    VariableValues,
    /// What names of variables begin with that the function makes.
    VariablePrefix,
    /// Something that only the host knows, by a word of the host's.
    Host(&'static str),
}

impl Builtin {
    /// Whether it sets the variables that its arguments name.
    #[must_use]
    pub fn sets_variables(&self) -> bool {
        self.acts && self.parameter_of(&[Role::VariableValue, Role::VariableValues, Role::VariablePrefix]).is_some()
    }

    /// The parameter for the first of these roles that the function has a parameter for.
    #[must_use]
    pub fn parameter_of(&self, roles: &[Role]) -> Option<&Parameter> {
        roles.iter().find_map(|role| self.parameters.iter().find(|parameter| parameter.role == *role))
    }

    /// Whether it returns its text in letters of one case.
    #[must_use]
    pub fn folds_case(&self) -> bool {
        matches!(self.name, "lower" | "upper")
    }

    /// What a text is in the letters that it returns.
    #[must_use]
    pub fn folded_case(&self, text: &str) -> Option<String> {
        match self.name {
            "lower" => Some(text.to_lowercase()),
            "upper" => Some(text.to_uppercase()),
            _ => None,
        }
    }
}
