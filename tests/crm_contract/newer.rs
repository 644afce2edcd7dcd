//! crm.md section 2, the newer functions.

use calc::crm::{ClientId, DealId, NewOrder, Scope, Store, role};
use serde_json::json;

use crate::{ann, client, kinds, on_every_store, refused, shop};

on_every_store! { switch_order the_operator_of_a_deal check_operator_status client_variables }

fn switch_order(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    let generation = session.variables_generation();
    session.switch_order(Some(DealId(504))).unwrap();
    assert!(session.variables_generation() > generation);
    assert_eq!(session.get_order_id().unwrap(), Some(DealId(504)));
    assert_eq!(session.get_variable(Scope::Deal, "color").unwrap().map(|value| value.to_json()), Some(json!("blue")));
    session.switch_order(Some(DealId(504))).unwrap();
    assert_eq!(kinds(&session), ["current_deal_set"]);
    for other in [505, 1501, 9] {
        assert_eq!(refused(session.switch_order(Some(DealId(other)))).roles()[0], role::DEAL);
    }
    session.commit().unwrap();
    assert_eq!(ann(store).get_order_id().unwrap(), Some(DealId(504)));
    // Without an id the newest one, closed or not.
    let mut session = ann(store);
    let newest = session.create_order(&NewOrder::default()).unwrap().id;
    session.set_order_status_success(None).unwrap();
    assert_ne!(session.get_order_id().unwrap(), Some(newest));
    session.switch_order(None).unwrap();
    assert_eq!(session.get_order_id().unwrap(), Some(newest));
}

fn the_operator_of_a_deal(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_order_operator(None).unwrap(), None);
    assert!(session.assign_order_to_user("Pavel@Example.com", None).unwrap());
    assert!(session.assign_order_to_user("pavel@example.com", Some(DealId(501))).unwrap());
    assert!(session.assign_order_to_user("irina@example.com", Some(DealId(505))).unwrap());
    assert_eq!(kinds(&session), ["deal_operator_assigned"; 2]);
    refused(session.assign_order_to_user("stranger@example.com", None));
    refused(session.assign_order_to_user("pavel@example.com", Some(DealId(1501))));
    refused(session.get_order_operator(Some(DealId(1501))));
    session.commit().unwrap();
    let mut session = ann(store);
    assert_eq!(session.get_order_operator(None).unwrap().as_deref(), Some("pavel@example.com"));
    assert_eq!(session.get_order_operator(Some(DealId(505))).unwrap().as_deref(), Some("irina@example.com"));
    assert_eq!(session.get_operator().unwrap().as_deref(), Some("Olga@example.com"), "the client's is another");
}

fn check_operator_status(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert!(session.check_operator_status(" olga@EXAMPLE.com", true).unwrap());
    assert!(session.check_operator_status("pavel@example.com", true).unwrap());
    assert!(!session.check_operator_status("pavel@example.com", false).unwrap());
    assert!(!session.check_operator_status("irina@example.com", true).unwrap());
    refused(session.check_operator_status("stranger@example.com", true));
}

fn client_variables(store: &dyn Store) {
    shop(store);
    let mut session = ann(store);
    assert_eq!(session.get_client_var(None, "city").unwrap().map(|value| value.to_json()), Some(json!("Moscow")));
    assert_eq!(session.get_client_var(Some(ClientId(101)), "nothing").unwrap().map(|value| value.to_json()), None);
    let generation = session.variables_generation();
    assert!(session.set_client_var(Some(ClientId(102)), "city", json!("Kazan")).unwrap());
    assert_eq!(session.variables_generation(), generation);
    assert!(session.set_client_var(None, "city", json!("Perm")).unwrap());
    assert!(session.variables_generation() > generation);
    assert_eq!(session.get_variable(Scope::Client, "city").unwrap().map(|value| value.to_json()), Some(json!("Perm")));
    let dict = json!({"city": null, "age": 30, "shared": ""}).as_object().cloned().unwrap();
    assert!(session.set_client_vars(None, &dict).unwrap());
    refused(session.set_client_var(None, "_x", json!(1)));
    refused(session.set_client_vars(None, json!({"a": 1, "_x": 2}).as_object().unwrap()));
    refused(session.set_client_var(Some(ClientId(1101)), "x", json!(1)));
    refused(session.get_client_vars(Some(ClientId(501)), None));
    assert_eq!(json!(session.get_client_vars(None, None).unwrap()), json!({"age": 30}));
    let names = ["age".to_owned(), "city".to_owned()];
    assert_eq!(json!(session.get_client_vars(None, Some(&names)).unwrap()), json!({"age": 30, "city": null}));
    session.commit().unwrap();
    assert_eq!(json!(client(store, 102).get_client_vars(None, None).unwrap()), json!({"city": "Kazan"}));
    assert_eq!(json!(ann(store).get_client_vars(None, None).unwrap()), json!({"age": 30}));
}
