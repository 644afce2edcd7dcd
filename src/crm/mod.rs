//! The CRM: model, store, session.
