//! What a parameter stands for beyond the kind of its value. The vendor names such parameters the same in every function,
//! and so do we: the name in the declaration is what tells.

use super::{Builtin, Kind, Parameter};

/// How a parameter names variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableRole {
    /// The name of one.
    Name,
    /// A dict of names and values.
    Values,
    /// What names that the function makes begin with.
    Prefix,
}

impl Parameter {
    /// How it names variables, if it does.
    #[must_use]
    pub fn variable_role(&self) -> Option<VariableRole> {
        match (self.name, self.kind) {
            ("variable" | "var_name", Kind::Text) => Some(VariableRole::Name),
            ("variables_dict", _) => Some(VariableRole::Values),
            _ if self.about == "what the names begin with" => Some(VariableRole::Prefix),
            _ => None,
        }
    }

    /// Whether it takes the id of a stage.
    #[must_use]
    pub fn is_stage(&self) -> bool {
        matches!(self.kind, Kind::Id(_)) && (self.name == "state_id" || self.about.starts_with("the stage"))
    }

    /// Whether it takes the id of a deal.
    #[must_use]
    pub fn is_deal(&self) -> bool {
        self.kind == Kind::Id("kind-deal-id")
    }

    /// Whether it takes the email of an operator.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.name == "email" && self.kind == Kind::Text && self.about.contains("operator")
    }
}

impl Builtin {
    /// Whether it sets the variables that its arguments name.
    #[must_use]
    pub fn sets_variables(&self) -> bool {
        self.acts
            && self.parameters.iter().any(|parameter| match parameter.variable_role() {
                // A function that reads one takes no value for it.
                Some(VariableRole::Name) => self.parameters.iter().any(|other| other.name == "value"),
                Some(VariableRole::Values | VariableRole::Prefix) => true,
                None => false,
            })
    }
}

impl Builtin {
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
